// One run: from the event that woke it, by its steps and changes, to how it ended; and what a person can do about it.
import { html } from "hono/html";
import type { RunLine } from "../../../shared/control.ts";
import type { Effect, Run } from "../../../shared/records.ts";
import {
  badge,
  button,
  clock,
  copyable,
  explained,
  type Html,
  type Page,
  stamp,
  type View,
} from "../frame/frame.ts";
import { hides, masked } from "../frame/mask.ts";
import { counted, duration, flowWord, topicWord, wakerWord } from "../frame/words.ts";
import { planTable } from "../plans/table.ts";
import { isUndoable } from "./undo.ts";

export function runPage(view: View, run: Run, of: { attempts: RunLine[]; show: boolean }): Page {
  const { id, title, outcome, flow, hub, startedAt } = run;
  const main = html`<p class="path"><a href="/runs?day=${id.slice(0, 10)}">Runs</a> <span aria-hidden="true">›</span> ${flowWord(flow)}${hub === undefined ? "" : html` <span aria-hidden="true">›</span> ${hub}`}</p>
<div class="heading"><h1>${title}</h1>${badge(outcome)}</div>
<p class="quiet"><time datetime="${startedAt}">${stamp(startedAt)} UTC</time> · took ${duration(run.durationMs)} · attempt ${run.attempt} · ${counted(run.effects.length, "change")}</p>
${run.error === undefined ? "" : html`<section class="problem" aria-label="What went wrong">${explained(run.error)}${mended(run, of.attempts)}</section>`}
<div class="row">${button(view, { to: `/runs/${id}/rerun`, word: "Rerun" })}${copyable("command", `npx groundcrew runs rerun ${id}`, "Copy as command")}</div>
${undoing(view, run)}
<section aria-labelledby="timeline"><h2 id="timeline">Step by step</h2>${timeline(run)}</section>
${attempts(run, of.attempts)}
${run.plan === undefined ? "" : html`<section aria-labelledby="plan"><h2 id="plan">Its plan <code class="hash">${run.plan.hash}</code></h2>${planTable(run.plan, isUndo(run) ? { refusedWord: "left as it is" } : {})}</section>`}
${payload(run, of.show)}`;
  return { title, here: "runs", main, polls: true };
}

/** Button that takes back what people were given or lost by mistake, where it is listed. */
function undoing(view: View, run: Run): Html | "" {
  if (!isUndoable(run)) return "";
  const to = `/runs/${run.id}/undo`;
  return html`<div class="row">${button(view, { to, word: "Show what undoing it would take back", kind: "quiet", fields: { dryRun: "yes" } })}<details class="sure"><summary>Undo …</summary><div>It takes back what this run did and what is still so, and writes to those to whom it wrote. ${button(view, { to, word: "Yes, undo it", kind: "danger" })}</div></details></div>`;
}

/** Most failures are over before anybody looks. */
function mended(run: Run, lines: RunLine[]): Html | "" {
  const later = lines.find(
    ({ flow, id, outcome }) => flow === run.flow && id > run.id && outcome !== "failed",
  );
  return later === undefined
    ? ""
    : html`<p class="said">A later attempt went through: <a href="/runs/${later.id}">${later.title}</a></p>`;
}

const isUndo = ({ payload }: Run): boolean => payload instanceof Object && "undo" in payload;

function timeline(run: Run): Html {
  const { payload } = run;
  const why = payload instanceof Object && "why" in payload ? payload.why : undefined;
  return html`<ol class="timeline">
<li class="event"><time datetime="${run.startedAt}">${clock(run.startedAt)}</time><div><b>${topicWord(run.event)}</b> <span class="quiet">${typeof why === "string" ? wakerWord(why) : ""} · message ${run.messageId}</span></div></li>
${run.steps.map(({ at, what }) => html`<li><time datetime="${at}">${clock(at)}</time><div>${what}</div></li>`)}
${run.effects.map((effect) => html`<li class="effect"><span class="quiet">change</span><div>${effectOf(effect)}</div></li>`)}
<li class="end ${run.outcome}"><span></span><div>${badge(run.outcome)} ${run.error === undefined ? run.title : run.error.why}</div></li>
</ol>`;
}

function effectOf({ do: what, ...rest }: Effect): Html {
  const parts = Object.entries(rest).filter(
    ([, value]) => typeof value === "string" || typeof value === "number",
  );
  return html`<b>${what.replaceAll("-", " ")}</b> ${parts.map(([name, value]) => html`<span class="fact"><span class="quiet">${name}</span> ${String(value)}</span> `)}`;
}

function attempts(run: Run, lines: RunLine[]): Html | "" {
  if (lines.length < 2) return "";
  return html`<section aria-labelledby="attempts"><h2 id="attempts">All attempts</h2>
<ol class="attempts">${lines.map(
    (line) =>
      html`<li${line.id === run.id ? html` aria-current="true"` : ""}><time datetime="${line.startedAt}">${stamp(line.startedAt)}</time> ${badge(line.outcome)} <a href="/runs/${line.id}">${flowWord(line.flow)}, attempt ${line.attempt}</a> <span class="quiet">${line.title}</span></li>`,
  )}</ol></section>`;
}

function payload(run: Run, show: boolean): Html {
  const hidden = !show && hides(run.payload);
  return html`<section aria-labelledby="payload"><h2 id="payload">The event</h2>
<pre tabindex="0" aria-labelledby="payload">${JSON.stringify(hidden ? masked(run.payload) : run.payload, null, 2)}</pre>
${hidden ? html`<form method="get" action="/runs/${run.id}"><input type="hidden" name="show" value="yes"><button class="quiet">Show names and addresses</button></form>` : ""}
${show && hides(run.payload) ? html`<p><a href="/runs/${run.id}">Hide names and addresses</a></p>` : ""}
</section>`;
}
