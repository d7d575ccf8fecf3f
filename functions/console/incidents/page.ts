// Incidents: what stands in the way, since when, what to do; and what was over lately.
import { html } from "hono/html";
import type { IncidentLine } from "../../../shared/control.ts";
import { everyHub } from "../../../shared/delivery/not-before.ts";
import {
  button,
  explained,
  flash,
  type Html,
  liveRegion,
  type Page,
  stamp,
  type View,
  when,
} from "../frame/frame.ts";
import { counted, flowWord, incidentWord } from "../frame/words.ts";

export function incidentsPage(
  view: View,
  { open, over }: { open: IncidentLine[]; over: IncidentLine[] },
  key: string | undefined,
): Page {
  const main = html`${liveRegion(open.length === 0 ? "Nothing is in the way" : `${counted(open.length, "incident")} open`)}
<h1>Incidents</h1>
${flash(key)}
${
  open.length === 0
    ? html`<p class="nothing"><span aria-hidden="true">✓</span> Nothing is in the way.</p>`
    : open.map((line) => entry(view, line))
}
${
  over.length === 0
    ? ""
    : html`<section aria-labelledby="over"><h2 id="over">Over</h2><table class="list"><caption class="unseen">Over, newest first</caption><thead><tr><th scope="col">Until</th><th scope="col">From</th><th scope="col">What it was</th><th scope="col">Of</th></tr></thead><tbody>${over.map(
        ({ closed = "", opened, reason, flow, hub }) =>
          html`<tr><td class="time"><time datetime="${closed}">${stamp(closed)}</time></td><td class="time"><time datetime="${opened}">${stamp(opened)}</time></td><td>${reason.what}</td><td>${flowWord(flow)}${ofHub(hub)}</td></tr>`,
      )}</tbody></table></section>`
}`;
  return { title: "Incidents", here: "incidents", main, polls: true };
}

function entry(view: View, line: IncidentLine): Html {
  const { key, flow, hub, kind, opened, seen, reason, runbook, waits, acknowledged } = line;
  const id = idOf(key);
  return html`<article class="card" id="${id}" aria-labelledby="t-${id}">
<h2 id="t-${id}">${reason.what}</h2>
<p class="quiet">${flowWord(flow)}${ofHub(hub)} · ${incidentWord(kind)} · since ${when(opened, view.now)}, last seen ${when(seen, view.now)}${acknowledged === undefined ? "" : html` · seen from the ${acknowledged.by} ${when(acknowledged.at, view.now)}`}</p>
${explained(reason)}
<p class="quiet">docs/runbook.md: ${runbook}</p>
<div class="row">
${waits ? html`<a class="act" href="/undelivered">Look at what waits</a>` : ""}
${kind === "held" ? html`<a class="act" href="/plans">Look and decide</a>` : ""}
${acknowledged === undefined ? button(view, { to: "/incidents/acknowledge", word: "I have seen it", kind: "quiet", fields: { key } }) : ""}
<details class="sure"><summary>Close …</summary><div>It closes by itself with the next good run. ${button(view, { to: "/incidents/close", word: "Yes, it is over", kind: "danger", fields: { key } })}</div></details>
</div>
</article>`;
}

/** Gives the id of an incident's place on the page. */
export const idOf = (key: string): string => `i-${key.replaceAll("/", "_")}`;

const ofHub = (hub: string): string => (hub === everyHub ? "" : ` · ${hub}`);
