// Time zone of a hub: access ends with the last day as it ends there.
import { afterEach, expect, test } from "@jest/globals";
import { MembersState } from "../../../shared/members/records.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

test.each([
  ["UTC", "2026-11-21T23:50:00Z", "2026-11-22T00:00:00Z"],
  ["America/New_York", "2026-11-22T04:50:00Z", "2026-11-22T05:00:00Z"],
  ["Pacific/Auckland", "2026-11-21T10:50:00Z", "2026-11-21T11:00:00Z"],
])("in %s access lasts until the end of its last day", async (timeZone, before, after) => {
  hub = await membersHub({ members: ["ada", "bo"], timeZone, settings: { removalGraceHours: 0 } });
  hub.world.now = new Date("2026-11-20T12:00:00Z");
  hub.world.rows = [row("ada", "Research", { expires: "2026-11-21" }), row("bo")];
  await hub.runs();
  hub.world.now = new Date(before);
  await hub.runs();
  const leaving = async () =>
    Object.keys((await hub.records.read("head/members/prod.json", MembersState))?.value.leaving ?? {});
  expect(await leaving()).toEqual([]);
  hub.world.now = new Date(after);
  await hub.runs();
  expect(await leaving()).toHaveLength(1);
  hub.hours(1);
  expect((await hub.runs()).plan?.actions.map(({ why }) => why)).toEqual([
    "the membership ended on 2026-11-21",
  ]);
  expect(hub.world.teams["full-access"]).toEqual(["bo"]);
});

test("somebody without an address is let in, and no mail is sent", async () => {
  hub = await membersHub();
  hub.world.rows = [row("ada", "Research", { email: "" }), row("bo")];
  await hub.runs();
  expect(hub.world.pending.map(({ login }) => login)).toEqual(["ada", "bo"]);
  expect(hub.world.notices).toEqual(["invited/bo/1"]);
});
