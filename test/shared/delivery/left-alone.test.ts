// A service that asks to be left alone: every event of the hub waits for it, and goes on by itself.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { asked, broken, hint, hours, settleHarness } from "./settle-harness.ts";

let on: Awaited<ReturnType<typeof settleHarness>>;
beforeAll(async () => {
  on = await settleHarness();
});
beforeEach(() => on.fresh());
afterAll(() => on.close());

const limit = () => broken({ cause: "rate-limit", waitSeconds: 47 * 60 });
const waits = () => on.names("head/continue/");
const until = async () => ((await on.jsonOf("head/not-before/prod/github.json")) as { until: string }).until;

test("is left alone by every event of the hub, and each goes on by itself", async () => {
  expect(await on.deliver(limit)).toEqual({ status: 204 });
  expect(await until()).toBe("2026-11-21T08:47:00.123Z");
  on.clock.moveBy(60_000);
  let called = 0;
  const counted = () => {
    called += 1;
  };
  for (const [id, event] of [
    ["2", hint],
    ["3", asked],
    ["4", asked],
  ] as const)
    expect(await on.deliver(counted, { id, event, published: on.clock.now() })).toEqual({ status: 204 });
  expect(called).toBe(0);
  // Hints of the same words wait as one; each question of a person by itself.
  expect(await waits()).toEqual([
    "head/continue/sync-members/prod/_3.json",
    "head/continue/sync-members/prod/_4.json",
    expect.stringMatching(/^head\/continue\/sync-members\/prod\/_hint-[0-9a-f]{12}\.json$/),
  ]);
  expect(await on.jsonOf("head/continue/sync-members/prod/_3.json")).toMatchObject({
    at: "2026-11-21T08:47:00.123Z",
    topic: "sheet-changed",
    payload: asked,
    once: true,
    service: "github",
    attributes: { "first-id": "3", "first-time": "2026-11-21T08:01:00.123Z", tries: "1" },
  });
  expect((await on.runs()).map(({ outcome, title }) => `${outcome}: ${title}`)).toEqual([
    "blocked: GitHub asks to be left alone for 47 minutes; it goes on by itself",
    ...[1, 2, 3].map(() => "blocked: GitHub asks to be left alone for 46 minutes; it goes on by itself"),
  ]);
  // Events that were only turned away have not made the wait longer.
  expect(await until()).toBe("2026-11-21T08:47:00.123Z");
  on.clock.moveBy(46 * 60_000);
  expect(await on.deliver(counted, { id: "5" })).toEqual({ status: 204 });
  expect([called, await on.undelivered(), on.published]).toEqual([1, [], []]);
});

test("another hub's events do not wait", async () => {
  await on.deliver(limit);
  let called = 0;
  const counted = () => {
    called += 1;
  };
  await on.deliver(counted, { id: "2", event: { ...hint, hub: "stage" } });
  expect(called).toBe(1);
});

test("the later of two times counts, whichever comes last", async () => {
  await on.deliver(limit);
  await Promise.all(
    [600, 7200, 60].map((waitSeconds, n) => on.deliver(() => broken({ waitSeconds }), { id: `${n}` })),
  );
  // All but the first were turned away, or asked for less: nobody was called.
  expect(await until()).toBe("2026-11-21T08:47:00.123Z");
  on.clock.moveBy(hours(1));
  await on.deliver(() => broken({ waitSeconds: 7200 }), { id: "5" });
  expect(await until()).toBe("2026-11-21T11:00:00.123Z");
});

test("for a year: for a day at most", async () => {
  await on.deliver(() => broken({ waitSeconds: 365 * 86_400 }));
  expect(await until()).toBe("2026-11-22T08:00:00.123Z");
});

test("the ledger cannot keep what the ledger's own store asks for: it comes back by Pub/Sub's pauses", async () => {
  expect(await on.deliver(() => broken({ service: "storage", waitSeconds: 60 }))).toEqual({ status: 503 });
  expect(await on.names("head/continue/")).toEqual([]);
  expect(await on.names("head/not-before/")).toEqual([]);
});

test("died before it was acknowledged: one wait, at the same time", async () => {
  for (const attempt of [1, 2]) await on.deliver(limit, { attempt, event: asked });
  expect(await waits()).toEqual(["head/continue/sync-members/prod/_1.json"]);
});
