// `groundcrew transfer plan|request`: what a copy between two remotes would do and cost, and asking for one.

import { setTimeout as wait } from "node:timers/promises";
import { answers, type TransferLine } from "../../shared/control.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import type { Run } from "../../shared/records.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { type Figures, totalOf } from "../../shared/transfers/figures.ts";
import { isEnded } from "../../shared/transfers/phase.ts";
import {
  costLines,
  dollarsForText,
  dollarsText,
  hoursText,
  objectsText,
} from "../../shared/transfers/words.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { approveWith, becauseLines, lossLines, planExitCode } from "../plan-lines.ts";
import { errorLines, exitCodeOf, runBlocks, summaryOf } from "../run-lines.ts";
import { stop } from "../stop.ts";
import { type Paint, table, visible } from "../terminal.ts";
import { runOf } from "../waiting.ts";
import { shown } from "./transfer.ts";
import { progressTeller } from "./transfer-progress.ts";

export type PlanOptions = { from: string; to: string; by?: string; mode?: string; id?: string };
export type RequestOptions = PlanOptions & { wait?: boolean; dryRun?: boolean };

const pauseMs = 1000;
/** A transfer may take days: whoever waits longer than this looks again by hand. */
const patienceMs = 24 * 3_600_000;
/** Names of what is left out, as many as are shown. */
const mostNames = 20;

/** Publishes the request, and gives its id with the run that looked at it first. */
async function ask(
  cli: Cli,
  api: Control,
  { from, to, by, mode, id }: PlanOptions,
  dryRun: boolean,
): Promise<{ hub: string; id: string; run: Run }> {
  const asked = await api.post(
    "/transfers",
    {
      ...(cli.options.hub === undefined ? {} : { hub: await hubOf(cli, api) }),
      ...{ from, to },
      ...(by === undefined ? {} : { by }),
      ...(mode === undefined || mode === "add" ? {} : { mode }),
      ...(id === undefined ? {} : { id }),
      ...(dryRun ? { dryRun } : {}),
    },
    answers.transferAsked,
  );
  return { ...asked, run: await runOf(cli, api, { flow: "run-transfer", messageId: asked.messageId }) };
}

/** Says what a transfer would do and cost, and begins nothing. */
export function planTransfer(cli: Cli, options: PlanOptions): Promise<number> {
  return withControl(cli, async (api) => {
    const { id, run } = await ask(cli, api, options, true);
    const { plan, title, error } = run;
    cli.terminal.answer({ id, ...summaryOf(run), title, error, plan }, (paint) =>
      plan === undefined || plan.actions.length + plan.held.length === 0
        ? [visible(title), ...errorLines(run)]
        : planText({ ...options, id }, plan, paint),
    );
    if (run.outcome !== "done") return run.outcome === "blocked" ? exitCodes.held : exitCodeOf([run]);
    return plan === undefined ? exitCodes.done : planExitCode(plan);
  });
}

function planText({ from, to, by, mode, id }: PlanOptions, plan: StoredPlan, paint: Paint): string[] {
  const { cost, held, refused, hash } = plan;
  const left = refused.slice(0, mostNames);
  const whoAsks = by === undefined ? "" : ` --by ${quoted(by)}`;
  const how = mode === undefined ? "" : ` --mode ${mode}`;
  return [
    paint("bold", visible(`${from} -> ${to}`)),
    ...(cost?.figures === undefined
      ? costLines(cost).map((line) => `  ${visible(line)}`)
      : table(figureRows(cost.figures)).map((row) => `  ${row}`)),
    ...(cost?.figures?.notes ?? []).map((note) => `  ${visible(note)}`),
    ...table(left.map(({ about, why }) => [visible(about), visible(why)])).map((row) => `  ${row}`),
    ...(refused.length > left.length ? [`  and ${refused.length - left.length} more: --json has them`] : []),
    ...lossLines(plan),
    ...(held.length === 0 ? [] : ["  it would wait for approval,", ...becauseLines(plan)]),
    `  plan ${hash}`,
    `begin it: groundcrew transfer request --from ${quoted(from)} --to ${quoted(to)}${how}${whoAsks} --id ${id}`,
  ];
}

/** Quotes a word for a shell, where it needs that. */
const quoted = (word: string): string =>
  /^[\w.:/+-]+$/.test(word) ? word : `'${visible(word).replaceAll("'", "'\\''")}'`;

function figureRows(figures: Figures): string[][] {
  const { objects, bytes, already, compared, differ, notCarried, requests, dollars, hours, machines } =
    figures;
  const number = (count: number): string => count.toLocaleString("en");
  return [
    ["to copy", `${objectsText(objects)}, ${sizeWord(bytes)}`],
    ["already there", number(already)],
    ...(compared === 0 ? [] : [["of the same size there", `${number(compared)}, to be compared by reading`]]),
    ["would differ", differ === 0 ? "0" : `${number(differ)}, of another content there, left alone`],
    ["cannot be carried", number(notCarried)],
    ["requests", number(requests)],
    ["dollars", `at most ${dollarsText(totalOf(dollars))}: ${dollarsForText(dollars)}`],
    ["hours", hoursText(hours)],
    ["machines", number(machines)],
  ];
}

/** Publishes the request and waits until it has begun, or, with --wait, until it has ended. */
export function requestTransfer(cli: Cli, options: RequestOptions): Promise<number> {
  if (options.dryRun === true) return planTransfer(cli, options);
  return withControl(cli, async (api) => {
    const { hub, id, run } = await ask(cli, api, options, false);
    const { plan, outcome, title, error } = run;
    const goesOn = outcome === "done" || outcome === "held";
    const approval = outcome === "held" && plan !== undefined ? [approveWith(run.flow, plan)] : [];
    if (goesOn && options.wait === true) {
      for (const line of approval) cli.terminal.note(line);
      return shown(cli, await ended(cli, api, { hub, id }));
    }
    cli.terminal.answer({ id, ...summaryOf(run), title, error }, (paint) => [
      ...runBlocks([run], paint),
      ...costLines(plan?.cost).map((each) => `  ${visible(each)}`),
      ...approval,
      // Leaves out the status of what was not begun: it has none.
      ...(goesOn ? [`how it stands: groundcrew transfer status ${visible(id)}`] : []),
    ]);
    return outcome === "blocked" ? exitCodes.held : exitCodeOf([run]);
  });
}

async function ended(
  cli: Cli,
  api: Control,
  { hub, id }: { hub: string; id: string },
): Promise<TransferLine> {
  const { surroundings } = cli;
  const until = surroundings.now().getTime() + patienceMs;
  const tell = progressTeller(cli);
  while (surroundings.now().getTime() < until) {
    const line = await api.get(path("transfers", hub, id), answers.transfer);
    if (isEnded(line.head.state)) return line;
    tell(line);
    await wait(pauseMs);
  }
  throw stop(
    exitCodes.failure,
    "the transfer has not ended",
    "it has been waited for a day",
    `it goes on by itself: groundcrew transfer status ${id}`,
  );
}
