// Members: how many stand where, as a bar and in numbers, and everybody in a list that can be filtered.
import { html } from "hono/html";
import type { MemberLine, MemberList, MemberStatus } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import {
  button,
  csrfField,
  explained,
  type Html,
  liveRegion,
  type Page,
  type View,
  when,
} from "../frame/frame.ts";
import { counted } from "../frame/words.ts";
import type { MemberQuery } from "./list.ts";
import { statuses, statusLooks } from "./words.ts";

export const pageSize = 100;

type Asked = {
  hubs: string[];
  hub: string;
  query: MemberQuery;
  page: number;
  list?: MemberList;
  unreadable?: Explanation;
};

const badges = { good: "done", warn: "held", bad: "failed", calm: "" } as const;

export function membersPage(view: View, asked: Asked): Page {
  const { hubs, hub, query, list, unreadable } = asked;
  const main = html`${liveRegion(list === undefined ? "" : spoken(list))}
<div class="heading"><h1>Members</h1><a class="more" href="/who">Who can’t log in?</a><a class="more" href="/members/mails?hub=${hub}">Mails to them</a><a class="more" href="/classes">Classes</a></div>
${hubs.length > 1 ? html`<nav class="counts" aria-label="Hubs">${hubs.map((each) => html`<a class="badge" href="/members?hub=${each}"${each === hub ? html` aria-current="true"` : ""}>${each}</a>`)}</nav>` : ""}
${unreadable === undefined ? "" : explained(unreadable)}
${
  list === undefined
    ? html`<p>Nobody has compared sheet and teams yet.</p><div class="row">${button(view, { to: "/flows/sync-members/run", word: "Compare them now" })}</div>`
    : html`${picture(view, list)}${statusLinks(asked, list)}${filters(view, asked)}${found(view, asked, list)}`
}`;
  // A page that came as the answer to a form cannot be asked for again.
  return { title: "Members", here: "members", main, polls: query.text === undefined };
}

const spoken = ({ counts }: MemberList): string =>
  statuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${statusLooks[status].word}`)
    .join(", ");

const colour = (status: MemberStatus): string =>
  `${statusLooks[status].tone} ${statusLooks[status].shade ?? ""}`;

/** Wide enough for the eye, however few they are of so many. */
const leastWidth = 6;
const barWidth = 1000;

function picture(view: View, list: MemberList): Html {
  const shown = [...statuses].reverse().filter((status) => list.counts[status] > 0);
  const total = shown.reduce((sum, status) => sum + list.counts[status], 0);
  const spare = barWidth - shown.length * leastWidth;
  let x = 0;
  const parts = shown.map((status) => {
    const width = leastWidth + (list.counts[status] / total) * spare;
    const part = html`<rect class="${colour(status)}" x="${x.toFixed(1)}" y="0" width="${Math.max(1, width - 2).toFixed(1)}" height="40"><title>${list.counts[status]} ${statusLooks[status].word}</title></rect>`;
    x += width;
    return part;
  });
  return html`<p class="quiet">${counted(total, "entry", "entries")} on ${list.hub}, as of the last run, ${when(list.asOf, view.now)}.${list.onHold === 0 ? "" : html` ${counted(list.onHold, "change is", "changes are")} on hold: <a href="/plans">look and decide</a>.`}</p>
${total === 0 ? "" : html`<svg class="statuses" viewBox="0 0 ${barWidth} 40" preserveAspectRatio="none" role="img" aria-label="${spoken(list)}">${parts}</svg>`}`;
}

function statusLinks({ hub, query }: Asked, { counts }: MemberList): Html {
  return html`<p class="counts">${[...statuses].reverse().map((status) => {
    const { word, tone } = statusLooks[status];
    const chosen = query.status === status;
    if (counts[status] === 0 && !chosen) return "";
    return html`<a class="badge ${badges[tone]}" href="${addressOf(hub, chosen ? undefined : status)}"${chosen ? html` aria-current="true"` : ""}><span class="swatch ${colour(status)}" aria-hidden="true"></span> ${counts[status].toLocaleString("en")} ${word}</a>`;
  })}</p>`;
}

function filters(view: View, { hub, query }: Asked): Html {
  return html`<form class="filters" method="post" action="/members" role="search" aria-label="Find members">${csrfField(view)}
<input type="hidden" name="hub" value="${hub}">
<label>Name, GitHub username or address <input type="search" name="text" id="text" value="${query.text ?? ""}" maxlength="200" spellcheck="false" autocapitalize="off" autocomplete="off"></label>
<label>Status <select name="status" id="status"><option value="">every</option>${[...statuses].reverse().map((status) => html`<option value="${status}"${query.status === status ? html` selected` : ""}>${statusLooks[status].word}</option>`)}</select></label>
<button class="quiet">Show</button>
${query.text === undefined && query.status === undefined ? "" : html`<a class="more" href="${addressOf(hub)}">Show all</a>`}
</form>`;
}

function found(view: View, asked: Asked, list: MemberList): Html {
  const { query, page, hub } = asked;
  if (list.people.length === 0) return html`<p class="quiet">Nobody fits.</p>`;
  const cut = query.text !== undefined && list.total > list.people.length;
  return html`${query.text === undefined ? "" : html`<p role="status">${counted(list.total, "fits", "fit")}${cut ? `; the first ${list.people.length} are shown: type more of the name` : ""}.</p>`}
<table class="list members">
<caption class="unseen">Members, those who may need somebody first</caption>
<thead><tr><th scope="col">Who</th><th scope="col">Status</th><th scope="col">Team</th><th scope="col">Since</th><th scope="col">Cell</th></tr></thead>
<tbody>${list.people.map((line) => row(view, line))}</tbody>
</table>
${query.text === undefined ? pages({ hub, status: query.status, page }, Math.ceil(list.total / pageSize)) : ""}`;
}

function row(view: View, line: MemberLine): Html {
  const { word, tone } = statusLooks[line.status];
  const rejected = line.status === "rejected";
  return html`<tr>
<td class="title">${rejected ? html`<q>${line.login}</q>` : html`${line.name ?? ""} <code>${line.login}</code>`}${(line.email ?? "") === "" ? "" : html` <span class="quiet trigger">${line.email}</span>`}${
    line.why === undefined
      ? ""
      : html` <span class="quiet trigger">${line.why}${line.suggestion === undefined ? "" : html`; perhaps <q>${line.suggestion}</q>`}</span>`
  }</td>
<td><span class="badge ${badges[tone]}">${word}</span> ${
    line.status === "in-team" || line.status === "unmanaged"
      ? ""
      : html`<form class="inline" method="post" action="/who">${csrfField(view)}<input type="hidden" name="who" value="${line.login}"><button class="link" aria-label="Why? ${line.login}">Why?</button></form>`
  }</td>
<td>${line.team ?? ""}${line.tier === undefined ? "" : html` <span class="quiet trigger">${line.tier}</span>`}</td>
<td class="time">${line.since === undefined ? "" : html`<time datetime="${line.since}">${line.since.slice(0, 10)}</time>`}</td>
<td class="time">${line.cell ?? ""}</td>
</tr>`;
}

function pages(of: { hub: string; status: MemberStatus | undefined; page: number }, last: number): Html | "" {
  const { hub, status, page } = of;
  if (last <= 1) return "";
  return html`<nav class="pages" aria-label="More members">${
    page > 1 ? html`<a href="${addressOf(hub, status, page - 1)}" rel="prev">Before</a>` : ""
  }<span>${page} of ${last}</span>${
    page < last ? html`<a href="${addressOf(hub, status, page + 1)}" rel="next">After</a>` : ""
  }</nav>`;
}

function addressOf(hub: string, status?: MemberStatus, page = 1): string {
  const query = new URLSearchParams({ hub });
  if (status !== undefined) query.set("status", status);
  if (page > 1) query.set("page", String(page));
  return `/members?${query}`;
}
