// Waits of sync-members: when it looks again, and at what pace it writes; what it leaves to be published later, and when.
import { afterEach, describe, expect, test } from "@jest/globals";
import { leaveAlone } from "../../../shared/delivery/not-before.ts";
import { Continue } from "../../../shared/records.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

/** Seconds from now until it looks again; undefined where it does not. */
async function looksIn(): Promise<number | undefined> {
  const name = "head/continue/sync-members/prod.json";
  if (!(await hub.names("head/continue/")).includes(name)) return undefined;
  const { at, payload } = Continue.parse(await hub.jsonOf(name));
  expect(payload).toEqual({ v: 1, hub: "prod", why: "continue" });
  return (Date.parse(at) - hub.world.now.getTime()) / 1000;
}
const rowsOf = (...logins: string[]) => logins.map((login) => row(login));

describe("while somebody edits the sheet", () => {
  test.each(["edit", "push"] as const)("a %s waits until it is quiet, and looks then", async (why) => {
    hub = await membersHub({ quietSeconds: 20 });
    const { world } = hub;
    world.rows = rowsOf("bo");
    world.whileWaiting = async () => {
      expect(world.looks).toBe(0);
      world.rows = rowsOf("bo", "cy");
    };
    const begun = world.now.getTime() + 60_000;
    const { outcome, effects } = await hub.runs(why);
    expect([outcome, effects.map(({ login }) => login)]).toEqual(["done", ["bo", "cy"]]);
    expect(world.now.getTime() - begun).toBe(20_000);
    expect([world.looks, await hub.names("head/continue/")]).toEqual([1, []]);
  });

  test("whoever comes meanwhile waits no longer than usual: an edit goes, and others look at once", async () => {
    hub = await membersHub({ quietSeconds: 20 });
    const { world } = hub;
    world.rows = rowsOf("bo");
    const met: unknown[] = [];
    world.whileWaiting = async () => {
      for (const why of ["edit", "person", "schedule", "continue"] as const) {
        world.now = new Date(world.now.getTime() - 59_000);
        const { outcome, effects } = await hub.runs(why);
        met.push([why, outcome, effects.length]);
      }
    };
    expect(await hub.runs("edit")).toMatchObject({ title: "no cell that matters has changed" });
    expect(met).toEqual([
      ["edit", "idle", 0],
      ["person", "done", 1],
      ["schedule", "done", 0],
      ["continue", "done", 0],
    ]);
  });

  test("what asked to be left alone while it waited is left alone", async () => {
    hub = await membersHub({ quietSeconds: 20 });
    const { world, ledger } = hub;
    world.rows = rowsOf("bo");
    world.whileWaiting = () =>
      leaveAlone({ ledger, now: () => world.now }, { hub: "prod", service: "github", seconds: 900 });
    await expect(hub.runs("edit")).rejects.toThrow("GitHub has asked to be left alone");
    expect([world.looks, world.tried]).toEqual([0, []]);
  });

  test("its wait is taken from its time of work, for a delivery has no more", async () => {
    hub = await membersHub({ quietSeconds: 120 });
    hub.world.rows = rowsOf("a1", "a2", "a3", "a4");
    // After three people 120 and 450 seconds have gone by, and after two 420 had not.
    hub.world.takes = 150_000;
    const { effects } = await hub.runs("edit");
    expect(effects.map(({ login }) => login)).toEqual(["a1", "a2", "a3"]);
    expect(await looksIn()).toBe(0);
  });

  test.each([
    ["a look by the clock", "schedule", false],
    ["a person's request", "person", false],
    ["what goes on", "continue", false],
    ["a plan that a person asks for", "edit", true],
  ] as const)("%s does not wait", async (_, why, dryRun) => {
    hub = await membersHub({ quietSeconds: 20 });
    hub.world.rows = rowsOf("bo");
    const { effects } = await hub.runs(why, dryRun);
    expect([hub.world.looks, effects.length, await looksIn()]).toEqual([1, dryRun ? 0 : 1, undefined]);
  });
});

test("a sheet that says what it said costs an edit and what goes on no look at GitHub; a plan and the clock look", async () => {
  hub = await membersHub();
  hub.world.rows = rowsOf("bo");
  await hub.runs();
  for (const [why, dryRun, looks] of [
    ["edit", false, 1],
    ["push", false, 1],
    ["continue", false, 1],
    ["continue", true, 2],
    ["edit", true, 3],
    ["schedule", false, 4],
  ] as const) {
    const { title } = { title: undefined, ...(await hub.runs(why, dryRun)) };
    expect([why, dryRun, hub.world.looks]).toEqual([why, dryRun, looks]);
    expect(title === "no cell that matters has changed").toBe(looks === 1);
  }
});

test("who was not reached goes on: at once after its time of work, with what is left", async () => {
  hub = await membersHub();
  hub.world.rows = rowsOf("a1", "a2", "a3", "a4", "a5");
  // After four people 450 of the 420 seconds have gone by.
  hub.world.takes = 150_000;
  const { effects, steps } = await hub.runs();
  expect(effects.map(({ login }) => login)).toEqual(["a1", "a2", "a3", "a4"]);
  expect([await looksIn(), steps]).toEqual([0, expect.arrayContaining(["the rest goes on later"])]);
  const { effects: rest } = await hub.runs("continue");
  expect(rest.map(({ login }) => login)).toEqual(["a5"]);
});

test("between two writes it waits as the settings say", async () => {
  hub = await membersHub();
  hub.world.rows = rowsOf("a1", "a2", "a3");
  await hub.runs();
  expect(hub.world.pauses).toEqual([1000, 1000]);
  expect(await looksIn()).toBeUndefined();
});

test("at GitHub's limit of a day it looks again after an hour", async () => {
  hub = await membersHub();
  hub.world.rows = rowsOf("a1", "a2", "a3");
  hub.world.limit = 1;
  expect((await hub.runs()).effects).toHaveLength(1);
  expect(await looksIn()).toBe(3600);
});

test("where GitHub asks to be left alone, it and everybody else of the hub is, for as long", async () => {
  hub = await membersHub();
  hub.world.rows = rowsOf("a1", "a2");
  await hub.runs("schedule", true);
  const before = await hub.names("head/");
  hub.world.waitSeconds = 900;
  expect((await hub.runs()).effects).toEqual([]);
  expect(await looksIn()).toBe(900);
  const left = (await hub.names("head/")).filter((name) => !before.includes(name));
  expect(left.filter((name) => /github/.test(name))).toHaveLength(1);
});

test("a sheet that cannot be read is told once a day, and anew when it was mended in between", async () => {
  hub = await membersHub();
  hub.world.problem = "The sheet has no headings.";
  const blocked = { outcome: "blocked", cause: "sheet-unusable", title: hub.world.problem, told: true };
  expect(await hub.runs()).toMatchObject(blocked);
  await hub.runs();
  // Once a day, by its key.
  expect(new Set(hub.world.notices).size).toBe(1);
  hub.hours(24);
  await hub.runs();
  expect(new Set(hub.world.notices).size).toBe(2);
  // And of one that comes again after it was mended.
  hub.world.problem = undefined;
  await hub.runs();
  hub.world.problem = "The sheet has no headings.";
  await hub.runs();
  expect(new Set(hub.world.notices).size).toBe(3);
});

test("whom the hub's budget has no invitation for is asked in an hour, and nobody waits for them", async () => {
  hub = await membersHub();
  await hub.plant("head/budgets/prod.json", "{");
  hub.world.rows = rowsOf("bo");
  expect((await hub.runs()).effects).toEqual([]);
  expect(await looksIn()).toBe(3600);
  hub.hours(24);
  expect((await hub.runs()).effects).toEqual([{ do: "invite", login: "bo", team: "full-access" }]);
});
