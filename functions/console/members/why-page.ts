// Page of *Who can't log in?*: one large box, several people at once, and for each an answer, the next step and what to write to them.
import { html } from "hono/html";
import type { WhyPerson } from "../../../shared/members/answers.ts";
import { findingLooks } from "../../../shared/members/findings.ts";
import { summaryOf } from "../../../shared/members/need.ts";
import { copyable, csrfField, type Html, type Page, type View, when } from "../frame/frame.ts";

/** The names are sent in a body, for an address stays in histories and logs. */
export function whoBox(view: View, typed: string): Html {
  return html`<section class="who" aria-labelledby="who-heading">
<h2 id="who-heading"><label for="who">Who can’t log in?</label></h2>
<form method="post" action="/who">${csrfField(view)}
<textarea id="who" name="who" rows="${Math.min(8, Math.max(1, typed.split("\n").length))}" maxlength="20000" spellcheck="false" autocapitalize="off" autocomplete="off" placeholder="Name, GitHub username or e-mail address" aria-describedby="who-hint">${typed}</textarea>
<button>Find out</button>
<p id="who-hint" class="quiet">Several at once: one a line.</p>
</form>
</section>`;
}

export function whoPage(view: View, typed: string, asked: readonly WhyPerson[], all = asked.length): Page {
  const main = html`<h1 class="unseen">Who can’t log in?</h1>
${whoBox(view, typed)}
<section aria-labelledby="found" class="found">
<h2 id="found">${asked.length === 0 ? "Nobody was named" : `What was found: ${summaryOf(asked)}`}</h2>
${all > asked.length ? html`<p>The first ${asked.length} of ${all} were looked for: ask again for the rest.</p>` : ""}
${
  asked.length === 0
    ? html`<p>Type a name, a GitHub username or an e-mail address into the box.</p>`
    : asked.map((one, index) => answersOf(view, one, index, asked.length === 1))
}
</section>`;
  return { title: "Who can’t log in?", here: "home", main, polls: false };
}

function answersOf(view: View, { who, answers }: WhyPerson, index: number, alone: boolean): Html {
  return html`<article class="card" aria-labelledby="asked-${index}">
<h3 id="asked-${index}">${who}</h3>
${answers.map(
  (answer, of) => html`<div class="answer">
<p>${answers.length > 1 ? html`<b>${answer.hub}${answer.login === undefined ? "" : `, ${answer.login}`}</b> ` : ""}<span class="badge ${answer.need === "fine" ? "done" : "held"}">${answer.letter} ${findingLooks[answer.finding].word}</span> ${answer.sentence}</p>
<p class="next"><b>Next step</b> ${answer.next}</p>
${answer.check === undefined ? "" : html`<p class="quiet">If that does not help, check ${answer.check.join("; ")}.</p>`}
${
  answer.paste === undefined
    ? ""
    : html`<details${alone ? html` open` : ""}><summary>What to write to them</summary>${copyable(`paste-${index}-${of}`, answer.paste, "Copy the text")}</details>`
}
${answer.asOf === undefined ? "" : html`<p class="quiet">As of the last run, ${when(answer.asOf, view.now)}.</p>`}
</div>`,
)}
</article>`;
}
