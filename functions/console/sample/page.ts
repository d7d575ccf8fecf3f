// Sample hub: what its sheet, organisation, mailbox and Slack look like now, and its switches: the clock, and what can fail.
import { html } from "hono/html";
import { dayOf } from "../../../shared/clock.ts";
import { keysOf } from "../../../shared/closed.ts";
import type { Rejected } from "../../../shared/members/records.ts";
import { columnLetters } from "../../../shared/sheets/cell-text.ts";
import {
  button,
  clock,
  csrfField,
  type Html,
  liveRegion,
  type Page,
  stamp,
  type View,
  when,
} from "../frame/frame.ts";
import { counted, topicWord } from "../frame/words.ts";
import type { Form } from "../http/routes.ts";
import type { Fault, SampleLook, SampleMail, SampleSheet } from "./hub.ts";

export type SampleShown = {
  look: SampleLook;
  /** By hub: the cells that the last run could not use. */
  rejected: Record<string, Rejected[]>;
  /** Fields as a person had filled them in, when they were refused. */
  typed: Form;
  problem: Html | undefined;
  said: string | undefined;
};

/** As many rows as the sample hub gives at a time. */
const rowsShown = 12;
const invitationsShown = 8;

const done = {
  clock: "The clock was moved. What was due in between has been set going.",
  faults: "It will fail from now on, as often as you asked.",
  cleared: "Everything works again.",
  weather: "The weather has changed. The clock ends it.",
  calm: "The weather is calm.",
  accepted: "Accepted. The next run of the members flow sees it.",
} as const;
/** Name of a deed that the page can say was done. */
export type Done = keyof typeof done;

export function samplePage(view: View, shown: SampleShown): Page {
  const { look, said, problem } = shown;
  const known = keysOf(done).find((each) => each === said);
  const word = known === undefined || known === "accepted" ? undefined : done[known];
  const main = html`${liveRegion(`${counted(look.mailCount, "mail")} in the mailbox, ${counted(look.slack.count, "message")} in Slack, ${counted(look.faults.length, "failure")} waiting`)}
<h1>Sample hub</h1>
<p>Invented people in a folder of files: nothing here reaches the outside. Edit a file and save it, and the flow that reads it runs. <code>${look.folder}</code></p>
${problem ?? (word === undefined ? "" : html`<p class="said" role="status">${word}</p>`)}
<div class="cards switches"><div>${clockCard(view, shown)}${weatherCard(view, shown)}</div>${faultCard(view, shown)}</div>
${look.late.length === 0 ? "" : html`<p>On their way, late: ${look.late.map(({ topic, at }, index) => html`${index === 0 ? "" : "; "}${topicWord(topic)}, ${when(at, view.now)}`)}.</p>`}
${look.hubs.map((hub) => hubParts(view, hub, shown))}
${mailbox(view, look)}
${slack(view, look)}
${buckets(look)}`;
  return { title: "Sample hub", here: "sample", main, polls: problem === undefined };
}

function clockCard(view: View, { look, typed }: SampleShown): Html {
  const moved = Math.round(look.movedMs / 60_000);
  return html`<section class="card" id="clock" aria-labelledby="clock-name"><h2 id="clock-name">Clock</h2>
<p><b>${look.now.slice(0, 16).replace("T", " ")}</b> UTC${moved === 0 ? "" : html` <span class="quiet">${spanWords(moved)} ahead of the real one</span>`}</p>
<p class="quiet">Forward only. Schedules, waits, retries and invitations follow it.</p>
<div class="row">${[
    ["1m", "+1 minute"],
    ["1h", "+1 hour"],
    ["1d", "+1 day"],
    ["7d", "+7 days"],
  ].map(([span = "", word = ""]) =>
    button(view, { to: "/sample/clock", word, kind: "quiet", fields: { span } }),
  )}</div>
<form class="row" method="post" action="/sample/clock">${csrfField(view)}<label>Or by <input name="span" value="${typed["span"] ?? ""}" size="8" maxlength="30" placeholder="6h" aria-label="How far, for example 6h or 1d12h"></label><button class="quiet">Move</button></form>
</section>`;
}

function spanWords(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount} ${unit}`])).join(" ");
}

function faultCard(view: View, { look, typed }: SampleShown): Html {
  const option = (name: string, value: string, word: string) =>
    html`<option value="${value}"${typed[name] === value ? html` selected` : ""}>${word}</option>`;
  return html`<section class="card" id="faults" aria-labelledby="faults-name"><h2 id="faults-name">Make something fail</h2>
${
  look.faults.length === 0
    ? html`<p class="quiet">Everything works. See what the flows do when something does not.</p>`
    : html`<ul class="armed">${look.faults.map((fault) => html`<li>${faultWords(fault, look)}</li>`)}</ul><div class="row">${button(view, { to: "/sample/faults/clear", word: "Let everything work again" })}</div>`
}
<form class="fields" method="post" action="/sample/faults">${csrfField(view)}
<label>What fails <select name="farEnd">${look.canFail.map(({ name, word }) => option("farEnd", name, word))}</select></label>
<label>How <select name="kind">${look.failures.map(({ kind, word }) => option("kind", kind, word))}</select></label>
<label>Times <input name="times" value="${typed["times"] ?? "1"}" inputmode="numeric" size="5" maxlength="5"></label>
<label>Error <input name="status" value="${typed["status"] ?? "503"}" inputmode="numeric" size="5" maxlength="3"></label>
<label>Delay <input name="delay" value="${typed["delay"] ?? "5s"}" size="6" maxlength="12"></label>
<label>From call <input name="at" value="${typed["at"] ?? ""}" inputmode="numeric" size="5" maxlength="6" placeholder="1"></label>
<label class="whole">Only calls with <input name="match" value="${typed["match"] ?? ""}" maxlength="200" placeholder="PUT /orgs" spellcheck="false" autocapitalize="off"></label>
<button>Make it fail</button></form>
<p class="quiet">Error counts for “answers with an error”, delay for “answers late”.</p>
</section>`;
}

function weatherCard(view: View, { look, typed }: SampleShown): Html {
  const word = (name: string) => look.spells.find((spell) => spell.name === name)?.word ?? name;
  return html`<section class="card" id="weather" aria-labelledby="weather-name"><h2 id="weather-name">Weather</h2>
${
  look.weather.length === 0
    ? html`<p class="quiet">It is calm. See what the flows do while a service is in trouble.</p>`
    : html`<ul class="armed">${look.weather.map(({ name, until, behindSeconds }) => html`<li>${word(name)}, ${behindSeconds === undefined ? "" : `${behindSeconds} s behind, `}until ${when(until, view.now)}</li>`)}</ul><div class="row">${button(view, { to: "/sample/weather/clear", word: "Let the weather be calm" })}</div>`
}
<form class="fields" method="post" action="/sample/weather">${csrfField(view)}
<label class="whole">What happens <select name="name">${look.spells.map((spell) => html`<option value="${spell.name}"${typed["name"] === spell.name ? html` selected` : ""}>${spell.word}</option>`)}</select></label>
<label>For <input name="span" value="${typed["span"] ?? ""}" size="8" maxlength="30" placeholder="40m" aria-label="How long, for example 40m; empty for as long as it usually lasts"></label>
<label>Behind <input name="behind" value="${typed["behind"] ?? ""}" size="6" maxlength="30" placeholder="2s" aria-label="How far reads lag, where that is what happens, for example 10s"></label>
<button>Let it happen</button></form>
</section>`;
}

function faultWords({ farEnd, match, at, times, failure }: Fault, look: SampleLook): Html {
  const who = look.canFail.find(({ name }) => name === farEnd)?.word;
  const how = look.failures.find(({ kind }) => kind === failure.kind)?.word;
  const detail =
    failure.status !== undefined
      ? ` (${failure.status})`
      : failure.milliseconds !== undefined
        ? ` (by ${failure.milliseconds / 1000} s)`
        : "";
  return html`<b>${who}</b> ${how}${detail}, ${times === 1 || times === undefined ? "once" : `${times} times`}${at === undefined ? "" : `, from call ${at} on`}${match === undefined ? "" : html`, calls with <code>${match}</code>`}`;
}

function hubParts(view: View, hub: SampleSheet, shown: SampleShown): Html {
  const several = shown.look.hubs.length > 1;
  return html`${sheet(hub, several, shown)}${organisation(view, hub, shown.said)}`;
}

function sheet(hub: SampleSheet, several: boolean, { rejected, look }: SampleShown): Html {
  const bad = rejected[hub.hub] ?? [];
  const cellOf = (row: number, column: number) =>
    bad.find(({ cell }) => cell === `${columnLetters(column)}${row}`);
  const size = rowsShown;
  const from = (hub.page[0]?.row ?? 2) - 2;
  return html`<section id="sheet-${hub.hub}" aria-labelledby="sheet-name-${hub.hub}"><h2 id="sheet-name-${hub.hub}">The sheet${several ? ` of ${hub.hub}` : ""}</h2>
<p>${hub.unreadable ?? counted(hub.rows, "row")}${bad.length === 0 ? "" : html`, <a href="/members?hub=${hub.hub}">${counted(bad.length, "cell")} rejected</a>`} · <code>${hub.file.startsWith(look.folder) ? hub.file.slice(look.folder.length + 1) : hub.file}</code></p>
${
  hub.page.length === 0
    ? ""
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Rows of the sheet"><table class="cells-table"><thead><tr><th scope="col">Row</th>${hub.headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead><tbody>${hub.page.map(
        ({ row, cells }) =>
          html`<tr><th scope="row">${row}</th>${cells.map((cell, column) => {
            const wrong = cellOf(row, column);
            return wrong === undefined
              ? html`<td>${cell}</td>`
              : html`<td class="wrong"><mark>${cell}</mark> <span>${wrong.why}</span></td>`;
          })}</tr>`,
      )}</tbody></table></div>`
}
${hub.rows <= size ? "" : html`<nav class="pages" aria-label="More rows">${from > 0 ? html`<a href="/sample?from=${Math.max(0, from - size)}#sheet-${hub.hub}" rel="prev">Before</a>` : ""}<span>rows ${Math.min(from + 2, hub.rows + 1)} to ${Math.min(from + size, hub.rows) + 1} of ${hub.rows + 1}</span>${from + size < hub.rows ? html`<a href="/sample?from=${from + size}#sheet-${hub.hub}" rel="next">After</a>` : ""}</nav>`}
</section>`;
}

function organisation(
  view: View,
  { hub, organisation: name, teams, pending, pendingCount }: SampleSheet,
  said: string | undefined,
): Html {
  return html`<section id="organisation-${hub}" aria-labelledby="org-${hub}"><h2 id="org-${hub}">The organisation ${name}</h2>
<div class="teams">${teams.map(
    ({ slug, count, members }) =>
      html`<details id="team-${hub}-${slug}"><summary><b>${slug}</b> ${counted(count, "member")}</summary><p class="logins">${members.join(", ")}${count > members.length ? ` and ${count - members.length} more` : ""}</p></details>`,
  )}</div>
${said === "accepted" ? html`<p class="said" role="status">${done["accepted"]}</p>` : ""}
<h3>${pendingCount === 0 ? "Nobody is invited" : `${counted(pendingCount, "invitation")} not accepted yet`}</h3>
${
  pending.length === 0
    ? ""
    : html`${invitations(view, hub, pending.slice(0, invitationsShown))}${
        pending.length > invitationsShown
          ? html`<details id="more-${hub}"><summary>${pendingCount - invitationsShown} more</summary>${invitations(view, hub, pending.slice(invitationsShown))}${pendingCount > pending.length ? html`<p class="quiet">and ${pendingCount - pending.length} more</p>` : ""}</details>`
          : ""
      }`
}
</section>`;
}

function invitations(view: View, hub: string, pending: SampleSheet["pending"]): Html {
  return html`<table class="list"><caption class="unseen">Invitations that wait</caption><thead><tr><th scope="col">Who</th><th scope="col">Team</th><th scope="col">Invited</th><th scope="col">As the invited person</th></tr></thead><tbody>${pending.map(
    ({ login, teams, createdAt }) =>
      html`<tr id="i-${hub}-${login}"><td class="title">${login ?? "by mail"}</td><td>${teams.join(", ")}</td><td class="time">${when(createdAt, view.now)}</td><td>${login === null ? "" : button(view, { to: "/sample/accept", word: "Accept", kind: "quiet", label: `Accept as ${login}`, fields: { hub, login } })}</td></tr>`,
  )}</tbody></table>`;
}

function mailbox(view: View, { mails, mailCount }: SampleLook): Html {
  return html`<section id="mailbox" aria-labelledby="mailbox-name"><h2 id="mailbox-name">The mailbox</h2>
${
  mails.length === 0
    ? html`<p class="quiet">No mail has been sent yet.</p>`
    : html`<table class="list"><caption class="unseen">Mails, newest first</caption><thead><tr><th scope="col">Sent</th><th scope="col">Subject</th><th scope="col">To</th></tr></thead><tbody>${mails.map(
        ({ file, at, subject, to }) =>
          html`<tr id="mail-${file}"><td class="time">${at === "" ? "" : sentAt(view, at)}</td><td class="title"><a href="/sample/mails/${file}">${subject === "" ? "no subject" : subject}</a></td><td>${to}</td></tr>`,
      )}</tbody></table>${mailCount > mails.length ? html`<p class="quiet">and ${counted(mailCount - mails.length, "older one")} in <code>mailbox/</code></p>` : ""}`
}
</section>`;
}

const sentAt = (view: View, at: string): Html =>
  html`<time datetime="${at}" title="${stamp(at)} UTC">${at.slice(0, 10) === dayOf(view.now) ? clock(at) : stamp(at).slice(0, 16)}</time>`;

function slack(view: View, { slack: { posts, count } }: SampleLook): Html {
  return html`<section id="slack" aria-labelledby="slack-name"><h2 id="slack-name">Slack</h2>
${
  posts.length === 0
    ? html`<p class="quiet">The team has been told nothing in Slack yet.</p>`
    : html`<table class="list"><caption class="unseen">Messages to the team, newest first</caption><thead><tr><th scope="col">Sent</th><th scope="col">Message</th><th scope="col">Channel</th></tr></thead><tbody>${posts.map(
        ({ at, channel, text }, index) => {
          const [subject = "", ...rest] = text.split("\n");
          return html`<tr id="post-${count - index}"><td class="time">${sentAt(view, at)}</td><td class="title"><details id="message-${count - index}"><summary>${subject}</summary><pre class="mail" tabindex="0">${rest.join("\n").trim()}</pre></details></td><td>${channel}</td></tr>`;
        },
      )}</tbody></table>${count > posts.length ? html`<p class="quiet">and ${counted(count - posts.length, "older one")} in <code>slack.log</code></p>` : ""}`
}
</section>`;
}

function buckets({ buckets: found, machines }: SampleLook): Html {
  return html`<section id="buckets" aria-labelledby="buckets-name"><h2 id="buckets-name">Buckets and machines</h2>
${
  found.length === 0
    ? html`<p class="quiet">There are no buckets.</p>`
    : html`<div class="teams">${found.map(({ name, count, names }) => {
        const bucket = name.replace(/\/$/, "");
        return html`<details id="bucket-${bucket}"><summary><b>${bucket}</b> ${count === 0 ? "empty" : `${counted(count, "entry", "entries")} on top`}</summary><p class="logins">${names.join(", ")}${count > names.length ? ` and ${count - names.length} more` : ""}</p></details>`;
      })}</div>`
}
<p>${
    machines.length === 0
      ? html`No machine runs. <a href="/transfers">Transfers</a> start them.`
      : html`${counted(machines.length, "machine")}, to be taken away in <a href="/transfers">Transfers</a>: ${machines.map(({ name, status }, index) => html`${index === 0 ? "" : ", "}<code>${name}</code> ${status.toLowerCase()}`)}`
  }</p>
</section>`;
}

export function mailPage({ subject, to, at, text, file }: SampleMail): Page {
  const main = html`<p class="path"><a href="/sample#mailbox">Sample hub</a> <span aria-hidden="true">›</span> mailbox/${file}</p>
<h1>${subject}</h1>
<p class="quiet">To ${to}${at === "" ? "" : ` · ${stamp(at)} UTC`}</p>
<pre class="mail" tabindex="0">${text}</pre>`;
  return { title: subject === "" ? "Mail" : subject, here: "sample", main, polls: false };
}
