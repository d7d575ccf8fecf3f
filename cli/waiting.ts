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

export type Wanted = {
  flow: string;
  messageId: string;
  /** Takes the run that took the event along for its own; without one, only a run of this very event will do. */
  shared?: { hub: string | undefined; since: Date };
};

/** The newest attempt of `flow` at this message. */
export async function runOf({ terminal, surroundings }: Cli, api: Control, want: Wanted): Promise<Run> {
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
    if (quietSince !== undefined && passed() - quietSince > graceMs) return runThatTookIt(api, want);
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

/** The newest run that was still at work when the event was published: it looks again before it ends. */
async function runThatTookIt(api: Control, { flow, shared }: Wanted): Promise<Run> {
  if (shared !== undefined) {
    const { runs } = await api.get(`/runs${query({ flow, hub: shared.hub, limit: 20 })}`, answers.runs);
    const newest = runs.find(
      ({ startedAt, durationMs }) => new Date(startedAt).getTime() + durationMs >= shared.since.getTime(),
    );
    if (newest !== undefined) return api.get(path("runs", newest.id), answers.run);
  }
  throw stop(
    exitCodes.failure,
    `${flow} left no record of this event`,
    "another run was at work and took it along, or there was nothing to look at",
    "see what that one did: `groundcrew runs ls`, and run it again if need be",
  );
}
