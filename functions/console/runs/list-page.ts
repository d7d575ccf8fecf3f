// The list of runs: a day, filtered, a hundred at a time, from the objects' metadata alone. What is looked for comes in a body,
// for somebody's name may be typed, and no address here repeats it.
import { html } from "hono/html";
import { dayOf } from "../../../shared/clock.ts";
import { keysOf } from "../../../shared/closed.ts";
import type { RunLine } from "../../../shared/control.ts";
import { functionNames } from "../../../shared/functions.ts";
import type { Outcome } from "../../../shared/records.ts";
import {
  badge,
  clock,
  csrfField,
  type Html,
  liveRegion,
  type Page,
  runLink,
  type View,
} from "../frame/frame.ts";
import { counted, duration, flowWord, outcomes, topicWord } from "../frame/words.ts";
import type { RunFilter } from "./index-of-days.ts";

export const pageSize = 100;

export type RunsQuery = RunFilter & { day: string; page: number };
type Counts = Record<Outcome, number>;

/** `lines` are the matching runs of the day; `counts` those of every outcome that the other filters leave. */
export function runsPage(view: View, query: RunsQuery, lines: RunLine[], counts: Counts): Page {
  const from = (query.page - 1) * pageSize;
  const shown = lines.slice(from, from + pageSize);
  const newest = lines[0];
  const main = html`${liveRegion(newest === undefined ? "No runs" : `${counted(lines.length, "run")}, the newest at ${clock(newest.startedAt)}`)}
<div class="heading"><h1>Runs</h1>${days(view, query)}</div>
${filters(view, query)}
<p class="counts">${keysOf(outcomes).map(
    (outcome) =>
      html`<a class="badge ${outcome}" href="${addressOf({ ...query, outcome: query.outcome === outcome ? undefined : outcome, page: 1 })}"${query.outcome === outcome ? html` aria-current="true"` : ""}><span aria-hidden="true">${outcomes[outcome].sign}</span> ${counts[outcome].toLocaleString("en")} ${outcomes[outcome].word}</a>`,
  )}</p>
${shown.length === 0 ? html`<p class="nothing">No run of this day fits.</p>` : table(shown)}
${pages(query, lines.length)}`;
  // A page that came as the answer to a form cannot be asked for again.
  return { title: "Runs", here: "runs", main, polls: query.text === undefined };
}

function table(lines: RunLine[]): Html {
  const hubs = new Set(lines.map(({ hub }) => hub)).size > 1;
  return html`<table class="list">
<caption class="unseen">Runs, newest first</caption>
<thead><tr><th scope="col">Time</th><th scope="col">What came of it</th><th scope="col">Outcome</th><th scope="col">Flow</th>${hubs ? html`<th scope="col">Hub</th>` : ""}<th scope="col" class="number">Changes</th><th scope="col" class="number">Took</th></tr></thead>
<tbody>${lines.map(
    (line) => html`<tr id="r-${line.id.slice(11)}">
<td class="time"><time datetime="${line.startedAt}">${clock(line.startedAt)}</time></td>
<td class="title">${runLink(line)}${line.attempt > 1 ? html` <span class="quiet">attempt ${line.attempt}</span>` : ""}</td>
<td>${badge(line.outcome)}</td>
<td>${flowWord(line.flow)}<span class="quiet trigger">${topicWord(line.event)}</span></td>
${hubs ? html`<td>${line.hub ?? ""}</td>` : ""}
<td class="number" data-word="${line.effects === 1 ? "change" : "changes"}">${line.effects}</td>
<td class="number">${duration(line.durationMs)}</td>
</tr>`,
  )}</tbody>
</table>`;
}

function filters(view: View, query: RunsQuery): Html {
  const option = (value: string, word: string, chosen: string | undefined) =>
    html`<option value="${value}"${value === (chosen ?? "") ? html` selected` : ""}>${word}</option>`;
  return html`<form class="filters" method="post" action="/runs" role="search" aria-label="Filter the runs">${csrfField(view)}
<input type="hidden" name="day" value="${query.day}">
<label>Text <input type="search" name="text" id="text" value="${query.text ?? ""}" placeholder="title, message id …" maxlength="200" spellcheck="false" autocapitalize="off" autocomplete="off"></label>
<label>Flow <select name="flow" id="flow">${option("", "every", query.flow)}${functionNames.map((name) => option(name, flowWord(name), query.flow))}</select></label>
<label>Outcome <select name="outcome" id="outcome">${option("", "every", query.outcome)}${Object.entries(outcomes).map(([name, { word }]) => option(name, word, query.outcome))}</select></label>
<button class="quiet">Show</button>
${isFiltered(query) ? html`<a class="more" href="/runs?day=${query.day}">Show all</a>` : ""}
</form>`;
}

const isFiltered = ({ text, flow, outcome, message, hub }: RunsQuery): boolean =>
  [text, flow, outcome, message, hub].some((each) => each !== undefined);

function days(view: View, query: RunsQuery): Html {
  const today = dayOf(view.now);
  const noon = new Date(`${query.day}T12:00:00Z`);
  const [before, after] = [dayOf(noon, -1), dayOf(noon, 1)];
  return html`<nav class="days" aria-label="Days"><a href="${addressOf({ ...query, day: before, page: 1 })}" rel="prev" aria-label="The day before, ${before}">←</a><span>${query.day === today ? "Today, " : ""}<time datetime="${query.day}">${query.day}</time></span>${
    query.day < today
      ? html`<a href="${addressOf({ ...query, day: after, page: 1 })}" rel="next" aria-label="The day after, ${after}">→</a>`
      : html`<span aria-hidden="true" class="quiet">→</span>`
  }</nav>`;
}

function pages(query: RunsQuery, total: number): Html | "" {
  const last = Math.ceil(total / pageSize);
  if (last <= 1) return "";
  if (query.text !== undefined)
    return html`<p class="quiet">The newest ${pageSize} of ${total} are shown: type more to see fewer.</p>`;
  return html`<nav class="pages" aria-label="More of this day">${
    query.page > 1 ? html`<a href="${addressOf({ ...query, page: query.page - 1 })}">Newer</a>` : ""
  }<span>${query.page} of ${last}</span>${
    query.page < last ? html`<a href="${addressOf({ ...query, page: query.page + 1 })}">Older</a>` : ""
  }</nav>`;
}

/** Without the text. */
function addressOf({ page, text: _, ...rest }: { [K in keyof RunsQuery]: RunsQuery[K] | undefined }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, value);
  if (page !== undefined && page > 1) query.set("page", String(page));
  return `/runs?${query}`;
}
