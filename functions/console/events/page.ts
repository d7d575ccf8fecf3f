// Events: what was sent lately and what came of it; sending one, as it is or edited; and what happens to one that is lost.
import { html } from "hono/html";
import type { EventLine, SampleEvent } from "../../../shared/control.ts";
import type { Schedule } from "../../../shared/schedules.ts";
import {
  badge,
  clock,
  csrfField,
  type Html,
  liveRegion,
  type Page,
  stamp,
  type View,
  when,
} from "../frame/frame.ts";
import { flowWord, topicWord } from "../frame/words.ts";
import { cronWords } from "../schedules/cron-words.ts";
import { hearersOf } from "./samples.ts";

export type EventsShown = {
  events: EventLine[];
  late: { id: number; at: string; topic: string }[];
  samples: SampleEvent[];
  hubs: string[];
  hub: string;
};

export function eventsPage(view: View, { events, late, samples, hubs, hub }: EventsShown): Page {
  const main = html`${liveRegion(events[0] === undefined ? "No events" : `The newest event: ${topicWord(events[0].topic)}`)}
<h1>Events</h1>
<p>An event says that something may have changed; whoever hears it looks for itself. So one too many does no harm.</p>
${lateOnes(view, late)}
<section aria-labelledby="try"><h2 id="try">Send one</h2>
${hubs.length > 1 ? html`<nav class="counts" aria-label="Hubs">${hubs.map((each) => html`<a class="badge" href="/events?hub=${each}"${each === hub ? html` aria-current="true"` : ""}>${each}</a>`)}</nav>` : ""}
<ul class="samples">${[...new Set(samples.map(({ topic }) => topic))].map(
    (topic) =>
      html`<li><b>${capital(topicWord(topic))}</b> <code class="quiet">${topic}</code><ul>${samples
        .filter((sample) => sample.topic === topic)
        .map(
          ({ name }) =>
            html`<li><a href="/events/send?${new URLSearchParams({ topic, name, hub }).toString()}">${name}</a></li>`,
        )}</ul></li>`,
  )}</ul></section>
<section aria-labelledby="lately"><h2 id="lately">Sent lately</h2>
<p class="quiet">As their runs tell of them. One that was looked at and found nothing due leaves no run.</p>
${events.length === 0 ? html`<p>No event of the last days has ended.</p>` : table(events)}</section>`;
  return { title: "Events", here: "events", main, polls: true };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function lateOnes(view: View, late: EventsShown["late"]): Html | "" {
  if (late.length === 0) return "";
  return html`<section aria-labelledby="late"><h2 id="late">On their way, late</h2><ul>${late.map(
    ({ id, at, topic }) =>
      html`<li id="late-${id}">${topicWord(topic)}: sent ${when(at, view.now)}, at ${stamp(at)}. <a href="/sample">Move the clock</a> there to see it arrive.</li>`,
  )}</ul></section>`;
}

function table(events: EventLine[]): Html {
  return html`<table class="list"><caption class="unseen">Events, newest first</caption>
<thead><tr><th scope="col">First run</th><th scope="col">Event</th><th scope="col">What came of it</th><th scope="col" class="number">Attempts</th><th scope="col">Again</th></tr></thead>
<tbody>${events.map(
    ({ messageId, topic, hub, firstAt, attempts, outcome, title }) => html`<tr id="e-${messageId}">
<td class="time"><time datetime="${firstAt}" title="${stamp(firstAt)} UTC">${firstAt.slice(0, 10) === events[0]?.firstAt.slice(0, 10) ? clock(firstAt) : stamp(firstAt)}</time></td>
<td>${topicWord(topic)}${hub === undefined ? "" : html` <span class="quiet trigger">${hub}</span>`}</td>
<td class="title">${badge(outcome)} <a href="/messages/${messageId}?day=${firstAt.slice(0, 10)}">${title}</a></td>
<td class="number" data-word="${attempts === 1 ? "attempt" : "attempts"}">${attempts}</td>
<td class="again"><a href="/events/send?message=${encodeURIComponent(messageId)}" aria-label="Edit and send again: message ${messageId}">Edit and send …</a></td>
</tr>`,
  )}</tbody></table>`;
}

export type Draft = { topic: string; text: string; after?: string; problem?: Html };

/** One event in the open, to be sent as it is or changed. */
export function sendPage(view: View, { topic, text, after, problem }: Draft): Page {
  const heard = hearersOfTopic(topic);
  const main = html`<p class="path"><a href="/events">Events</a> <span aria-hidden="true">›</span> send one</p>
<h1>${topicWord(topic)}</h1>
<p class="quiet"><code>${topic}</code>${heard === "" ? "" : ` · heard by ${heard}`}</p>
${problem ?? ""}
<form method="post" action="/events/send" class="stacked">${csrfField(view)}<input type="hidden" name="topic" value="${topic}">
<label for="payload"><b>The event</b></label>
<textarea id="payload" name="payload" rows="14" spellcheck="false" class="code">${text}</textarea>
<div class="row"><button name="how" value="once">Send</button><a class="more" href="/events">Leave it</a></div>
${view.sample ? teaching(after ?? "") : ""}
</form>`;
  return { title: "Send an event", here: "events", main, polls: false };
}

function teaching(after: string): Html {
  return html`<fieldset class="teach"><legend>See what a network does to it <span class="quiet">(sample hub only)</span></legend>
<div class="row"><button class="quiet" name="how" value="twice">Deliver twice</button><span class="quiet">It is sent two times, at once: see in their runs that the second changes nothing.</span></div>
<div class="row"><button class="quiet" name="how" value="late">Deliver late</button><label>by <input name="after" value="${after === "" ? "20m" : after}" size="7" maxlength="30" aria-label="How late, for example 20m or 6h"></label><span class="quiet">It is sent when the sample hub’s clock has got there, even after a restart.</span></div>
<div class="row"><button class="quiet" name="how" value="lost">Lose it</button><span class="quiet">Nothing is sent; the page says what makes good for it.</span></div>
</fieldset>`;
}

export function lostPage({ topic, healers }: { topic: string; healers: Schedule[] }): Page {
  const next = healers.map(
    ({ what, cron }) =>
      html`<li><b>${capital(cronWords(cron))}</b> a schedule sends the same event: it ${what}.</li>`,
  );
  const main = html`<p class="path"><a href="/events">Events</a> <span aria-hidden="true">›</span> lost</p>
<h1>Lost, on purpose</h1>
<p>Nothing was sent: this is how it looks when the sender stops just before sending <q>${topicWord(topic)}</q>.</p>
${
  healers.length === 0
    ? html`<p class="nothing-heals">Nothing sends it again by itself. Whoever wanted it has to ask once more; a flow that stopped half-way sends what it still owes in its next run.</p>`
    : html`<p>It is made good by itself:</p><ul>${next}</ul><p>Whoever hears it looks at how things are, not at what the lost event said, so nothing is missing then.</p>`
}
<p class="quiet">Once an event has been sent it is no longer lost this way: it is kept and tried again, and shows in <a href="/undelivered">Undelivered</a> when every attempt failed.</p>
<div class="row">${healers.length === 0 ? "" : html`<a class="act" href="/schedules">Look at Schedules</a>`}<a class="more" href="/events">Back to Events</a></div>`;
  return { title: "Lost", here: "events", main, polls: false };
}

function hearersOfTopic(topic: string): string {
  const names = hearersOf(topic);
  return names.length === 0 ? "" : names.map(flowWord).join(" and ");
}
