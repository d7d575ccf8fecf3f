// Measures rclone's memory against the model by which flags are chosen: twenty plans drawn from a seed, each copied by the rclone of this machine
// between two stores that have bytes of no content, and that take them slowly enough for every buffer to fill.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flagsFor, memoryOf } from "../functions/run-transfer/plan.ts";
import { randomOf } from "../test/simulate/random.ts";
import { copied, emptyStores, hasRclone } from "./empty-stores.ts";
import { median } from "./figures.ts";

export type RcloneMemory = { plans: number; ratios: number[]; missing?: true };

const MiB = 1024 * 1024;
const plans = 20;
/** Bytes that the target takes in a second, of all connections: less than the source gives. */
const sinkBytesPerSecond = 300 * MiB;

/** Copies the plans one after the other; gives each one's most memory, as a share of what the model allows it. */
export async function benchRcloneMemory(): Promise<RcloneMemory> {
  if (!hasRclone()) return { plans: 0, ratios: [], missing: true };
  const stores = await emptyStores({ ofAll: sinkBytesPerSecond });
  const folder = mkdtempSync(join(tmpdir(), "bench-rclone-"));
  const random = randomOf(20_260_301);
  const ratios: number[] = [];
  try {
    for (let plan = 0; plan < plans; plan += 1) {
      const machine = { vcpus: random.pick(1, 2, 4), memoryGB: random.pick(0.5, 1, 2) };
      const most = random.pick(1, 5, 40, 120, 300) * MiB;
      const drawn = Float64Array.from({ length: 400 }, () => random.between(most / 2, most));
      const flags = flagsFor(drawn, machine);
      if (flags === undefined) continue;
      // So many that all that is in flight at once is replaced once.
      const sizes = drawn.slice(0, Math.min(drawn.length, 2 * flags.transfers));
      stores.fill(sizes);
      const names = [...sizes.keys()].map((n) => `${n}\n`).join("");
      const list = join(folder, `${plan}`);
      writeFileSync(list, names);
      const used = await copied(stores.url, list, flags);
      ratios.push(used / memoryOf(flags, Math.max(...sizes)));
    }
  } finally {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { plans: ratios.length, ratios };
}

export const rcloneMemoryLine = ({ plans: count, ratios, missing }: RcloneMemory): string =>
  missing === true
    ? "rclone's memory is not measured: there is no rclone on PATH"
    : `rclone's memory on ${count} plans: ${median(ratios).toFixed(2)} of the model in the middle, ${Math.max(...ratios).toFixed(2)} at most (no more than 1 is wanted)`;
