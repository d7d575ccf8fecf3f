// Home: what needs a person, who can't log in, and how each flow stands.
import { html } from "hono/html";
import type { FlowCard, Home, IncidentLine, NeedsYou } from "../../../shared/control.ts";
import { everyHub } from "../../../shared/delivery/not-before.ts";
import {
  badge,
  button,
  type Html,
  liveRegion,
  type Page,
  runLink,
  type View,
  when,
  withCode,
} from "../frame/frame.ts";
import { counted, flowWord, incidentWord } from "../frame/words.ts";
import { idOf } from "../incidents/page.ts";
import { whoBox } from "../members/why-page.ts";

export function homePage(view: View, home: Home): Page {
  const { needsYou, flows } = home;
  const spoken =
    needsYou.length === 0
      ? "Nothing needs you"
      : `${counted(needsYou.length, "thing needs", "things need")} you`;
  const main = html`${liveRegion(spoken)}
<h1 class="unseen">Home</h1>
<section aria-labelledby="needs">
<h2 id="needs">Needs you</h2>
${
  needsYou.length === 0
    ? html`<p class="nothing"><span aria-hidden="true">✓</span> Nothing needs you.</p>`
    : html`<ul class="needs">${needsYou.map((need) => html`<li class="${need.kind === "incident" ? need.incident.kind : need.kind}">${needOf(need)}</li>`)}</ul>`
}
</section>
${whoBox(view, "")}
<section aria-labelledby="flows">
<h2 id="flows">Flows</h2>
<div class="cards">${flows.map((card) => cardOf(view, card))}</div>
</section>`;
  return { title: "Home", here: "home", main, polls: true };
}

function needOf(need: NeedsYou): Html {
  switch (need.kind) {
    case "approval":
      return html`<div><strong>${need.text}</strong><p>Nothing of it is done until somebody approves it, or the sheet asks for it no more.</p></div><a class="act" href="/plans/${need.hub}/${need.hash}">Look and decide</a>`;
    case "incident":
      return incidentOf(need.incident);
    case "unreadable":
      return html`<div><strong>A record cannot be read</strong><p>${need.text}</p></div>`;
    default:
      return need satisfies never;
  }
}

function incidentOf({ key, kind, flow, hub, reason, waits }: IncidentLine): Html {
  const where = `${flowWord(flow)}${hub === everyHub ? "" : ` of ${hub}`} ${incidentWord(kind)}`;
  const [href, word] = waits
    ? ["/undelivered", "Look at what waits"]
    : [`/incidents#${idOf(key)}`, "Look at it"];
  return html`<div><strong>${reason.what}</strong><p>${where}: ${reason.why}.</p><p>${withCode(reason.next)}</p></div><a class="act" href="${href}">${word}</a>`;
}

const modes = { off: "off", plan: "plans only", apply: "on" } as const;

function cardOf(view: View, card: FlowCard): Html {
  const { flow, mode, lastRun, nextRun } = card;
  const word = flowWord(flow);
  return html`<article class="card" id="flow-${flow}" aria-labelledby="name-${flow}">
<h3 id="name-${flow}">${word} <span class="mode ${mode}">${modes[mode]}</span></h3>
<dl class="facts">
<div><dt>Last run</dt><dd>${
    lastRun === undefined
      ? "none yet"
      : html`${badge(lastRun.outcome)} ${runLink(lastRun)} <span class="quiet">${when(lastRun.startedAt, view.now)}</span>`
  }</dd></div>
<div><dt>Next run</dt><dd>${nextRun === undefined ? "none" : when(nextRun, view.now)}</dd></div>
</dl>
${
  mode === "off"
    ? html`<p class="quiet">Set <code>flows.${flow}</code> in groundcrew.yaml to have it run.</p>`
    : html`<div class="row">${button(view, { to: `/flows/${flow}/run`, word: "Run now", label: `Run ${word} now` })}${button(view, { to: `/flows/${flow}/run`, word: "Only show what it would do", kind: "quiet", fields: { dryRun: "yes" } })}<a class="more" href="/runs?flow=${flow}">All its runs</a></div>`
}
</article>`;
}
