// Mails to members by whole runs: a plan lists what would go out and hands over nothing, and what it listed is what then goes out.
import { afterEach, expect, test } from "@jest/globals";
import { mailList } from "../../../functions/console/members/mails.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { row, hub as settingsOfHub } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

const listed = async (mails = {}) => {
  const state = (await hub.records.read("head/members/prod.json", MembersState))?.value;
  if (state === undefined) throw new Error("nothing is remembered");
  const members = settingsOfHub.members && { ...settingsOfHub.members, mails };
  return mailList({ hub: { ...settingsOfHub, members }, hubName: "prod", state, now: hub.world.now }).mails;
};

test("a plan lists the mails with each person's values, the team's own text among them, and hands over none", async () => {
  hub = await membersHub({
    mode: "plan",
    members: ["ada", "out"],
    settings: { removalGraceHours: 0, shrunkBelow: 0 },
  });
  const ada = row("ada", "Research", { cell: "C2", expires: "2026-11-27" });
  hub.world.rows = [
    ada,
    row("out", "Research", { cell: "C3" }),
    row("bo", "Research", { cell: "C4", name: "Bo" }),
  ];
  await hub.runs();
  hub.world.rows = [ada, row("bo", "Research", { cell: "C4", name: "Bo" })];
  for (let look = 0; look < 3; look += 1) {
    hub.hours(1);
    await hub.runs();
  }
  const own = { invited: { subject: "{name}, {login} is in {tier}" } };
  const setting = "hubs.prod.members.mails.invited";
  expect(
    (await listed(own)).map(({ occasion, to, subject, template }) => [occasion, to, subject, template]),
  ).toEqual([
    ["invited", "bo@example.org", "Bo, bo is in Research", setting],
    ["ends-7", "ada@example.org", "Your membership of example-hub ends in 6 days", "Groundcrew's own"],
    ["removed", "out@example.org", "Your access to example-hub has ended", "Groundcrew's own"],
  ]);
  expect(hub.world.notices).toEqual([]);
  hub.world.mode = "apply";
  await hub.runs();
  expect(hub.world.notices).toEqual([
    "invited/bo/1",
    "ends/ada/2026-11-27/7",
    "removed/out/2026-11-21t15-05-00",
  ]);
  expect(await listed()).toEqual([]);
});

test("what waits because its row was changed a moment ago is listed with the time, and goes out then", async () => {
  hub = await membersHub({ members: ["ada"] });
  hub.world.rows = [row("ada")];
  await hub.runs();
  hub.hours(1);
  hub.world.rows = [row("ada", "Research", { expires: "2026-11-27" })];
  await hub.runs();
  const from = new Date(hub.world.now.getTime() + 30 * 60_000).toISOString();
  expect(await listed()).toMatchObject([{ occasion: "ends-7", notBefore: from }]);
  hub.hours(0.5);
  await hub.runs();
  expect([hub.world.notices, await listed()]).toEqual([["ends/ada/2026-11-27/7"], []]);
});

test("whose login was corrected is not told that their access is over, though the invitation of the other one is withdrawn", async () => {
  hub = await membersHub({ settings: { shrunkBelow: 0 } });
  const typed = (login: string) => row(login, "Research", { email: "ada@example.org", name: "Ada Lovelace" });
  hub.world.rows = [typed("adda"), row("bo", "Research", { cell: "C3" })];
  await hub.runs();
  hub.world.rows = [typed("ada"), row("bo", "Research", { cell: "C3" })];
  await hub.runs();
  hub.hours(25);
  expect((await hub.runs()).effects).toEqual([
    { do: "cancel-invitation", login: "adda", team: "full-access" },
  ]);
  hub.hours(1);
  await hub.runs();
  expect(hub.world.notices).toEqual(["invited/adda/1", "invited/bo/1", "invited/ada/1"]);
});
