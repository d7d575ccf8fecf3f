// A plan of any flow for people, and what its exit code says.
import * as z from "zod";
import type { StoredPlan } from "../shared/flow/plan.ts";
import { type FlowName, flowNames } from "../shared/functions.ts";
import { costLines } from "../shared/transfers/words.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type Paint, table, visible } from "./terminal.ts";

type Shown = StoredPlan["actions"][number];

/** The command that has a flow's word of approval. */
const words: Record<FlowName, string> = {
  "sync-members": "members",
  "scan-quotas": "quota",
  "bump-image": "bump",
  "run-transfer": "transfer",
};

function wordOf(flow: string): string {
  const name = flowNames.find((each) => each === flow);
  return name === undefined ? "plans" : words[name];
}

/** Gives why things are held, each reason once. */
export const becauseLines = ({ held }: StoredPlan): string[] =>
  [...new Set(held.map(({ because }) => because))]
    .filter((because) => because !== "")
    .map((because) => `  because ${visible(because)}`);

export const approveWith = (flow: string, { hash }: StoredPlan): string =>
  `approve with: groundcrew ${wordOf(flow)} approve ${hash}`;

/**
 * Tells people of a plan: what is to be done, what waits, what could not be understood. `next` says what to do about what waits;
 * where nothing can be done, it is undefined.
 */
export function planLines(plan: StoredPlan, paint: Paint, next: string | undefined): string[] {
  const { actions, held, refused, cost } = plan;
  const part = (title: string, rows: string[][]): string[] =>
    rows.length === 0
      ? []
      : [paint("bold", `${title} (${rows.length})`), ...table(rows).map((row) => `  ${row}`)];
  const lines = [
    ...part("To do", actions.map(actionRow)),
    ...costLines(cost).map((line) => `  ${line}`),
    ...part("On hold", held.map(actionRow)),
    ...lossLines(plan),
    ...becauseLines(plan),
    ...(held.length === 0 || next === undefined ? [] : [`  ${next}`]),
    ...part(
      "Cannot be used",
      refused.map(({ about, value, why, suggestion }) => [
        visible(about),
        value === undefined ? "" : visible(JSON.stringify(value)),
        `${visible(why)}${suggestion === undefined ? "" : `; did you mean ${visible(suggestion)}?`}`,
      ]),
    ),
  ];
  return lines.length === 0 ? ["Nothing to do: all is as it should be."] : lines;
}

/** Names what a plan takes away, where its actions do. */
export function lossLines({ actions, held }: StoredPlan): string[] {
  const lost = [...actions, ...held].flatMap(({ loses }) => z.array(z.string()).safeParse(loses).data ?? []);
  return lost.length === 0 ? [] : ["Lost at the target, by name:", ...lost.map((one) => `  ${visible(one)}`)];
}

const actionRow = ({
  do: deed,
  about,
  why,
  at,
  hash: _,
  because: __,
  loses: ___,
  ...rest
}: Shown): string[] => [
  visible(deed),
  visible(about),
  Object.entries(rest)
    .map(([name, value]) => visible(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`))
    .join(" "),
  visible(at === undefined ? why : `${why} (${at})`),
];

export function planExitCode({ actions, held }: StoredPlan): ExitCode {
  if (actions.length > 0) return exitCodes.pending;
  return held.length > 0 ? exitCodes.held : exitCodes.done;
}
