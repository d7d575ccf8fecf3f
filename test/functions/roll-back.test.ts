// A roll back and forward over a used ledger, flow by flow: a newer version has left fields and words in the heads, this one goes on
// with the work and writes them over, and the newer one finds what it left.
import { afterEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { changeIncidents, nothingKnown } from "../../shared/flow/incident-stage.ts";
import { saw } from "../../shared/flow/incidents.ts";
import { incidentOf, sightOf } from "../shared/flow/incident-samples.ts";
import { ledgerHarness } from "../shared/ledger-harness.ts";
import { bumpHarness, release } from "./bump-image/harness.ts";
import { asked, transferHarness } from "./run-transfer/harness.ts";
import { flowHarness as quotaHarness } from "./scan-quotas/flow-harness.ts";
import { row } from "./sync-members/facts-harness.ts";
import { membersHub } from "./sync-members/harness.ts";

const opened: { close: () => Promise<unknown> }[] = [];
const open = <T extends { close: () => Promise<unknown> }>(one: T): T => {
  opened.push(one);
  return one;
};
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const Fields = z.record(z.string(), z.unknown());
/** Gives a record as a newer version writes it: with `later` in each object at these paths, "*" standing for all that are there. */
function newer(record: unknown, paths: readonly string[]): unknown {
  const put = (value: unknown, [key, ...rest]: string[], path: string): unknown => {
    if (key === undefined) return { ...Fields.parse(value), later: path };
    if (Array.isArray(value)) return value.map((item) => put(item, rest, path));
    const fields = Fields.parse(value);
    const keys = key === "*" ? Object.keys(fields) : [key];
    return { ...fields, ...Object.fromEntries(keys.map((each) => [each, put(fields[each], rest, path)])) };
  };
  return paths.reduce((made, path) => put(made, path === "" ? [] : path.split("."), path), record);
}

/** Lists where the newer version finds its field again. */
function laterIn(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, each]) =>
    laterIn(each, path === "" ? key : `${path}.${key}`),
  );
  return ("later" in value ? [path, ...below] : below).sort();
}

const people = ["p1", "p2", "p3", "p4", "p5"];

test("members: people, whom the sheet has named, what waits, the lease; whoever is gone takes theirs along", async () => {
  const hub = open(await membersHub({ members: people }));
  const name = "head/members/prod.json";
  hub.world.rows = [...people, "q1"].map((login) => row(login));
  await hub.runs();
  hub.world.rows = [row("p5"), row("q1")];
  expect(await hub.runs()).toMatchObject({ outcome: "held" });
  const [waits] = await hub.plans.all();
  const before = newer(await hub.jsonOf(name), ["", "people.*", "known.*", "waiting"]);
  const away = (text: string) => text.replace('"in-team"', '"on-leave"');
  await hub.plant(name, away(JSON.stringify(before)));
  const leaseName = "head/lease/sync-members/prod.json";
  await hub.plant(leaseName, JSON.stringify(newer(await hub.jsonOf(leaseName), [""])));
  const planName = `plans/prod/${waits?.plan.hash}.json`;
  await hub.plant(planName, JSON.stringify(newer(await hub.jsonOf(planName), ["", "plan", "plan.held.*"])));

  // The sheet was sorted, one person is new and another gone; a part of what waits is approved.
  hub.world.rows = [row("new"), row("p5")];
  expect(await hub.says(waits?.plan.hash ?? "", "approved", ["p1", "p2"])).toMatchObject({
    said: "approved 2 of 4: it is being done",
  });
  await hub.runs("approval");
  expect(hub.world.teams["full-access"]).toEqual(["p3", "p4", "p5"]);
  const after = await hub.jsonOf(name);
  expect(laterIn(after)).toEqual(
    ["", "people.1", ...[...people, "q1"].map((login) => `known.${login}`), "waiting"].sort(),
  );
  expect(after).toMatchObject({ people: [{ login: "new" }, { login: "p5", status: "in-team" }] });
  expect(laterIn(await hub.jsonOf(leaseName))).toEqual([""]);
});

test("homes: each home, its days and the volume's; another scan has none of the last one's", async () => {
  const harness = open(await quotaHarness());
  const hub = await harness.hub();
  await hub.measured(0, { ada: 30, bo: 5, cy: 60 });
  await hub.delivered();
  const name = `head/quota/${hub.name}.json`;
  const before = newer(await hub.state(), ["", "scan", "volumeDays.*", "homes.*", "homes.*.past.*"]);
  const text = JSON.stringify(before).replace('"status":"advised"', '"status":"crowded"');
  await hub.plant(name, JSON.parse(text));

  await hub.measured(1, { ada: 31, bo: 6, dee: 1 });
  expect(await hub.delivered()).toMatchObject({ outcome: "done" });
  const raw = await hub.raw(name);
  expect(laterIn(raw)).toEqual([
    "",
    "homes.ada",
    "homes.ada.past.0",
    "homes.bo",
    "homes.bo.past.0",
    "homes.cy",
    "homes.cy.past.0",
    "volumeDays.0",
  ]);
  expect(await hub.state()).toMatchObject({ homes: { ada: { bytes: 31e9 }, dee: { bytes: 1e9 } } });
});

test("images: a reference, the branch, the proposal; another proposal has none of the last one's", async () => {
  const harness = open(await bumpHarness());
  const hub = harness.hub();
  await hub.deliver();
  const name = `head/images/${hub.name}.json`;
  await harness.served.plant(
    name,
    JSON.stringify({
      ...Fields.parse(newer(await hub.state(), ["", "refs.*", "branch", "proposal"])),
      status: "merging",
      doubt: { what: "reviews", since: "2026-11-21T09:00:00.000Z" },
    }),
  );
  await hub.deliver();
  const raw = () => harness.served.jsonOf(name);
  expect(laterIn(await raw())).toEqual(["", "branch", "proposal", "refs.0", "refs.1"]);
  hub.publish(release("2024.10.01"));
  await hub.deliver();
  expect(laterIn(await raw())).toEqual(["", "branch", "refs.0", "refs.1"]);
  expect(hub.end().pulls).toMatchObject([{ title: expect.stringContaining("to 2024.10.01") }]);
});

test("a transfer: its parts, its lists and its machines, until it has ended", async () => {
  const on = open(await transferHarness());
  await on.deliver(asked);
  const name = "head/transfers/sample/t1.json";
  await on.served.plant(
    name,
    JSON.stringify(newer(await on.jsonOf(name), ["", "parts.*", "lists.*", "lists.*.left", "shards.*"])),
  );
  for (let turns = 0; (await on.state())?.state === "running" && turns < 40; turns += 1) {
    on.moveBy(60_000);
    await on.deliver({ v: 1, hub: "sample", id: "t1", why: "continue" });
  }
  const lists = [0, 1, 2, 3].flatMap((n) => [`lists.${n}`, `lists.${n}.left`]);
  const shards = [0, 1, 2].map((n) => `shards.${n}`);
  const after = await on.jsonOf(name);
  expect(after).toMatchObject({ state: "done" });
  expect(laterIn(after)).toEqual(["", ...lists, "parts.0", ...shards]);
});

test("a transfer in a state that only a newer version knows is left alone, with a sentence", async () => {
  const on = open(await transferHarness());
  await on.deliver(asked);
  const name = "head/transfers/sample/t1.json";
  const made = on.made.length;
  const text = JSON.stringify(await on.jsonOf(name)).replace('"state":"running"', '"state":"paused"');
  await on.served.plant(name, text);
  await expect(on.deliver({ v: 1, hub: "sample", id: "t1", why: "continue" })).rejects.toThrow(
    "state: has a word that only a newer Groundcrew knows",
  );
  expect([on.made.length, JSON.stringify(await on.jsonOf(name))]).toEqual([made, text]);
  expect(await on.deliver({ ...asked, id: "t2" })).toMatchObject({ outcome: "done" });
});

test("incidents: one that is seen again keeps its own, one that is new has none", async () => {
  const served = open(await ledgerHarness());
  const ledger = await served.ledgerOf("sync-members");
  const name = "head/incidents/prod.json";
  const state = { v: 1, incidents: { "sync-members/a": incidentOf({ cause: "a" }) }, good: {} };
  const text = JSON.stringify(newer(state, ["", "incidents.*", "incidents.*.reason"]));
  await served.plant(name, text.replace('"undelivered"', '"throttled"'));
  const told: string[] = [];
  const deps = {
    ledger,
    now: () => new Date("2026-11-21T09:00:00Z"),
    publish: async (_: string, event: object) => String(told.push("key" in event ? String(event.key) : "")),
    knownIncidents: nothingKnown(),
  };
  for (const cause of ["a", "b", "c"])
    await changeIncidents("prod", (before, now) => saw(before, sightOf({ cause }), now), deps);
  const raw = await served.jsonOf(name);
  expect(laterIn(raw)).toEqual(["", "incidents.sync-members/a", "incidents.sync-members/a.reason"]);
  expect(raw).toMatchObject({
    incidents: {
      "sync-members/a": { kind: "throttled", seen: "2026-11-21T09:00:00.000Z" },
      "sync-members/c": { kind: "undelivered" },
    },
  });
});
