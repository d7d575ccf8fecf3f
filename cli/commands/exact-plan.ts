// One plan and no other: how it is named, and what a person is told where sheet and teams give another one by now.
import { resolve } from "node:path";
import * as z from "zod";
import { PlanHash } from "../../shared/events.ts";
import { exactHashOf, hashOf, StoredPlan } from "../../shared/flow/plan.ts";
import { jsonOf } from "../../shared/json.ts";
import type { Run } from "../../shared/records.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { planLines } from "../plan-lines.ts";
import { stop } from "../stop.ts";
import { visible } from "../terminal.ts";
import { readText } from "../text-file.ts";

/** A plan that a person asks for: its exact hash, and all of it where they have kept it. */
export type AskedPlan = { hash: string; plan?: StoredPlan };

/** Says how to have a plan carried out as it is. */
export const applyWith = (plan: StoredPlan): string[] =>
  plan.actions.length === 0
    ? []
    : [`This and nothing else: groundcrew members apply --plan ${exactHashOf(plan)}`];

/** Reads what stands behind --plan: a hash, or the file that `members plan --json` has written. */
export function planNamed({ surroundings }: Cli, named: string): AskedPlan {
  const hash = PlanHash.safeParse(named);
  if (hash.success) return { hash: hash.data };
  const next = "give the hash that `groundcrew members plan` prints, or the file that it writes with --json";
  const text = readText(resolve(surroundings.cwd, named), { shown: named, exitCode: exitCodes.usage, next });
  const { success, data: plan } = StoredPlan.safeParse(jsonOf(text));
  if (!success)
    throw stop(exitCodes.usage, `${named} is no plan`, "it is not what that command writes", next);
  return { hash: exactHashOf(plan), plan };
}

/** Says whether a run has refused to do what it found. */
export const isRefused = ({ outcome, effects }: Pick<Run, "outcome" | "effects">): boolean =>
  outcome === "blocked" && effects.length === 0;

/** Names what differs, or shows the plan as it is now where the other one is known by its hash alone. */
export function refusedPlan(cli: Cli, asked: AskedPlan, title: string, plan: StoredPlan): number {
  const hash = exactHashOf(plan);
  const before = asked.plan === undefined ? undefined : changesIn(asked.plan);
  const now = changesIn(plan);
  const differs =
    before === undefined
      ? undefined
      : {
          gone: [...before].flatMap(([key, line]) => (now.has(key) ? [] : [line])),
          new: [...now].flatMap(([key, line]) => (before.has(key) ? [] : [line])),
        };
  cli.terminal.answer({ asked: asked.hash, hash, title, plan, differs }, (paint) => [
    paint("yellow", title),
    ...(differs === undefined
      ? planLines(plan, paint, undefined)
      : [
          ...differs.gone.map((line) => `  - ${visible(line)}`),
          ...differs.new.map((line) => `  + ${visible(line)}`),
        ]),
    ...applyWith(plan),
  ]);
  return exitCodes.held;
}

/** Gives each change of a plan in words, by what it is and whether it waits. */
const changesIn = ({ actions, held }: StoredPlan): Map<string, string> =>
  new Map([
    ...actions.map((action) => [`goes ${hashOf(action)}`, wordsOf(action, "")] as const),
    ...held.map((action) => [`held ${hashOf(action)}`, wordsOf(action, " (on hold)")] as const),
  ]);

function wordsOf(action: StoredPlan["actions"][number], end: string): string {
  const team = z.string().safeParse(action["team"]).data;
  return `${action.do} ${action.about}${team === undefined ? "" : ` in ${team}`}: ${action.why}${end}`;
}
