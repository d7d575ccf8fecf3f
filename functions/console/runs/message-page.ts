// After something was sent: its runs as they come in. A run is listed when it has ended.
import { html } from "hono/html";
import type { RunLine } from "../../../shared/control.ts";
import { badge, clock, liveRegion, type Page, runLink } from "../frame/frame.ts";
import { duration, flowWord } from "../frame/words.ts";

/** @param since the first day that was looked through. */
export function messagePage(messages: { messageId: string; runs: RunLine[] }[], since: string): Page {
  const ended = messages.flatMap(({ runs }) => runs).length;
  const main = html`${liveRegion(ended === 0 ? "Sent" : `${ended} ended`)}
<p class="path"><a href="/">Home</a> <span aria-hidden="true">›</span> sent</p>
<h1>Sent</h1>
${messages.map(
  ({ messageId, runs }) => html`<section class="card" id="m-${messageId}" aria-label="Message ${messageId}">
<p class="quiet">message ${messageId}</p>
${
  runs.length === 0
    ? html`<p class="waiting">Nothing of it has ended since ${since}. Its run shows here as soon as it has; what was sent before that day is in <a href="/runs?day=${since}">Runs</a>.</p>`
    : html`<ol class="attempts">${runs.map(
        (line) =>
          html`<li id="r-${line.id.slice(11)}"><time datetime="${line.startedAt}">${clock(line.startedAt)}</time> ${badge(line.outcome)} ${runLink(line)} <span class="quiet">${flowWord(line.flow)}, attempt ${line.attempt}, ${duration(line.durationMs)}</span></li>`,
      )}</ol>`
}
</section>`,
)}`;
  return { title: "Sent", here: "elsewhere", main, polls: true };
}
