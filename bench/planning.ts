// Measures how a transfer of a million objects at each end is planned: processor time beside a bare program that fetches the same pages and
// counts them, and memory. The stores are pages that are cheap to make, in a process of their own, whose time does not count.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";

const limits = { timesBare: 3, megabytes: 512 };
const objects = 1_000_000;
/** Those of both ends: of every hundredth the target has nothing. */
const listed = objects + (objects * 99) / 100;

const Bare = z.object({ objects: z.number(), seconds: z.number() });
const Planned = z.object({
  objects: z.number(),
  already: z.number(),
  seconds: z.number(),
  megabytes: z.number(),
});
export type Planning = { bareSeconds: number; seconds: number; megabytes: number };

/** Runs of each, by turns: whatever else the machine does makes a run longer and never shorter, so that the shortest is nearest to the truth. */
const rounds = 3;

const script = (name: string): string[] => [
  "--disable-warning=ExperimentalWarning",
  fileURLToPath(new URL(`planning/${name}.ts`, import.meta.url)),
];

/** Runs a program to its end; gives what it says. */
async function saidBy(name: string, origin: string): Promise<unknown> {
  const env = { ...process.env, GCE_METADATA_HOST: new URL(origin).host };
  const { stdout } = await promisify(execFile)(process.execPath, [...script(name), origin], { env });
  return JSON.parse(stdout);
}

export async function benchPlanning(): Promise<Planning> {
  const pages = spawn(process.execPath, [...script("pages"), String(objects)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [origin] = await once(createInterface({ input: pages.stdout }), "line");
    const runs: Planning[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await oneRound(String(origin)));
    return {
      bareSeconds: Math.min(...runs.map((run) => run.bareSeconds)),
      seconds: Math.min(...runs.map((run) => run.seconds)),
      megabytes: Math.max(...runs.map((run) => run.megabytes)),
    };
  } finally {
    pages.kill();
  }
}

async function oneRound(origin: string): Promise<Planning> {
  const bare = Bare.parse(await saidBy("bare", origin));
  const planned = Planned.parse(await saidBy("plan", origin));
  // A plan of a part of the objects is made sooner, and is none.
  const [counted, made] = [bare.objects, planned.objects + planned.already];
  if (counted !== listed || made !== listed)
    throw new Error(
      `of ${listed} listed objects the bare program counted ${counted}, and the plan has ${made}`,
    );
  return { bareSeconds: bare.seconds, seconds: planned.seconds, megabytes: planned.megabytes };
}

/** As a line for a terminal. */
export function planningLine({ bareSeconds, seconds, megabytes }: Planning): string {
  const times = seconds / bareSeconds;
  const isOver = times > limits.timesBare || megabytes > limits.megabytes;
  return `planning a transfer of ${objects.toLocaleString("en")} objects: ${seconds.toFixed(1)} s of processor time, ${times.toFixed(1)} times a bare program's (limit ${limits.timesBare}); ${Math.round(megabytes)} MB (limit ${limits.megabytes})${isOver ? "  OVER ITS LIMIT" : ""}`;
}

if (import.meta.main) console.log(planningLine(await benchPlanning()));
