// `groundcrew members plan|apply|adopt|undo|approve|reject|why`: who gets in, who waits, and why somebody cannot log in.
import { resolve } from "node:path";
import { answers } from "../../shared/control.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import type { WhyAnswer } from "../../shared/members/answers.ts";
import { byNeed, summaryOf as whySummaryOf } from "../../shared/members/need.ts";
import type { Run } from "../../shared/records.ts";
import type { Cli } from "../cli.ts";
import { hubOf, hubsMeant, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { approveWith, planExitCode, planLines } from "../plan-lines.ts";
import { exitCodeOf, runBlocks, summaryOf } from "../run-lines.ts";
import { stop } from "../stop.ts";
import { type Paint, table, visible } from "../terminal.ts";
import { readText } from "../text-file.ts";
import { runOf } from "../waiting.ts";
import { applyWith, isRefused, planNamed, refusedPlan } from "./exact-plan.ts";
import { nextOf } from "./plans.ts";
import { startAndWait } from "./run.ts";

const flow = "sync-members";

/** Plans by a dry run of the worker. */
export function planMembers(cli: Cli, given: object): Promise<number> {
  const [option] = Object.keys(given);
  if (option !== undefined)
    throw stop(
      exitCodes.usage,
      "this option goes with --sheet",
      "without --sheet the worker plans, by its own settings and its own key",
      "name the exported sheet: groundcrew members plan --sheet members.csv",
    );
  return withControl(cli, async (api) => {
    const run = await membersRun(cli, api, { dryRun: true });
    const { plan, error } = run;
    if (plan === undefined)
      throw stop(
        exitCodes.failure,
        error?.what ?? "there is no plan",
        error?.why ?? run.title,
        error?.next ?? `read the run: \`groundcrew runs show ${run.id}\``,
      );
    const next = await nextOf(api, flow, plan);
    cli.terminal.answer(plan, (paint) => [...planLines(plan, paint, next), ...applyWith(plan)]);
    return planExitCode(plan);
  });
}

export function applyMembers(cli: Cli, options: { plan?: string }): Promise<number> {
  const asked = options.plan === undefined ? undefined : planNamed(cli, options.plan);
  return withControl(cli, async (api) => {
    const run = await membersRun(cli, api, asked === undefined ? {} : { plan: asked.hash });
    const { id, title, error, plan } = run;
    if (asked !== undefined && plan !== undefined && isRefused(run))
      return refusedPlan(cli, asked, run.title, plan);
    cli.terminal.answer({ id, ...summaryOf(run), title, error, plan }, (paint) => [
      ...runBlocks([run], paint),
      ...(plan === undefined || plan.held.length === 0
        ? []
        : planLines({ ...plan, actions: [] }, paint, approveWith(flow, plan))),
    ]);
    return exitCodeOf([run]);
  });
}

/** Shows the plan that marks whom the sheet lists as let in by us, and how to approve it. */
export function adoptMembers(cli: Cli): Promise<number> {
  return withControl(cli, async (api) => {
    const run = await membersRun(cli, api, { adopt: true });
    const { id, title, error, plan } = run;
    cli.terminal.answer({ id, title, error, plan }, (paint) =>
      plan === undefined || plan.held.length === 0
        ? [`${title}: nobody is left to be marked`]
        : planLines({ ...plan, actions: [] }, paint, approveWith(flow, plan)),
    );
    return exitCodeOf([run]);
  });
}

/** Takes back what a run did, or with a dry run shows what would be; and what is left as it is. */
export function undoMembers(cli: Cli, id: string, { dryRun = false }: { dryRun?: boolean }): Promise<number> {
  return withControl(cli, async (api) => {
    const asked = await api.post(`${path("runs", id)}/undo`, dryRun ? { dryRun } : {}, answers.published);
    const run = await runOf(cli, api, { flow, messageId: asked.messageId });
    const { title, error, plan } = run;
    cli.terminal.answer({ id: run.id, ...summaryOf(run), title, error, plan }, (paint) => [
      ...runBlocks([run], paint),
      ...(plan === undefined ? [] : undoLines(plan, dryRun, paint)),
    ]);
    return dryRun && plan !== undefined ? planExitCode(plan) : exitCodeOf([run]);
  });
}

function undoLines({ refused, ...plan }: StoredPlan, dryRun: boolean, paint: Paint): string[] {
  const left = refused.map(({ about, why }) => [visible(about), visible(why)]);
  return [
    ...(dryRun ? planLines({ ...plan, refused: [] }, paint, undefined) : []),
    ...(left.length === 0 ? [] : [paint("bold", `Left as it is (${left.length})`)]),
    ...table(left).map((row) => `  ${row}`),
  ];
}

async function membersRun(
  cli: Cli,
  api: Control,
  wanted: { dryRun?: boolean; adopt?: boolean; plan?: string },
): Promise<Run> {
  const hub = await hubOf(cli, api);
  const [run] = await startAndWait(cli, api, { flow, dryRun: false, ...wanted, hub });
  if (run === undefined)
    throw stop(
      exitCodes.failure,
      "nothing ran",
      "no event was sent",
      "look at the flow's mode in groundcrew.yaml",
    );
  return run;
}

export type WhyOptions = { file?: string };

/** Asks about everybody at once: one request for each hub, however many they are. */
export async function whyMembers(cli: Cli, named: readonly string[], { file }: WhyOptions): Promise<number> {
  const who = [
    ...named.map((one) => one.trim()).filter((one) => one !== ""),
    ...(file === undefined ? [] : linesOf(resolve(cli.surroundings.cwd, file), file)),
  ];
  if (who.length === 0)
    throw stop(
      exitCodes.usage,
      "nobody was asked about",
      "neither a name nor --file was given",
      "name somebody, by login, address or name",
    );
  return withControl(cli, async (api) => {
    const hubs = await hubsMeant(cli, api);
    const found = new Map<string, WhyAnswer[]>(who.map((each) => [each, []]));
    for (const hub of hubs)
      for (const { who: each, answers: more } of (
        await api.post(`${path("members", hub)}/why`, { who }, answers.why)
      ).people)
        found.get(each)?.push(...more);
    const people = byNeed([...found].map(([each, all]) => ({ who: each, answers: all })));
    const summary = whySummaryOf(people);
    cli.terminal.answer({ summary, people }, (paint) => [
      ...(people.length > 1 ? [summary] : []),
      ...people.flatMap((person) => person.answers.flatMap((one) => linesOn(person.who, one, hubs, paint))),
    ]);
    return 0;
  });
}

/** Reads a class list: one person a line. */
const linesOf = (file: string, shown: string): string[] =>
  readText(file, { shown, exitCode: exitCodes.usage, next: "name a text file with one person a line" })
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

function linesOn(who: string, answer: WhyAnswer, hubs: readonly string[], paint: Paint): string[] {
  const { hub, login, letter, sentence, next, check, paste, asOf } = answer;
  const name = login === undefined || login === who ? who : `${who} (${login})`;
  return [
    `${paint("bold", visible(name))}${hubs.length > 1 ? ` on ${hub}` : ""}: ${letter}. ${visible(sentence)}`,
    `  next: ${visible(next)}`,
    ...(check === undefined ? [] : [`  if that does not help, check ${visible(check.join("; "))}`]),
    ...(paste === undefined ? [] : [`  to send them: ${visible(paste)}`]),
    ...(asOf === undefined ? [] : [paint("dim", `  as of the last run: ${asOf}`)]),
  ];
}
