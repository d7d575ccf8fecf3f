// The fence from end to end: a row that is cut and pasted back, what was before us, and what somebody gives by hand.
import { afterEach, expect, test } from "@jest/globals";
import { MembersState } from "../../../shared/members/records.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index + 1}`);
const state = async () => (await hub.records.read("head/members/prod.json", MembersState))?.value;
const deeds = async (why: Parameters<typeof hub.runs>[0] = "schedule") =>
  (await hub.runs(why)).effects.map((effect) => `${effect.do} ${effect["login"]}`);

test("a row that is cut, and pasted back a minute later, changes nothing for whoever is invited or in", async () => {
  hub = await membersHub({ members: ["p1"], settings: { removalGraceHours: 0 } });
  hub.world.rows = [row("p1"), row("new")];
  expect(await deeds()).toEqual(["invite new"]);
  hub.world.rows = [];
  expect(await deeds("edit")).toEqual([]);
  hub.world.rows = [row("p1"), row("new")];
  expect(await deeds("edit")).toEqual([]);
  expect((await hub.why("new")).finding).toBe("invited");
  expect((await state())?.leaving).toEqual({});
});

test("whoever is gone from the sheet for a day loses what we gave, by the second look that says so", async () => {
  hub = await membersHub({ members: people(6) });
  hub.world.rows = people(6).map((login) => row(login));
  await hub.runs();
  hub.world.rows = hub.world.rows.slice(0, 5);
  expect(await deeds()).toEqual([]);
  hub.hours(23);
  expect(await deeds()).toEqual([]);
  hub.hours(1);
  expect(await deeds()).toEqual(["remove p6"]);
});

test("whoever was in a team before us stays, whatever the sheet says, and their end is reported", async () => {
  hub = await membersHub({ members: people(6), whose: "before" });
  hub.world.rows = people(6).map((login) => row(login));
  await hub.runs();
  hub.world.rows = hub.world.rows.slice(0, 5);
  await hub.runs();
  hub.hours(48);
  expect(await deeds()).toEqual([]);
  expect((await state())?.reported).toMatchObject([
    { login: "p6", do: "remove", why: "no longer in the sheet" },
  ]);
  expect(hub.world.notices).toEqual([]);
});

test("where removals are only reported, what we gave and the sheet gives no more is an incident until it is put right", async () => {
  hub = await membersHub({ members: people(3), settings: { removals: "report" } });
  const all = people(3).map((login) => row(login));
  hub.world.rows = all;
  const left = async (why?: "edit") => {
    const result = await hub.runs(why);
    if (result.outcome === "idle") throw new Error("the run said nothing");
    for (const { reason } of result.beside ?? []) expect(reason.next).toContain("its undo takes back");
    return result.beside?.map(({ cause, reason, lasting }) => [cause, reason.what.split(" ")[0], lasting]);
  };
  expect(await left()).toEqual([]);
  hub.world.rows = all.slice(0, 1);
  expect(await left()).toEqual([["access-left", "2", false]]);
  // An edit that changes no cell looks at nothing, and ends nothing.
  expect(await left("edit")).toEqual([["access-left", "2", false]]);
  hub.world.teams["full-access"] = ["p1", "p3"];
  expect(await left()).toEqual([["access-left", "one", false]]);
  hub.world.rows = all;
  expect(await left()).toEqual([]);
});

test("of what was given by hand to somebody of the sheet the team is told, too, and of no run to undo", async () => {
  hub = await membersHub({ members: ["p1"] });
  hub.world.rows = people(2).map((login) => row(login));
  hub.world.teams["base-access"] = ["p2"];
  await hub.runs();
  hub.world.rows = [row("p1")];
  hub.world.teams = { "public-access": [], "base-access": ["p2"], "full-access": ["p1"] };
  hub.hours(48);
  await hub.runs();
  hub.hours(48);
  const result = await hub.runs();
  const [left, ...others] = result.outcome === "idle" ? [] : (result.beside ?? []);
  expect(others).toEqual([]);
  expect(left).toMatchObject({ cause: "access-left", lasting: false });
  expect(left?.reason.why).toContain("given by hand");
  expect(left?.reason.next).not.toContain("undo");
});

test("what somebody gives by hand stays, and the team is asked about it once", async () => {
  hub = await membersHub({ members: ["p1"] });
  hub.world.rows = [row("p1")];
  await hub.runs();
  hub.world.teams["base-access"] = ["p1", "guest"];
  for (let day = 0; day < 3; day += 1) {
    expect(await deeds()).toEqual([]);
    // Already after the first day, and never again.
    expect(hub.world.notices).toHaveLength(1);
    hub.hours(24);
  }
  expect(hub.world.teams["base-access"]).toEqual(["p1", "guest"]);
  expect((await state())?.unmanaged).toEqual([
    { login: "p1", team: "base-access", how: "by-hand" },
    { login: "guest", team: "base-access", how: "by-hand" },
  ]);
});

test("fourteen saves of two rows each: ten people lose access in a day, and the rest waits", async () => {
  hub = await membersHub({ members: people(100), settings: { removalGraceHours: 0 } });
  hub.world.rows = people(100).map((login) => row(login));
  await hub.runs();
  let removed = 0;
  for (let save = 0; save < 14; save += 1) {
    hub.world.rows = hub.world.rows.slice(0, -2);
    removed += (await deeds("edit")).length;
    hub.hours(0.5);
    removed += (await deeds()).length;
  }
  expect([removed, (await hub.runs()).outcome]).toEqual([10, "held"]);
  expect(hub.world.teams["full-access"]).toHaveLength(90);
});

test("a hold that grows save by save is told once, what is of another kind at once, and what comes an hour later anew", async () => {
  hub = await membersHub({ members: people(100) });
  const all = people(100).map((login) => row(login));
  hub.world.rows = all;
  await hub.runs();
  const told = () => hub.world.notices.filter((key) => key.startsWith("held/")).length;
  for (let save = 0; save < 10; save += 1) {
    hub.world.rows = all.slice(0, 94 - save);
    expect((await hub.runs("edit")).outcome).toBe("held");
    hub.hours(0.25);
  }
  expect(told()).toBe(1);
  const moved = all.map((one, n) => (n < 8 ? row(one.login, "Public") : one));
  hub.world.rows = moved.slice(0, 85);
  await hub.runs("edit");
  expect(told()).toBe(2);
  hub.hours(1.1);
  hub.world.rows = moved.slice(0, 84);
  await hub.runs("edit");
  expect(told()).toBe(3);
});

test("what a run meant to give counts as ours though it did not live to say so", async () => {
  hub = await membersHub({ members: [] });
  hub.world.rows = [row("new")];
  hub.world.whileInviting = async () => {
    throw new Error("the instance dies here");
  };
  await hub.runs().catch(() => undefined);
  hub.hours(1);
  await hub.runs();
  expect((await state())?.known["new"]?.memberships?.["full-access"]).toMatchObject({
    how: "given",
    cell: "C2",
  });
});

test("what was before us becomes ours by one word on a plan, which a look in between does not take away", async () => {
  hub = await membersHub({ members: people(6), whose: "before" });
  hub.world.rows = people(5).map((login) => row(login));
  await hub.runs();
  expect((await hub.runs("person", false, true)).outcome).toBe("held");
  await hub.runs();
  const [line] = await hub.plans.all();
  expect(line?.plan.held.map((action) => `${action.do} ${action.about}`)).toEqual(
    people(5).map((login) => `adopt ${login}`),
  );
  expect(hub.world.notices).toHaveLength(1);
  await hub.says(line?.plan.hash ?? "", "approved", people(4));
  expect((await hub.runs("approval")).effects).toEqual([]);
  const how = async () =>
    Object.entries((await state())?.known ?? {}).map(([, one]) => one.memberships?.["full-access"]?.how);
  expect(await how()).toEqual(["given", "given", "given", "given", "before"]);
  await hub.says(line?.plan.hash ?? "", "approved", ["p5"]);
  await hub.runs("approval");
  expect([new Set(await how()), (await state())?.adoptingSince]).toEqual([new Set(["given"]), undefined]);
  // Their end is theirs now; whoever the sheet has never named stays.
  hub.world.rows = hub.world.rows.slice(0, 4);
  await hub.runs();
  hub.hours(24);
  expect(await deeds()).toEqual(["remove p5"]);
  expect(hub.world.teams["full-access"]).toEqual([...people(4), "p6"]);
});
