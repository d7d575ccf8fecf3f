// The budgets of a hub, by table and by property: never above a limit, nothing lost for ever, and taking twice for the same is
// taking once.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Budgets, damagedBudgets, noBudgets } from "../../../shared/flow/budgets.ts";
import { dollarsTaken, endTransfer, takeMachines } from "../../../shared/flow/machine-budgets.ts";
import { blockMails, reportMails, takeInvitations, takeMails } from "../../../shared/flow/people-budgets.ts";

const now = new Date("2026-11-29T10:00:00Z");
const at = (text: string): Date => new Date(text);
const limits = {
  machines: 3,
  dollarsPerDay: 10,
  dollarsPerMonth: 25,
  mailsPerDay: 120,
  invitationsPerDay: 3,
};

const of = (transfer: string, change: Partial<Parameters<typeof takeMachines>[1]> = {}) => ({
  transfer,
  has: [],
  wants: ["0-1"],
  hours: 3,
  seen: [],
  spent: 0,
  dollars: 1,
  ...change,
});

describe("machines", () => {
  test("as many as there is room for, in one taking; the rest may ask in a minute", () => {
    const first = takeMachines(noBudgets(now), of("a", { wants: ["0-1", "1-1"] }), limits, now);
    expect([first.granted, first.short]).toEqual([["0-1", "1-1"], undefined]);
    expect(first.budgets.machines).toEqual({
      "a/0-1": "2026-11-29T13:00:00.000Z",
      "a/1-1": "2026-11-29T13:00:00.000Z",
    });
    const second = takeMachines(first.budgets, of("b", { wants: ["0-1", "1-1"] }), limits, now);
    expect([second.granted, second.short]).toEqual([
      ["0-1"],
      { of: "machines", until: at("2026-11-29T10:01:00Z") },
    ]);
  });

  test("taking twice for the same is taking once; what it has no more is given back", () => {
    const { budgets } = takeMachines(noBudgets(now), of("a"), limits, now);
    const again = takeMachines(budgets, of("a"), limits, now);
    expect([again.granted, again.budgets]).toEqual([["0-1"], budgets]);
    const gone = takeMachines(budgets, of("a", { wants: [] }), limits, now);
    expect(gone.budgets.machines).toEqual({});
  });

  test("those that the vendor lists count, whatever is written; each once", () => {
    const { budgets } = takeMachines(noBudgets(now), of("a"), limits, now);
    const seen = ["a/0-1", "old/0-1", "old/1-1"];
    expect(takeMachines(budgets, of("b", { seen }), limits, now).granted).toEqual([]);
    expect(takeMachines(budgets, of("b", { seen: ["a/0-1", "old/0-1"] }), limits, now).granted).toEqual([
      "0-1",
    ]);
  });

  test("of a transfer that never comes again they are free when a sweep has taken them", () => {
    const { budgets } = takeMachines(noBudgets(now), of("a", { wants: ["0-1", "1-1", "2-1"] }), limits, now);
    const granted = (time: string) => takeMachines(budgets, of("b"), limits, at(time)).granted;
    expect([granted("2026-11-29T12:59:00Z"), granted("2026-11-29T13:00:00Z")]).toEqual([[], ["0-1"]]);
  });
});

describe("dollars", () => {
  test("of a transfer that has cost more than it took, the rest is of the day on which that is known", () => {
    const yesterday = takeMachines(
      noBudgets(now),
      of("a", { dollars: 2 }),
      limits,
      at("2026-11-28T10:00:00Z"),
    );
    const { dollars } = endTransfer(yesterday.budgets, "a", 5, now);
    expect(dollars).toEqual({ "2026-11-28": { a: 2 }, "2026-11-29": { a: 3 } });
  });

  test("a transfer's id may be any word", () => {
    const { budgets } = takeMachines(noBudgets(now), of("constructor", { dollars: 2 }), limits, now);
    expect(dollarsTaken(budgets, limits, now)).toEqual({ day: 2, month: 2 });
    const other = takeMachines(budgets, of("valueOf", { dollars: 1 }), limits, now);
    expect(dollarsTaken(endTransfer(other.budgets, "toString", 0, now), limits, now).day).toBe(3);
  });

  const spend = (before: Budgets, transfer: string, dollars: number, time = now) =>
    takeMachines(before, of(transfer, { dollars }), { ...limits, machines: 100 }, time);

  test("of a day: what does not fit waits until midnight of UTC, and takes nothing", () => {
    const { budgets } = spend(noBudgets(now), "a", 7);
    const second = spend(budgets, "b", 4);
    expect([second.granted, second.short]).toEqual([
      [],
      { of: "dollars-of-day", until: at("2026-11-30T00:00:00Z") },
    ]);
    expect(second.budgets).toEqual(budgets);
    expect(spend(budgets, "b", 3).granted).toEqual(["0-1"]);
    expect(spend(budgets, "b", 4, at("2026-11-30T00:00:00Z")).granted).toEqual(["0-1"]);
  });

  test("spent beyond what was taken counts at once, and only what is left waits: it may have cost more than a day has", () => {
    const { budgets } = spend(noBudgets(now), "a", 2);
    const long = of("a", { spent: 14, dollars: 15 });
    const later = takeMachines(budgets, long, limits, now);
    expect([later.granted, later.short?.of, dollarsTaken(later.budgets, limits, now).day]).toEqual([
      [],
      "dollars-of-day",
      14,
    ]);
    expect(takeMachines(later.budgets, long, limits, at("2026-11-30T00:00:00Z")).granted).toEqual(["0-1"]);
  });

  test("of a month: what does not fit waits until the next one", () => {
    let budgets = noBudgets(now);
    for (const [day, transfer] of [
      ["27", "a"],
      ["28", "b"],
    ] as const)
      budgets = spend(budgets, transfer, 10, at(`2026-11-${day}T10:00:00Z`)).budgets;
    expect(spend(budgets, "c", 6).short).toEqual({
      of: "dollars-of-month",
      until: at("2026-12-01T00:00:00Z"),
    });
    expect(spend(budgets, "c", 5).granted).toEqual(["0-1"]);
    expect(spend(budgets, "c", 6, at("2026-12-01T00:00:00Z")).granted).toEqual(["0-1"]);
  });

  test("of a transfer that waits for months, what it has spent before counts in no later month again", () => {
    let { budgets } = spend(noBudgets(now), "a", 9, at("2026-11-30T10:00:00Z"));
    expect(budgets.taken).toEqual({ a: 9 });
    budgets = spend(budgets, "b", 9, at("2027-02-01T10:00:00Z")).budgets;
    const late = of("a", { spent: 9, dollars: 14 });
    const waits = takeMachines(budgets, late, { ...limits, dollarsPerMonth: 13 }, at("2027-02-01T11:00:00Z"));
    expect([waits.short?.of, dollarsTaken(waits.budgets, limits, at("2027-02-01T11:00:00Z")).month]).toEqual([
      "dollars-of-month",
      9,
    ]);
    const { budgets: after, granted } = takeMachines(waits.budgets, late, limits, at("2027-02-02T11:00:00Z"));
    expect([granted, after.dollars["2027-02-02"]]).toEqual([["0-1"], { a: 5 }]);
    expect(endTransfer(after, "a", 12, at("2027-02-02T12:00:00Z"))).toMatchObject({
      dollars: { "2027-02-02": { a: 3 } },
      taken: { b: 9 },
    });
  });

  test("a transfer takes what it needs more, across months too, and in the end what it has cost", () => {
    let { budgets } = spend(noBudgets(now), "a", 4, at("2026-11-30T10:00:00Z"));
    budgets = spend(budgets, "a", 6, at("2026-12-01T10:00:00Z")).budgets;
    expect(budgets.dollars).toEqual({ "2026-11-30": { a: 4 }, "2026-12-01": { a: 2 } });
    const ended = (cost: number) => endTransfer(budgets, "a", cost, at("2026-12-01T11:00:00Z"));
    expect(ended(3).dollars).toEqual({ "2026-11-30": { a: 3 }, "2026-12-01": { a: 0 } });
    expect(ended(7).dollars).toEqual({ "2026-11-30": { a: 4 }, "2026-12-01": { a: 3 } });
    expect([ended(3).machines, endTransfer(ended(3), "a", 3, at("2026-12-01T12:00:00Z"))]).toEqual([
      {},
      ended(3),
    ]);
  });
});

describe("mails", () => {
  const block = (before: Budgets, instance: string, time = now, sent = 0) =>
    takeMails(before, { instance, sent }, limits, time);

  test("in blocks of 50, the last one smaller; then none until the day is over", () => {
    const a = block(noBudgets(now), "a");
    const b = block(a.budgets, "b");
    const c = block(b.budgets, "c");
    const d = block(c.budgets, "d");
    expect([a.size, b.size, c.size, d.size]).toEqual([50, 50, 20, 0]);
    expect(block(d.budgets, "d", at("2026-11-30T00:00:00Z")).size).toBe(blockMails);
  });

  test.each([
    ["its first mail alone", 0, 1],
    ["more than that, of which four may be uncounted", 8, 13],
    ["nearly all", 48, 50],
  ])("an instance that dies gives back by time what it cannot have sent: after %s", (_, sent, used) => {
    let { budgets } = block(noBudgets(now), "a");
    budgets = reportMails(budgets, { instance: "a", sent }, now);
    const taken = block(budgets, "b", at("2026-11-29T10:10:00Z"));
    expect([taken.size, taken.budgets.mails.used]).toEqual([50, used]);
  });

  test("an instance that takes again counts what it has sent, and loses what it had left", () => {
    const { budgets } = block(noBudgets(now), "a");
    const next = block(budgets, "a", now, 29);
    expect([next.size, next.budgets.mails.used]).toEqual([50, 30]);
  });
});

describe("invitations", () => {
  test("one a person and day, whoever asks how often; those that were not sent are given back", () => {
    const first = takeInvitations(noBudgets(now), { wants: ["ada", "constructor"] }, limits, now);
    expect(first.granted).toEqual(["ada", "constructor"]);
    const second = takeInvitations(first.budgets, { wants: ["ada", "bo", "cy"] }, limits, now);
    expect(second.granted).toEqual(["ada", "bo"]);
    const { budgets } = takeInvitations(second.budgets, { wants: [], unused: ["bo"] }, limits, now);
    expect(takeInvitations(budgets, { wants: ["cy"] }, limits, now).granted).toEqual(["cy"]);
    const later = (minutes: number) => new Date(now.getTime() + 24 * 3_600_000 + minutes * 60_000);
    expect(takeInvitations(second.budgets, { wants: ["cy"] }, limits, later(-1)).granted).toEqual([]);
    expect(takeInvitations(second.budgets, { wants: ["cy"] }, limits, later(0)).granted).toEqual(["cy"]);
  });

  test("what others have sent counts, once; what is ours is not counted again when the vendor lists it", () => {
    const { budgets } = takeInvitations(noBudgets(now), { wants: ["ada"] }, limits, now);
    const others = ["ada", "guest", "guest", "#7"];
    expect(takeInvitations(budgets, { wants: ["bo"], others }, limits, now).granted).toEqual([]);
    expect(
      takeInvitations(budgets, { wants: ["bo"], others: others.slice(0, 3) }, limits, now).granted,
    ).toEqual(["bo"]);
  });

  test("a record of before tells the day alone: it counts as the day's last", () => {
    const before = { ...noBudgets(now), invitations: { "2026-11-28": { ada: 1, bo: 1, cy: 1 } } };
    const until = at("2026-11-29T23:59:00Z");
    expect(takeInvitations(before, { wants: ["dee"] }, limits, until).granted).toEqual([]);
    expect(takeInvitations(before, { wants: ["dee"] }, limits, at("2026-11-30T00:00:00Z")).granted).toEqual([
      "dee",
    ]);
  });
});

test("a record that was damaged in another month counts as nothing in this one", () => {
  const lost = damagedBudgets(at("2026-10-20T10:00:00Z"));
  expect(dollarsTaken(lost, limits, now)).toEqual({ day: 0, month: 0 });
});

test("after a damaged record this day counts as used up, and of the month each day until then", () => {
  const lost = damagedBudgets(now);
  expect(takeMachines(lost, of("a", { dollars: 0 }), limits, now).granted).toEqual([]);
  expect(takeMachines(lost, of("a", { dollars: 0 }), limits, at("2026-11-29T10:10:00Z")).granted).toEqual([
    "0-1",
  ]);
  expect(takeMachines(lost, of("a"), limits, now).short?.of).toBe("dollars-of-month");
  const rich = { ...limits, dollarsPerMonth: 1000 };
  expect(takeMachines(lost, of("a"), rich, now).short?.of).toBe("dollars-of-day");
  expect(dollarsTaken(lost, limits, now)).toEqual({ day: 10, month: 290 });
  expect(takeMails(lost, { instance: "a", sent: 0 }, limits, now).size).toBe(0);
  expect(takeInvitations(lost, { wants: ["ada"] }, limits, now).granted).toEqual([]);
  const tomorrow = at("2026-11-30T00:00:00Z");
  expect(takeMachines(lost, of("a"), rich, tomorrow).granted).toEqual(["0-1"]);
  expect(takeMails(lost, { instance: "a", sent: 0 }, limits, tomorrow).size).toBe(blockMails);
});

/** Happening of a hub: some transfer looks and asks, dies after it has taken, ends, or time passes. */
const happening = fc.record({
  transfer: fc.constantFrom("a", "b", "c", "d"),
  wants: fc.subarray(["0-1", "1-1", "2-1", "0-2"]),
  keeps: fc.boolean(),
  dollars: fc.double({ min: 0, max: 12, noNaN: true }),
  what: fc.constantFrom("look", "look", "look", "end"),
  minutes: fc.integer({ min: 0, max: 600 }),
});

test("by property: never above a limit of machines, dollars a day or a month, whoever dies when", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      let budgets = noBudgets(now);
      let time = now;
      const has = new Map<string, string[]>();
      for (const { transfer, wants, keeps, dollars, what, minutes } of happenings) {
        time = new Date(time.getTime() + minutes * 60_000);
        const mine = has.get(transfer) ?? [];
        const seen = [...has].flatMap(([id, machines]) => machines.map((machine) => `${id}/${machine}`));
        if (what === "end") {
          has.delete(transfer);
          budgets = endTransfer(budgets, transfer, 0, time);
          continue;
        }
        const asks = of(transfer, {
          has: mine,
          wants: wants.filter((one) => !mine.includes(one)),
          seen,
          dollars,
        });
        const { budgets: next, granted } = takeMachines(budgets, asks, limits, time);
        expect(takeMachines(next, asks, limits, time).budgets).toEqual(next);
        budgets = next;
        // Leaves out whoever dies here: it has taken and never asks for the machine.
        if (keeps) has.set(transfer, [...mine, ...granted]);
        const there = [...has.values()].flat();
        expect(there.length).toBeLessThanOrEqual(limits.machines);
        const { day, month } = dollarsTaken(budgets, limits, time);
        expect(day).toBeLessThanOrEqual(limits.dollarsPerDay + 1e-6);
        expect(month).toBeLessThanOrEqual(limits.dollarsPerMonth + 1e-6);
      }
      // Loses nothing for ever: when all have ended, and the month is over, everything can be taken again.
      const later = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 2));
      const all = of("z", { wants: ["0-1", "1-1", "2-1"], dollars: limits.dollarsPerDay });
      expect(takeMachines(budgets, all, limits, later).granted).toHaveLength(3);
    }),
  );
});

test("by property: mails are never more than the day's, by what instances report before they die", () => {
  const step = fc.record({
    instance: fc.constantFrom("a", "b", "c"),
    sends: fc.integer({ min: 0, max: 60 }),
    dies: fc.boolean(),
    minutes: fc.integer({ min: 0, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let budgets = noBudgets(now);
      let time = now;
      let sent = 0;
      for (const { instance, sends, dies, minutes } of steps) {
        time = new Date(Math.min(time.getTime() + minutes * 60_000, Date.parse("2026-11-29T23:59:00Z")));
        const taken = takeMails(budgets, { instance, sent: 0 }, limits, time);
        budgets = taken.budgets;
        const used = Math.min(taken.size, dies ? 1 : Math.max(1, sends));
        sent += used;
        if (used > 1) budgets = reportMails(budgets, { instance, sent: used - 1 }, time);
        expect(sent).toBeLessThanOrEqual(limits.mailsPerDay);
      }
      expect(takeMails(budgets, { instance: "z", sent: 0 }, limits, at("2026-11-30T00:00:00Z")).size).toBe(
        50,
      );
    }),
  );
});
