// Undoing a run: what it gave is taken back and what it took is given back, as far as it is still so; whom it had told is told, once; and
// what the sheet still asks for waits.
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { row } from "./facts-harness.ts";
import { rowsOf, undoHub } from "./undo-harness.ts";

const hub = await undoHub();
const { world } = hub;
beforeEach(() => hub.fresh());
afterAll(() => hub.close());

/** Puts people into the organisation, who are in no team of ours. */
const inOrganisation = (...logins: string[]) => {
  for (const login of logins) world.org.add(login);
};
const leftOf = (run: {
  run?: { plan?: { refused: { about: string; why: string }[] } | undefined } | undefined;
}) => (run.run?.plan?.refused ?? []).map(({ about, why }) => `${about} ${why}`);

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
      "added/bo/full-access/2026-11-21 wrong@example.org",
      "undone/added/bo/full-access/2026-11-21 wrong@example.org",
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
  test("a membership is given back, and an invitation is sent anew to all its teams", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ ada: "Education", bo: "Research", cy: "Public", di: "Public", el: "Public" });
    await hub.sync();
    world.rows = rowsOf({ ada: "Research", bo: "Research", cy: "Public", di: "Public", el: "Public" });
    await hub.sync();
    const before = hub.farEnd();
    expect(before.invitations).toContain("ada -> base-access,full-access");
    world.rows = rowsOf({ cy: "Public", di: "Public", el: "Public" });
    world.settings = { shrunkBelow: 0.1 };
    await hub.sync();
    const { run } = await hub.sync(30);
    expect(hub.farEnd()).not.toEqual(before);
    const mails = hub.mails();
    await hub.undo(run);
    expect([hub.farEnd(), hub.mails()]).toEqual([before, mails]);
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

  test("whoever was given another team since is left with that", async () => {
    const run = await removed();
    world.rows = [...world.rows, row("bo", "Education", { cell: "C9" })];
    await hub.sync();
    const before = hub.farEnd();
    expect(before.teams["base-access"]).toEqual(["bo"]);
    const undone = await hub.undo(run);
    expect([hub.farEnd(), leftOf(undone)]).toEqual([
      before,
      ["bo full-access: they were given base-access since"],
    ]);
  });

  test("a login that is another account's by now is let into nothing", async () => {
    const run = await removed();
    world.renamed = ["bo"];
    const before = hub.farEnd();
    const undone = await hub.undo(run);
    expect([hub.farEnd(), leftOf(undone)]).toEqual([
      before,
      ["bo full-access: another account has this name now"],
    ]);
  });

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

  test("whoever has left the organisation since is left", async () => {
    const run = await removed();
    world.org.delete("bo");
    const before = hub.farEnd();
    const undone = await hub.undo(run);
    expect([hub.farEnd(), leftOf(undone)]).toEqual([
      before,
      ["bo full-access: they are not in the organisation any more"],
    ]);
  });
});

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

const remove = (login: string) => {
  world.teams["full-access"] = world.teams["full-access"].filter((each) => each !== login);
};

test("whom an approval only marked as ours is not taken out", async () => {
  inOrganisation("bo");
  world.teams["full-access"] = ["bo"];
  world.rows = rowsOf({ bo: "Research", cy: "Research" });
  const { run } = await hub.sync();
  await hub.undo(run);
  expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
});

describe("the shape", () => {
  test("a dry run shows all of it and changes nothing", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    const before = [hub.farEnd(), await hub.state(), hub.mails()];
    const planned = await hub.undo(run, { dryRun: true });
    expect(planned.run?.plan?.actions).toEqual([
      { do: "remove", about: "bo", team: "full-access", why: "the run that let them in is undone" },
    ]);
    expect([planned.effects, [hub.farEnd(), await hub.state(), hub.mails()]]).toEqual([[], before]);
    world.mode = "plan";
    expect((await hub.undo(run)).effects).toEqual([]);
    expect(hub.farEnd()).toEqual(before[0]);
  });

  test("undone twice is undone once, whatever others did meanwhile", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    await hub.undo(run);
    world.teams["full-access"] = ["bo"];
    const again = await hub.undo(run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    expect(again.effects).toEqual([]);
  });

  test("an undo can be undone", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    const { run } = await hub.sync();
    const undone = await hub.undo(run);
    await hub.undo(undone.run);
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    expect((await hub.sync()).effects).toEqual([]);
    // Adds them again by itself, as if nothing had been undone.
    remove("bo");
    expect((await hub.sync()).effects).toEqual([{ do: "add", login: "bo", team: "full-access" }]);
  });

  test("of a run that died before it told anybody, it is corrected, and not told afterwards", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research" });
    world.beforeNotice = () => {
      throw new Error("died");
    };
    const { run } = await hub.sync();
    world.beforeNotice = undefined;
    await hub.undo(run);
    await hub.sync();
    expect([hub.farEnd().teams["full-access"], (await hub.state()).announce]).toEqual([[], {}]);
    expect(hub.mails()).toEqual(["undone/added/bo/full-access/2026-11-21 bo@example.org"]);
  });

  test("a run that is not there is said, and is no incident", async () => {
    await hub.sync();
    const before = await hub.jsonOf("head/incidents/prod.json");
    const undone = await hub.undo(undefined);
    expect(undone.run).toMatchObject({ outcome: "blocked", title: "nothing was undone", effects: [] });
    expect(await hub.jsonOf("head/incidents/prod.json")).toEqual(before);
  });

  test("it waits where another run is at work, and is not forgotten", async () => {
    inOrganisation("bo");
    world.rows = rowsOf({ bo: "Research", cy: "Research" });
    const { run } = await hub.sync();
    world.rows = rowsOf({ bo: "Research", cy: "Research", di: "Research" });
    let meanwhile: Promise<unknown> | undefined;
    world.beforeWrite = () => {
      meanwhile ??= hub.undo(run);
    };
    await hub.sync();
    await meanwhile;
    world.beforeWrite = undefined;
    expect(hub.farEnd().teams["full-access"]).toEqual(["bo"]);
    const waits = (await hub.waits()).map(({ payload }) => payload);
    expect(waits).toContainEqual({ v: 1, hub: "prod", why: "person", undo: run?.id });
  });

  test.each(["write", "notice"] as const)(
    "whoever dies at any %s leaves it to the next delivery",
    async (at) => {
      for (const survives of [0, 1, 2]) {
        await hub.fresh();
        inOrganisation("bo", "cy");
        world.rows = rowsOf({ ada: "Research", bo: "Research", cy: "Education" });
        const { run } = await hub.sync();
        let left = survives;
        const dies = () => {
          if (left === 0) throw new Error("died");
          left -= 1;
        };
        if (at === "write") world.beforeWrite = dies;
        else world.beforeNotice = dies;
        const died = await hub.undo(run, { id: "7" });
        expect(died.status).toBe(503);
        world.beforeWrite = undefined;
        world.beforeNotice = undefined;
        await hub.undo(run, { id: "7" });
        expect(hub.farEnd()).toEqual({
          org: ["bo", "cy"],
          teams: { "public-access": [], "base-access": [], "full-access": [] },
          invitations: [],
        });
        const corrections = hub.mails().filter((mail) => mail.startsWith("undone/"));
        expect([...new Set(corrections)].sort()).toEqual([
          "undone/added/bo/full-access/2026-11-21 bo@example.org",
          "undone/added/cy/base-access/2026-11-21 cy@example.org",
          "undone/invited/ada/1 ada@example.org",
        ]);
        // Mended, the sheet can ask for the same people anew.
        world.rows = [];
        await hub.sync();
        world.rows = rowsOf({ ada: "Research" });
        await hub.sync();
        expect(hub.farEnd().invitations).toEqual(["ada -> full-access"]);
      }
    },
  );
});

describe("the sheet that still asks for it", () => {
  async function undone() {
    inOrganisation("bo", "cy");
    world.rows = rowsOf({ ada: "Research", bo: "Research" });
    const { run } = await hub.sync();
    await hub.undo(run);
    return run;
  }

  test("waits as one plan, by name, while others are served", async () => {
    await undone();
    world.rows = rowsOf({ ada: "Research", bo: "Research", cy: "Education" });
    const next = await hub.sync();
    expect(next.effects).toEqual([{ do: "add", login: "cy", team: "base-access" }]);
    expect(next.run?.outcome).toBe("held");
    expect(next.run?.plan?.held.map(({ do: act, about }) => `${act} ${about}`)).toEqual([
      "add bo",
      "invite ada",
    ]);
    expect(new Set(next.run?.plan?.held.map(({ because }) => because))).toEqual(
      new Set([
        "the run of 2026-11-21 08:01 UTC was undone, and the sheet still asks for what it did: mend the sheet, or approve to have it done after all",
      ]),
    );
  });

  test("approved after all, is done, and told anew", async () => {
    await undone();
    const { run } = await hub.sync();
    hub.clock.moveBy(1000);
    await approve(run?.plan?.hash ?? "", run?.plan?.held.map(({ hash }) => hash) ?? []);
    await hub.sync();
    expect(hub.farEnd()).toMatchObject({
      teams: { "full-access": ["bo"] },
      invitations: ["ada -> full-access"],
    });
    expect(hub.mails().slice(-2).sort()).toEqual([
      "added/bo/full-access/2026-11-21/2 bo@example.org",
      "invited/ada/2 ada@example.org",
    ]);
    expect((await hub.sync()).run).toMatchObject({ outcome: "done", effects: [] });
  });

  test("rejected, is not done, whatever comes", async () => {
    await undone();
    const { run } = await hub.sync();
    hub.clock.moveBy(1000);
    await approve(run?.plan?.hash ?? "", run?.plan?.held.map(({ hash }) => hash) ?? [], "rejected");
    for (const minutes of [1, 60, 24 * 60, 7 * 24 * 60])
      expect((await hub.sync(minutes)).effects).toEqual([]);
  });

  test("mended, waits for nobody, and may ask for it again later", async () => {
    await undone();
    await hub.sync();
    world.rows = [];
    expect((await hub.sync()).run).toMatchObject({ outcome: "done", effects: [] });
    world.rows = rowsOf({ bo: "Research" });
    expect((await hub.sync()).effects).toEqual([{ do: "add", login: "bo", team: "full-access" }]);
  });

  test("is looked at at once", async () => {
    await undone();
    expect((await hub.waits()).map(({ payload }) => payload)).toEqual([
      { v: 1, hub: "prod", why: "continue" },
    ]);
  });
});

describe("a sheet that is mended after the undo", () => {
  const people = ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"];
  const all = (tier: string) =>
    rowsOf(Object.fromEntries([...people, "x1", "x2", "x3", "x4"].map((each) => [each, tier])));
  const first = (tier: string) =>
    all("Education").map((one) =>
      people.includes(one.login) ? { ...row(one.login, tier), cell: one.cell } : one,
    );

  async function begun(above: number) {
    world.settings = { holdRemovals: { above, share: 0 }, shrunkBelow: 0.1 };
    inOrganisation(...people, "x1", "x2", "x3", "x4");
    world.rows = all("Education");
    await hub.sync();
  }

  test("is asked about no more, though what it did had been approved as much at once", async () => {
    await begun(3);
    world.rows = first("Research").map((one) => ({ ...one, email: `other-${one.email}` }));
    const { run: asked } = await hub.sync();
    expect(asked?.outcome).toBe("held");
    hub.clock.moveBy(1000);
    const items = asked?.plan?.held.map(({ hash }) => hash) ?? [];
    await approve(asked?.plan?.hash ?? "", items);
    const { run } = await hub.sync();
    expect(run?.effects).toHaveLength(16);
    await hub.undo(run);
    world.rows = all("Education").map((one) =>
      people.includes(one.login) ? one : { ...one, email: `other-${one.email}` },
    );
    expect((await hub.sync()).run).toMatchObject({ outcome: "done", effects: [] });
  });

  test("has changed nobody, as far as the changes of a day are counted", async () => {
    await begun(20);
    world.rows = first("Research");
    const { run } = await hub.sync();
    await hub.undo(run);
    world.rows = all("Education").map((one) =>
      one.login.startsWith("x") ? { ...row(one.login, "Research"), cell: one.cell } : one,
    );
    expect((await hub.sync()).effects).toHaveLength(4);
  });

  test("has removed nobody, as far as removals are counted", async () => {
    await begun(20);
    world.rows = all("Education").slice(8);
    await hub.sync();
    const { run } = await hub.sync(30);
    expect(run?.effects).toHaveLength(8);
    await hub.undo(run);
    world.rows = all("Education").slice(0, 8);
    await hub.sync();
    expect((await hub.sync(30)).effects).toHaveLength(4);
  });
});

const approve = async (plan: string, items: string[], verdict = "approved") => {
  const at = hub.clock.now().toISOString();
  const word = { v: 1, verdict, by: "console", at, plan, items };
  await hub.plant(`approvals/prod/sync-members/${at}.json`, JSON.stringify(word));
};

test("an undo ends no incident of what is on hold", async () => {
  inOrganisation("bo", "cy");
  world.rows = rowsOf({ bo: "Research" });
  const { run } = await hub.sync();
  await hub.undo(run);
  await hub.sync();
  const before = await hub.jsonOf("head/incidents/prod.json");
  expect(before).toMatchObject({ incidents: { "sync-members/held": { kind: "held" } } });
  await hub.undo(run);
  expect(await hub.jsonOf("head/incidents/prod.json")).toEqual(before);
});
