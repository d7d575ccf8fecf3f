// `npm run simulate`: plays seeds of each flow and says which sentence broke, in which seed, and how to play that one again.
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Flow } from "./flow.ts";
import type { Seeded } from "./run.ts";
import { takeOver } from "./wire.ts";

const flows: Record<string, () => Promise<Flow>> = {
  "sync-members": async () => (await import("./flows/sync-members.ts")).syncMembersFlow,
  "scan-quotas": async () => (await import("./flows/scan-quotas.ts")).scanQuotasFlow,
  "bump-image": async () => (await import("./flows/bump-image.ts")).bumpImageFlow,
  "run-transfer": async () => (await import("./flows/run-transfer.ts")).runTransferFlow,
};

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    from: { type: "string", default: "1" },
    flow: { type: "string" },
    /** Plays each seed twice and compares. */
    twice: { type: "boolean", default: false },
    timeline: { type: "boolean", default: false },
  },
});

takeOver();
// Schemas that live for one call cost more to compile than to walk.
z.config({ jitless: true });
process.env["GCE_METADATA_HOST"] = "metadata.far";
process.env["METADATA_SERVER_DETECTION"] = "assume-present";
const { playing, runSeed } = await import("./run.ts");

let current: { name: string; seed: number } | undefined;

async function play(name: string, flow: Flow): Promise<boolean> {
  const seeds = Number(values.seeds);
  const from = Number(values.from);
  const sum = { calls: 0, faults: 0, crashes: 0, pauses: 0, deliveries: 0, duplicates: 0 };
  const began = performance.now();
  let said = began;
  for (let seed = from; seed < from + seeds; seed += 1) {
    current = { name, seed };
    const result = await runSeed(flow, seed);
    current = undefined;
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += result[key];
    if (values.timeline) process.stdout.write(`${result.timeline.join("\n")}\n`);
    if (result.broken.length > 0) return fail(name, result);
    if (values.twice) {
      current = { name, seed };
      const again = await runSeed(flow, seed);
      current = undefined;
      if (again.digest !== result.digest)
        return fail(name, {
          ...again,
          broken: ["the same seed went another way the second time", difference(result, again)],
        });
    }
    if (performance.now() - said > 10_000) {
      said = performance.now();
      process.stderr.write(`${name}: ${seed - from + 1} of ${seeds} seeds\n`);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const figures = Object.entries(sum).map(([what, count]) => `${count} ${what}`);
  process.stdout.write(
    `${name}: ${seeds} seeds from ${from}, ${figures.join(", ")}, ${(seeds / seconds).toFixed(1)} seeds/s\n`,
  );
  return true;
}

function difference(one: Seeded, other: Seeded): string {
  const at = one.timeline.findIndex((line, index) => line !== other.timeline[index]);
  return `first "${one.timeline[at]}", then "${other.timeline[at]}"`;
}

function fail(
  name: string,
  { seed, broken, timeline }: { seed: number; broken: string[]; timeline: readonly string[] },
): false {
  process.stdout.write(
    `${timeline.slice(-60).join("\n")}\n\n${name}, seed ${seed}:\n${broken.map((each) => `  ${each}\n`).join("")}
Play it again: npm run simulate -- --flow ${name} --from ${seed} --seeds 1\n`,
  );
  return false;
}

// Somebody waits for ever, and nothing is left that could wake them.
process.once("beforeExit", () => {
  if (current !== undefined)
    fail(current.name, { ...current, broken: ["it hangs"], timeline: playing.lines });
});
let whole = true;
for (const [name, load] of Object.entries(flows))
  if (values.flow === undefined || values.flow === name) whole = (await play(name, await load())) && whole;
process.exitCode = whole ? 0 : 1;
