// `groundcrew world clock|fail|preempt`: the sample hub's own switches. Time moves forward only; what fails is asked for.
import { type Failure, type FailureKind, failureKinds, farEnds } from "../../local/wire/faults.ts";
import { keysOf } from "../../shared/closed.ts";
import { answers } from "../../shared/control.ts";
import { parseDuration } from "../../shared/duration.ts";
import type { Cli } from "../cli.ts";
import { withControl } from "../connect.ts";
import { type Control, path, World } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { timeOf } from "../run-lines.ts";
import { stop, unknownWord } from "../stop.ts";
import { table, visible } from "../terminal.ts";

export type FailOptions = { match?: string; at?: number; times?: number; clear?: boolean };

/** Moves the clock, or, without a span, tells the time. */
export async function moveClock(cli: Cli, span: string | undefined): Promise<number> {
  const milliseconds = span === undefined ? 0 : parseDuration(span);
  if (milliseconds === undefined)
    throw stop(
      exitCodes.usage,
      `"${span}" is no span of time`,
      "it is numbers with d, h, m, s or ms, and time moves forward only",
      "for example: groundcrew world clock +6h",
    );
  return withControl(
    cli,
    async (api) => {
      if (milliseconds > 0)
        await api.post("/world/clock", { moveSeconds: milliseconds / 1000 }, answers.done);
      const { now, movedMs, schedules, pending } = await api.get("/world", World);
      cli.terminal.answer({ now, movedMs, schedules, pending }, (paint) => [
        `It is ${timeOf(now)} on the sample hub${movedMs === 0 ? "" : ` (moved by ${spanWords(movedMs)})`}.`,
        ...table(
          schedules.map(({ name, next }) => [`  ${visible(name)}`, paint("dim", `next ${timeOf(next)}`)]),
        ),
      ]);
      return 0;
    },
    { lively: true },
  );
}

/** Arms a fault, clears all, or, without anything, lists what is armed. */
export async function failFarEnd(cli: Cli, words: string[], options: FailOptions): Promise<number> {
  const fault = options.clear === true || words.length === 0 ? undefined : await faultOf(words, options);
  if (options.clear === true && words.length > 0)
    throw stop(
      exitCodes.usage,
      "nothing was cleared",
      "--clear takes all faults away and names none",
      "leave the rest away",
    );
  return withControl(
    cli,
    async (api) => {
      if (options.clear === true) await api.remove("/world/faults", answers.done);
      if (fault !== undefined) await api.post("/world/faults", fault, answers.done);
      return showFaults(cli, api);
    },
    { needsRunning: "what is made to fail lives in the running instance and ends with it" },
  );
}

export function preemptMachine(cli: Cli, machine: string): Promise<number> {
  return withControl(
    cli,
    async (api) => {
      const answer = await api.post(`${path("world", "machines", machine)}/preempt`, {}, answers.done);
      cli.terminal.answer(answer, () => [visible(answer.said)]);
      return 0;
    },
    { needsRunning: "machines are made by the running instance" },
  );
}

async function showFaults(cli: Cli, api: Control): Promise<number> {
  const { faults } = await api.get("/world", World);
  cli.terminal.answer({ faults }, () =>
    faults.length === 0
      ? ["Nothing is made to fail."]
      : table(
          faults.map(({ farEnd, match, at, times, failure: { kind, ...how } }) => [
            farEnd,
            kind,
            Object.values(how).join(" "),
            `calls: ${visible(match ?? "all")}`,
            `${at === undefined ? "" : `from the ${at}. on, `}${times ?? 1} times`,
          ]),
        ),
  );
  return 0;
}

async function faultOf(words: string[], { match, at, times }: FailOptions): Promise<Record<string, unknown>> {
  const [farEnd = "", kind = "", value, ...rest] = words;
  const far = keysOf(farEnds).find((name) => name === farEnd);
  if (far === undefined) throw await unknownWord("far end", farEnd, keysOf(farEnds));
  const how = keysOf(failureKinds).find((name) => name === kind);
  if (how === undefined) throw await unknownWord("failure", kind, keysOf(failureKinds));
  if (rest.length > 0 || (value !== undefined && failureKinds[how].usage === how))
    throw stop(
      exitCodes.usage,
      "there are too many words",
      `it is ${failureKinds[how].usage}`,
      "see groundcrew world fail --help",
    );
  return {
    farEnd: far,
    ...(match === undefined ? {} : { match }),
    ...(at === undefined ? {} : { at }),
    ...(times === undefined ? {} : { times }),
    failure: failureOf(how, value),
  };
}

function failureOf(kind: FailureKind, value: string | undefined): Failure {
  switch (kind) {
    case "status": {
      const status = Number(value);
      if (Number.isInteger(status) && status >= 400 && status <= 599) return { kind, status };
      throw stop(
        exitCodes.usage,
        "the status is missing or wrong",
        "it is 400 to 599",
        "for example: groundcrew world fail github status 503",
      );
    }
    case "delay": {
      const milliseconds = parseDuration(value ?? "");
      if (milliseconds !== undefined && milliseconds > 0) return { kind, milliseconds };
      throw stop(
        exitCodes.usage,
        "the delay is missing or wrong",
        "it is a span of time",
        "for example: groundcrew world fail google delay 2s",
      );
    }
    case "lost-answer":
    case "truncated":
      return { kind };
    default:
      return kind satisfies never;
  }
}

function spanWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount}${unit}`])).join(" ");
}
