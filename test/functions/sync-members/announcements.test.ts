// Tests of who is still to be told: of what a run is about to do, of what an earlier one did not live to tell, and of an end.
import { describe, expect, test } from "@jest/globals";
import { announcements, leftToTell, mailOnEntry } from "../../../functions/sync-members/announce.ts";
import { decide } from "../../../functions/sync-members/decide.ts";
import { nothingDone } from "../../../functions/sync-members/facts.ts";
import { mailsDue } from "../../../functions/sync-members/mails.ts";
import { farewells, partingOf, partingsOf, withTold } from "../../../functions/sync-members/partings.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { act, ago, github, hub, inputOf, now, row, seenOf, state } from "./facts-harness.ts";

const sheet = inputOf({ rows: [row("Ada"), row("bo", "Public"), row("cy")] });

test("whoever is to be invited or added, at the address in the sheet; nobody who loses something", () => {
  const actions = [
    act("invite", "Ada", "full-access"),
    act("add", "bo", "public-access"),
    act("remove", "bo", "base-access"),
    act("cancel-invitation", "dee", "base-access"),
  ];
  expect(announcements(actions, { ...sheet, state: undefined })).toEqual({
    ada: { key: "invited/ada/1", email: "ada@example.org", team: "full-access" },
    bo: { key: "added/bo/public-access/2026-11-21t12-00-00", email: "bo@example.org", team: "public-access" },
  });
});

test("each further invitation has a key of its own", () => {
  const known = state({ known: { ada: { invitations: 2, invitedAt: ago(8) } } });
  const { ada } = announcements([act("invite", "Ada", "full-access")], { ...sheet, state: known });
  expect(ada?.key).toBe("invited/ada/3");
});

test("a team that is given again on a day has a key of its own, but where it was not taken since: GitHub may lag behind", () => {
  const given = (key: string, at: string) => ({
    known: {
      bo: {
        invitations: 0,
        memberships: { "public-access": { how: "given" as const, at, mailed: { key, email: "" } } },
      },
    },
  });
  const keyOf = (before: Partial<MembersState>) =>
    announcements([act("add", "bo", "public-access")], { ...sheet, state: state(before) })["bo"]?.key;
  const early = "added/bo/public-access/2026-11-21t09-00-00";
  const noon = "added/bo/public-access/2026-11-21t12-00-00";
  const bo = { email: "bo@example.org", team: "public-access" };
  expect([
    keyOf({}),
    keyOf(given(early, ago(1))),
    keyOf({ announce: { bo: { ...bo, key: early } } }),
    keyOf(given("added/bo/public-access/2026-11-20t09-00-00", ago(1))),
    keyOf({ announce: { bo: { ...bo, key: "added/bo/base-access/2026-11-21t09-00-00" } } }),
  ]).toEqual([noon, early, early, noon, noon]);
});

test("whom a run did not live to tell is told by the next, once GitHub shows that it was done", () => {
  const announce = {
    ada: { key: "invited/ada/1", email: "ada@example.org", team: "full-access" },
    bo: { key: "added/bo/public-access/2026-11-20", email: "bo@example.org", team: "public-access" },
    cy: { key: "invited/cy/1", email: "cy@example.org", team: "full-access" },
  };
  const left = announcements([], { ...sheet, state: state({ announce }) });
  expect(left).toEqual(announce);
  const seen = github(
    { "public-access": ["Bo"] },
    {
      pending: [
        { login: "ADA", teams: ["full-access"] },
        { login: "cy", teams: ["base-access"] },
      ],
    },
  );
  expect(leftToTell(left, seen, now)).toEqual(["ada", "bo"]);
});

test("what was only planned gives way to a newer plan", () => {
  const announce = { ada: { key: "invited/ada/1", email: "old@example.org", team: "public-access" } };
  const plan = [act("add", "Ada", "full-access")];
  expect(announcements(plan, { ...sheet, state: state({ announce }) })).toEqual({
    ada: { key: "added/ada/full-access/2026-11-21t12-00-00", email: "ada@example.org", team: "full-access" },
  });
});

test("beside another address than the one that was let in nobody is told, until the sheet is trusted to say so", () => {
  const ada = { key: "invited/ada/1", email: "ada@example.org", team: "full-access" };
  const left = (listed: string, remembered: string, due: MembersState["announce"][string] = ada) => {
    const pairing = { at: 2, login: "ada", email: remembered, name: "", tier: "Research", expires: "" };
    const before = state({ announce: { ada: due }, pairings: [pairing] });
    return announcements([], inputOf({ rows: [{ ...row("Ada"), email: listed }], state: before }))["ada"];
  };
  const there = github({ "full-access": ["ada"] });
  const disputed = left("bo@example.org", "ada@example.org");
  expect(disputed).toEqual({ ...ada, disputed: true });
  // However long the run takes.
  expect(leftToTell({ ada: disputed ?? ada }, there, new Date("2030-01-01T00:00:00Z"))).toEqual([]);
  const soon = { from: "2026-11-21T12:30:00.000Z" };
  expect(left("bo@example.org", "bo@example.org", disputed)).toEqual({
    ...ada,
    email: "bo@example.org",
    ...soon,
  });
  expect(left("ada@example.org", "ada@example.org", disputed)).toEqual({ ...ada, ...soon });
  expect(left("Ada@example.org", "bo@example.org")).toEqual({ ...ada, email: "Ada@example.org" });
  const moved = { ...ada, team: "base-access", was: "public-access" };
  expect(left("bo@example.org", "bo@example.org", moved)).toBeUndefined();
});

test("who has left the sheet is told nothing; who stands in a refused row still is", () => {
  const entry = (login: string) => ({
    key: `invited/${login}/1`,
    email: `${login}@example.org`,
    team: "full-access",
  });
  const remembered = state({ announce: { gone: entry("gone"), garbled: entry("garbled") } });
  const left = announcements([], inputOf({ named: ["garbled"], state: remembered }));
  expect(Object.keys(left)).toEqual(["garbled"]);
});

test("a login that every object knows is nobody's leftover", () => {
  const strange = inputOf({ rows: [row("constructor")], state: state() });
  const left = announcements([act("invite", "constructor", "full-access")], strange);
  expect(left).toEqual({
    constructor: { key: "invited/constructor/1", email: "constructor@example.org", team: "full-access" },
  });
});

test.each([
  ["invited", undefined, "2027-03-01", "invited"],
  ["added", undefined, "2027-03-01", "added"],
  ["added", undefined, undefined, "added"],
  ["added", "base-access", undefined, "tier-changed"],
] as const)(
  "who was %s, from the team %s, until %s, is told that they are %s",
  (became, was, ends, occasion) => {
    const due = { key: "k", email: "ada@example.org", team: "full-access", ...(was && { was }) };
    const rows = [row("Ada", "Research", ends && { expires: ends })];
    const mail = mailOnEntry({ login: "ada", became, due }, { rows, hub, now });
    expect([mail.occasion, mail.ends, mail.name]).toEqual([occasion, ends, row("Ada").name]);
  },
);

test("of a change of team whose row cannot be read now nobody is told before it has been so for a while", () => {
  const due = { key: "k", email: "ada@example.org", team: "full-access", was: "base-access", from: ago(1) };
  const left = announcements([], inputOf({ named: ["ada"], state: state({ announce: { ada: due } }) }));
  expect(left).toEqual({ ada: { ...due, from: ago(0, -0.5) } });
});

describe("an end", () => {
  const listed = (login: string, email = `${login}@example.org`): MembersState["people"][number] => {
    const { login: _, ...rest } = row(login, "Research", { email });
    return { login, ...rest, status: "in-team", since: ago(30) };
  };
  type Parting = NonNullable<MembersState["partings"]>[string];
  const parting = (more: Partial<Parting> = {}): Parting => ({
    email: "ada@example.org",
    name: "Ada",
    since: ago(2),
    ...more,
  });
  /** Gives whose end is remembered after a look, in which nobody stands in the sheet unless it is said. */
  const remembered = (
    before: Parameters<typeof state>[0],
    looked: Parameters<typeof inputOf>[0] = {},
    going: Parameters<typeof partingsOf>[2] = [],
  ) => {
    const facts = inputOf({ ...looked, state: state(before) });
    return partingsOf(seenOf(facts), decide(facts), going, nothingDone({}));
  };
  const inTwo = { github: github({ "base-access": ["ada"], "full-access": ["ada"] }) };

  test("is remembered once for each, with the address that was theirs, and of nobody without one", () => {
    const leaving = { "remove ada base-access": ago(3), "remove ada full-access": ago(2) };
    const left = { known: ["ada"], leaving };
    const both = remembered({ ...left, people: [listed("ada")] }, inTwo);
    expect(both).toEqual({ ada: { email: "ada@example.org", name: row("ada").name, since: ago(3) } });
    expect(remembered({ ...left, people: [listed("ada", "")] }, inTwo)).toEqual({});
    expect(remembered(left, inTwo)).toEqual({});
    const gone = remembered({ ...left, people: [listed("ada")] }, inTwo, [act("remove", "ada")]);
    expect(gone["ada"]?.gone).toBe(now.toISOString());
  });

  const pending = [{ login: "ada", teams: ["full-access"] }];
  test.each<[string, Partial<Parting>, Parameters<typeof inputOf>[0], boolean]>([
    ["that has come to pass, until it is told", { gone: ago(1) }, {}, true],
    ["that was only to come: no", {}, {}, false],
    ["for a day after", { gone: ago(1), told: { key: "k", at: ago(0, 23) } }, {}, true],
    ["for no longer", { gone: ago(2), told: { key: "k", at: ago(1) } }, {}, false],
    ["until they are in a team", { gone: ago(1) }, { github: github({ "full-access": ["ada"] }) }, false],
    ["until they are invited", { gone: ago(1) }, { github: github({}, { pending }) }, false],
    ["until they have a row", { gone: ago(1) }, { rows: [row("Ada")] }, false],
  ])("stays remembered %s", (_, more, looked, stays) => {
    const ada = parting(more);
    expect(remembered({ partings: { ada } }, looked)).toEqual(stays ? { ada } : {});
  });

  test.each([
    ["nowhere", github(), ["removed/ada/2026-11-20t12-00-00"]],
    ["in a team", github({ "full-access": ["ada"] }), []],
    ["invited", github({}, { pending }), []],
  ])("is told to whoever is %s", (_, teams, keys) => {
    const facts = inputOf({ github: teams, state: state({ known: ["ada"] }) });
    const next = state({ partings: { ada: parting({ gone: ago(1) }) } });
    const acted = nothingDone({});
    const due = mailsDue({ seen: seenOf(facts), decision: decide(facts), acted, next, timeZone: "UTC" });
    expect(due.map(({ key }) => key)).toEqual(keys);
  });

  test("of a login that was corrected is none, and of another person's is one", () => {
    const left = { known: ["ada"], people: [listed("ada")], leaving: { "remove ada full-access": ago(2) } };
    const of = (more: Parameters<typeof row>[2]) =>
      Object.keys(remembered(left, { ...inTwo, rows: [row("ada-l", "Research", more)] }));
    const { email, name } = row("ada");
    expect(of({ email: email.toUpperCase(), name })).toEqual([]);
    expect([of({ email }), of({ name })]).toEqual([["ada"], ["ada"]]);
  });

  test("is told half an hour after it was first seen, and marked", () => {
    const partings = { ada: parting({ gone: ago(1) }), bo: parting({ gone: ago(1) }), cy: parting() };
    const mails = farewells(partings, (login) => login === "bo");
    expect(mails.map(({ key, from }) => [key, from])).toEqual([
      ["removed/ada/2026-11-20t12-00-00", ago(2, -0.5)],
    ]);
    const at = now.toISOString();
    const told = withTold(partings, new Set(mails.map(({ key }) => key)), at);
    const { ada } = told;
    expect(ada?.told).toEqual({ key: "removed/ada/2026-11-20t12-00-00", at });
    expect([told["bo"], told["cy"]]).toEqual([partings.bo, partings.cy]);
    expect([partingOf({ partings: told }, "ada"), partingOf({ partings: told }, "constructor")]).toEqual([
      ada,
      undefined,
    ]);
    expect([partingOf({}, "ada"), partingOf(undefined, "ada")]).toEqual([undefined, undefined]);
  });
});
