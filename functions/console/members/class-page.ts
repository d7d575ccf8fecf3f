// Pages of classes: the list with a form to give one, and one class with a light for each person that somebody can watch.
import { html } from "hono/html";
import type { Explanation } from "../../../shared/errors.ts";
import {
  type ClassLine,
  type ClassPerson,
  type ClassView,
  Light,
  lightWords,
} from "../../../shared/members/class-answers.ts";
import { saidIn } from "../../../shared/members/class-people.ts";
import { mostDaysAhead } from "../../../shared/members/classes.ts";
import {
  button,
  csrfField,
  explained,
  flash,
  type Html,
  liveRegion,
  type Page,
  type View,
  when,
} from "../frame/frame.ts";
import { counted } from "../frame/words.ts";

const looks: Record<Light, { badge: string; sign: string; print: string }> = {
  red: { badge: "failed", sign: "✕", print: "#a8261c" },
  grey: { badge: "", sign: "?", print: "#5a656b" },
  amber: { badge: "held", sign: "…", print: "#8a5200" },
  green: { badge: "done", sign: "✓", print: "#1d6b3a" },
};
const best = [...Light.options].reverse();

const addressOf = ({ hub, on, name }: ClassLine): string => `/classes/${hub}/${on}/${name}`;

export type Typed = { hub: string; on: string; name: string; list: string; problem: Explanation };

export function classesPage(
  view: View,
  {
    hubs,
    lines,
    said,
    typed,
  }: { hubs: string[]; lines: ClassLine[]; said?: string | undefined; typed?: Typed },
): Page {
  const main = html`${liveRegion(counted(lines.length, "class", "classes"))}
<div class="heading"><h1>Classes</h1><a class="more" href="/members">Members</a></div>
${flash(said)}
${
  lines.length === 0
    ? html`<p class="quiet">No class is planned. Give a list below, and in the week before its day invitations are kept for its people.</p>`
    : html`<section><table class="list">
<caption class="unseen">Classes, the next one first</caption>
<thead><tr><th scope="col">Day</th><th scope="col">Class</th><th scope="col">People</th><th scope="col">How far they are</th></tr></thead>
<tbody>${lines.map(
        (line) => html`<tr>
<td class="time">${line.on}</td>
<td class="title"><a href="${addressOf(line)}">${line.name}</a>${hubs.length > 1 ? html` <span class="quiet trigger">${line.hub}</span>` : ""}</td>
<td class="number">${line.people}</td>
<td>${countsOf(line)}</td>
</tr>`,
      )}</tbody>
</table></section>`
}
${giveForm(view, hubs, typed)}`;
  return { title: "Classes", here: "members", main, polls: typed === undefined };
}

function giveForm(view: View, hubs: string[], typed: Typed | undefined): Html {
  return html`<section aria-labelledby="give"><h2 id="give">Give the list of a class</h2>
<p class="quiet">One person a line: a GitHub username, an e-mail address or a name, or all three. A corrected list of the same day and name takes the place of the one before. At most ${mostDaysAhead} days ahead.</p>
${typed === undefined ? "" : html`<div class="problem" role="alert">${explained(typed.problem)}</div>`}
<form method="post" action="/classes">${csrfField(view)}
<div class="filters">
${
  hubs.length > 1
    ? html`<label>Hub <select name="hub">${hubs.map((hub) => html`<option${hub === typed?.hub ? html` selected` : ""}>${hub}</option>`)}</select></label>`
    : html`<input type="hidden" name="hub" value="${hubs[0] ?? ""}">`
}
<label>Name <input name="name" value="${typed?.name ?? ""}" maxlength="80" placeholder="intro" autocomplete="off"></label>
<label>Day <input name="on" type="date" required value="${typed?.on ?? ""}"></label>
</div>
<textarea name="list" rows="8" required spellcheck="false" autocapitalize="off" autocomplete="off" aria-label="People, one a line">${typed?.list ?? ""}</textarea>
<div class="row"><button>Keep this class</button></div>
</form></section>`;
}

const countsOf = ({ counts }: Pick<ClassLine, "counts">): Html =>
  html`${best.map((light) =>
    counts[light] === 0
      ? ""
      : html`<span class="badge ${looks[light].badge}"><span aria-hidden="true">${looks[light].sign}</span> ${counts[light]} ${lightWords[light]}</span> `,
  )}`;

/** Words that a screen reader says when a light changes. */
const spoken = ({ counts }: ClassLine): string =>
  best.map((light) => `${counts[light]} ${lightWords[light]}`).join(", ");

export function classPage(view: View, shown: ClassView): Page {
  const { on, name, remarks, asOf, lines, people } = shown;
  const main = html`${liveRegion(spoken(shown))}
<p class="path"><a href="/members">Members</a> / <a href="/classes">Classes</a></p>
<div class="heading"><h1>${name}</h1><span class="quiet">${on}, ${counted(people, "person", "people")}</span></div>
<p class="counts">${countsOf(shown)}</p>
${remarks.map((remark) => html`<p class="said">${remark}</p>`)}
<p class="quiet">${asOf === undefined ? "Nobody has compared sheet and teams yet." : html`As of the last run, ${when(asOf, view.now)}. The page refreshes itself.`}</p>
<table class="list">
<caption class="unseen">People of the class, those first who need something</caption>
<thead><tr><th scope="col">Light</th><th scope="col">Who</th><th scope="col">What is so, and the next step</th></tr></thead>
<tbody>${lines.map(row)}</tbody>
</table>
<div class="row"><a class="act quiet" href="${addressOf(shown)}/print" download="${name}-${on}.html">Save a page to hand on</a>${button(view, { to: `${addressOf(shown)}/cancel`, word: "Call it off", kind: "danger", label: `Call off ${name} on ${on}` })}</div>`;
  return { title: `${name} on ${on}`, here: "members", main, polls: true };
}

const row = ({ light, word, called, who, login, sentence, next }: ClassPerson): Html => html`<tr>
<td><span class="badge ${looks[light].badge}"><span aria-hidden="true">${looks[light].sign}</span> ${word}</span></td>
<td class="title">${saidIn(who) === "" && login === undefined ? who : called}${login === undefined || login === called ? "" : html` <code>${login}</code>`}</td>
<td>${sentence}${light === "green" ? "" : html` <span class="quiet trigger">${next}</span>`}</td>
</tr>`;

/** A page of its own, to hand on: logins and lights, and neither addresses nor cells. */
export async function printedClass(shown: ClassView, now: Date): Promise<string> {
  const { on, name, counts, lines } = shown;
  const at = now.toISOString().slice(0, 16).replace("T", " ");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}, ${on}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b2225; background: #fff; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #dfe3e2; overflow-wrap: anywhere; }
.light { white-space: nowrap; font-weight: 600; }
tr { break-inside: avoid; }
</style>
</head>
<body>
<h1>${name}, ${on}</h1>
<p>${best.map((light) => `${counts[light]} ${lightWords[light]}`).join(" · ")}</p>
<table>
<thead><tr><th scope="col">Who</th><th scope="col">How far</th></tr></thead>
<tbody>${[...lines]
    .sort((a, b) => a.line - b.line)
    .map(
      (one) =>
        html`<tr><td>${one.called}${one.login === undefined || one.login === one.called ? "" : ` (${one.login})`}</td><td class="light" style="color: ${looks[one.light].print}">${looks[one.light].sign} ${one.word}</td></tr>
`,
    )}</tbody>
</table>
<p>As of ${at} UTC.</p>
</body>
</html>
`;
  return String(await page);
}
