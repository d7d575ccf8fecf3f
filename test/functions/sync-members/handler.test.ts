// sync-members from end to end: what a run says where nobody is let in or somebody is asked, and what one that only plans leaves.
import { afterEach, describe, expect, test } from "@jest/globals";
import { MembersState } from "../../../shared/members/records.ts";
import { idOf, row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

const people = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `p${index + from}`);
const state = async () => (await hub.records.read("head/members/prod.json", MembersState))?.value;
const waitingPlan = async () => (await hub.plans.all()).find((line) => line.state === "waiting");

test("while the organisation lets nobody in, one is tried a run, nobody loses an attempt, and it is over at once", async () => {
  hub = await membersHub();
  hub.world.rows = people(3).map((login) => row(login));
  hub.world.refuses = { cause: "no-seat", concerns: "organisation" };
  const refused = { outcome: "blocked", cause: "no-seat", reason: { why: "why: no-seat" } };
  for (let week = 0; week < 3; week += 1) {
    expect(await hub.runs()).toMatchObject({ ...refused, effects: [] });
    hub.hours(7 * 24);
  }
  expect(hub.world.tried).toEqual(["p1", "p1", "p1"]);
  expect((await state())?.known["p1"]).toMatchObject({ invitations: 0, outcome: "no-seat" });
  hub.world.refuses = undefined;
  expect((await hub.runs()).outcome).toBe("done");
  expect(hub.world.pending.map(({ login }) => login)).toEqual(people(3));
  expect((await state())?.nobodyLetIn).toBeUndefined();
});

test("whoever is refused for a reason that nobody knows is asked again each day, and runs between say so", async () => {
  hub = await membersHub();
  hub.world.rows = [row("bo")];
  hub.world.refuses = { cause: "refused-person" };
  const refused = { outcome: "blocked", cause: "nobody-let-in", reason: { what: "GitHub let nobody in" } };
  expect(await hub.runs()).toMatchObject(refused);
  expect(await hub.runs()).toMatchObject({ ...refused, effects: [] });
  expect(await hub.runs("edit")).toMatchObject(refused);
  expect(hub.world.tried).toHaveLength(1);
  for (let day = 1; day <= 21; day += 1) {
    hub.hours(24);
    await hub.runs();
  }
  expect(hub.world.tried).toHaveLength(22);
  hub.world.refuses = undefined;
  hub.hours(24);
  expect((await hub.runs()).outcome).toBe("done");
  expect(hub.world.pending.map(({ login }) => login)).toEqual(["bo"]);
  expect((await state())?.nobodyLetIn).toBeUndefined();
});

test.each([
  [1, "done"],
  [3, "blocked"],
])("GitHub finds none of %d whom it has just shown: %s", async (count, outcome) => {
  hub = await membersHub();
  hub.world.rows = people(count).map((login) => row(login));
  hub.world.refuses = { cause: "no-such-account" };
  expect((await hub.runs()).outcome).toBe(outcome);
  hub.world.refuses = undefined;
  hub.hours(25);
  expect((await hub.runs()).outcome).toBe("done");
  expect(hub.world.pending).toHaveLength(count);
});

test("whoever has blocked the organisation is asked no second time, and that is no incident", async () => {
  hub = await membersHub();
  hub.world.rows = [row("bo")];
  hub.world.refuses = { cause: "blocked" };
  expect((await hub.runs()).outcome).toBe("done");
  hub.hours(30 * 24);
  await hub.runs();
  expect(hub.world.tried).toEqual(["bo"]);
  expect((await state())?.known["bo"]?.outcome).toBe("blocked");
});

describe("whom GitHub refuses another team", () => {
  const moving = async (count: number, cause: string, concerns?: "organisation") => {
    hub = await membersHub({ settings: { removalGraceHours: 0 } });
    hub.world.teams["base-access"] = people(count);
    hub.world.rows = people(count).map((login) => row(login, "Education"));
    await hub.runs();
    hub.world.rows = people(count).map((login) => row(login));
    hub.world.refusesAdding = { cause, ...(concerns && { concerns }) };
  };

  test("is tried once a day, keeps what they have, and why says so in between", async () => {
    await moving(1, "refused-person");
    for (let hours = 0; hours < 48; hours += 1) {
      await hub.runs();
      expect((await hub.why("p1")).sentence).toContain("GitHub refused the move: why: refused-person.");
      hub.hours(1);
    }
    expect(hub.world.tried).toEqual(["p1", "p1"]);
    expect(hub.world.teams).toMatchObject({ "base-access": ["p1"], "full-access": [] });
    hub.world.refusesAdding = undefined;
    hub.hours(24);
    await hub.runs();
    expect(hub.world.teams["full-access"]).toEqual(["p1"]);
    expect((await state())?.known["p1"]?.refusal).toBeUndefined();
  });

  test("is not kept from a third team by it", async () => {
    await moving(1, "refused-person");
    await hub.runs();
    hub.world.refusesAdding = undefined;
    hub.world.rows = [row("p1", "Public")];
    await hub.runs();
    expect(hub.world.teams["public-access"]).toEqual(["p1"]);
  });

  test("costs one write a look where it is the organisation's, and nobody loses anything", async () => {
    await moving(3, "organisation", "organisation");
    for (let look = 0; look < 3; look += 1)
      expect(await hub.runs()).toMatchObject({ outcome: "blocked", effects: [] });
    expect(hub.world.tried).toEqual(["p1", "p1", "p1"]);
    expect(hub.world.teams["base-access"]).toEqual(people(3));
    hub.world.refusesAdding = undefined;
    await hub.runs();
    expect(hub.world.teams["full-access"]).toEqual(people(3));
  });
});

describe("a run that only plans", () => {
  test.each([["the flow's mode"], ["a dry run"]])(
    "by %s: says why, and changes and tells nothing",
    async (how) => {
      const byMode = how === "the flow's mode";
      hub = await membersHub({ mode: byMode ? "plan" : "apply", members: ["ada"] });
      hub.world.rows = [row("ada"), row("bo"), row("cy", "Public", { expires: "2026-01-01" })];
      const planned = await hub.runs("person", !byMode);
      expect(planned).toMatchObject({ outcome: "done", title: "plan: 1 to invite", effects: [] });
      expect(planned.plan?.actions.map((action) => `${action.do} ${action.about}`)).toEqual(["invite bo"]);
      expect((await hub.why("ada")).finding).toBe("in-team");
      const { finding, next } = await hub.why("bo");
      expect(finding).toBe(byMode ? "only-planned" : "to-invite");
      // Nobody is promised what only a plan says.
      expect(next).toMatch(byMode ? /^Set flows.sync-members to apply/ : /^The next run lets them in/);
      expect((await hub.why("cy")).finding).toBe("expired");
      expect([hub.world.pending, hub.world.notices]).toEqual([[], []]);
      expect((await state())?.announce).toEqual({});
    },
  );

  test("leaves nothing to itself that comes meanwhile: a real event is handled beside it", async () => {
    hub = await membersHub();
    hub.world.rows = [row("bo")];
    let applied: unknown[] = [];
    hub.world.meanwhile = async () => {
      applied = (await hub.runs()).effects;
    };
    // Its own state is not kept over the other's, and it is delivered again.
    await hub.runs("person", true).catch(() => undefined);
    expect(applied).toEqual([{ do: "invite", login: "bo", team: "full-access" }]);
    expect([hub.world.pending.length, (await state())?.people[0]?.status]).toEqual([1, "invited"]);
  });

  test("leaves an edit of the same sheet to be done when the flow is switched on", async () => {
    hub = await membersHub({ mode: "plan" });
    hub.world.rows = [row("bo")];
    await hub.runs();
    hub.world.mode = "apply";
    const applied = await hub.runs("edit");
    expect(applied.effects).toEqual([{ do: "invite", login: "bo", team: "full-access" }]);
    expect(hub.world.notices).toEqual(["invited/bo/1"]);
  });

  test("tells nobody of what is on hold, so that the team is told when the flow is switched on", async () => {
    hub = await membersHub({ mode: "plan", members: people(5) });
    hub.world.rows = people(5).map((login) => row(login));
    await hub.runs();
    hub.world.rows = [row("p5")];
    const planned = await hub.runs();
    expect([planned.plan?.held.length, hub.world.notices, (await state())?.waiting]).toEqual([
      4,
      [],
      undefined,
    ]);
    hub.world.mode = "apply";
    expect((await hub.runs()).outcome).toBe("held");
    expect(hub.world.notices).toHaveLength(1);
  });

  test("tells nobody of a sheet that cannot be read", async () => {
    hub = await membersHub({ mode: "plan" });
    hub.world.problem = "The sheet has no headings.";
    expect((await hub.runs()).outcome).toBe("blocked");
    expect(hub.world.notices).toEqual([]);
  });

  test("makes the plan that is then carried out, what was approved with it", async () => {
    hub = await membersHub({ members: people(6) });
    hub.world.rows = people(6).map((login) => row(login));
    await hub.runs();
    hub.world.rows = [row("p5"), row("p6", "Public"), row("new")];
    await hub.runs();
    await hub.says((await waitingPlan())?.plan.hash ?? "", "approved", ["p1", "P2"]);
    const planned = await hub.runs("person", true);
    const applied = await hub.runs("approval");
    const deeds = ({ plan }: typeof planned) =>
      plan?.actions.map(({ do: what, about }) => `${what} ${about}`);
    expect(deeds(planned)).toEqual(["remove p1", "remove p2"]);
    expect(applied.effects.map((effect) => `${effect.do} ${effect["login"]}`)).toEqual(deeds(planned));
  });
});

test("keeps of whoever is gone from the sheet the login and the account alone, as SECURITY.md says", async () => {
  hub = await membersHub({ members: people(6) });
  const staying = people(5).map((login) => row(login));
  hub.world.rows = [...staying, { ...row("p6"), name: "Gone Person", email: "gone@example.org" }];
  await hub.runs();
  expect(JSON.stringify(await state())).toMatch(/Gone Person/);
  hub.world.rows = staying;
  await hub.runs();
  hub.hours(24);
  expect((await hub.runs()).effects).toMatchObject([{ do: "remove", login: "p6" }]);
  expect(hub.world.notices).toEqual(["removed/p6/2026-11-22t12-03-00"]);
  hub.hours(24);
  await hub.runs();
  const kept = await state();
  expect(JSON.stringify(kept)).not.toMatch(/Gone Person|gone@example/);
  expect(Object.keys(kept?.known["p6"] ?? {}).sort()).toEqual(["id", "invitations", "outcome", "outcomeAt"]);
  expect(kept?.known["p6"]?.id).toBe(idOf("p6"));
});

test("ends held while something waits for a person, and says that they were told only when they were", async () => {
  hub = await membersHub({ members: people(5) });
  hub.world.rows = people(5).map((login) => row(login));
  await hub.runs();
  hub.world.rows = [row("p5")];
  expect(await hub.runs()).toMatchObject({ outcome: "held", told: true });
  const again = await hub.runs();
  expect([again.outcome, "told" in again]).toEqual(["held", false]);
});
