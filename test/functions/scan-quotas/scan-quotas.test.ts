// The whole flow over a served ledger: what a person approves is done and no more, what was kept before is read, and a plan says
// what an apply then does.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HeldPlan } from "../../../shared/records.ts";
import { flowHarness } from "./flow-harness.ts";
import { at, type Figures, GB, start } from "./harness.ts";
import { planEqualsApply, said } from "./plan-equals-apply.ts";

let flow: Awaited<ReturnType<typeof flowHarness>>;
beforeAll(async () => {
  flow = await flowHarness();
});
afterAll(() => flow.close());

const six = ["ada", "bo", "cy", "dee", "eve", "fay"];
const all = (gb: number): Figures => Object.fromEntries(six.map((login) => [login, gb]));
const strict = { holdChanges: { above: 2, share: 0 } };
const mailed = (notices: readonly { to: unknown }[]) => notices.map(({ to }) => to);

describe("many homes that change at once", () => {
  test("are stored whole, and those that a person approves are told; the others stand as before", async () => {
    const on = await flow.hub(strict);
    await on.measured(0, all(1));
    await on.delivered();
    await on.measured(1, all(60));
    const first = await on.delivered();
    const held = first.plan?.held ?? [];
    expect([first.outcome, held.map(({ about }) => about), first.effects]).toEqual([
      "held",
      six,
      [{ do: "ask", about: "what is on hold", whom: "team" }],
    ]);
    expect(first.notices.map(({ to, text }) => [to, /6 x warn: from ok to warned/.test(text)])).toEqual([
      ["team", true],
    ]);
    const waiting = (await on.state())?.waiting;
    const stored = await on.ledger.read(`plans/${on.name}/${waiting?.plan}.json`, HeldPlan);
    expect(stored?.value.plan.held).toEqual(held);

    // Nobody is asked twice.
    expect((await on.delivered({ why: "approval" })).notices).toEqual([]);
    await on.says(held.filter(({ about }) => about === "bo" || about === "eve"));
    const second = await on.delivered({ why: "approval" });
    expect([second.outcome, mailed(second.notices)]).toEqual([
      "held",
      [{ mail: ["bo@example.org"] }, { mail: ["eve@example.org"] }],
    ]);
    const state = await on.state();
    expect(six.filter((login) => state?.homes[login]?.status === "warned")).toEqual(["bo", "eve"]);
    expect(Object.keys(state?.waiting?.since ?? {})).toEqual(
      held.filter(({ about }) => about !== "bo" && about !== "eve").map(({ hash }) => hash),
    );
    await on.says(held);
    const third = await on.delivered({ why: "approval" });
    expect([third.outcome, third.notices.length, (await on.state())?.waiting]).toEqual([
      "done",
      4,
      undefined,
    ]);
  });

  test.each(["schedule", "report", "continue"] as const)(
    "are told once they are approved, though a %s is what wakes the flow: the word's own event may have met another run",
    async (why) => {
      const on = await flow.hub(strict);
      await on.measured(0, all(60));
      const { plan } = await on.delivered();
      await on.says(plan?.held ?? []);
      expect((await on.delivered({ why })).notices).toHaveLength(6);
    },
  );

  test("ask again when they come again after they were carried out or mended", async () => {
    const on = await flow.hub(strict);
    await on.measured(0, all(60));
    const { plan } = await on.delivered();
    await on.says(plan?.held ?? []);
    expect((await on.delivered({ why: "approval" })).outcome).toBe("done");
    // They were told: back within the advice is held as well, and the word on the way up does not count for it.
    await on.measured(0.2, all(1));
    const back = await on.delivered();
    expect([back.outcome, back.plan?.held.map(({ do: deed }) => deed)]).toEqual([
      "held",
      six.map(() => "thank"),
    ]);
    await on.measured(0.3, all(60));
    expect((await on.delivered()).outcome).toBe("done");
    await on.measured(0.4, all(1));
    const again = await on.delivered();
    expect([again.outcome, again.notices.length]).toEqual(["held", 1]);
  });
});

test("a home of nobody that is above a limit again is told again, as a message of its own", async () => {
  const on = await flow.hub();
  const keys: string[] = [];
  for (const [day, gb] of [60, 60, 1, 60].entries()) {
    await on.measured(day, { shared: gb, ada: 1 });
    keys.push(...(await on.delivered()).notices.map(({ key }) => key));
  }
  expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
});

test("homes that a person has rejected ask nobody any more, and stand as before", async () => {
  const on = await flow.hub(strict);
  await on.measured(0, all(1));
  await on.delivered();
  await on.measured(1, all(60));
  const held = (await on.delivered()).plan?.held ?? [];
  await on.says(held, 1, "rejected");
  const after = await on.delivered({ why: "approval" });
  expect([after.outcome, after.notices, after.plan?.held.length]).toEqual(["done", [], 6]);
  expect(Object.values((await on.state())?.homes ?? {}).map(({ status }) => status)).toEqual(
    six.map(() => "ok"),
  );
  await on.says(held, 2);
  expect((await on.delivered({ why: "approval" })).notices).toHaveLength(6);
});

describe("what was kept before each held home had a hash", () => {
  const since = at(0).toISOString();
  const oldState = (home: object) => ({
    v: 1,
    at: since,
    scan: { source: "report", kind: "allocated", measuredAt: since, complete: true, notes: [] },
    volumeDays: [],
    homes: Object.fromEntries(six.map((login) => [login, home])),
    disputed: [],
    nobodyTold: [],
    toTell: [],
    waiting: { hash: "0123456789abcdef", held: 6, since, because: "6 of 6 homes changed" },
  });
  const home = {
    bytes: 60 * GB,
    complete: true,
    measuredAt: since,
    past: [],
    status: "ok",
    since,
    told: [],
    episode: 0,
    missing: 0,
  };

  test("is read; a word on a plan that showed nothing approves nothing, and the team is asked about each home", async () => {
    const on = await flow.hub(strict);
    await on.plant(`head/quota/${on.name}.json`, oldState(home));
    const empty = { hash: "0123456789abcdef", actions: [], held: [], rejected: [] };
    await on.plant(`plans/${on.name}/${empty.hash}.json`, {
      v: 1,
      hub: on.name,
      flow: "scan-quotas",
      reason: "6 of 6 homes changed",
      plan: empty,
      madeAt: since,
    });
    const word = { v: 1, verdict: "approved", by: "console", at: new Date(start + 60_000).toISOString() };
    await on.plant(`approvals/${on.name}/${empty.hash}/${word.at}.json`, word);
    await on.measured(0.01, all(60));
    const run = await on.delivered({ why: "approval" });
    expect([run.outcome, run.plan?.held.length, mailed(run.notices)]).toEqual(["held", 6, ["team"]]);
    await on.says(run.plan?.held ?? []);
    expect((await on.delivered({ why: "approval" })).notices.length).toBe(6);
  });
});

describe("a plan", () => {
  test.each([
    ["for once", { dryRun: true }, "apply"],
    ["by the settings", {}, "plan"],
  ] as const)(
    "%s tells nobody, keeps what the pages show, and names whom the apply after it tells",
    async (_, event, mode) => {
      const on = await flow.hub();
      await on.measured(
        0,
        { ada: 60, bo: 30, cy: 1, stranger: 60 },
        { volume: { bytes: 100 * GB, free: GB } },
      );
      const planned = await on.delivered(event, mode);
      expect([planned.outcome, planned.effects, planned.notices]).toEqual(["done", [], []]);
      expect(planned.plan?.actions).toEqual([
        { do: "warn", about: "ada", why: "from ok to warned", whom: "ada" },
        { do: "advise", about: "bo", why: "from ok to advised", whom: "bo" },
        { do: "report", about: "stranger", why: "from ok to warned", whom: "team" },
        { do: "alarm", about: "the volume", why: "less of it is free than one of its marks", whom: "team" },
      ]);
      const kept = await on.state();
      expect([
        kept?.homes["ada"]?.bytes,
        kept?.homes["ada"]?.status,
        kept?.volume?.free,
        kept?.volumeLevel,
      ]).toEqual([60 * GB, "ok", GB, undefined]);
      // The same figures, which were looked at, but not acted on.
      const applied = await on.delivered();
      expect(said(applied.plan)).toEqual(said(planned.plan));
      expect(mailed(applied.notices)).toEqual([
        { mail: ["ada@example.org"] },
        { mail: ["bo@example.org"] },
        "team",
        "team",
      ]);
      expect((await on.delivered()).title).toBe("these figures, or newer ones, were looked at before");
      // A plan of what is done is empty.
      expect((await on.delivered({ dryRun: true })).plan?.actions).toEqual([]);
    },
  );

  test("of figures of another kind makes them no more to be trusted", async () => {
    const on = await flow.hub();
    await on.measured(0, { ada: 1 });
    await on.delivered();
    await on.measured(1, { ada: 60 }, { kind: "apparent" });
    for (const dryRun of [true, true, false]) {
      const { plan, notices } = await on.delivered({ dryRun });
      expect([plan?.held.map(({ about }) => about), mailed(notices)]).toEqual([
        ["ada"],
        dryRun ? [] : ["team"],
      ]);
    }
  });

  test("that meets a trouble shows it, and the apply after it says so", async () => {
    const on = await flow.hub();
    const planned = await on.delivered({ dryRun: true });
    expect([planned.outcome, planned.notices, (await on.state())?.trouble?.kind]).toEqual([
      "blocked",
      [],
      "no-report",
    ]);
    expect((await on.delivered()).notices.length).toBe(1);
    expect((await on.delivered()).notices.length).toBe(0);
  });

  test("is what the apply then does, whatever the course", () => planEqualsApply(() => flow, 6));
});
