// Time from the last edit of the sheet to the invitation at GitHub, on a sample hub by the real clock and with the quiet time that
// settings have by themselves. Half of the edits come alone, the others are the last of three within ten seconds.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Instance, startInstance } from "../local/instance/instance.ts";
import { makeWorld } from "../local/sample/world.ts";
import { median } from "./figures.ts";

export type EditDelays = { bursts: number; medianSeconds: number; longestSeconds: number };

const bursts = [1, 3, 1, 3];
const betweenMilliseconds = 5000;
const lookMilliseconds = 50;
/** Longer than the quiet time, the minute's tick and a run together: something is wrong. */
const mostMilliseconds = 120_000;

export async function benchEdits(): Promise<EditDelays> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const log = (): void => undefined;
  const world = makeWorld(join(folder, "hub"), 10, log);
  // The sample hub's own time is none: people who try it out do not wait.
  const settings = readFileSync(world.settings, "utf8");
  writeFileSync(world.settings, settings.replaceAll(/^ *(?:quietSeconds|writeSpacingSeconds): 0\n/gm, ""));
  const instance = await startInstance({ world: world.root, console: true, log });
  try {
    await instance.farEnds.pubsub.idle();
    const delays: number[] = [];
    let people = 0;
    for (const edits of bursts) {
      for (let left = edits; left > 0; left -= 1) {
        people += 1;
        appendFileSync(world.members, rowOf(people));
        if (left > 1) await setTimeout(betweenMilliseconds);
      }
      delays.push(await untilInvited(instance, loginOf(people)));
    }
    return { bursts: bursts.length, medianSeconds: median(delays), longestSeconds: Math.max(...delays) };
  } finally {
    await instance.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const loginOf = (person: number): string => `bench-newcomer-${String(person).repeat(8)}`;
const rowOf = (person: number): string =>
  `Newcomer ${person},newcomer${person}@example.org,${loginOf(person)},Public,\n`;

/** Seconds until GitHub has the invitation. */
async function untilInvited({ farEnds }: Instance, login: string): Promise<number> {
  const begun = performance.now();
  const passed = (): number => performance.now() - begun;
  while (!farEnds.github.snapshot().pending.some((one) => one.login === login)) {
    if (passed() > mostMilliseconds) throw new Error("the edit has not reached GitHub");
    await setTimeout(lookMilliseconds);
  }
  return passed() / 1000;
}

/** As a line for a terminal. */
export const editsLine = ({ bursts: count, medianSeconds, longestSeconds }: EditDelays): string =>
  `From the last edit of a burst to its invitation, quiet time included: median ${medianSeconds.toFixed(1)} s, longest ${longestSeconds.toFixed(1)} s of ${count}`;

if (import.meta.main) console.log(editsLine(await benchEdits()));
