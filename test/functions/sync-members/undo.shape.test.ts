// An undo as a run: its plan alone, twice, of runs that died or are not there, beside another run, and what it leaves on record.
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { rowsOf, undoHub } from "./undo-harness.ts";

const hub = await undoHub();
const { world, inOrganisation, remove } = hub;
beforeEach(() => hub.fresh());
afterAll(() => hub.close());

describe("the shape", () => {
  test("a dry run shows all of it and changes nothing", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    const before = [hub.farEnd(), await hub.state(), hub.mails()];
    const planned = await hub.undo(run, { dryRun: true });
    expect(planned.run?.plan?.actions).toEqual([
      { do: "remove", about: "bo", team: "full-access", why: "the run that let them in is undone" },
    ]);
    expect([planned.effects, [hub.farEnd(), await hub.state(), hub.mails()]]).toEqual([[], before]);
    world.mode = "plan";
    expect((await hub.undo(run)).effects).toEqual([]);
    expect(hub.farEnd()).toEqual(before[0]);
  });

  test("undone twice is undone once, whatever others did meanwhile", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    await hub.undo(run);
    world.teams["full-access"] = ["bo"];
    const again = await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    expect(again.effects).toEqual([]);
  });

  test("an undo can be undone", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    const undone = await hub.undo(run);
    await hub.undo(undone.run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    expect((await hub.sync()).effects).toEqual([]);
    // Adds them again by itself, as if nothing had been undone.
    remove("bo");
    expect((await hub.sync()).effects).toEqual([{ do: "add", login: "bo", team: "full-access" }]);
  });

  test("of a run that died before it told anybody, it is corrected, and not told afterwards", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    world.beforeNotice = () => {
      throw new Error("died");
    };
    const { run } = await hub.sync();
    world.beforeNotice = undefined;
    await hub.undo(run);
    await hub.sync();
    expect([hub.farEnd().teams["full-access"], (await hub.state()).announce]).toEqual([[], {}]);
    expect(hub.mails()).toEqual(["undone/added/bo/full-access/2026-11-21t08-01-00 bo@example.org"]);
  });

  test("a run that is not there is said, and is no incident", async () => {
    await hub.sync();
    const before = await hub.jsonOf("head/incidents/prod.json");
    const undone = await hub.undo(undefined);
    expect(undone.run).toMatchObject({ outcome: "blocked", title: "nothing was undone", effects: [] });
    expect(await hub.jsonOf("head/incidents/prod.json")).toEqual(before);
  });

  test("it waits where another run is at work, and is not forgotten", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research", cy: "Research" });
    const { run } = await hub.sync();
    world.rows = rowsOf({ bo: "Research", cy: "Research", di: "Research" });
    let meanwhile: Promise<unknown> | undefined;
    world.beforeWrite = () => {
      meanwhile ??= hub.undo(run);
    };
    await hub.sync();
    await meanwhile;
    world.beforeWrite = undefined;
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    const waits = (await hub.waits()).map(({ payload }) => payload);
    expect(waits).toContainEqual({ v: 1, hub: "prod", why: "person", undo: run?.id });
  });

  test.each(["write", "notice"] as const)(
    "whoever dies at any %s leaves it to the next delivery",
    async (at) => {
      for (const survives of [0, 1, 2]) {
        await hub.fresh();
        inOrganisation("bo", "cy");
        world.rows = rowsOf({ ada: "Research", bo: "Research", cy: "Education" });
        const { run } = await hub.sync();
        let left = survives;
        const dies = () => {
          if (left === 0) throw new Error("died");
          left -= 1;
        };
        if (at === "write") world.beforeWrite = dies;
        else world.beforeNotice = dies;
        const died = await hub.undo(run, { id: "7" });
        expect(died.status).toBe(503);
        world.beforeWrite = undefined;
        world.beforeNotice = undefined;
        await hub.undo(run, { id: "7" });
        expect(hub.farEnd()).toEqual({
          org: ["bo", "cy"],
          teams: { "public-access": [], "base-access": [], "full-access": [] },
          invitations: [],
        });
        const corrections = hub.mails().filter((mail) => mail.startsWith("undone/"));
        expect([...new Set(corrections)].sort()).toEqual([
          "undone/added/bo/full-access/2026-11-21t08-01-00 bo@example.org",
          "undone/added/cy/base-access/2026-11-21t08-01-00 cy@example.org",
          "undone/invited/ada/1 ada@example.org",
        ]);
        // Mended, the sheet can ask for the same people anew.
        world.rows = [];
        await hub.sync();
        world.rows = rowsOf({ ada: "Research" });
        await hub.sync();
        expect(hub.farEnd().invitations).toEqual(["ada -> full-access"]);
      }
    },
  );
});

test("an undo ends no incident of what is on hold", async () => {
  inOrganisation("bo", "cy");
  world.rows = rowsOf({ bo: "Research" });
  const { run } = await hub.sync();
  await hub.undo(run);
  await hub.sync();
  const before = await hub.jsonOf("head/incidents/prod.json");
  expect(before).toMatchObject({ incidents: { "sync-members/held": { kind: "held" } } });
  await hub.undo(run);
  expect(await hub.jsonOf("head/incidents/prod.json")).toEqual(before);
});
