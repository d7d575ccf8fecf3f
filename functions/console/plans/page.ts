// Plans: what is on hold and why, and a person's word on it.
import { html } from "hono/html";
import type { HeldPlanLine } from "../../../shared/control.ts";
import {
  csrfField,
  flash,
  type Html,
  liveRegion,
  type Page,
  stamp,
  type View,
  when,
} from "../frame/frame.ts";
import { counted, flowWord } from "../frame/words.ts";
import { takesAccess } from "./plans.ts";
import { planTable } from "./table.ts";

const states = {
  waiting: { word: "waiting for you", kind: "held" },
  approved: { word: "approved", kind: "done" },
  rejected: { word: "rejected", kind: "failed" },
  over: { word: "no longer needed", kind: "past" },
} as const;

export function plansPage(view: View, plans: HeldPlanLine[], key: string | undefined): Page {
  const waiting = plans.filter(({ state }) => state === "waiting");
  const past = plans.filter(({ state }) => state !== "waiting");
  const main = html`${liveRegion(waiting.length === 0 ? "No plan waits for you" : `${counted(waiting.length, "plan")} waiting for you`)}
<h1>Plans</h1>
${flash(key)}
${
  waiting.length === 0
    ? html`<p class="nothing"><span aria-hidden="true">✓</span> No plan waits for you.</p>`
    : waiting.map((line) => planCard(view, line))
}
${
  past.length === 0
    ? ""
    : html`<section aria-labelledby="past"><h2 id="past">Earlier</h2><table class="list"><caption class="unseen">Earlier plans, newest first</caption><thead><tr><th scope="col">Made</th><th scope="col">Plan</th><th scope="col">State</th><th scope="col" class="number">On hold</th></tr></thead><tbody>${past.map(
        ({ hub, plan, state, madeAt, flow }) =>
          html`<tr><td class="time"><time datetime="${madeAt}">${stamp(madeAt)}</time></td><td class="title"><a href="/plans/${hub}/${plan.hash}">${reasonOf(plan, flow)}</a> <span class="quiet">${hub}</span></td><td>${stateOf(state)}</td><td class="number" data-word="on hold">${plan.held.length}</td></tr>`,
      )}</tbody></table></section>`
}`;
  return { title: "Plans", here: "plans", main, polls: true };
}

export function planPage(view: View, line: HeldPlanLine): Page {
  const main = html`<p class="path"><a href="/plans">Plans</a> <span aria-hidden="true">›</span> ${line.hub}</p>
<h1>${flowWord(line.flow)} on ${line.hub}</h1>
${planCard(view, line)}`;
  return { title: `Plan for ${line.hub}`, here: "plans", main, polls: true };
}

const stateOf = (state: HeldPlanLine["state"]): Html =>
  html`<span class="badge ${states[state].kind}">${states[state].word}</span>`;

/** Gives why it waits: of each held change, once. */
const reasonOf = ({ held }: HeldPlanLine["plan"], flow: string): string =>
  [...new Set(held.map(({ because }) => because))].join("; ") || `${flowWord(flow)}: something waits`;

function planCard(view: View, line: HeldPlanLine): Html {
  const { hub, plan, madeAt, state, verdicts } = line;
  const to = `/plans/${hub}/${plan.hash}`;
  const form = `f-${hub}-${plan.hash}`;
  const waits = Object.keys(verdicts).length > 0;
  return html`<article class="card plan" id="p-${hub}-${plan.hash}" aria-labelledby="reason-${plan.hash}">
<h2 id="reason-${plan.hash}">${reasonOf(plan, line.flow)}</h2>
<p class="quiet">${stateOf(state)} ${flowWord(line.flow)} · ${hub} · made ${when(madeAt, view.now)} · plan <code class="hash">${plan.hash}</code></p>
${planTable(plan, { goesOn: "made without asking", ...(waits ? { choice: { form, verdicts } } : {}) })}
${
  waits
    ? html`<form class="row" id="${form}" method="post" action="${to}/approve">${csrfField(view)}<button class="main">Approve what is ticked</button><button class="quiet" formaction="${to}/reject">Reject what is ticked</button>${plan.held.some((action) => takesAccess(line.flow, action)) ? html`<button class="quiet" formaction="${to}/accept">Let those who are ticked keep it</button>` : ""}<p class="quiet">Your word is on each ticked change, whatever else changes meanwhile; a rejection can be taken back.</p></form>`
    : ""
}
</article>`;
}
