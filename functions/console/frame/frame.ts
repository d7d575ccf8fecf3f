// The frame of every page and its small parts. Everything that comes from outside goes through `html`, which escapes it.
import { hash } from "node:crypto";
import { html, raw } from "hono/html";
import { keysOf } from "../../../shared/closed.ts";
import type { RunLine } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import type { Outcome } from "../../../shared/records.ts";
import { flowWord, fromNow, outcomes } from "./words.ts";

export type Html = ReturnType<typeof html>;

/** Facts that every page knows. */
export type View = {
  installation: string;
  sample: boolean;
  organisations: string[];
  now: Date;
  /** The mark that a form of ours carries. */
  csrf: string;
};

export type Page = { title: string; here: NavItem; main: Html; polls: boolean };

const navItems = [
  ["home", "/", "Home"],
  ["members", "/members", "Members"],
  ["homes", "/homes", "Homes"],
  ["images", "/images", "Images"],
  ["transfers", "/transfers", "Transfers"],
  ["runs", "/runs", "Runs"],
  ["events", "/events", "Events"],
  ["incidents", "/incidents", "Incidents"],
  ["undelivered", "/undelivered", "Undelivered"],
  ["plans", "/plans", "Plans"],
  ["schedules", "/schedules", "Schedules"],
  ["sample", "/sample", "Sample hub"],
] as const;
export type NavItem = (typeof navItems)[number][0] | "elsewhere";
/** Pages that begin a new group. The groups: what the flows look after, what is going on, the sample hub. */
const apart: ReadonlySet<string> = new Set(["runs", "sample"]);
const onlySample: ReadonlySet<string> = new Set(["sample"]);

/** Names what a page shows: a poll that sends it back is answered with nothing when nothing has changed. */
export const tagOf = (main: string): string => `"${hash("sha256", main, "base64url").slice(0, 22)}"`;

export function frame(
  view: Pick<View, "installation" | "sample" | "organisations">,
  page: Page,
  main: string,
): Html {
  const { installation, sample, organisations } = view;
  const marked = page.polls ? html`data-poll data-etag="${tagOf(main)}"` : "";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${sample ? "SAMPLE · " : ""}${page.title} · ${installation}</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/script.js" defer></script>
</head>
<body class="${sample ? "sample" : "real"}">
<a class="skip" href="#main">Skip to the page</a>
<header class="band">
<div class="wide">
<a class="brand" href="/"><span class="mark" aria-hidden="true"></span><strong>${installation}</strong></a>
<span class="which">${sample ? html`<b>SAMPLE</b> nothing here reaches the outside` : organisations.join(" · ")}</span>
<nav aria-label="Pages">${navItems
    .filter(([name]) => sample || !onlySample.has(name))
    .map(
      ([name, href, word]) =>
        html`<a href="${href}"${apart.has(name) ? html` class="apart"` : ""}${name === page.here ? html` aria-current="page"` : ""}>${word}</a>`,
    )}</nav>
</div>
</header>
<p id="lost" class="lost" role="alert" hidden></p>
<main id="main" class="wide" tabindex="-1" ${marked}>${raw(main)}</main>
<footer class="wide"><p>Times are in UTC. All of this can be done from a terminal too: <code>npx groundcrew --help</code></p></footer>
</body>
</html>`;
}

/** A form of one button. */
export function button(
  view: View,
  of: {
    to: string;
    word: string;
    kind?: "main" | "quiet" | "danger";
    label?: string;
    fields?: Record<string, string>;
  },
): Html {
  return html`<form method="post" action="${of.to}">${csrfField(view)}${Object.entries(of.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button class="${of.kind ?? "main"}"${of.label === undefined ? "" : html` aria-label="${of.label}"`}>${of.word}</button></form>`;
}

/** Goes into every form that changes something. */
export const csrfField = (view: Pick<View, "csrf">): Html =>
  html`<input type="hidden" name="csrf" value="${view.csrf}">`;

/** Read out by a screen reader when a poll changes it. */
export const liveRegion = (text: string): Html =>
  html`<p id="aloud" class="unseen" role="status" aria-live="polite">${text}</p>`;

export function badge(outcome: Outcome): Html {
  const { word, sign } = outcomes[outcome];
  return html`<span class="badge ${outcome}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

export function when(iso: string, now: Date): Html {
  return html`<time datetime="${iso}" title="${stamp(iso)} UTC">${fromNow(new Date(iso), now)}</time>`;
}

/** "2026-11-21 03:46:48" */
export const stamp = (iso: string): string => iso.slice(0, 19).replace("T", " ");

/** "03:46:48" */
export const clock = (iso: string): string => iso.slice(11, 19);

export const runLink = (line: Pick<RunLine, "id" | "title" | "flow">): Html =>
  html`<a href="/runs/${line.id}">${line.title === "" ? flowWord(line.flow) : line.title}</a>`;

export function explained(error: Explanation): Html {
  return html`<dl class="explained"><div><dt>What happened</dt><dd>${error.what}</dd></div><div><dt>Why</dt><dd>${error.why}</dd></div><div><dt>What to do</dt><dd>${withCode(error.next)}</dd></div></dl>`;
}

/** Sets what stands between backticks as code. */
export const withCode = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** Text that a person carries away: shown whole, copied by a button where the script runs. */
export function copyable(id: string, text: string, word: string): Html {
  return html`<div class="copyable"><code id="${id}">${text}</code><button type="button" class="quiet scripted" data-copy="${id}">${word}</button></div>`;
}

/** A sentence after something was done; only these can be asked for by an address. */
const said = {
  approved: "Approved. It is being done now.",
  rejected: "Rejected. It will not be done.",
  accepted: "Accepted. They keep it, and nobody is asked again.",
  merge: "Merged. The flow looks at what that leaves.",
  close: "Closed. It will not be proposed again.",
  acknowledged: "Seen. Nobody is reminded of it for a week.",
  closed: "Closed. Should it show again, it is a new one.",
  dropped: "Dropped. Nothing will be done about it.",
  calledOff: "Called off. Nothing is kept for that class any more.",
  cancelled: "It is being cancelled: its machines are deleted within a minute.",
  preempted: "The machine is being taken away. Another one goes on with what it leaves.",
} as const;

/** Names a page that opens with what was done. */
export const saidAt = (path: string, key: keyof typeof said): string => `${path}?said=${key}`;

export function flash(key: string | undefined): Html | "" {
  const known = keysOf(said).find((each) => each === key);
  return known === undefined ? "" : html`<p class="said" role="status">${said[known]}</p>`;
}
