// Cost of a run of sync-members when nothing has changed: requests to each service, counted by the far ends, and time.
// Peers' numbers at 1,000 people in four teams, from reading their source: peribolos 63, entitlements 57, rust-lang/team 94.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startInstance } from "../local/instance/instance.ts";

export type MembersCost = {
  people: number;
  requests: Record<string, number>;
  /** Of the run, sign-in included. */
  milliseconds: number;
  /** Wall time of the first pass over a fresh sample hub, clock moved over the waits that GitHub asks for. */
  firstPassSeconds: number;
};

/** Makes a sample hub of so many people, brings it to rest, and counts one more run. */
export async function benchMembers(people: number): Promise<MembersCost> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const instance = await startInstance({
    world: join(folder, "hub"),
    people,
    console: false,
    log: () => undefined,
  });
  try {
    const begun = performance.now();
    await instance.runOnce();
    const firstPassSeconds = Math.round((performance.now() - begun) / 100) / 10;
    instance.farEnds.faults.forget();
    const runs = await instance.runOnce();
    const requests: Record<string, number> = {};
    for (const [call, count] of instance.farEnds.faults.calls()) {
      const [farEnd = ""] = call.split(" ");
      requests[farEnd] = (requests[farEnd] ?? 0) + count;
    }
    const run = runs.find(({ flow }) => flow === "sync-members");
    return { people, requests, milliseconds: run?.durationMs ?? Number.NaN, firstPassSeconds };
  } finally {
    await instance.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a table for a terminal. */
export function membersTable(costs: readonly MembersCost[]): string {
  const lines = costs.map(({ people, requests, milliseconds, firstPassSeconds }) => {
    const counts = Object.entries(requests)
      .map(([farEnd, count]) => `${farEnd} ${count}`)
      .join(", ");
    return `  ${String(people).padStart(6)} people: ${counts}; ${milliseconds} ms; first pass ${firstPassSeconds} s`;
  });
  return ["A run in which nothing changed (requests by service):", ...lines].join("\n");
}

if (import.meta.main) console.log(membersTable([await benchMembers(60), await benchMembers(3000)]));
