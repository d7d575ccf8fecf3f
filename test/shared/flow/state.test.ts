// A flow's state: read once, then compared and swapped by the generation that each writing gives.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { remember } from "../../../shared/flow/state.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  harness = await ledgerHarness();
});
afterAll(() => harness.close());

const Count = z.strictObject({ v: z.literal(1), at: z.string(), count: z.number() });
const count = (n: number, at = "noon") => ({ v: 1 as const, at, count: n });
let reads = 0;
beforeEach(() => {
  reads = 0;
});
async function open(name: string) {
  const ledger = await harness.ledgerOf("scan-quotas");
  const read: typeof ledger.read = (...asked) => {
    reads += 1;
    return ledger.read(...asked);
  };
  return remember({ ...ledger, read }, `head/quota/${name}.json`, Count);
}

test("is kept several times without being read again, and is what the next run finds", async () => {
  const state = await open("several");
  expect(state.value()).toBeUndefined();
  for (const n of [1, 2, 3]) await state.keep(count(n));
  expect(reads).toBe(1);
  expect([state.value(), (await open("several")).value()]).toEqual([count(3), count(3)]);
});

test("that has not changed but for the time is left as it is", async () => {
  await (await open("same")).keep(count(1, "morning"));
  await (await open("same")).keep(count(1, "evening"));
  expect((await open("same")).value()).toEqual(count(1, "morning"));
});

test("is never written over what another delivery has kept", async () => {
  const [one, other] = [await open("two"), await open("two")];
  await one.keep(count(1));
  await expect(other.keep(count(2))).rejects.toThrow("another delivery, which goes on with the work");
  expect((await open("two")).value()).toEqual(count(1));
});
