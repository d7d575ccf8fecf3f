// Tests of which mails are due, and from when: by table, on facts that are written by hand.
import { describe, expect, test } from "@jest/globals";
import { announcements, leftToTell } from "../../../functions/sync-members/announce.ts";
import { decide } from "../../../functions/sync-members/decide.ts";
import { typedRows } from "../../../functions/sync-members/doubt.ts";
import { type Facts, nothingDone, type Seen } from "../../../functions/sync-members/facts.ts";
import { mailsDue } from "../../../functions/sync-members/mails.ts";
import { freshRows } from "../../../functions/sync-members/settled.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { act, ago, github, idOf, inputOf, now, row, seenOf, state, stateAfter } from "./facts-harness.ts";

type Given = Parameters<typeof inputOf>[0];
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
const longAgo = { fresh: { since: ago(60), rows: {} } };

/** Looks as a run does that has nothing to do at GitHub, and gives what it leaves and the mails. */
function looked(facts: Facts): { next: MembersState; mails: string[]; due: ReturnType<typeof mailsDue> } {
  const seen: Seen = seenOf(facts);
  const decision = decide(seen);
  const acted = nothingDone({});
  const next = stateAfter(facts, { held: [] });
  const due = mailsDue({ seen, decision, acted, next, timeZone: "UTC" });
  const ready = due.filter(({ from }) => Date.parse(from) <= facts.now.getTime());
  return { next, due, mails: ready.map(({ occasion, key, email }) => `${occasion} ${key} ${email}`) };
}
/** The same, of rows that have stood as they are for long. */
function stood(given: Given): Facts {
  const facts = inputOf(given);
  return { ...facts, state: facts.state && { ...facts.state, pairings: typedRows(facts) } };
}
const mailsOf = (given: Given): string[] => looked(stood(given)).mails;

describe("an invitation that is open", () => {
  const invited = (days: number, hours = 0) =>
    mailsOf({
      rows: [row("ada")],
      github: github(
        {},
        { pending: [{ login: "ada", teams: ["full-access"], createdAt: ago(days, hours) }] },
      ),
      state: state({ known: ["ada"], ...longAgo }),
    });
  test.each([
    [0, 1, []],
    [2, 23, []],
    [3, 0, ["reminder-3 reminded/ada/2026-11-18/3 ada@example.org"]],
    [5, 23, ["reminder-3 reminded/ada/2026-11-15/3 ada@example.org"]],
    // Seen late: the nearest alone.
    [6, 0, ["reminder-6 reminded/ada/2026-11-15/6 ada@example.org"]],
  ])("for %i days and %i hours", (days, hours, mails) => {
    expect(invited(days, hours)).toEqual(mails);
  });

  test("is told of with the last day of the membership, where the row has one", () => {
    const pending = [{ login: "ada", teams: ["full-access"], createdAt: ago(4) }];
    const endOf = (more: { expires?: string }) => {
      const rows = [row("ada", "Research", more)];
      const facts = stood({ rows, github: github({}, { pending }), state: state(longAgo) });
      return looked(facts).due.map(({ occasion, ends }) => [occasion, ends]);
    };
    expect(endOf({ expires: "2027-03-01" })).toEqual([["reminder-3", "2027-03-01"]]);
    expect(endOf({})).toEqual([["reminder-3", undefined]]);
  });

  test("to another team than the sheet's is nobody's to be reminded of", () => {
    const pending = [{ login: "ada", teams: ["others"], createdAt: ago(4) }];
    const input = { rows: [row("ada")], github: github({}, { pending }), state: state(longAgo) };
    expect(mailsOf(input)).toEqual([]);
  });
});

describe("an invitation that has ended", () => {
  const lapsed = (ended: number, outcome: "lapsed" | "declined" | "blocked" = "lapsed") => ({
    rows: [row("ada")],
    state: state({
      known: { ada: { invitations: ended, ended, outcome, outcomeAt: ago(0, 1), invitedAt: ago(7) } },
      ...longAgo,
    }),
  });
  test("by itself is told once, with what comes next", () => {
    const { due } = looked(stood(lapsed(3)));
    expect(due).toMatchObject([{ occasion: "expired", key: "expired/ada/2026-11-14", again: false }]);
    expect(looked(stood(lapsed(1))).due).toMatchObject([{ again: true }]);
  });
  test("by the person's own word is no news to them", () => {
    expect([mailsOf(lapsed(1, "declined")), mailsOf(lapsed(1, "blocked"))]).toEqual([[], []]);
  });
});

describe("a membership that ends", () => {
  const ending = (expires: string, givenAt = ago(300), how: "given" | "before" = "given") =>
    mailsOf({
      rows: [row("ada", "Research", { expires })],
      github: github({ "full-access": ["ada"] }),
      state: state({
        known: {
          ada: { id: idOf("ada"), invitations: 0, memberships: { "full-access": { how, at: givenAt } } },
        },
        provenanceSince: ago(400),
        ...longAgo,
      }),
    });
  test.each([
    ["2026-12-22", []],
    ["2026-12-21", ["ends-30 ends/ada/2026-12-21/30 ada@example.org"]],
    ["2026-11-29", ["ends-30 ends/ada/2026-11-29/30 ada@example.org"]],
    ["2026-11-28", ["ends-7 ends/ada/2026-11-28/7 ada@example.org"]],
    ["2026-11-21", ["ends-7 ends/ada/2026-11-21/7 ada@example.org"]],
    ["2026-11-20", []],
  ])("on %s, seen on 2026-11-21", (expires, mails) => {
    expect(ending(expires)).toEqual(mails);
  });
  test("whoever was let in within these days knows it from that mail, and nobody knows of what was there before", () => {
    expect(ending("2026-12-15", ago(2))).toEqual([]);
    expect(ending("2026-12-15", ago(2), "before")).toHaveLength(1);
    expect(ending("2026-11-27", ago(10))).toEqual(["ends-7 ends/ada/2026-11-27/7 ada@example.org"]);
  });
});

describe("a login that is nobody's", () => {
  const unknown = new Map([["ada", "not-found" as const]]);
  test("is asked about once for what is typed", () => {
    const [mail = ""] = mailsOf({ rows: [row("ada")], accounts: unknown, state: state(longAgo) });
    expect(mail).toMatch(/^login-mistyped mistyped\/[0-9a-f]{16} ada@example\.org$/);
    expect(mail).not.toContain("mistyped/ada");
  });
  test("is nobody's to ask about without an address, and a cell that GitHub knows is the team's to ask about", () => {
    const cells = [
      { cell: "C2", value: "ada b", why: "x" },
      { cell: "C3", value: "12345", why: "x" },
      { cell: "C4", value: "", why: "x" },
      { cell: "C5", value: "who?", why: "x" },
    ];
    const refused = {
      rejected: cells,
      unreadable: ["C2", "C3", "C4"].map((cell) => ({ cell, email: `${cell}@example.org` })),
      accounts: new Map([["12345", { id: 1, login: "12345", type: "User", member: false } as const]]),
      typed: [2, 3, 4, 5].map((at) => ({ at, login: "", email: "", name: "", tier: "", expires: "" })),
      state: state(longAgo),
    };
    expect(looked(stood(refused)).due.map(({ email }) => email)).toEqual(["C2@example.org"]);
    // They have filled the form again.
    const again = { ...refused, rows: [row("ada-b", "Research", { cell: "C9", email: "c2@example.org" })] };
    expect(looked(stood(again)).due.map(({ occasion }) => occasion)).toEqual([]);
    const noAddress = {
      rows: [row("ada", "Research", { email: "" })],
      accounts: unknown,
      state: state(longAgo),
    };
    expect(mailsOf(noAddress)).toEqual([]);
  });
});

describe("a cell that was edited a moment ago", () => {
  const member = { "full-access": ["ada"] };
  const given = { how: "given" as const, at: ago(300) };
  const known = { ada: { id: idOf("ada"), invitations: 0, memberships: { "full-access": given } } };
  const rowAt = (expires: string, more = {}) => row("ada", "Research", { expires, ...more });
  /** Plays reads one after another, minutes after the first, and gives the mails of each. */
  function played(reads: [minute: number, expires: string, more?: object][]): string[][] {
    let before = state({ known, provenanceSince: ago(400) });
    return reads.map(([minute, expires, more = {}]) => {
      const rows = [rowAt(expires, more)];
      const { next, mails } = looked(
        inputOf({ rows, github: github(member), now: minutes(minute), state: before }),
      );
      before = next;
      return mails.map((mail) => mail.split(" ")[0] ?? "");
    });
  }
  test.each<[string, Parameters<typeof played>[0], string[][]]>([
    [
      "as it stood at the first look: 30 minutes later",
      [
        [0, "2026-12-01"],
        [29, "2026-12-01"],
        [30, "2026-12-01"],
      ],
      [[], [], ["ends-30"]],
    ],
    [
      "another end, typed after an hour",
      [
        [0, "2027-12-01"],
        [60, "2026-12-01"],
        [89, "2026-12-01"],
        [90, "2026-12-01"],
      ],
      [[], [], [], ["ends-30"]],
    ],
    [
      "typed again meanwhile: from the last time",
      [
        [0, ""],
        [60, "2026-12-01"],
        [80, "2026-12-02"],
        [100, "2026-12-02"],
        [110, "2026-12-02"],
      ],
      [[], [], [], [], ["ends-30"]],
    ],
    [
      "mended meanwhile: nobody is told",
      [
        [0, ""],
        [60, "2026-12-01"],
        [80, ""],
        [200, ""],
      ],
      [[], [], [], []],
    ],
    [
      "there and back: counts anew",
      [
        [0, ""],
        [60, "2026-12-01"],
        [80, ""],
        [85, "2026-12-01"],
        [100, "2026-12-01"],
        [115, "2026-12-01"],
      ],
      [[], [], [], [], [], ["ends-30"]],
    ],
    [
      "moved to another row: as it was",
      [
        [0, ""],
        [60, "2026-12-01"],
        [90, "2026-12-01", { cell: "C9" }],
      ],
      [[], [], ["ends-30"]],
    ],
  ])("%s", (_, reads, mails) => {
    expect(played(reads)).toEqual(mails);
  });

  test("what is remembered of a row goes when it has stood for long enough, and of a first look there is nothing", () => {
    const rows = [rowAt("2026-12-01")];
    const first = looked(inputOf({ rows, github: github(member), state: state({ known }) })).next;
    expect(first.fresh).toEqual({ since: now.toISOString(), rows: {} });
    const second = looked(
      inputOf({ rows: [rowAt("2026-12-02")], github: github(member), now: minutes(60), state: first }),
    ).next;
    expect(Object.values(second.fresh?.rows ?? {})).toEqual([minutes(60).toISOString()]);
    const third = { rows: [rowAt("2026-12-02")], now: minutes(90), state: second };
    expect(freshRows(inputOf(third)).rows).toEqual({});
  });
});

describe("a change of tier", () => {
  const teams = github({ "base-access": ["ada"] });
  const remembered = (fresh: Record<string, string>) =>
    state({ known: ["ada"], fresh: { since: ago(60), rows: fresh } });
  const moving = { rows: [row("ada")], github: teams };
  test("is told once it has stood, and is none once it was taken back", () => {
    const facts = inputOf({ ...moving, state: remembered({}) });
    const due = announcements([act("add", "ada")], facts);
    expect(due["ada"]).toMatchObject({ was: "base-access", from: minutes(30).toISOString() });
    const moved = github({ "full-access": ["ada"] });
    expect([29, 30].map((minute) => leftToTell(due, moved, minutes(minute)))).toEqual([[], ["ada"]]);
    const back = inputOf({
      rows: [row("ada", "Education")],
      github: moved,
      state: { ...remembered({}), announce: due },
    });
    expect(announcements([act("add", "ada", "base-access")], back)).toEqual({});
    // Moved back before anything was done at GitHub.
    expect(announcements([], { ...back, github: teams })).toEqual({});
  });
  test("is told at once where the row has stood for long, as after a hold", () => {
    const first = stood({ ...moving, state: remembered({}) });
    const { next } = looked(first);
    const approved = inputOf({ ...moving, now: minutes(600), state: next });
    const due = announcements([act("add", "ada")], approved);
    expect(leftToTell(due, github({ "full-access": ["ada"] }), minutes(600))).toEqual(["ada"]);
  });
});

test("while the sheet seems to have slipped, nobody who is touched hears of it, nor anybody of a login", () => {
  const logins = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const rowsWith = (days: readonly number[]) =>
    logins.map((login, n) =>
      row(login, "Research", {
        cell: `C${n + 2}`,
        email: `${login}@example.org`,
        expires: `2026-12-${days[n]}`,
      }),
    );
  const days = logins.map((_, n) => ((n * 7) % 12) + 10);
  const members = github({ "full-access": logins });
  const first = looked(
    inputOf({ rows: rowsWith(days), github: members, state: state({ known: logins, ...longAgo }) }),
  );
  const sorted = { rows: rowsWith(days.toSorted()), github: members, now: minutes(60), state: first.next };
  const facts = inputOf(sorted);
  const { because, touched } = decide(facts).doubt;
  expect(because).toMatch(/sorted alone/);
  const later = looked({ ...facts, now: minutes(600) });
  expect(later.due.filter(({ login = "" }) => touched.has(login))).toEqual([]);
});
