// Page of the mails to members: each as it would go out, with the text that it is made of; below, all texts.
import { html } from "hono/html";
import type { MailList } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import { button, explained, type Html, liveRegion, type Page, type View, when } from "../frame/frame.ts";
import { counted } from "../frame/words.ts";
import { occasionWords } from "./words.ts";

type Asked = {
  hubs: string[];
  hubName: string;
  list?: MailList;
  unreadable?: Explanation | undefined;
};

export function mailsPage(view: View, { hubs, hubName, list, unreadable }: Asked): Page {
  const main = html`${liveRegion(list === undefined ? "" : counted(list.mails.length, "mail", "mails"))}
<div class="heading"><h1>Mails to members</h1><a class="more" href="/members?hub=${hubName}">Members</a></div>
${hubs.length > 1 ? html`<nav class="counts" aria-label="Hubs">${hubs.map((each) => html`<a class="badge" href="/members/mails?hub=${each}"${each === hubName ? html` aria-current="true"` : ""}>${each}</a>`)}</nav>` : ""}
${unreadable === undefined ? "" : explained(unreadable)}
${list === undefined ? html`<p>Nobody has compared sheet and teams yet.</p>` : outgoing(view, list)}
<div class="row">${button(view, { to: "/flows/sync-members/run", word: "Look at what would go out now", fields: { dryRun: "yes" } })}</div>
${list === undefined ? "" : texts(list)}`;
  return { title: "Mails to members", here: "members", main, polls: true };
}

function outgoing(view: View, { hub, asOf, mails }: MailList): Html {
  return html`<p class="quiet">${mails.length === 0 ? "No mail waits" : `${counted(mails.length, "mail", "mails")} would go out`} on ${hub}, as of the last look, ${when(asOf, view.now)}. Each goes out once.</p>
${mails.map(
  ({ occasion, to, subject, text, template, notBefore }) => html`<article class="card">
<h2>${subject}</h2>
<p><span class="badge">${occasionWords[occasion]}</span> to ${to}${notBefore === undefined ? "" : html`, ${when(notBefore, view.now)} at the earliest: the row was changed a moment ago`}. <span class="quiet">Text: <code>${template}</code></span></p>
<details${mails.length === 1 ? html` open` : ""}><summary>The mail</summary><pre>${text}</pre></details>
</article>`,
)}`;
}

function texts({ templates }: MailList): Html {
  return html`<section aria-labelledby="texts"><h2 id="texts">The texts</h2>
<p class="quiet">To change one, copy it into the settings, under <code>members.mails</code>; names in braces stand for each person’s own values.</p>
${templates.map(
  ({
    occasion,
    subject,
    text,
    from,
    placeholders,
  }) => html`<details class="card"><summary>${occasionWords[occasion]} <span class="quiet">${from}</span></summary>
<p>${subject}</p>
<pre>${text}</pre>
<dl class="explained">${placeholders.map(({ name, means }) => html`<div><dt><code>{${name}}</code></dt><dd>${means}</dd></div>`)}</dl>
</details>`,
)}</section>`;
}
