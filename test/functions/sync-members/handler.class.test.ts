// A class from end to end: invitations are kept for it, whoever waits hears why, and the team is told once a week ahead and once on
// the morning, also when a run dies in between.
import { afterEach, describe, expect, test } from "@jest/globals";
import { keepClass } from "../../../shared/members/classes.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

/** The clock stands at noon of 2026-11-21, in UTC. */
const on = "2026-11-28";
const keep = (people: string[], more: { on?: string; name?: string; cancelled?: true; at?: string } = {}) =>
  keepClass(hub.records, {
    v: 1,
    hub: "prod",
    on,
    name: "intro",
    people,
    by: "console",
    at: hub.world.now.toISOString(),
    ...more,
  });
const invited = () => hub.world.pending.map(({ login }) => login);
const ofClass = () => hub.world.notices.filter((key) => key.startsWith("class/"));
const runAt = (time: string, why?: Parameters<typeof hub.runs>[0]) => {
  hub.world.now = new Date(time);
  return hub.runs(why);
};

test("a class goes before others, who hear why they wait; once it is called off nothing is kept", async () => {
  hub = await membersHub({ settings: { invitationsPerDay: 2 } });
  hub.world.rows = ["ada", "bo", "cy"].map((login) => row(login));
  await keep(["cy", "dee"]);
  await hub.runs("person");
  expect(invited()).toEqual(["cy"]);
  const said = await hub.why("ada");
  expect(said).toMatchObject({ finding: "to-invite", need: "to-wait" });
  expect(said.sentence).toContain("intro on 2026-11-28");
  expect(said.next).not.toContain("next run lets them in");
  expect((await hub.why("cy")).finding).toBe("invited");
  hub.world.now = new Date(hub.world.now.getTime() + 60_000);
  await keep([], { cancelled: true });
  await hub.runs("person");
  expect(invited()).toEqual(["cy", "ada"]);
  expect((await hub.why("bo")).sentence).not.toContain("intro");
});

test("a corrected list takes the place of the one before", async () => {
  hub = await membersHub({ settings: { invitationsPerDay: 1 } });
  hub.world.rows = ["ada", "bo"].map((login) => row(login));
  await keep(["zed"]);
  hub.world.now = new Date(hub.world.now.getTime() + 60_000);
  await keep(["bo"]);
  await hub.runs("person");
  expect(invited()).toEqual(["bo"]);
});

describe("the team is told", () => {
  test("once in the week before who is neither in nor invited, and once on the morning who is not in", async () => {
    hub = await membersHub({ members: ["ada"] });
    hub.world.rows = [
      row("ada"),
      row("bo", "Research", { name: "Bo South", cell: "C3" }),
      row("cy", "Research", { name: "Cy West", cell: "C4" }),
    ];
    await keep(["ada", "bo@example.org", "Wrong Name; cy", "lost@example.org", "Nobody Known"]);
    await hub.runs();
    await hub.runs();
    expect(ofClass()).toEqual(["class/2026-11-28/intro/week"]);
    const [week] = hub.world.messages.filter(({ key }) => key.startsWith("class/"));
    expect(week).toMatchObject({ to: "team", subject: "prod: 3 of 5 people of a class need you" });
    expect(week?.text).toContain("1 are in, 1 are invited");
    for (const line of [
      "- Wrong Name (cy): name does not fit (cell C4)",
      "- line 4 of the list: not found (perhaps cell C3)",
      "- Nobody Known: not found",
    ])
      expect(week?.text).toContain(line);

    await runAt(`${on}T05:00:00Z`);
    expect(ofClass()).toHaveLength(1);
    await runAt(`${on}T06:10:00Z`);
    await runAt(`${on}T15:00:00Z`);
    expect(ofClass()).toEqual(["class/2026-11-28/intro/week", "class/2026-11-28/intro/morning"]);
    const morning = hub.world.messages.at(-1);
    expect(morning?.subject).toBe("prod: 4 of 5 people of today's class are not in");
    expect(morning?.text).toContain("Invited, and have not accepted:\n\n  - Bo South (bo)\n");
    expect(`${week?.text} ${morning?.text}`).not.toContain("@example.org");
    await runAt("2026-11-29T06:10:00Z");
    expect(ofClass()).toHaveLength(2);
  });

  test("that whoever has access is in, whatever became of their row", async () => {
    hub = await membersHub({ members: ["ada", "bo"], settings: { removals: "report" } });
    hub.world.rows = [row("ada"), row("bo")];
    await hub.runs();
    hub.world.rows = [row("ada")];
    hub.world.teams["base-access"] = ["guest"];
    await keep(["ada", "bo", "guest", "nobody"]);
    await hub.runs();
    const [week] = hub.world.messages.filter(({ key }) => key.startsWith("class/"));
    expect(week?.subject).toBe("prod: 1 of 4 people of a class need you");
    expect(week?.text).toContain("3 are in, 0 are invited");
  });

  test("by the morning of the hub's time zone", async () => {
    hub = await membersHub({ timeZone: "America/New_York" });
    await keep(["nobody"]);
    await runAt(`${on}T10:30:00Z`);
    expect(ofClass()).toEqual([]);
    await runAt(`${on}T11:30:00Z`);
    expect(ofClass()).toEqual(["class/2026-11-28/intro/morning"]);
  });

  test("under the same key again where a run died before it wrote that down, and late is better than never", async () => {
    hub = await membersHub();
    await keep(["nobody"]);
    hub.world.now = new Date(`${on}T20:00:00Z`);
    const swap: typeof hub.ledger.swap = async (name, ...rest) => {
      if (name.startsWith("head/classes/")) throw new Error("the process died");
      return hub.ledger.swap(name, ...rest);
    };
    const dies = hub.deliver(
      { v: 1, hub: "prod", why: "schedule" },
      { messageId: "d", attempt: 1, first: hub.world.now },
      { ledger: { ...hub.ledger, swap } },
    );
    await expect(dies).rejects.toThrow("the process died");
    hub.hours(1);
    await hub.runs();
    await hub.runs();
    expect(ofClass()).toEqual(Array(2).fill("class/2026-11-28/intro/morning"));
  });

  test("nothing where nobody has to do anything, and nothing by a run that only plans", async () => {
    hub = await membersHub({ members: ["ada"] });
    hub.world.rows = [row("ada"), row("bo")];
    await keep(["ada", "bo"]);
    await hub.runs();
    await keep(["nobody"], { name: "other" });
    await hub.runs("person", true);
    expect(ofClass()).toEqual([]);
    await hub.runs();
    expect(ofClass()).toEqual(["class/2026-11-28/other/week"]);
  });
});

test("while no class is near, a look costs one listing and no read more", async () => {
  hub = await membersHub();
  await keep(["ada"], { on: "2026-12-24" });
  const read: string[] = [];
  const counting: typeof hub.ledger = {
    ...hub.ledger,
    read: (name, schema) => {
      read.push(name);
      return hub.ledger.read(name, schema);
    },
  };
  await hub.deliver(
    { v: 1, hub: "prod", why: "schedule" },
    { messageId: "c", attempt: 1, first: hub.world.now },
    { ledger: counting },
  );
  expect(read.filter((name) => name.includes("classes"))).toEqual([]);
});
