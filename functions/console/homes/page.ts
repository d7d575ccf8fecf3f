// Homes: how full the volume is and where that leads, and each home against the limits. The pictures are made here; beside
// each stands a table that says the same.

import { html } from "hono/html";
import { dayMs } from "../../../shared/clock.ts";
import type { QuotaStatus } from "../../../shared/control.ts";
import type { HomeStatus } from "../../../shared/quota/records.ts";
import { sizeWord } from "../../../shared/sizes.ts";
import { button, type Html, liveRegion, type Page, type View, when } from "../frame/frame.ts";
import { counted } from "../frame/words.ts";

export type HubHomes = { hub: string; status?: QuotaStatus };

export function homesPage(view: View, hubs: HubHomes[]): Page {
  const main = html`${liveRegion(hubs.map(spoken).join(". "))}
<h1>Homes</h1>
${
  hubs.length === 0
    ? html`<p class="quiet">No hub has a <code>quota</code> section in groundcrew.yaml.</p>`
    : hubs.map((each) => hubSection(view, each, hubs.length > 1))
}`;
  return { title: "Homes", here: "homes", main, polls: true };
}

const shareFree = ({ volume }: QuotaStatus): number | undefined =>
  volume === undefined || volume.bytes === 0 ? undefined : volume.free / volume.bytes;

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;

function spoken({ hub, status }: HubHomes): string {
  if (status === undefined) return `${hub}: no scan yet`;
  const free = shareFree(status);
  const above = status.homes.filter((home) => home.status !== "ok").length;
  return `${hub}: ${free === undefined ? "free room unknown" : `${percent(free)} free`}, ${counted(above, "home")} above the advice`;
}

function hubSection(view: View, { hub, status }: HubHomes, named: boolean): Html {
  const run = button(view, {
    to: "/flows/scan-quotas/run",
    word: "Look now",
    label: `Look at the homes of ${hub} now`,
  });
  if (status?.scan === undefined)
    return html`<section aria-label="${hub}">${named ? html`<h2>${hub}</h2>` : ""}${status === undefined ? "" : warnings(status)}<p class="quiet">No scan of the homes has ended yet.</p><div class="row">${run}</div></section>`;
  const { scan } = status;
  return html`<section aria-labelledby="volume-${hub}">
<h2 id="volume-${hub}">${named ? `${hub}: the` : "The"} volume</h2>
${warnings(status)}
<p class="lead">${roomWords(status)}</p>
<p class="quiet">${status.forecast.words} Measured ${when(scan.measuredAt, view.now)} by ${scan.source === "prometheus" ? "Prometheus" : "a report"}${scan.kind === "apparent" ? ", as lengths of files" : ""}.${scan.notes.map((note) => html` ${note}.`)}</p>
${volumeChart(status)}
<div class="row">${run}</div>
</section>
<section aria-labelledby="homes-${hub}">
<h2 id="homes-${hub}">${counted(status.homes.length, "home")}</h2>
${homesTable(view, status)}
</section>`;
}

function roomWords(status: QuotaStatus): string {
  const free = shareFree(status);
  if (free === undefined || status.volume === undefined) return "How much is free is unknown.";
  return `${percent(free)} is free: ${sizeWord(status.volume.free)} of ${sizeWord(status.volume.bytes)}.`;
}

function warnings({ hub, trouble, waiting, planned }: QuotaStatus): Html {
  return html`${
    trouble === undefined
      ? ""
      : html`<p class="warning"><strong>${trouble.what}.</strong> ${trouble.next}.</p>`
  }${
    waiting === undefined
      ? ""
      : html`<p class="warning"><strong>On hold:</strong> changes of homes are kept back until you approve them, and nobody was told of them. <a href="/plans/${hub}/${waiting.plan}">Look and decide</a></p>`
  }${planned === undefined ? "" : html`<p class="quiet">These figures were only planned on: nobody was told, and each home stands as before.</p>`}`;
}

const shownDays = 90;
const aheadDays = 30;
const [width, height] = [1000, 300];

function volumeChart({ days, forecast, hub }: QuotaStatus): Html {
  const shown = days.slice(-shownDays);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined || shown.length < 2)
    return html`<p class="quiet">A picture of the volume over time appears after the second day.</p>`;
  const start = Date.parse(first.day);
  const span = Date.parse(last.day) - start + aheadDays * dayMs;
  const most = Math.max(...shown.map(({ size, used }) => Math.max(size, used))) * 1.08;
  const x = (day: string) => round(((Date.parse(day) - start) / span) * width);
  const y = (bytes: number) => round(height - (Math.min(Math.max(bytes, 0), most) / most) * height);
  const line = (of: (day: (typeof shown)[number]) => number) =>
    shown.map((day) => `${x(day.day)},${y(of(day))}`).join(" ");
  const now = x(last.day);
  const { low, high } = forecast;
  const band =
    low === undefined || high === undefined
      ? ""
      : html`<polygon class="band-ahead" points="${now},${y(last.used)} ${width},${y(last.used + high * aheadDays)} ${width},${y(last.used + low * aheadDays)}"/>`;
  // Stairs: a volume is enlarged on one day.
  const size = shown
    .map(
      (day, index) =>
        `${index === 0 ? "M" : "L"}${x(day.day)} ${y(shown[index - 1]?.size ?? day.size)}L${x(day.day)} ${y(day.size)}`,
    )
    .join("");
  return html`<figure class="chart">
<div class="scale" aria-hidden="true"><span>${sizeWord(most)}</span><span>${sizeWord(most / 2)}</span><span>0</span></div>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="The volume over ${counted(shown.length, "day")}: ${sizeWord(first.used)} used at first, ${sizeWord(last.used)} of ${sizeWord(last.size)} now">
<polygon class="used" points="${x(first.day)},${height} ${line(({ used }) => used)} ${now},${height}"/>
${band}
<polyline class="used-line" points="${line(({ used }) => used)}"/>
<path class="size-line" d="${size}L${width} ${y(last.size)}"/>
<line class="now" x1="${now}" x2="${now}" y1="0" y2="${height}"/>
</svg>
<div class="times" aria-hidden="true"><span>${first.day}</span><span>${last.day}</span><span>${aheadDays} days on</span></div>
<figcaption><span class="key used"></span> used <span class="key size"></span> the volume’s size <span class="key ahead"></span> where the pace of the last weeks leads</figcaption>
</figure>
<details><summary>The same as a table</summary>
<table class="list"><caption class="unseen">The volume of ${hub} by day</caption><thead><tr><th scope="col">Day</th><th scope="col" class="number">Used</th><th scope="col" class="number">Size</th><th scope="col" class="number">Free</th></tr></thead><tbody>${shown
    .toReversed()
    .map(
      ({ day, used, size: whole }) =>
        html`<tr><td class="time">${day}</td><td class="number" data-word="used">${sizeWord(used)}</td><td class="number" data-word="in all">${sizeWord(whole)}</td><td class="number" data-word="free">${whole === 0 ? "" : percent((whole - used) / whole)}</td></tr>`,
    )}</tbody></table></details>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const statuses = {
  ok: { word: "", kind: "" },
  advised: { word: "above the advice", kind: "held" },
  warned: { word: "above the limit", kind: "failed" },
  urgent: { word: "urgent", kind: "failed" },
} as const satisfies Record<HomeStatus, { word: string; kind: string }>;

const shownHomes = 200;

function homesTable(view: View, { homes, limits }: QuotaStatus): Html {
  const most = Math.max(limits.enforced ?? limits.limit, ...homes.map(({ bytes }) => bytes)) * 1.04;
  const rest = homes.length - shownHomes;
  return html`<p class="quiet">The lines mark the advice, ${sizeWord(limits.advice)}, and the limit, ${sizeWord(limits.limit)}.${limits.enforced === undefined ? "" : ` At ${sizeWord(limits.enforced)} a home stops working.`}</p>
<table class="list homes"><caption class="unseen">Homes, the largest first</caption><thead><tr><th scope="col">Home</th><th scope="col" aria-label="Picture"></th><th scope="col" class="number">Size</th><th scope="col">Status</th><th scope="col">Last touched</th></tr></thead><tbody>${homes
    .slice(0, shownHomes)
    .map((home) => homeRow(view, home, { most, limits }))}</tbody></table>
${rest > 0 ? html`<p class="quiet">and ${rest.toLocaleString("en")} smaller ones</p>` : ""}`;
}

function homeRow(
  view: View,
  home: QuotaStatus["homes"][number],
  { most, limits }: { most: number; limits: QuotaStatus["limits"] },
): Html {
  const { directory, login, bytes, complete, status, missing, disputed, limit, lastTouched } = home;
  const { word, kind } = statuses[status];
  const at = (value: number) => round((value / most) * 100);
  return html`<tr><td class="title">${directory}${
    login === undefined
      ? html` <span class="quiet">${disputed ? "two people could have it" : "nobody in the sheet"}</span>`
      : login.toLowerCase() === directory
        ? ""
        : html` <span class="quiet">${login}</span>`
  }</td>
<td class="picture"><svg class="bar ${status}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${at(bytes)}" height="10"/><line x1="${at(limits.advice)}" x2="${at(limits.advice)}" y1="0" y2="10"/><line x1="${at(limits.limit)}" x2="${at(limits.limit)}" y1="0" y2="10"/></svg></td>
<td class="number">${complete ? "" : "at least "}${sizeWord(bytes)}${limit === undefined ? "" : html` <span class="quiet">of ${sizeWord(limit)}</span>`}${home.old ? html`<br><span class="quiet">measured ${when(home.measuredAt, view.now)}</span>` : ""}</td>
<td>${missing > 0 ? html`<span class="badge">not there any more</span>` : word === "" ? "" : html`<span class="badge ${kind}">${word}</span>`}</td>
<td class="time">${lastTouched === undefined ? "" : when(lastTouched, view.now)}</td></tr>`;
}
