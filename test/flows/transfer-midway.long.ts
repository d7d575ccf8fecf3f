// Ends that refuse everything once a transfer is half-way, over the real start-up script and the real rclone: keys that have died are waited for,
// a bucket that is gone ends it, and people are told which it is.
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { until } from "../patience.ts";
import { testWithRclone } from "./rclone.ts";
import { type TransferHub, transferHub } from "./transfer-hub.ts";
import { contents, fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer-midway.long.ts");
let hub: TransferHub | undefined;
afterEach(() => hub?.close());

/** Begins a transfer; once some of it is there, its target answers so. */
async function refusedMidway(status: number, code: string) {
  hub = await transferHub();
  const { bucket, instance, transfer, world } = hub;
  const { faults } = instance.farEnds;
  fill(join(bucket("persistent"), "many"), 300);
  const slow = { kind: "delay", milliseconds: 500 } as const;
  faults.add({ farEnd: "s3", match: "PUT", times: 1_000_000, failure: slow });
  const running = transfer("many", "persistent:many", "pod-inbox:many");
  // Thrown where it is waited for, by the test.
  running.catch(() => undefined);
  const target = join(world.buckets, "pod-inbox/many");
  await until(() => existsSync(target) && readdirSync(target).length > 0);
  faults.clear();
  const body = `<Error><Code>${code}</Code></Error>`;
  faults.add({ farEnd: "s3", times: 1_000_000, failure: { kind: "status", status, body } });
  return { ...hub, running, faults, source: join(bucket("persistent"), "many"), target };
}

withRclone("keys that have died are waited for, and once there are others it goes on", async () => {
  const { running, faults, stateOf, source, target, instance } = await refusedMidway(
    403,
    "InvalidAccessKeyId",
  );
  await until(async () => (await stateOf("many"))?.waits !== undefined);
  expect(await stateOf("many")).toMatchObject({
    state: "running",
    waits: { for: "a store: the S3 store does not know the remote's access key", lasting: true },
  });
  faults.clear();
  expect((await running).end).toBe("transfer many done: 300 objects copied");
  expect(contents(target)).toEqual(contents(source));
  expect(instance.farEnds.compute.machines()).toEqual([]);
});

withRclone("a bucket that is gone ends it", async () => {
  const { running, receiptOf, instance } = await refusedMidway(404, "NoSuchBucket");
  expect((await running).end).toBe(
    "transfer many failed, because the target's bucket is gone: 0 objects copied, 300 objects not there",
  );
  // Nobody who deletes at the source has a part in it.
  expect((await receiptOf("many"))?.note).toMatch(/^Look whether the buckets/);
  expect(instance.farEnds.compute.machines()).toEqual([]);
});

withRclone(
  "a source's bucket that is gone ends it, though machines hear no more than that each object is",
  async () => {
    hub = await transferHub();
    const { instance, transfer, world, receiptOf } = hub;
    const { faults, compute } = instance.farEnds;
    fill(join(world.buckets, "pod-inbox/many"), 30);
    const failure = {
      kind: "status",
      status: 404,
      body: "<Error><Code>NoSuchBucket</Code></Error>",
    } as const;
    // A HEAD is answered with the status alone.
    faults.add({ farEnd: "s3", match: "/many/", times: 1_000_000, failure });
    const running = transfer("many", "pod-inbox:many", "persistent:many");
    running.catch(() => undefined);
    await until(() => compute.machines().length > 0);
    faults.add({ farEnd: "s3", times: 1_000_000, failure });
    expect((await running).end).toMatch(
      /^transfer many failed, because the source cannot be listed any more: .*bucket.*: 0 objects copied, 30 objects not there$/,
    );
    expect((await receiptOf("many"))?.machines).toBe(1);
    expect(compute.machines()).toEqual([]);
  },
);

withRclone("objects that are deleted or changed at the source while it runs are named as that", async () => {
  hub = await transferHub();
  const { instance, transfer, bucket, world, receiptOf } = hub;
  const { faults, compute } = instance.farEnds;
  const source = join(bucket("persistent"), "many");
  fill(source, 30);
  const [first = "", second = ""] = Object.keys(contents(source)).filter((name) => name.startsWith("chunk/"));
  // Nobody writes before the source has been worked in.
  const away = { kind: "status", status: 503, body: "<Error><Code>SlowDown</Code></Error>" } as const;
  faults.add({ farEnd: "s3", match: "PUT", times: 1_000_000, failure: away });
  const running = transfer("many", "persistent:many", "pod-inbox:many");
  running.catch(() => undefined);
  await until(() => compute.machines().length > 0);
  rmSync(join(source, first));
  writeFileSync(join(source, second), "another text");
  writeFileSync(join(source, "new"), "new");
  faults.clear();
  await running;
  const receipt = await receiptOf("many");
  expect(receipt).toMatchObject({
    state: "incomplete",
    ...{ copied: 28, gone: 1, overtaken: 1, missing: 0, notThere: [], changed: [] },
    since: {
      deleted: { objects: 1, names: [first] },
      changed: { objects: 1, names: [second] },
      added: { objects: 1, names: ["new"] },
    },
  });
  const there = contents(join(world.buckets, "pod-inbox/many"));
  expect(Object.keys(there)).not.toContain("new");
});
