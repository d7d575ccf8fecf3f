// Objects that somebody puts at the target, in parts, of the size and not of the bytes that they are to have there: before the plan, over what
// was copied, before the next machine tries again, and after the last one is done. Each is found, and none is overwritten.
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { md5Of, putInParts, rcloneSum } from "../local/s3/parts.ts";
import { until } from "../patience.ts";
import { foreignStores } from "./foreign-stores.ts";
import { testWithRclone } from "./rclone.ts";
import { type TransferHub, transferHub } from "./transfer-hub.ts";

const file = "test/flows/transfer-stale.long.ts";
const withRclone = await testWithRclone(file);
const { cases, begun } = await foreignStores(file);

const stages = ["planned", "copied", "retried", "ended"] as const;
type Stage = (typeof stages)[number];
/** One has the sum that rclone leaves with what it puts in parts; of the other nothing is known but its size. */
const namesOf = (stage: Stage) => [stage, `${stage}, without a sum`] as const;
const stale = stages.flatMap((stage) => namesOf(stage));
const bytes = (letter: string) => Buffer.alloc(6 * 1024 * 1024, letter);

/** Carries out a transfer in which somebody does that. */
async function carriedOut(hub: TransferHub) {
  const { bucket, at, client, instance, stateOf, receiptOf, digests, transfer } = hub;
  const { compute, faults } = instance.farEnds;
  mkdirSync(join(bucket("persistent"), "set"), { recursive: true });
  for (const one of ["plain", ...stale]) writeFileSync(join(bucket("persistent"), "set", one), bytes("s"));
  const overwrite = async (stage: Stage): Promise<void> => {
    const [summed, bare] = namesOf(stage).map((one) => at("pod-inbox", `set/${one}`));
    const whole = bytes("o");
    await putInParts(client, summed ?? "", { whole, headers: rcloneSum(md5Of(whole)) });
    await putInParts(client, bare ?? "", { whole });
  };
  const isThere = async (one: string): Promise<boolean> =>
    (await client.fetch(at("pod-inbox", `set/${one}`), { method: "HEAD" })).ok;

  await overwrite("planned");
  // The first machine comes to all but these before it is taken away.
  const match = "/download/storage/v1/b/persistent/o/set%2Fretried";
  const failure = { kind: "delay", milliseconds: 600_000 } as const;
  faults.add({ farEnd: "storage", match, times: 100, failure });
  const running = transfer("set", "persistent:set", "pod-inbox:set");
  // Thrown where it is waited for, below.
  running.catch(() => undefined);
  for (const one of ["plain", ...namesOf("copied"), ...namesOf("ended")]) await until(() => isThere(one));
  for (const one of namesOf("retried")) expect(await isThere(one)).toBe(false);
  await overwrite("copied");
  await overwrite("retried");
  const taken = compute.machines().map(({ id }) => id);
  for (const { name } of compute.machines()) compute.preempt(name);
  // Lets go what waits for an answer once nobody is there any more who could go on with it.
  await until(() => compute.machines().every(({ id }) => !taken.includes(id)));
  faults.clear();
  // The end waits before it looks at the target.
  faults.add({ farEnd: "storage", match: "checks%2F", times: 100, failure });
  await until(async () => (await stateOf("set"))?.lists?.every(({ state }) => state === "done"));
  await overwrite("ended");
  expect(await stateOf("set")).toMatchObject({ state: "running" });
  faults.clear();
  const { end } = await running;
  const there = await digests("pod-inbox", "set", ["plain", ...stale]);
  return { end, receipt: await receiptOf("set"), there, machines: compute.machines() };
}

function expectFound({ end, receipt, there, machines }: Awaited<ReturnType<typeof carriedOut>>): void {
  const other = hash("sha256", bytes("o"));
  expect(there).toEqual({
    plain: hash("sha256", bytes("s")),
    ...Object.fromEntries(stale.map((one) => [one, other])),
  });
  expect(end).toMatch(/^transfer set not complete: 1 object copied, /);
  const { conflicts = [], changed = [], unproved = [] } = receipt ?? {};
  expect(conflicts).toEqual([...namesOf("planned")]);
  expect([...changed, ...unproved].sort()).toEqual(
    [...namesOf("copied"), ...namesOf("retried"), ...namesOf("ended")].sort(),
  );
  expect(changed).toEqual(expect.arrayContaining([...namesOf("retried")]));
  // Nothing is read back that is written once its list is done: without a sum it is told as not proved.
  expect([...namesOf("copied"), ...namesOf("ended")]).toEqual(expect.arrayContaining(unproved));
  expect(machines).toEqual([]);
}

let own: TransferHub | undefined;
afterEach(() => own?.close());

withRclone("at our own store", async () => {
  own = await transferHub();
  expectFound(await carriedOut(own));
});

(cases.length > 0 ? describe : describe.skip)("at a store that others wrote", () => {
  test.each(cases)("$store, $rclone", async (here) => {
    expectFound(await carriedOut(await begun(here)));
  });
});
