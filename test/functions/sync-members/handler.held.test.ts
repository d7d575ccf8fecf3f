// Removals on hold, from end to end: what a person's word lets through, and what a ledger of before still means.
import { afterEach, describe, expect, test } from "@jest/globals";
import { MembersState } from "../../../shared/members/records.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

const people = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `p${index + from}`);
const state = async () => (await hub.records.read("head/members/prod.json", MembersState))?.value;
const waitingPlan = async () => (await hub.plans.all()).find((line) => line.state === "waiting");

describe("a person's word", () => {
  /** Everybody has left the sheet but the last. */
  async function holding(count: number) {
    hub = await membersHub({ members: people(count + 1) });
    hub.world.rows = people(count + 1).map((login) => row(login));
    await hub.runs();
    hub.world.rows = [row(`p${count + 1}`)];
    await hub.runs();
    return (await waitingPlan())?.plan.hash ?? "";
  }

  test("lets 40 of 1,000 removals go; the rest waits, and is asked for no second time", async () => {
    const hash = await holding(1000);
    const chosen = people(40, 11);
    expect(await hub.says(hash, "approved", chosen)).toEqual({
      said: "approved 40 of 1000: it is being done",
    });
    const { effects, outcome } = await hub.runs("approval");
    expect(effects.map((effect) => effect["login"])).toEqual(chosen);
    expect(outcome).toBe("held");
    expect(hub.world.teams["full-access"]).toEqual([...people(10), ...people(951, 51)]);
    expect(Object.keys((await state())?.waiting?.since ?? {})).toHaveLength(960);
    expect(hub.world.notices.filter((key) => key.startsWith("held/"))).toHaveLength(1);
    const line = await hub.plans.one("prod", hash);
    expect([line?.state, Object.keys(line?.verdicts ?? {}).length]).toEqual(["waiting", 960]);
  }, 60_000);

  test("that they may keep it ends the asking, and takes it from nobody", async () => {
    const hash = await holding(4);
    expect(await hub.says(hash, "accepted", ["p1"])).toEqual({
      said: "accepted 1 of 4: they keep it, and nobody is asked again",
    });
    await hub.runs("approval");
    await hub.says(hash, "approved");
    await hub.runs("approval");
    expect(hub.world.teams["full-access"]).toEqual(["p1", "p5"]);
    // No word lasts longer than this, and still nobody is asked.
    hub.hours(24 * 30);
    expect(await hub.runs()).toMatchObject({ outcome: "done", effects: [] });
    expect(hub.world.teams["full-access"]).toEqual(["p1", "p5"]);
    expect((await state())?.reported?.map(({ login, because }) => `${login}: ${because}`)).toEqual([
      "p1: a person has accepted that they keep it: take it back on GitHub's own page",
    ]);
    expect(hub.world.notices.filter((key) => key.startsWith("by-hand/"))).toEqual([]);
  });

  test("that was no is no obstacle when the same removals come again, and can be taken back", async () => {
    const hash = await holding(4);
    await hub.says(hash, "rejected");
    expect((await hub.runs("approval")).effects).toEqual([]);
    expect((await hub.plans.one("prod", hash))?.state).toBe("rejected");
    // The sheet is mended; the same rows are deleted later that day.
    hub.world.rows = people(5).map((login) => row(login));
    await hub.runs();
    hub.hours(2);
    hub.world.rows = [row("p5")];
    await hub.runs();
    expect(new Set(hub.world.notices.filter((key) => key.startsWith("held/"))).size).toBe(2);
    const again = (await waitingPlan())?.plan.hash ?? "";
    await hub.says(again, "rejected");
    expect(await hub.says(again, "approved")).toEqual({ said: "approved 4 of 4: it is being done" });
    expect((await hub.runs("approval")).effects).toHaveLength(4);
    expect(hub.world.teams["full-access"]).toEqual(["p5"]);
    expect((await state())?.waiting).toBeUndefined();
  });

  test("that was no asks nobody any more: the run is done, and so is one that finds the sheet unchanged", async () => {
    const hash = await holding(4);
    expect((await hub.runs("edit")).outcome).toBe("held");
    await hub.says(hash, "rejected", ["p1", "p2", "p3"]);
    expect((await hub.runs("approval")).outcome).toBe("held");
    await hub.says(hash, "rejected", ["p4"]);
    for (const why of ["approval", "schedule", "edit"] as const)
      expect([why, (await hub.runs(why)).outcome]).toEqual([why, "done"]);
    // The word counts for a day; then it waits again, and nobody is told of that.
    hub.hours(25);
    for (const why of ["edit", "schedule"] as const) {
      const later = await hub.runs(why);
      expect([why, later.outcome, "told" in later]).toEqual([why, "held", false]);
    }
    expect(hub.world.notices).toHaveLength(1);
    expect((await hub.plans.one("prod", hash))?.state).toBe("waiting");
  });

  test("that was no holds when what is left is few enough to go unasked", async () => {
    hub = await membersHub({ members: people(40) });
    hub.world.rows = people(40).map((login) => row(login));
    await hub.runs();
    hub.world.rows = people(40)
      .slice(4)
      .map((login) => row(login));
    await hub.runs();
    const hash = (await waitingPlan())?.plan.hash ?? "";
    await hub.says(hash, "approved", ["p1"]);
    await hub.says(hash, "rejected", ["p2", "p3"]);
    expect((await hub.runs("approval")).effects).toHaveLength(1);
    for (const why of ["schedule", "edit", "person"] as const)
      expect([why, (await hub.runs(why)).effects]).toEqual([why, []]);
    expect(hub.world.teams["full-access"]).toEqual(people(40).slice(1));
    // Of p4 nobody has said anything, and still may.
    await hub.says(hash, "approved", ["p4"]);
    expect((await hub.runs("approval")).effects).toHaveLength(1);
    expect(hub.world.teams["full-access"]).toEqual(
      people(40).filter((login) => !["p1", "p4"].includes(login)),
    );
  });

  test("is heard by the run that is at work when it is given, whatever has woken that", async () => {
    hub = await membersHub({ members: people(5) });
    hub.world.rows = people(5).map((login) => row(login));
    await hub.runs();
    hub.world.rows = [row("p5")];
    const { plan } = await hub.runs();
    hub.world.rows = [row("p5"), row("new")];
    hub.world.whileInviting = async () => {
      await hub.says(plan?.hash ?? "", "approved");
      expect(await hub.runs("approval")).toMatchObject({ outcome: "idle", busy: true });
    };
    await hub.runs("continue");
    expect(hub.world.teams["full-access"]).toEqual(["p5"]);
  });

  test("of before, on what came again after it was carried out, counts no more", async () => {
    const hash = await holding(4);
    await hub.says(hash, "approved");
    await hub.runs("approval");
    hub.world.rows = people(5).map((login) => row(login));
    // So many come back at once that somebody is asked.
    expect((await hub.runs()).effects).toEqual([]);
    await hub.says((await waitingPlan())?.plan.hash ?? "", "approved");
    expect((await hub.runs("approval")).effects).toHaveLength(4);
    hub.world.teams["full-access"] = people(5);
    hub.world.pending = [];
    await hub.runs();
    hub.world.rows = [row("p5")];
    expect((await hub.runs()).effects).toEqual([]);
    expect((await waitingPlan())?.plan.held).toHaveLength(4);
  });

  test("outlives an edit elsewhere, which asks only for what is new", async () => {
    const hash = await holding(4);
    await hub.says(hash, "approved", ["p1"]);
    hub.world.rows = [row("p5"), row("new")];
    const { effects } = await hub.runs("edit");
    expect(effects.map((effect) => `${effect.do} ${effect["login"]}`)).toEqual(["invite new", "remove p1"]);
    expect(hub.world.notices.filter((key) => key.startsWith("held/"))).toHaveLength(1);
  });

  test("on something that does not wait is refused, and so is one on nothing", async () => {
    const hash = await holding(4);
    expect(await hub.says(hash, "approved", ["p1", "nobody"])).toMatchObject({ refused: 422 });
    expect(await hub.says(hash, "approved", [])).toMatchObject({ refused: 422 });
    expect((await hub.runs("approval")).effects).toEqual([]);
  });
});

describe("a ledger of before each held action had a hash", () => {
  const old = { hash: "0123456789abcdef", at: "2026-11-21T11:00:00.000Z" };

  async function used(verdict?: "approved" | "rejected") {
    hub = await membersHub({ members: people(5) });
    hub.world.rows = [row("p5")];
    const action = (login: string) => ({
      do: "remove",
      login,
      team: "full-access",
      why: "no longer in the sheet",
    });
    const put = (name: string, value: unknown, metadata = {}) =>
      hub.plant(name, JSON.stringify(value), metadata);
    await put("head/members/prod.json", {
      v: 1,
      at: old.at,
      goodRows: 5,
      people: [],
      rejected: [{ cell: "C9", value: "x", why: "y" }],
      // Adopted since: of a ledger of before nobody is removed.
      provenanceSince: old.at,
      known: Object.fromEntries(
        people(5).map((login) => [
          login,
          { invitations: 0, memberships: { "full-access": { how: "given", at: old.at } } },
        ]),
      ),
      announce: {},
      unmanaged: [],
      waiting: { hash: old.hash, held: 4, since: old.at },
    });
    await put(
      `plans/prod/${old.hash}.json`,
      {
        v: 1,
        hub: "prod",
        flow: "sync-members",
        reason: "4 removals are many at once",
        plan: { hash: old.hash, actions: [], held: people(4).map(action), rejected: [] },
        madeAt: old.at,
      },
      { madeAt: old.at },
    );
    if (verdict === undefined) return;
    const word = { verdict, by: "console", at: "2026-11-21T11:30:00.000Z" };
    await put(`approvals/prod/${old.hash}/${word.at}.json`, { v: 1, ...word }, word);
  }

  test("an approval is carried out", async () => {
    await used("approved");
    expect((await hub.plans.one("prod", old.hash))?.state).toBe("approved");
    expect((await hub.runs("approval")).effects).toHaveLength(4);
    expect([hub.world.teams["full-access"], (await state())?.waiting]).toEqual([["p5"], undefined]);
  });

  test("a rejection stays one, and can be taken back", async () => {
    await used("rejected");
    expect((await hub.plans.one("prod", old.hash))?.state).toBe("rejected");
    expect((await hub.runs()).effects).toEqual([]);
    await hub.says(old.hash, "approved");
    expect((await hub.runs("approval")).effects).toHaveLength(4);
  });

  test("what waits goes on waiting, asked for no second time, and is approved in part by its old hash", async () => {
    await used();
    expect((await waitingPlan())?.plan.held.map(({ about }) => about)).toEqual(people(4));
    expect((await hub.runs()).outcome).toBe("held");
    expect(hub.world.notices).toEqual([]);
    await hub.says(old.hash, "approved", ["p2"]);
    expect((await hub.runs("approval")).effects).toEqual([
      { do: "remove", login: "p2", team: "full-access" },
    ]);
  });
});
