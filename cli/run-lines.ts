// Runs as people and programs read them: a line in a table, or an object of --json.
import { keysOf } from "../shared/closed.ts";
import type { RunLine } from "../shared/control.ts";
import type { Effect, Outcome, Run } from "../shared/records.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { labelled, type Paint, type Style, table, visible } from "./terminal.ts";

const signs: Record<Outcome, { sign: string; word: string; style: Style; exit: ExitCode }> = {
  done: { sign: "✓", word: "done", style: "green", exit: exitCodes.done },
  held: { sign: "‖", word: "on hold", style: "yellow", exit: exitCodes.held },
  blocked: { sign: "!", word: "blocked", style: "yellow", exit: exitCodes.failure },
  failed: { sign: "✗", word: "failed", style: "red", exit: exitCodes.failure },
};

export const outcomes = keysOf(signs);

export function outcomeWord(outcome: Outcome, paint: Paint): string {
  const { sign, word, style } = signs[outcome];
  return paint(style, `${sign} ${word}`);
}

/** Local time, to the second. */
export function timeOf(iso: string): string {
  const time = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** Time, flow, outcome, title; last the id, to be copied. */
export function runTable(runs: RunLine[], paint: Paint): string[] {
  return table(
    runs.map(({ startedAt, flow, outcome, title, id }) => [
      timeOf(startedAt),
      flow,
      outcomeWord(outcome, paint),
      visible(title),
      paint("dim", id),
    ]),
  );
}

/** Gives what `start --once --json` promises of a run. */
export const summaryOf = ({ flow, event, outcome, effects, durationMs }: Run) => ({
  flow,
  event,
  outcome,
  effects,
  durationMs,
});

/** Runs, aligned, each with its effects and, if there is one, its error. */
export function runBlocks(runs: Run[], paint: Paint): string[] {
  const heads = table(
    runs.map(({ startedAt, flow, outcome, title }) => [
      timeOf(startedAt),
      flow,
      outcomeWord(outcome, paint),
      visible(title),
    ]),
  );
  return runs.flatMap((run, index) => [
    heads[index] ?? "",
    ...run.effects.map((effect) => `  ${effectWords(effect)}`),
    ...errorLines(run),
  ]);
}

export function errorLines({ error }: Run): string[] {
  if (error === undefined) return [];
  const { what, why, next } = error;
  return [...labelled("what", what), ...labelled("why", why), ...labelled("next", next)];
}

/** "invite ada-example team=full-access": the deed, on whom, and what else there is to say. */
export function effectWords({ do: deed, ...rest }: Effect): string {
  const { login, ...others } = rest;
  const words = Object.entries(others).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return visible([deed, ...(typeof login === "string" ? [login] : []), ...words].join(" "));
}

/** For a command that asked for these runs and no others. */
export function exitCodeOf(runs: Run[]): number {
  const codes = runs.map(({ outcome }) => signs[outcome].exit);
  return [exitCodes.failure, exitCodes.held].find((code) => codes.includes(code)) ?? exitCodes.done;
}
