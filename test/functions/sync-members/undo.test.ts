// Undoing a run: what it gave is taken back and what it took is given back, as far as it is still so; whom it had told is told, once.
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { row } from "./facts-harness.ts";
import { leftOf, rowsOf, undoHub } from "./undo-harness.ts";

const hub = await undoHub();
const { world, inOrganisation, remove } = hub;
beforeEach(() => hub.fresh());
afterAll(() => hub.close());

describe("what the run gave", () => {
  test("an invitation is cancelled, and its person is told once", async () => {
    await hub.sync();
    world.rows = rowsOf({ ada: "Research" });
    const { run } = await hub.sync();
    expect(hub.farEnd().invitations).toEqual(["ada -> full-access"]);
    const undone = await hub.undo(run);
    expect(hub.farEnd().invitations).toEqual([]);
    expect(undone.effects).toEqual([{ do: "cancel-invitation", login: "ada", team: "full-access" }]);
    expect(undone.result).toMatchObject({ outcome: "done", title: "undo: 1 invitations withdrawn" });
    await hub.undo(run);
    expect(hub.mails()).toEqual(["invited/ada/1 ada@example.org", "undone/invited/ada/1 ada@example.org"]);
  });

  test("a membership ends, and the organisation's stays", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ ada: "Research", bo: "Education" });
    const { run } = await hub.sync();
    hub.accepts("ada");
    await hub.undo(run);
    expect(hub.farEnd()).toEqual({
      org: ["ada", "bo"],
      teams: { "public-access": [], "base-access": [], "full-access": [] },
      invitations: [],
    });
  });

  test("the address that the run wrote to is written to, whatever stands in the sheet by now", async () => {
    inOrganisation("bo");
    world.rows = [row("bo", "Research", { email: "wrong@example.org" })];
    const { run } = await hub.sync();
    world.rows = [row("bo", "Research")];
    await hub.sync();
    await hub.undo(run);
    expect(hub.mails()).toEqual([
      "added/bo/full-access/2026-11-21t08-01-00 wrong@example.org",
      "undone/added/bo/full-access/2026-11-21t08-01-00 wrong@example.org",
    ]);
  });

  test("somebody without an address, whom nobody told, is told nothing", async () => {
    inOrganisation("bo");
    world.rows = [row("bo", "Research", { email: "" })];
    const { run } = await hub.sync();
    await hub.undo(run);
    expect([hub.farEnd().teams["full-access"], hub.mails()]).toEqual([[], []]);
  });

  test("of two runs only the one that is named", async () => {
    inOrganisation("bo", "cy");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    world.rows = rowsOf({ bo: "Research", cy: "Research" });
    await hub.sync();
    await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["cy"]);
  });
});

describe("a move, which takes two runs", () => {
  async function moved() {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Education" });
    await hub.sync();
    world.rows = rowsOf({ bo: "Research" });
    const { run: into } = await hub.sync();
    const { run: outOf } = await hub.sync(30);
    expect(outOf?.effects).toEqual([{ do: "remove", login: "bo", team: "base-access" }]);
    expect(hub.farEnd().teams).toMatchObject({ "base-access": [], "full-access": ["bo"] });
    return { into, outOf };
  }

  test("is moved back by undoing the first of them", async () => {
    const { into } = await moved();
    const { effects } = await hub.undo(into);
    expect(hub.farEnd().teams).toMatchObject({ "base-access": ["bo"], "full-access": [] });
    // Access is never gone in between.
    expect(effects.map((effect) => effect.do)).toEqual(["add", "remove"]);
  });

  test("is taken back in part by undoing the second", async () => {
    const { outOf } = await moved();
    await hub.undo(outOf);
    expect(hub.farEnd().teams).toMatchObject({ "base-access": ["bo"], "full-access": ["bo"] });
  });

  test("whom GitHub does not let back stays where they are", async () => {
    const { into } = await moved();
    world.refusesToAdd = true;
    const why = "GitHub did not take the change; undo it again later";
    expect(leftOf(await hub.undo(into))).toEqual([`bo base-access: ${why}`, `bo full-access: ${why}`]);
    expect(hub.farEnd().teams).toMatchObject({ "base-access": [], "full-access": ["bo"] });
    expect(hub.mails().filter((mail) => mail.startsWith("undone/"))).toEqual([]);
    world.refusesToAdd = false;
    await hub.undo(into);
    expect(hub.farEnd().teams).toMatchObject({ "base-access": ["bo"], "full-access": [] });
  });
});

describe("what the run took", () => {
  test("each membership is given back, and an invitation is sent anew to all its teams", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ ada: "Education", bo: "Education", cy: "Public", di: "Public", el: "Public" });
    await hub.sync();
    world.rows = rowsOf({ ada: "Research", bo: "Research", cy: "Public", di: "Public", el: "Public" });
    await hub.sync();
    const before = hub.farEnd();
    expect(before.invitations).toContain("ada -> base-access,full-access");
    expect(before.teams).toMatchObject({ "base-access": ["bo"], "full-access": ["bo"] });
    world.rows = rowsOf({ cy: "Public", di: "Public", el: "Public" });
    world.settings = { shrunkBelow: 0.1 };
    await hub.sync();
    const { run } = await hub.sync(30);
    expect(hub.farEnd()).not.toEqual(before);
    const mails = hub.mails();
    expect(mails.slice(-2).map((mail) => mail.split("/")[1])).toEqual(["bo", "ada"]);
    await hub.undo(run);
    expect(hub.farEnd()).toEqual(before);
    // Tells those of the mistake who were told of the end: a key is attempted once.
    const corrected = new Set(hub.mails().slice(mails.length));
    expect([...corrected]).toEqual(mails.slice(-2).map((mail) => `undone/${mail}`));
  });

  async function removed() {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research", cy: "Public", di: "Public", el: "Public" });
    await hub.sync();
    world.rows = world.rows.slice(1);
    world.settings = { shrunkBelow: 0.1 };
    await hub.sync();
    const { run } = await hub.sync(30);
    expect(hub.farEnd().teams["full-access"]).toEqual([]);
    return run;
  }

  test("given back once, and taken out by hand since, is not given back again", async () => {
    const run = await removed();
    await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    remove("bo");
    const again = await hub.undo(run);
    expect([again.effects, hub.farEnd().teams["full-access"]]).toEqual([[], []]);
  });

  test("is not taken again at once where the sheet still says so", async () => {
    const run = await removed();
    await hub.undo(run);
    await hub.sync();
    const later = await hub.sync(48 * 60);
    expect([later.run?.outcome, hub.farEnd().teams["full-access"]]).toEqual(["held", ["bo"]]);
    expect(later.run?.plan?.held.map(({ do: act, because }) => [act, because.slice(0, 42)])).toEqual([
      ["remove", "the run of 2026-11-21 08:32 UTC was undone"],
    ]);
  });

  test.each<[string, () => unknown, string]>([
    [
      "who was given another team",
      () => {
        world.rows = [...world.rows, row("bo", "Education", { cell: "C9" })];
        return hub.sync();
      },
      "they were given base-access since",
    ],
    [
      "whose login is another account's",
      () => {
        world.renamed = ["bo"];
      },
      "another account has this name now",
    ],
    [
      "who has left the organisation",
      () => world.org.delete("bo"),
      "they are not in the organisation any more",
    ],
  ])("somebody %s since is left as they are", async (_, happens, why) => {
    const run = await removed();
    await happens();
    const before = hub.farEnd();
    const undone = await hub.undo(run);
    expect([hub.farEnd(), leftOf(undone)]).toEqual([before, [`bo full-access: ${why}`]]);
  });
});
