// State that a run leaves for the next: where everybody stands, whom the sheet has named, what waits.
import { describe, expect, test } from "@jest/globals";
import { decide } from "../../../functions/sync-members/decide.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import {
  account,
  ago,
  github,
  idOf,
  inputOf,
  lookedAt,
  now,
  row,
  state,
  stateAfter,
  strangers,
} from "./facts-harness.ts";

const statuses = ({ people }: MembersState) =>
  Object.fromEntries(people.map(({ login, status }) => [login, status]));

describe("where everybody stands", () => {
  const rows = [
    row("member"),
    row("pending"),
    row("mailed"),
    row("new"),
    row("over", "Research", { expires: "2026-11-20" }),
    row("gone"),
    row("bot"),
    row("lapsed"),
    row("asked"),
  ];
  const input = inputOf({
    rows,
    github: github(
      { "full-access": ["MEMBER"] },
      {
        pending: [
          { login: "Pending", teams: ["full-access"] },
          { email: "mailed@example.org", teams: ["full-access"] },
        ],
        failed: [{ invitationId: 1, login: "Lapsed", reason: "expired" }],
      },
    ),
    accounts: new Map([
      ...strangers("mailed", "new", "lapsed", "asked"),
      ["gone", "not-found"],
      ["bot", account("bot", { type: "Bot" })],
    ]),
    state: state({ known: { asked: { invitations: 3, invitedAt: ago(30) } } }),
  });

  test("by the teams, the invitations and the accounts", () => {
    expect(statuses(stateAfter(input))).toEqual({
      member: "in-team",
      pending: "invited",
      mailed: "invited",
      new: "to-invite",
      over: "expired",
      gone: "no-such-user",
      bot: "no-such-user",
      lapsed: "failed-invitation",
      asked: "failed-invitation",
    });
  });

  test("by what this run did", () => {
    const next = stateAfter(input, { invited: new Set(["new"]), added: new Set(["lapsed"]) });
    expect(statuses(next)).toMatchObject({ new: "invited", lapsed: "in-team" });
  });

  test("somebody renamed stands in the team", () => {
    const renamed = inputOf({
      rows: [row("ada")],
      github: github({ "full-access": ["ada-new"] }),
      accounts: new Map(),
      state: state({ known: { ada: { id: idOf("ada-new"), invitations: 1 } } }),
    });
    expect(statuses(stateAfter(renamed))).toEqual({ ada: "in-team" });
  });

  test("since when, for as long as it does not change", () => {
    const first = stateAfter({ ...input, now: new Date(ago(5)) });
    const later = stateAfter({ ...input, state: first }, { invited: new Set(["new"]) });
    const since = Object.fromEntries(later.people.map((person) => [person.login, person.since]));
    expect(since["member"]).toBe(ago(5));
    expect(since["new"]).toBe(now.toISOString());
  });

  test("whoever is held", () => {
    const logins = ["p1", "p2", "p3", "p4"];
    const ended = inputOf({
      rows: logins.map((login) => row(login, "Research", { expires: "2026-01-01" })),
      github: github({ "full-access": logins }),
    });
    expect(statuses(stateAfter(ended))).toEqual({ p1: "held", p2: "held", p3: "held", p4: "held" });
  });
});

describe("whom the sheet has named", () => {
  test("stays known, by the number of the account too, when the row is gone", () => {
    const first = stateAfter(
      inputOf({ rows: [row("Ada"), row("bo")], github: github({ "full-access": ["ada"] }) }),
    );
    expect(first.known).toMatchObject({
      ada: { id: idOf("ada"), invitations: 0, outcome: "accepted", outcomeAt: now.toISOString() },
      bo: { id: idOf("bo"), invitations: 0 },
    });
    expect(stateAfter(inputOf({ state: first })).known).toMatchObject({
      ada: { id: idOf("ada") },
      bo: { id: idOf("bo") },
    });
  });

  test("whoever is only in a team, or only in a refused row, is not known", () => {
    const next = stateAfter(inputOf({ named: ["garbled"], github: github({ "full-access": ["guest"] }) }));
    expect(next.known).toEqual({});
    expect(next.unmanaged).toEqual([{ login: "guest", team: "full-access", how: "before" }]);
  });

  test("an invitation that GitHub took is counted, with its time, and no other", () => {
    const remembered = state({ known: { ada: { id: 5, invitations: 1, invitedAt: ago(8) } } });
    const input = inputOf({ rows: [row("ada")], state: remembered, accounts: new Map() });
    const at = now.toISOString();
    expect(stateAfter(input, { outcomes: new Map([["ada", "taken"]]) }).known["ada"]).toMatchObject({
      invitations: 2,
      invitedAt: at,
      outcome: "taken",
    });
    expect(stateAfter(input, { outcomes: new Map([["ada", "no-seat"]]) }).known["ada"]).toMatchObject({
      invitations: 1,
      invitedAt: ago(8),
      outcome: "no-seat",
      outcomeAt: at,
    });
  });

  test("an invitation that a run sent and did not live to count is counted by the next, once", () => {
    const pending = [{ login: "ada", teams: ["full-access"], createdAt: ago(0, 2) }];
    const input = inputOf({ rows: [row("ada")], github: github({}, { pending }) });
    const next = stateAfter(input);
    const at = ago(0, 2);
    expect(next.known).toMatchObject({
      ada: { id: idOf("ada"), invitations: 1, invitedAt: at, outcome: "taken", outcomeAt: at },
    });
    expect(stateAfter({ ...input, state: next }).known).toEqual(next.known);
  });

  test("the number of a stranger under an old name is not taken over", () => {
    const remembered = state({ known: { ada: { id: 5, invitations: 0 } } });
    const input = inputOf({ rows: [row("ada")], state: remembered });
    expect(stateAfter(input).known).toEqual({ ada: { id: 5, invitations: 0 } });
  });

  test("unless somebody has put that account into the team by hand", () => {
    const remembered = state({ known: { ada: { id: 5, invitations: 0 } } });
    const input = inputOf({
      rows: [row("ada")],
      state: remembered,
      github: github({ "full-access": ["ada"] }),
    });
    expect(stateAfter(input).known["ada"]).toMatchObject({ id: idOf("ada"), invitations: 0 });
  });

  test("a login that every object knows is known like any other", () => {
    const next = stateAfter(inputOf({ rows: [row("constructor")] }), {
      outcomes: new Map([["constructor", "taken"]]),
    });
    expect(Object.keys(next.known)).toEqual(["constructor"]);
    expect(next.known["constructor"]).toMatchObject({ invitations: 1 });
  });
});

describe("a row that was cleared", () => {
  const first = stateAfter(
    inputOf({ rows: [row("ada", "Research", { cell: "C12" })], github: github({ "full-access": ["ada"] }) }),
  );
  const cleared = {
    rejected: [{ cell: "C12", value: "", why: "the GitHub username is missing" }],
    unreadable: [{ cell: "C12" }],
    github: github({ "full-access": ["ada"] }),
  };

  test("is remembered as it was, for as long as it stays so, and removes nobody in any run", () => {
    let remembered = first;
    for (let run = 1; run <= 3; run += 1) {
      const input = inputOf({ ...cleared, state: { ...remembered, goodRows: 0 } });
      expect(decide(input).plan.actions).toEqual([]);
      remembered = stateAfter(input);
      expect(remembered.people).toEqual(first.people);
    }
    const deleted = inputOf({
      ...cleared,
      rejected: [],
      unreadable: [],
      state: { ...remembered, goodRows: 0, rowsOfDays: {} },
    });
    expect(decide(lookedAt(deleted)).plan.actions).toHaveLength(1);
    expect(stateAfter(deleted).people).toEqual([]);
  });

  const asked = github({}, { pending: [{ login: "ada", teams: ["full-access"] }] });
  const elsewhere = { teams: ["public-access"], invited: false };
  test.each([
    ["an invitation that they accept", github({ "full-access": ["ada"] }), "in-team", undefined],
    ["one that goes out", asked, "invited", undefined],
    ["another team", github({ "public-access": ["ada"] }), "to-invite", elsewhere],
  ])("what they have at GitHub is kept as it is by now: %s", (_, then, status, access) => {
    for (const was of [github({ "full-access": ["ada"] }), asked]) {
      const before = stateAfter(
        inputOf({ rows: [row("ada", "Research", { cell: "C12" })], github: was, accounts: strangers("ada") }),
      );
      const after = stateAfter(inputOf({ ...cleared, github: then, state: { ...before, goodRows: 0 } }));
      expect(after.people.map((person) => [person.status, person.access])).toEqual([[status, access]]);
    }
  });
});

describe("the rest of it", () => {
  const logins = ["p1", "p2", "p3", "p4"];
  const damaged = inputOf({
    rows: [row("p5")],
    github: github({ "full-access": [...logins, "p5"] }),
    state: state({ known: [...logins, "p5"], goodRows: 5 }),
  });

  test("while removals are held, the number of good rows stays that of the good sheet", () => {
    expect(stateAfter(damaged).goodRows).toBe(5);
    expect(stateAfter(damaged, { held: [] }).goodRows).toBe(1);
    const grown = inputOf({ rows: [row("a"), row("b")], state: state({ goodRows: 1 }) });
    expect(stateAfter(grown).goodRows).toBe(2);
  });

  test("what waits is named by its hash, since it first did", () => {
    const first = stateAfter({ ...damaged, now: new Date(ago(1)) });
    expect(first.waiting).toEqual({
      plan: decide(damaged).plan.hash,
      since: Object.fromEntries(decide(damaged).plan.held.map(({ hash }) => [hash, ago(1)])),
    });
    expect(stateAfter({ ...damaged, state: { ...first, goodRows: 5 } }).waiting).toEqual(first.waiting);
    expect(stateAfter(damaged, { held: [] }).waiting).toBeUndefined();
  });

  test("an unfinished run leaves no digest, so that the next looks at GitHub again", () => {
    expect(stateAfter(damaged).digest).toBe("digest-of-this-sheet");
    expect(stateAfter(damaged, { left: 1 })).not.toHaveProperty("digest");
  });

  test("rejected cells and announcements are kept for the console and the next run", () => {
    const rejected = [{ cell: "D4", value: "Reserch", why: "no tier" }];
    const announce = { ada: { key: "invited/ada/1", email: "ada@example.org", team: "full-access" } };
    expect(stateAfter(inputOf({ rejected }), { announce })).toMatchObject({ rejected, announce });
  });

  test("a run that sees the same leaves the same", () => {
    const once = stateAfter(damaged);
    expect(stateAfter({ ...damaged, state: once })).toEqual(once);
  });
});
