// Waits for the run that a published event leads to.
import { setTimeout as wait } from "node:timers/promises";
import { answers } from "../shared/control.ts";
import type { Run } from "../shared/records.ts";
import type { Cli } from "./cli.ts";
import { type Control, path, query, World } from "./control.ts";
import { exitCodes } from "./exit-codes.ts";
import { stop } from "./stop.ts";

/** A delivery may last 600 s; its record is written at its end. */
const patienceMs = 630_000;
const firstPauseMs = 50;
const longestPauseMs = 1000;
/** Time enough for the record of a delivery that has just ended to be listed. */
const graceMs = 1500;

/** The newest attempt of `flow` at this message. */
export async function runOf(
  { terminal, surroundings }: Cli,
  api: Control,
  want: { flow: string; messageId: string },
): Promise<Run> {
  const begun = surroundings.now().getTime();
  const passed = (): number => surroundings.now().getTime() - begun;
  let pause = firstPauseMs;
  let quietSince: number | undefined;
  terminal.progress(`waiting for ${want.flow} ...`);
  while (passed() < patienceMs) {
    const { runs } = await api.get(
      `/runs${query({ message: want.messageId, flow: want.flow })}`,
      answers.runs,
    );
    const [newest] = runs;
    if (newest !== undefined) return api.get(path("runs", newest.id), answers.run);
    // A run that finds another one at work hands its event over to it and leaves no record of its own.
    if ((await api.get("/world", World)).pending > 0) quietSince = undefined;
    else quietSince ??= passed();
    if (quietSince !== undefined && passed() - quietSince > graceMs)
      throw stop(
        exitCodes.failure,
        `${want.flow} left no record of this event`,
        "another run was at work and took it along, or there was nothing to look at",
        "see what that one did: `groundcrew runs ls`, and run it again if need be",
      );
    await wait(pause);
    pause = Math.min(pause * 1.5, longestPauseMs);
  }
  throw stop(
    exitCodes.failure,
    `${want.flow} has not finished`,
    `it has been waited for ${patienceMs / 60_000} minutes`,
    "it goes on by itself; look for it later: `groundcrew runs ls`",
  );
}
