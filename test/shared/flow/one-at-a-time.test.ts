// One delivery at a time, over the real ledger: who works, who comes again, and what is left when work fails.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { waiting } from "../../../shared/flow/continue.ts";
import { type Look, oneAtATime } from "../../../shared/flow/one-at-a-time.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
let ledger: Ledger;
const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));

beforeAll(async () => {
  harness = await ledgerHarness();
  ledger = await harness.ledgerOf("run-transfer");
});
afterAll(() => harness.close());

function take(hub: string, holder: string, work: Look, planning = false) {
  const event = { v: 1, hub: "prod", id: "a", why: "continue" } as const;
  return oneAtATime(
    { function: "run-transfer", hub, holder, seconds: 600, topic: "transfer-request", event, planning },
    { ledger, now: clock.now, run: { step: () => undefined, effect: () => undefined } },
    work,
  );
}
const idle = { outcome: "idle" } as const;
const done = { outcome: "done", title: "copied" } as const;
const nobody: Look = async () => {
  throw new Error("it worked, and should not have");
};

test("who finds it held does nothing, and comes again when a holder that has died is forgotten", async () => {
  let worked = 0;
  await take("prod/a", "m1", async ({ again }) => {
    worked += 1;
    if (!again) expect(await take("prod/a", "m2", nobody)).toEqual({ outcome: "idle", busy: true });
    return done;
  });
  expect(worked).toBe(2);
  const [wait] = await waiting(ledger);
  expect(wait?.at.toISOString()).toBe("2026-11-21T08:10:00.000Z");
  expect(await harness.jsonOf(wait?.name ?? "")).toMatchObject({
    topic: "transfer-request",
    payload: { hub: "prod", id: "a", why: "continue" },
  });
});

test("a later look that finds nothing to do takes nothing back", async () => {
  const said = await take("prod/b", "m1", async ({ again }) => {
    if (again) return idle;
    await take("prod/b", "m2", nobody);
    return done;
  });
  expect(said).toEqual(done);
});

const plan = (hash: string, about: string[], held: string[] = []) => ({
  hash,
  actions: about.map((each) => ({ do: "bump", about: each, why: "newer" })),
  held: held.map((each) => ({ do: "bump", about: each, why: "newer", because: "doubt", hash: each })),
  refused: [],
});
const proposed = { outcome: "done", title: "proposed a", plan: plan("p1", ["a"]) } as const;

test.each([
  [
    "found nothing more to do",
    { outcome: "done", title: "looked at", plan: plan("p2", []) } as const,
    { outcome: "done", title: "proposed a", plan: plan("p2", ["a"]) },
  ],
  [
    "made no plan",
    { outcome: "done", title: "nothing has changed" } as const,
    { outcome: "done", title: "proposed a", plan: plan("p1", ["a"]) },
  ],
  [
    "did more",
    { outcome: "done", title: "proposed b", plan: plan("p2", ["b"]) } as const,
    { outcome: "done", title: "proposed b", plan: plan("p2", ["a", "b"]) },
  ],
  [
    "held something",
    { outcome: "held", title: "c is on hold", plan: plan("p2", [], ["c"]) } as const,
    { outcome: "held", title: "c is on hold", plan: plan("p2", ["a"], ["c"]) },
  ],
])("a run whose later look %s has all that was planned, and how it stands", async (_, later, expected) => {
  const said = await take("prod/both", "m1", async ({ again }) => {
    if (again) return later;
    await take("prod/both", "m2", nobody);
    return proposed;
  });
  expect(said).toEqual(expected);
});

test("what a later look has settled is on hold no more", async () => {
  const said = await take("prod/settled", "m1", async ({ again }) => {
    if (again) return { outcome: "done", title: "current", plan: plan("p2", []) };
    await take("prod/settled", "m2", nobody);
    return { outcome: "held", title: "c is on hold", plan: plan("p1", ["a"], ["c"]) };
  });
  expect(said).toEqual({ outcome: "done", title: "current", plan: plan("p2", ["a"]) });
});

test("after a failure the next one begins at once", async () => {
  const failing = take("prod/c", "m1", async () => {
    throw new Error("struck");
  });
  await expect(failing).rejects.toThrow("struck");
  expect(await take("prod/c", "m2", async () => done)).toEqual(done);
});

test("a plan is made beside whoever is at work, and leaves nobody who comes meanwhile to itself", async () => {
  let worked = 0;
  const inside: Look = async ({ again }) => {
    expect(again).toBe(false);
    worked += 1;
    return done;
  };
  await take("prod/plan", "m1", async () => {
    expect(await take("prod/plan", "m2", inside, true)).toEqual(done);
    return done;
  });
  await take(
    "prod/plan",
    "m3",
    async () => {
      expect(await take("prod/plan", "m4", inside)).toEqual(done);
      return done;
    },
    true,
  );
  expect(worked).toBe(2);
});
