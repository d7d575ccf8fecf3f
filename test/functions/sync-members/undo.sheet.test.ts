// The sheet after an undo: what it still asks for waits, and one that is mended is asked about no more.
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { row } from "./facts-harness.ts";
import { rowsOf, undoHub } from "./undo-harness.ts";

const hub = await undoHub();
const { world, approve, inOrganisation } = hub;
beforeEach(() => hub.fresh());
afterAll(() => hub.close());

describe("the sheet that still asks for it", () => {
  async function undone() {
    inOrganisation("bo", "cy");
    world.rows = rowsOf({ ada: "Research", bo: "Research" });
    const { run } = await hub.sync();
    await hub.undo(run);
    return run;
  }

  test("waits as one plan, by name, while others are served", async () => {
    await undone();
    world.rows = rowsOf({ ada: "Research", bo: "Research", cy: "Education" });
    const next = await hub.sync();
    expect(next.effects).toEqual([{ do: "add", login: "cy", team: "base-access" }]);
    expect(next.run?.outcome).toBe("held");
    expect(next.run?.plan?.held.map(({ do: act, about }) => `${act} ${about}`)).toEqual([
      "add bo",
      "invite ada",
    ]);
    expect(new Set(next.run?.plan?.held.map(({ because }) => because))).toEqual(
      new Set([
        "the run of 2026-11-21 08:01 UTC was undone, and the sheet still asks for what it did: mend the sheet, or approve to have it done after all",
      ]),
    );
  });

  test("approved after all, is done, and told anew", async () => {
    await undone();
    const { run } = await hub.sync();
    hub.clock.moveBy(1000);
    await approve(run?.plan?.hash ?? "", run?.plan?.held.map(({ hash }) => hash) ?? []);
    await hub.sync();
    expect(hub.farEnd()).toMatchObject({
      teams: { "full-access": ["bo"] },
      invitations: ["ada -> full-access"],
    });
    expect(hub.mails().slice(-2).sort()).toEqual([
      "added/bo/full-access/2026-11-21t08-04-01 bo@example.org",
      "invited/ada/2 ada@example.org",
    ]);
    expect((await hub.sync()).run).toMatchObject({ outcome: "done", effects: [] });
  });

  test("rejected, is not done, whatever comes", async () => {
    await undone();
    const { run } = await hub.sync();
    hub.clock.moveBy(1000);
    await approve(run?.plan?.hash ?? "", run?.plan?.held.map(({ hash }) => hash) ?? [], "rejected");
    for (const minutes of [1, 60, 24 * 60, 7 * 24 * 60])
      expect((await hub.sync(minutes)).effects).toEqual([]);
  });

  test("mended, waits for nobody, and may ask for it again later", async () => {
    await undone();
    await hub.sync();
    world.rows = [];
    expect((await hub.sync()).run).toMatchObject({ outcome: "done", effects: [] });
    world.rows = rowsOf({ bo: "Research" });
    expect((await hub.sync()).effects).toEqual([{ do: "add", login: "bo", team: "full-access" }]);
  });

  test("is looked at at once", async () => {
    await undone();
    expect((await hub.waits()).map(({ payload }) => payload)).toEqual([
      { v: 1, hub: "prod", why: "continue" },
    ]);
  });
});

describe("a sheet that is mended after the undo", () => {
  const people = ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"];
  const all = (tier: string) =>
    rowsOf(Object.fromEntries([...people, "x1", "x2", "x3", "x4"].map((each) => [each, tier])));
  const first = (tier: string) =>
    all("Education").map((one) =>
      people.includes(one.login) ? { ...row(one.login, tier), cell: one.cell } : one,
    );

  async function begun(above: number) {
    world.settings = { holdRemovals: { above, share: 0 }, shrunkBelow: 0.1 };
    inOrganisation(...people, "x1", "x2", "x3", "x4");
    world.rows = all("Education");
    await hub.sync();
  }

  test("is asked about no more, though what it did had been approved as much at once", async () => {
    await begun(3);
    world.rows = first("Research").map((one) => ({ ...one, email: `other-${one.email}` }));
    const { run: asked } = await hub.sync();
    expect(asked?.outcome).toBe("held");
    hub.clock.moveBy(1000);
    const items = asked?.plan?.held.map(({ hash }) => hash) ?? [];
    await approve(asked?.plan?.hash ?? "", items);
    const { run } = await hub.sync();
    expect(run?.effects).toHaveLength(16);
    await hub.undo(run);
    world.rows = all("Education").map((one) =>
      people.includes(one.login) ? one : { ...one, email: `other-${one.email}` },
    );
    expect((await hub.sync()).run).toMatchObject({ outcome: "done", effects: [] });
  });

  test("has changed nobody, as far as the changes of a day are counted", async () => {
    await begun(20);
    world.rows = first("Research");
    const { run } = await hub.sync();
    await hub.undo(run);
    world.rows = all("Education").map((one) =>
      one.login.startsWith("x") ? { ...row(one.login, "Research"), cell: one.cell } : one,
    );
    expect((await hub.sync()).effects).toHaveLength(4);
  });

  test("has removed nobody, as far as removals are counted", async () => {
    await begun(20);
    world.rows = all("Education").slice(8);
    await hub.sync();
    const { run } = await hub.sync(30);
    expect(run?.effects).toHaveLength(8);
    await hub.undo(run);
    world.rows = all("Education").slice(0, 8);
    await hub.sync();
    expect((await hub.sync(30)).effects).toHaveLength(4);
  });
});
