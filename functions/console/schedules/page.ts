// Schedules: what runs by itself, when it did and when it will; and running it now.
import { html } from "hono/html";
import type { ScheduleLine } from "../../../shared/control.ts";
import {
  badge,
  button,
  type Html,
  liveRegion,
  type Page,
  runLink,
  stamp,
  type View,
  when,
} from "../frame/frame.ts";
import { flowWord, topicWord } from "../frame/words.ts";
import { cronWords } from "./cron-words.ts";

export function schedulesPage(view: View, lines: ScheduleLine[]): Page {
  const soonest = lines
    .flatMap(({ next }) => (next === undefined ? [] : [next]))
    .sort()
    .at(0);
  const main = html`${liveRegion(soonest === undefined ? "Nothing is scheduled" : `The next one is due at ${stamp(soonest).slice(0, 16)}`)}
<h1>Schedules</h1>
<p>What looks by itself, though nobody said that anything changed: an event that was lost is made good by the next of these. It is ${stamp(view.now.toISOString()).slice(0, 16)} UTC${view.sample ? html` on the <a href="/sample">sample hub’s clock</a>` : ""}.</p>
<div class="cards">${lines.map((line) => card(view, line))}</div>`;
  return { title: "Schedules", here: "schedules", main, polls: true };
}

function card(view: View, line: ScheduleLine): Html {
  const { schedule, what, cron, each, flow, next, lastFired, lastRun, publishes } = line;
  const name = schedule.replaceAll("-", " ");
  return html`<article class="card" id="s-${schedule}" aria-labelledby="name-${schedule}">
<h2 id="name-${schedule}">${name}${flow === undefined ? "" : html` <span class="mode">${flowWord(flow)}</span>`}</h2>
<p class="quiet">${what}</p>
<dl class="facts">
<div><dt>When</dt><dd>${cronWords(cron)}${each === "hub" ? ", for each hub" : ""} <code class="quiet">${cron}</code></dd></div>
<div><dt>Sends</dt><dd>${topicWord(publishes)}</dd></div>
<div><dt>Next</dt><dd>${next === undefined ? "never: its flow is off" : html`${when(next, view.now)} <span class="quiet">${stamp(next).slice(0, 16)}</span>`}</dd></div>
${view.sample ? html`<div><dt>Last fired</dt><dd>${lastFired === undefined ? "not yet" : html`${when(lastFired, view.now)} <span class="quiet">${stamp(lastFired).slice(0, 16)}</span>`}</dd></div>` : ""}
<div><dt>Last run</dt><dd>${lastRun === undefined ? "none in three days; a look that finds nothing due leaves none" : html`${badge(lastRun.outcome)} ${runLink(lastRun)} <span class="quiet">${when(lastRun.startedAt, view.now)}</span>`}</dd></div>
</dl>
${next === undefined ? "" : html`<div class="row">${button(view, { to: `/schedules/${schedule}/run`, word: "Run now", kind: "quiet", label: `Run ${name} now` })}</div>`}
</article>`;
}
