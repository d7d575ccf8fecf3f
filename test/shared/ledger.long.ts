// The largest records over the real client: what may be is read, and no more is held.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as z from "zod";
import type { Ledger } from "../../shared/ledger.ts";
import { explanationOf, ledgerHarness } from "./ledger-harness.ts";

const Note = z.strictObject({ v: z.literal(1), text: z.string() });
const note = (text: string) => ({ v: 1, text });

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
let records: Ledger;
beforeAll(async () => {
  harness = await ledgerHarness();
  records = await harness.ledgerOf("sync-members");
});
afterAll(() => harness.close());

test("a record that somebody else has made larger than ours can be is not held to be read", async () => {
  await harness.plant("head/members/large.json", JSON.stringify(note("x".repeat(33 * 1024 * 1024))));
  expect(await explanationOf(records.read("head/members/large.json", Note))).toEqual({
    what: "the record in head/members cannot be read",
    why: "it has more than 33554432 bytes, and no record of ours has",
    next: "restore the object's previous generation; do not delete it, for what is written down in it would be forgotten",
  });
});

test("a record that is as large as one may be is read", async () => {
  const most = note("x".repeat(32 * 1024 * 1024 - JSON.stringify(note("")).length));
  await harness.plant("head/members/largest.json", JSON.stringify(most));
  expect((await records.read("head/members/largest.json", Note))?.value.text).toHaveLength(most.text.length);
});
