// One plan and no other: what was planned on a laptop, with no memory, is carried out by the worker only while it finds the same.
import { afterEach, expect, test } from "@jest/globals";
import { decide } from "../../../functions/sync-members/decide.ts";
import { gather } from "../../../functions/sync-members/gather.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { account, github, membersSettings, row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

/** Plan of the same sheet and teams as the command makes it: of nothing that was known before. */
async function fromLaptop() {
  const seen = await gather(
    {
      settings: membersSettings,
      timeZone: "UTC",
      state: undefined,
      onlyHint: false,
      messageId: "",
      adopt: false,
      classesNear: async () => [],
    },
    {
      run: { step: () => undefined },
      now: () => hub.world.now,
      readSheet: async () => ({ rows: hub.world.rows, rejected: [], named: [], unreadable: [] }),
      readTeams: async () => github(hub.world.teams),
      resolveLogins: async (logins) => new Map(logins.map((login) => [login, account(login)])),
    },
  );
  if (typeof seen === "string" || "problem" in seen) throw new Error("no plan");
  return decide(seen).plan;
}

const asks = (plan: string) => {
  hub.world.now = new Date(hub.world.now.getTime() + 60_000);
  return hub.deliver(
    { v: 1, hub: "prod", why: "person", plan },
    { messageId: `asked-${plan}`, attempt: 1, first: hub.world.now },
  );
};
const invited = () => hub.world.pending.map(({ login }) => login);

test("a laptop's plan is carried out, though runs in mode plan have remembered things since", async () => {
  hub = await membersHub({ mode: "plan", members: ["ada", "guest"], whose: "before" });
  hub.world.rows = [row("ada"), row("bo"), row("cy")];
  const { hash } = await fromLaptop();
  await hub.runs();
  await hub.runs();
  hub.world.mode = "apply";
  const ran = await asks(hash);
  expect(ran).toMatchObject({ outcome: "done" });
  expect(invited()).toEqual(["bo", "cy"]);
  // Asked again it is another one: nothing is left to do.
  expect(await asks(hash)).toMatchObject({ outcome: "blocked", effects: [] });
});

test("with one edit more nothing is done, nothing is remembered, and no incident is begun", async () => {
  hub = await membersHub({ members: ["ada"], whose: "before" });
  hub.world.rows = [row("ada"), row("bo")];
  const { hash } = await fromLaptop();
  hub.world.rows.push(row("cy"));
  const now = await fromLaptop();
  const ran = await asks(hash);
  expect(ran).toMatchObject({
    outcome: "blocked",
    aside: true,
    effects: [],
    title: `nothing was changed: the plan is ${now.hash} now`,
    plan: { actions: [{ about: "bo" }, { about: "cy" }] },
  });
  expect(invited()).toEqual([]);
  expect(hub.world.notices).toEqual([]);
  expect(await hub.records.read("head/members/prod.json", MembersState)).toBeUndefined();
  expect(await asks(now.hash)).toMatchObject({ outcome: "done" });
  expect(invited()).toEqual(["bo", "cy"]);
});

test("whoever asks meanwhile gets what the sheet says, not the plan", async () => {
  hub = await membersHub();
  hub.world.rows = [row("bo")];
  const { hash } = await fromLaptop();
  hub.world.whileInviting = async () => {
    hub.world.rows.push(row("cy"));
    await hub.runs();
  };
  expect(await asks(hash)).toMatchObject({ outcome: "done" });
  expect(invited()).toEqual(["bo", "cy"]);
});
