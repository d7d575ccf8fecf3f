// sync-members dies at each of its writes, and every call to every service fails once, before or after it was done: the end is
// the same.
import { expect, test } from "@jest/globals";
import { type FarEndName, farEndNames } from "../../local/wire/faults.ts";
import { crashHarness, theEnd } from "./crash-harness.ts";
import { killAtWrites } from "./harness.ts";

const fresh = crashHarness();

/** Storage is left to the ledger's own tests: its client tries again by itself, for seconds each time. */
const failing: FarEndName[] = ["github", "google", "secrets", "metadata", "pubsub"];

test("ends the same when killed before or after any write, and is delivered again", () =>
  killAtWrites(fresh, theEnd));

test("ends the same when any call to any service fails once, before or after it was done", async () => {
  const opened = await fresh();
  await opened.deliver("1");
  await opened.end();
  const calls = new Map<FarEndName, number>();
  for (const [call, count] of opened.far.faults.calls()) {
    const farEnd = farEndNames.find((name) => call.startsWith(`${name} `));
    if (farEnd !== undefined) calls.set(farEnd, (calls.get(farEnd) ?? 0) + count);
  }
  expect([...calls.keys()]).toEqual(expect.arrayContaining(["github", "google", "pubsub", "secrets"]));
  for (const farEnd of failing)
    for (let at = 1; at <= (calls.get(farEnd) ?? 0); at += 1)
      for (const failure of [{ kind: "status", status: 503 }, { kind: "lost-answer" }] as const) {
        const one = await fresh();
        one.far.faults.add({ farEnd, at, failure });
        // As Pub/Sub would: again until it is done, five times at most.
        for (let attempt = 1; attempt <= 5; attempt += 1)
          if ((await one.deliver("1", { why: "schedule" })) === "done") break;
        const where = `${farEnd} ${at} ${failure.kind}`;
        const { mails, ...rest } = await one.end();
        const { mails: expected, ...standingStill } = theEnd;
        expect([where, rest]).toEqual([where, standingStill]);
        // A mail whose answer was lost is not sent again: it lies in the mailbox, or is listed as unknown.
        expect([where, new Set(mails).size]).toEqual([where, mails.length]);
        expect([where, mails.length + (await one.unknown()) >= expected.length]).toEqual([where, true]);
      }
});
