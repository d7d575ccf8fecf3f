// One call of a transfer to one far end fails, over the real clients, the real start-up script and the real rclone; then the
// end is compared with what it must be. Many transfers, one after the other, share an instance.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Failure, FarEndName, Fault } from "../../local/wire/faults.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const failures: readonly Failure[] = [
  { kind: "status", status: 503 },
  { kind: "lost-answer" },
  { kind: "truncated" },
  { kind: "delay", milliseconds: 2500 },
];

export const theEnd = { same: true, machines: 0, disks: 0, open: 0, told: 1 };

export async function strikes() {
  const hub = sample({ only: "run-transfer" });
  const instance = await hub.start();
  const bucket = (path: string) => join(hub.folder, "buckets", path);
  const requests = join(hub.folder, "requests");
  mkdirSync(requests, { recursive: true });
  rmSync(join(requests, "first-copy.yaml"), { force: true });
  fill(bucket("persistent/few"), 6, 300);
  const source = JSON.stringify(contents(bucket("persistent/few")));
  const { faults, compute } = instance.farEnds;
  let turn = 0;

  /** A transfer of its own, its `at`-th call to the far end struck. */
  async function play(blow?: Fault) {
    turn += 1;
    const id = `few-${turn}`;
    const file = join(requests, `${id}.yaml`);
    writeFileSync(file, JSON.stringify({ from: "persistent:few", to: `pod-inbox:${id}` }));
    faults.clear();
    faults.forget();
    if (blow !== undefined) faults.add(blow);
    // The blow may hit the instance's own look at the ledger: then the pass is made again.
    await instance.runOnce().catch(() => instance.runOnce());
    const calls = new Map<string, number>();
    for (const [name, count] of faults.calls()) {
      const [farEnd = ""] = name.split(" ");
      calls.set(farEnd, (calls.get(farEnd) ?? 0) + count);
    }
    const struck = blow === undefined || faults.list().length === 0;
    faults.clear();
    // The sweep comes every ten minutes; here it is pressed.
    instance.clock.moveBy(3_600_000);
    await instance.farEnds.pubsub.publish("sweep-due", JSON.stringify({ v: 1 }));
    await instance.runOnce();
    rmSync(file);
    const machines = compute.machines().length;
    const open = instance.farEnds.pubsub.pending();
    const end = {
      same: JSON.stringify(contents(bucket(`pod-inbox/${id}`))) === source,
      machines,
      disks: readdirSync(join(hub.folder, ".groundcrew", "machines")).length,
      open,
      told: hub.posts().filter((subject) => subject === `Transfer ${id} is done`).length,
    };
    return { end, calls, struck };
  }

  return {
    play,
    /** Each call to the far end fails once, in one way after another; gives those that ended differently. */
    async each(farEnd: FarEndName): Promise<unknown[]> {
      // The first one also fetches what the functions then keep.
      await play();
      const { end, calls } = await play();
      const different: unknown[] = JSON.stringify(end) === JSON.stringify(theEnd) ? [] : [["none", end]];
      const count = calls.get(farEnd) ?? 0;
      if (count === 0) different.push(`${farEnd} was not called`);
      for (let at = 1; at <= count; at += 1) {
        const failure = failures[at % failures.length] as Failure;
        const { end } = await play({ farEnd, at, failure });
        if (JSON.stringify(end) !== JSON.stringify(theEnd)) different.push([farEnd, at, failure.kind, end]);
      }
      return different;
    },
    violations: instance.farEnds.violations,
    [Symbol.asyncDispose]: hub.close,
  };
}
