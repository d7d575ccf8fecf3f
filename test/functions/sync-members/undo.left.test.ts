// Undoing a run of which somebody has changed a part since, or that has marked more than it gave: that part is left, and said.
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { effectsOn } from "../../../functions/sync-members/undo-plan.ts";
import { leftOf, rowsOf, undoHub } from "./undo-harness.ts";

const hub = await undoHub();
const { world, inOrganisation, remove } = hub;
beforeEach(() => hub.fresh());
afterAll(() => hub.close());

describe("what has changed since is left, and said", () => {
  test.each([
    ["taken out by hand", () => remove("bo"), "they are not in it any more, nor invited to it"],
    [
      "an owner by now",
      () => {
        world.owners = ["bo"];
      },
      "they are protected, or in charge of a team",
    ],
    [
      "protected by now",
      () => {
        world.settings = { protected: ["bo"] };
      },
      "they are protected, or in charge of a team",
    ],
  ])("%s", async (_, happens, why) => {
    inOrganisation("bo", "cy");
    world.rows = rowsOf({ bo: "Research", cy: "Research" });
    const { run } = await hub.sync();
    happens();
    const before = hub.farEnd().teams["full-access"].filter((login) => login !== "cy");
    const undone = await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(before);
    expect(leftOf(undone)).toEqual([`bo full-access: ${why}`]);
    expect(undone.result).toMatchObject({ title: "undo: 1 removed, 1 left as they are" });
    // Steps of a run name nobody: whom it left stands in its plan.
    expect(undone.run?.steps.filter(({ what }) => /\bbo\b/.test(what))).toEqual([]);
    expect(hub.mails().filter((mail) => mail.startsWith("undone/added/bo"))).toEqual([]);
  });

  test("given again by a person a day later", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    remove("bo");
    world.rows = [];
    await hub.sync();
    await hub.sync(25 * 60);
    world.teams["full-access"] = ["bo"];
    await hub.sync();
    const undone = await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    expect(leftOf(undone)).toEqual(["bo full-access: they were put there by hand since, or before"]);
  });

  test("given again by another run", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    remove("bo");
    await hub.sync();
    const undone = await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    expect(leftOf(undone)).toEqual(["bo full-access: another run has given it to them since"]);
  });

  test.each([
    ["that makes an owner", { role: "admin" }, ["ada -> full-access"]],
    ["that leads to a team of others, too", { others: 1 }, ["ada -> "]],
    ["that a person sent", { isByPerson: true }, ["ada -> "]],
  ])("an invitation %s is not cancelled", async (_, is, stays) => {
    world.rows = rowsOf({ ada: "Research" });
    const { run } = await hub.sync();
    Object.assign(world.invitations[0] ?? {}, is);
    const { effects } = await hub.undo(run);
    expect(hub.farEnd().invitations).toEqual(stays);
    expect(effects.filter((effect) => effect.do === "cancel-invitation")).toEqual([]);
  });
});

test("whom an approval only marked as ours is not taken out", async () => {
  inOrganisation("bo");
  world.teams["full-access"] = ["bo"];
  world.rows = rowsOf({ bo: "Research", cy: "Research" });
  const { run } = await hub.sync();
  await hub.undo(run);
  expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
});

test("what a run did that is nothing to do with people is no obstacle to the rest", () => {
  const added = { do: "add", login: "bo", team: "full-access" };
  expect(effectsOn({ effects: [{ do: "note", what: "x" }, added] })).toEqual([added]);
});
