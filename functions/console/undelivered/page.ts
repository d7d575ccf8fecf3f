// Undelivered: events that no attempt could finish. Each says why, and can be sent again, mended and sent, or dropped.
import { html } from "hono/html";
import type { UndeliveredLine } from "../../../shared/control.ts";
import {
  button,
  csrfField,
  explained,
  flash,
  type Html,
  liveRegion,
  type Page,
  stamp,
  type View,
} from "../frame/frame.ts";
import { hides, masked } from "../frame/mask.ts";
import { counted, flowWord, topicWord } from "../frame/words.ts";
import { sentAgain } from "./undelivered.ts";

export function undeliveredPage(view: View, lines: UndeliveredLine[], key: string | undefined): Page {
  const open = lines.filter(({ resolved }) => resolved === undefined);
  const done = lines.filter(({ resolved }) => resolved !== undefined);
  const spoken =
    open.length === 0 ? "Nothing is undelivered" : `${counted(open.length, "event")} undelivered`;
  const main = html`${liveRegion(spoken)}
<h1>Undelivered</h1>
${flash(key)}
${
  open.length === 0
    ? html`<p class="nothing"><span aria-hidden="true">✓</span> Everything was delivered.</p>`
    : open.map((line) => entry(view, line))
}
${
  done.length === 0
    ? ""
    : html`<section aria-labelledby="done"><h2 id="done">Dealt with</h2><table class="list"><caption class="unseen">Dealt with, newest first</caption><thead><tr><th scope="col">Since</th><th scope="col">Event</th><th scope="col">Why it was undelivered</th><th scope="col">What was done</th></tr></thead><tbody>${done.map(
        ({ id, at, topic, reason, resolved }) =>
          html`<tr id="d-${id}"><td class="time"><time datetime="${at}">${stamp(at)}</time></td><td>${topicWord(topic)}</td><td>${reason.what}</td><td>${resolved}</td></tr>`,
      )}</tbody></table></section>`
}`;
  return { title: "Undelivered", here: "undelivered", main, polls: true };
}

/** One of them, with its payload in the open, to be mended. */
export function editPage(
  view: View,
  line: UndeliveredLine,
  of: { typed?: string; problem?: Html } = {},
): Page {
  const { id, topic } = line;
  const main = html`<p class="path"><a href="/undelivered">Undelivered</a> <span aria-hidden="true">›</span> ${id}</p>
<h1>${topicWord(topic)}</h1>
${about(line)}
${of.problem ?? ""}
${
  line.resolved === undefined
    ? html`<section aria-labelledby="edit"><h2 id="edit"><label for="payload">Edit and send</label></h2>
<form method="post" action="/undelivered/${id}/edit" class="stacked">${csrfField(view)}<textarea id="payload" name="payload" rows="14" spellcheck="false" class="code">${of.typed ?? JSON.stringify(sentAgain(line), null, 2)}</textarea><div class="row"><button>Send it like this</button><a class="more" href="/undelivered">Leave it</a></div></form></section>`
    : html`<p class="said">${line.resolved}</p>`
}`;
  return { title: "Edit and send", here: "undelivered", main, polls: false };
}

function entry(view: View, line: UndeliveredLine): Html {
  const { id, topic, payload } = line;
  const mail = topic === "notice";
  return html`<article class="card" id="u-${id}" aria-labelledby="t-${id}">
<h2 id="t-${id}">${topicWord(topic)}</h2>
${about(line)}
<details><summary>The event${hides(payload) ? ", with names and addresses hidden" : ""}</summary><pre tabindex="0">${JSON.stringify(masked(payload), null, 2)}</pre></details>
${mail ? html`<p class="quiet">It may have reached people: send it once more only if you are sure that it did not, or if twice does no harm.</p>` : ""}
<div class="row">
${button(view, { to: `/undelivered/${id}/replay`, word: mail ? "Send once more" : "Send again" })}
<a class="act quiet" href="/undelivered/${id}">Edit and send …</a>
<details class="sure"><summary>Drop …</summary><div>Nothing will be done about it, ever. ${button(view, { to: `/undelivered/${id}/drop`, word: "Yes, drop it", kind: "danger" })}</div></details>
</div>
</article>`;
}

function about({ function: name, hub, at, attempts, reason, id }: UndeliveredLine): Html {
  return html`<p class="quiet">${flowWord(name)}${hub === undefined ? "" : ` · ${hub}`} · <time datetime="${at}">${stamp(at)} UTC</time> · ${counted(attempts, "attempt")} · <a href="/messages/${id}?day=${at.slice(0, 10)}">its runs</a></p>
${explained(reason)}`;
}
