// Words of a command that gives up: what happened, why, and what to do next, with its exit code. Never a bare stack.
import type { Explanation } from "../shared/errors.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export type Stop = Error & { name: "Stop"; exitCode: ExitCode; explanation: Explanation };

/** An error to throw. */
export function stop(exitCode: ExitCode, what: string, why: string, next: string): Stop {
  return Object.assign(new Error(what), {
    name: "Stop" as const,
    exitCode,
    explanation: { what, why, next },
  });
}

/** A usage error about a word that is not in a list: names the nearest, and the whole list. */
export async function unknownWord(kind: string, word: string, known: readonly string[]): Promise<Stop> {
  const { nearest } = await import("../shared/nearest.ts");
  const near = nearest(word, known);
  return stop(
    exitCodes.usage,
    `there is no ${kind} "${word}"`,
    known.length === 0 ? "there is none at the moment" : `known: ${known.join(", ")}`,
    near !== undefined
      ? `did you mean "${near}"?`
      : known.length === 0
        ? "look again later"
        : "take one of these",
  );
}

/** Gives what to print, and how to exit, for anything that was thrown. */
export function endingOf(error: unknown): { exitCode: ExitCode; explanation: Explanation } {
  if (isStop(error)) return error;
  if (isInstanceError(error)) return { exitCode: exitCodes.preflight, explanation: error.explanation };
  return {
    exitCode: exitCodes.failure,
    explanation: {
      what: "groundcrew failed",
      why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      next: "run it again with GROUNDCREW_DEBUG=1 and report what it prints",
    },
  };
}

function isStop(error: unknown): error is Stop {
  return error instanceof Error && error.name === "Stop" && "exitCode" in error && "explanation" in error;
}

function isInstanceError(error: unknown): error is Error & { explanation: Explanation } {
  return error instanceof Error && error.name === "InstanceError" && "explanation" in error;
}
