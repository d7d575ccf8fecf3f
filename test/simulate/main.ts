// `npm run simulate`: plays seeds of each flow and says which sentence broke, in which seed, and how to play that one again.
import { enableCompileCache } from "node:module";
import { Command, Option } from "commander";
import * as z from "zod";
import { wholeNumber } from "../../cli/whole-number.ts";
import { compileCache } from "../../local/instance/compile-cache.ts";
import type { Flow } from "./flow.ts";
import type { Seeded } from "./run.ts";
import { takeOver } from "./wire.ts";

const flows: Record<string, () => Promise<Flow>> = {
  "sync-members": async () => (await import("./flows/sync-members.ts")).syncMembersFlow,
  "scan-quotas": async () => (await import("./flows/scan-quotas.ts")).scanQuotasFlow,
  "bump-image": async () => (await import("./flows/bump-image.ts")).bumpImageFlow,
  "run-transfer": async () => (await import("./flows/run-transfer.ts")).runTransferFlow,
};

const options = new Command("npm run simulate --")
  .description(
    "Plays each flow at random, with faults, crashes and movable time, and checks what must hold in the end.",
  )
  .option("--seeds <n>", "how many", wholeNumber(1), 50)
  .option("--from <n>", "the first one", wholeNumber(1), 1)
  .addOption(new Option("--flow <name...>", "these, and not all of them").choices(Object.keys(flows)))
  .option("--twice", "plays each twice: the same seed must go the same way")
  .option("--all", "goes on after a failure")
  .option(
    "--planned",
    "holds plans to what is then done, in a calm world (flows that say what they foretell)",
  )
  .option(
    "--shrink",
    "cuts a failed seed down to the shortest run that still fails, and prints that as a table",
  )
  .option("--timeline", "prints everything that crosses the wire")
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{
    seeds: number;
    from: number;
    flow?: string[];
    twice?: true;
    planned?: true;
    all?: true;
    shrink?: true;
    timeline?: true;
  }>();

enableCompileCache(compileCache);
takeOver();
// Schemas that live for one call cost more to compile than to walk.
z.config({ jitless: true });
process.env["GCE_METADATA_HOST"] = "metadata.far";
process.env["METADATA_SERVER_DETECTION"] = "assume-present";
const { playing, runSeed } = await import("./run.ts");
const { planned } = await import("./planned.ts");
const { isTelling, shrink, tableOf } = await import("./shrink.ts");
const playSeed = options.planned ? planned : runSeed;

let current: { name: string; seed: number } | undefined;
let failures = 0;
/** Somebody has had enough: what was played so far is told. */
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    stopped = true;
  });
let said = 0;

async function play(name: string, flow: Flow, first: number, count: number): Promise<void> {
  const sum = { calls: 0, faults: 0, crashes: 0, pauses: 0, deliveries: 0, duplicates: 0 };
  const began = performance.now();
  const before = failures;
  let played = 0;
  for (
    let seed = first;
    seed < first + count && !stopped && (options.all || failures === before);
    seed += 1
  ) {
    current = { name, seed };
    const result = await playSeed(flow, seed);
    played += 1;
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += result[key];
    if (options.timeline) process.stdout.write(`${result.timeline.join("\n")}\n`);
    if (result.broken.length > 0) fail(name, options.shrink ? await shortestOf(name, flow, result) : result);
    else if (options.twice) compare(name, result, await playSeed(flow, seed));
    progress(name, played, count);
  }
  current = undefined;
  const seconds = (performance.now() - began) / 1000;
  const figures = Object.entries(sum).map(([what, figure]) => `${figure} ${what}`);
  process.stdout.write(
    `${name}: ${played} seeds from ${first}, ${failures - before} failed; ${figures.join(", ")}; ${(played / seconds).toFixed(1)} seeds/s\n`,
  );
}

/** A bar where somebody looks; else a line every ten seconds. */
function progress(name: string, played: number, count: number): void {
  const { isTTY } = process.stderr;
  if (performance.now() - said < (isTTY ? 200 : 10_000) && played < count) return;
  said = performance.now();
  if (!isTTY) {
    if (played < count) process.stderr.write(`${name}: ${played} of ${count} seeds\n`);
    return;
  }
  const full = Math.round((played / count) * 30);
  const bar = `${"#".repeat(full)}${"-".repeat(30 - full)}`;
  process.stderr.write(`\r${name} [${bar}] ${played}/${count}${played === count ? "\n" : ""}`);
}

/** The shortest run that breaks the same rule. */
async function shortestOf(name: string, flow: Flow, failed: Seeded): Promise<Seeded> {
  process.stderr.write(`${name}, seed ${failed.seed}: ${failed.broken[0]}\n`);
  const { isTTY } = process.stderr;
  const say = (sentence: string): void => {
    if (!isTTY && performance.now() - said < 10_000) return;
    said = performance.now();
    process.stderr.write(isTTY ? `\r${sentence} ` : `${sentence}\n`);
  };
  return shrink(failed, (without) => playSeed(flow, failed.seed, without), say);
}

function compare(name: string, one: Seeded, other: Seeded): void {
  if (one.digest === other.digest) return;
  const at = one.timeline.findIndex((line, index) => line !== other.timeline[index]);
  const difference = `first "${one.timeline[at]}", then "${other.timeline[at]}"`;
  fail(name, { ...other, broken: ["the same seed went another way the second time", difference] });
}

function fail(
  name: string,
  { seed, broken, timeline }: { seed: number; broken: string[]; timeline: readonly string[] },
): void {
  failures += 1;
  const told = options.shrink ? tableOf(timeline) : timeline.filter(isTelling).slice(-60).join("\n");
  process.stdout.write(
    `${told}\n\n${name}, seed ${seed}:\n${broken.map((each) => `  ${each}\n`).join("")}
Play it again: npm run simulate -- ${options.planned ? "--planned " : ""}--flow ${name} --from ${seed} --seeds 1${options.shrink ? "" : ", with --shrink to cut it down"}\n`,
  );
}

function ended(why: string): void {
  if (current !== undefined) fail(current.name, { ...current, broken: [why], timeline: playing.lines });
  process.exit(1);
}
// Somebody waits for ever, and nothing is left that could wake them.
process.once("beforeExit", () => current !== undefined && ended("it hangs"));
for (const end of ["unhandledRejection", "uncaughtException"] as const)
  process.once(end, (error: unknown) => ended(error instanceof Error ? String(error.stack) : String(error)));

for (const name of options.flow ?? Object.keys(flows)) {
  const flow = stopped ? undefined : await flows[name]?.();
  if (flow !== undefined) await play(name, flow, options.from, options.seeds);
}
process.exitCode = failures === 0 ? 0 : 1;
