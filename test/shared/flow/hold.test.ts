// The one rule of approval: a word is bound to each held action, counts for its hours, and only for as long as that action waits.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { endOf, hold, stillHeld, storePlan, withoutDone, wordsOn } from "../../../shared/flow/hold.ts";
import { hashOf } from "../../../shared/flow/plan.ts";
import { HeldPlan } from "../../../shared/records.ts";
import { ledgerHarness } from "../ledger-harness.ts";
import { at, hashes, hubOf, plain, planOfTwo, planWith, removal } from "./hold-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  harness = await ledgerHarness();
});
afterAll(() => harness.close());
const hub = () => hubOf(harness);

describe("what is held", () => {
  test("is asked anew once its plan is deleted, as all are after a time: nobody could approve it", async () => {
    const on = await hub();
    const first = await on.holds("02T08:00", ["ada", "bo"]);
    const again = await on.holds("02T09:00", ["ada", "bo"], first.waiting);
    expect(again.isNew).toBe(false);
    await harness.operator.file(`plans/${on.name}/${first.plan.hash}.json`).delete();
    const anew = await on.holds("02T10:00", ["ada", "bo"], again.waiting);
    expect([anew.isNew, anew.waits, anew.key === first.key]).toEqual([true, true, false]);
    const now = at("02T10:00").toISOString();
    expect(Object.values(anew.waiting?.since ?? {})).toEqual([now, now]);
    expect(await harness.names(`plans/${on.name}/`)).toEqual([`plans/${on.name}/${first.plan.hash}.json`]);
    await on.says("02T11:00", "approved", "ada");
    expect(plain((await on.holds("02T12:00", ["ada", "bo"], anew.waiting)).go)).toEqual(["ada"]);
  });

  test("has a plan of its own, whatever went unasked in the plan before: else nobody could approve it", async () => {
    const on = await hub();
    const now = () => at("02T08:00");
    const of = { hub: on.name, flow: "sync-members" };
    const first = planOfTwo("ada", "bo");
    const held = await hold(
      first,
      undefined,
      { ...of, hours: 24, planning: false },
      { ledger: on.ledger, now },
    );
    await storePlan({ ...of, plan: first }, { ledger: on.ledger, now });
    expect(plain(held.go)).toEqual(["ada"]);
    const both = await on.holds("02T09:00", ["ada", "bo"], held.waiting);
    const stored = await harness.jsonOf(`plans/${on.name}/${both.waiting?.plan}.json`);
    expect(plain(HeldPlan.parse(stored).plan.held)).toEqual(["ada", "bo"]);
  });

  test("waits from when it was first held, and goes when it is approved; the rest waits on", async () => {
    const on = await hub();
    const first = await on.holds("02T08:00", ["ada", "bo", "cy"]);
    expect([first.go, plain(first.held), first.isNew]).toEqual([[], ["ada", "bo", "cy"], true]);
    await on.says("02T09:00", "approved", "ada", "bo");
    // An edit elsewhere: another one is held now, and undoes nothing.
    const second = await on.holds("02T10:00", ["ada", "bo", "cy", "dee"], first.waiting);
    expect([plain(second.go), plain(second.held), second.isNew]).toEqual([
      ["ada", "bo"],
      ["cy", "dee"],
      true,
    ]);
    expect(second.waiting?.since).toEqual({
      ...Object.fromEntries(hashes("ada", "bo", "cy").map((hash) => [hash, at("02T08:00").toISOString()])),
      [hashes("dee")[0] ?? ""]: at("02T10:00").toISOString(),
    });
  });

  test("stays under the plan that people were shown, until they are asked about something new", async () => {
    const on = await hub();
    const first = await on.holds("02T08:00", ["ada", "bo"]);
    expect([first.waiting?.plan, first.asked?.since]).toEqual([planWith("ada", "bo").hash, {}]);
    const fewer = await on.holds("02T09:00", ["bo"], first.waiting);
    expect(fewer.waiting?.plan).toBe(planWith("ada", "bo").hash);
    expect(Object.keys(fewer.asked?.since ?? {})).toEqual(hashes("bo"));
    const more = await on.holds("02T10:00", ["bo", "cy"], fewer.waiting);
    // Runs that die before they ask leave it to the next one: cy is not among what people were asked about.
    expect([more.waiting?.plan, Object.keys(more.asked?.since ?? {})]).toEqual([
      planWith("bo", "cy").hash,
      hashes("bo"),
    ]);
    // The next one tells of it under the same key, and so do all until somebody was told.
    const next = await on.holds("02T11:00", ["bo", "cy"], more.asked);
    expect([next.isNew, next.key, next.waiting]).toEqual([true, more.key, more.waiting]);
  });

  test("keeps its approval until it is carried out, whoever dies before", async () => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada"]);
    await on.says("02T08:30", "approved", "ada");
    const second = await on.holds("02T09:00", ["ada"], waiting);
    const third = await on.holds("02T10:00", ["ada"], second.waiting);
    expect(plain(third.go)).toEqual(["ada"]);
  });

  test("asks again when it comes again after it was carried out", async () => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada", "bo"]);
    await on.says("02T08:30", "approved", "ada");
    const second = await on.holds("02T09:00", ["ada", "bo"], waiting);
    const after = withoutDone(
      second.waiting,
      hashes("ada").map((hash) => ({ hash })),
    );
    const third = await on.holds("02T10:00", ["ada", "bo"], after);
    expect([third.go, plain(third.held), third.isNew]).toEqual([[], ["ada", "bo"], true]);
  });

  test("stays on hold though it would go unasked by itself, and for that reason", async () => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada", "bo"]);
    const deps = { ledger: on.ledger, now: () => at("02T09:00") };
    const of = { hub: on.name, flow: "sync-members", hours: 24, planning: false };
    const held = await hold(planOfTwo("ada", "bo"), waiting, of, deps);
    expect([held.go, held.held.map(({ about, because }) => [about, because])]).toEqual([
      [],
      [
        ["bo", "3 removals are many at once"],
        ["ada", stillHeld],
      ],
    ]);
  });

  test("keeps what was said of it over a run that only plans, though that one finds more to hold", async () => {
    const on = await hub();
    const first = await on.holds("02T08:00", ["ada"]);
    await on.says("02T09:00", "approved", "ada");
    const of = { hub: on.name, flow: "sync-members", hours: 24, planning: true };
    const deps = { ledger: on.ledger, now: () => at("02T10:00") };
    const { asked } = await hold(planWith("ada", "bo"), first.waiting, of, deps);
    expect(plain((await on.holds("02T11:00", ["ada", "bo"], asked)).go)).toEqual(["ada"]);
  });

  test("is forgotten once all of it was carried out", async () => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada", "bo"]);
    expect(
      withoutDone(
        waiting,
        hashes("ada", "bo").map((hash) => ({ hash })),
      ),
    ).toBeUndefined();
    expect(withoutDone(undefined, [{ hash: "h" }])).toBeUndefined();
  });

  test("waits for a person as long as some of it has no word; of nothing nobody has said anything", async () => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada", "bo"]);
    const of = { hub: on.name, flow: "sync-members", hours: 24 };
    const deps = { ledger: on.ledger, now: () => at("02T10:00") };
    expect(await wordsOn(waiting, of, deps)).toEqual({ waits: true, approved: false });
    await on.says("02T09:00", "approved", "ada");
    expect(await wordsOn(waiting, of, deps)).toEqual({ waits: true, approved: true });
    await on.says("02T09:30", "rejected", "bo");
    expect(await wordsOn(waiting, of, deps)).toEqual({ waits: false, approved: true });
    expect(await wordsOn(undefined, of, deps)).toEqual({ waits: false, approved: false });
  });

  test("may be approved when it comes again after it was rejected; a rejection can be taken back", async () => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada"]);
    await on.says("02T08:30", "rejected", "ada");
    const rejected = await on.holds("02T09:00", ["ada"], waiting);
    expect([rejected.waits, rejected.plan.held.map(({ about }) => about)]).toEqual([false, ["ada"]]);
    expect([rejected.go, rejected.held.map(({ verdict }) => verdict), rejected.isNew]).toEqual([
      [],
      ["rejected"],
      false,
    ]);
    await on.says("02T09:30", "approved", "ada");
    expect(plain((await on.holds("02T10:00", ["ada"], rejected.waiting)).go)).toEqual(["ada"]);
    // The sheet is mended, and the same rows are deleted later.
    const mended = await on.holds("02T11:00", [], rejected.waiting);
    const again = await on.holds("03T08:00", ["ada"], mended.waiting);
    expect([again.go, again.isNew]).toEqual([[], true]);
    await on.says("03T08:30", "approved", "ada");
    expect(plain((await on.holds("03T09:00", ["ada"], again.waiting)).go)).toEqual(["ada"]);
  });

  test.each([
    ["03T08:30", ["ada"]],
    ["03T08:31", []],
  ])("was approved for 24 hours: %s", async (time, going) => {
    const on = await hub();
    const { waiting } = await on.holds("02T08:00", ["ada"]);
    await on.says("02T08:30", "approved", "ada");
    expect(plain((await on.holds(time, ["ada"], waiting)).go)).toEqual(going);
  });
});

test.each([
  [{ waits: false, isNew: false }, { outcome: "done" }],
  [{ waits: true, isNew: false }, { outcome: "held" }],
  [
    { waits: true, isNew: true },
    { outcome: "held", told: true },
  ],
])(
  "a run ends held while something waits, and says that people were told when it has told them: %j",
  (held, end) => {
    expect(endOf(held)).toEqual(end);
  },
);

test("an action's hash is who, what and why: not where it was read, nor how GitHub writes a login", () => {
  const [ada] = hashes("ada");
  expect(hashOf({ ...removal("Ada"), at: "C12" })).toBe(ada);
  expect(hashOf({ ...removal("ada"), because: "another reason to hold it" })).toBe(ada);
  for (const other of [
    { ...removal("ada"), do: "add" },
    { ...removal("ada"), team: "base-access" },
    { ...removal("ada"), why: "the membership ended on 2026-01-31" },
  ])
    expect(hashOf(other)).not.toBe(ada);
});

test("a plan is stored whole, once", async () => {
  const on = await hub();
  const plan = planWith("ada", "bo");
  const deps = { ledger: on.ledger, now: () => at("02T08:00") };
  for (const _ of [1, 2]) await storePlan({ hub: on.name, flow: "sync-members", plan }, deps);
  const read = await on.console.read(`plans/${on.name}/${plan.hash}.json`, HeldPlan);
  expect(read?.value).toEqual({
    v: 2,
    hub: on.name,
    flow: "sync-members",
    plan,
    madeAt: at("02T08:00").toISOString(),
  });
});
