// Words of the status sheet, by hand: a line for each row of the member sheet, and what it shows of a hold.
import { describe, expect, test } from "@jest/globals";
import type { MemberAction } from "../../../functions/sync-members/facts.ts";
import { actsForLong, changesOnHold } from "../../../functions/sync-members/status-sheet.ts";
import { statusWords } from "../../../functions/sync-members/status-table.ts";
import { planOf } from "../../../shared/flow/plan.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { HeldChange } from "../../../shared/members/standing.ts";
import { act, hub, membersSettings, state, unasked } from "./facts-harness.ts";

const now = new Date("2026-11-21T03:30:00.000Z");
const nobody = new Map<string, HeldChange>();

type Person = MembersState["people"][number];
const person = (login: string, cell: string, more: Partial<Person> = {}): Person => ({
  login,
  cell,
  email: `${login}@example.org`,
  name: "Ada North",
  tier: "Research",
  team: "full-access",
  status: "in-team",
  since: "2026-11-01T12:00:00.000Z",
  ...more,
});
const tableOf = (found: Partial<MembersState>, held: ReadonlyMap<string, HeldChange> = nobody) =>
  statusWords({ hub, found: state(found), held }).tableAt(now);
const lineOf = (found: Partial<MembersState>, held?: ReadonlyMap<string, HeldChange>) =>
  tableOf(found, held).rows[4];
const waiting = (verdict?: "rejected"): HeldChange => ({
  do: "invite",
  team: "full-access",
  because: "3 rows seem to have been pasted over",
  verdict,
  plan: "x",
});

describe("a row", () => {
  test("of somebody who is in says so, and no more", () => {
    expect(lineOf({ people: [person("ada", "C7")] })).toEqual([7, "ada", "in the team", "", "", "", ""]);
  });

  test("of somebody who is invited says until when, in the hub's time zone", () => {
    const found = {
      people: [person("ada", "C7", { status: "invited" })],
      known: { ada: { invitations: 1, invitedAt: "2026-11-20T02:00:00.000Z", outcome: "taken" } },
    } as const;
    const { tableAt } = statusWords({
      hub: { ...hub, timeZone: "America/New_York" },
      found: state({ ...found, people: [...found.people] }),
      held: nobody,
    });
    const { rows } = tableAt(now);
    expect(rows[4]?.slice(0, 4)).toEqual([7, "ada", "invited", "2026-11-26"]);
    expect(rows[1]?.[0]).toMatch(/^Last change: 2026-11-20 22:30 \(America\/New_York\)\./);
  });

  test.each([
    [
      "on hold",
      undefined,
      /^In the sheet \(cell C7\).* is on hold \(3 rows seem to have been pasted over\)\./,
    ],
    ["turned down", "rejected", /somebody has rejected the change/],
  ] as const)("of somebody who is %s says why", (word, verdict, why) => {
    const held = new Map([["ada", waiting(verdict)]]);
    const line = lineOf({ people: [person("Ada", "C7", { status: "held" })] }, held);
    expect(line).toEqual([7, "Ada", word, "", "", expect.stringMatching(why), expect.any(String)]);
  });

  test("of a login that GitHub does not know has what was perhaps meant", () => {
    const cell = { cell: "C7", value: "adaa", why: "GitHub has no user of that name", suggestion: "ada" };
    expect(lineOf({ people: [person("adaa", "C7", { status: "no-such-user" })], rejected: [cell] })).toEqual([
      7,
      "adaa",
      "no such user",
      "",
      "ada",
      "Cell C7 says adaa: GitHub has no user of that name.",
      "Ask for the right GitHub username and correct cell C7.",
    ]);
  });

  test("that cannot be used names the cell, and where its person stands who was read before", () => {
    const tier = { cell: "D7", value: "Reserch", why: "not a tier", suggestion: "Research" };
    const known = person("ada", "C7", { status: "invited" });
    const [row, login, word, , meant, why] = lineOf({ people: [known], rejected: [tier] }) ?? [];
    expect([row, login, word, meant]).toEqual([7, "ada", "rejected", "Research"]);
    expect(why).toMatch(/^Cell D7 .* not a tier\. Invited; /);
  });

  test("whose login cannot be used any more says so, and whom it had before", () => {
    const cell = { cell: "C7", value: "ada_", why: "not a login", suggestion: "ada" };
    const [, login, word, until, meant, why] =
      lineOf({ people: [person("Ada", "C7")], rejected: [cell] }) ?? [];
    expect([login, word, until, meant]).toEqual(["ada_", "rejected", "", "ada"]);
    expect(why).toMatch(/^Cell C7 .* not a login\. Read from this row before: Ada, in the team\.$/);
  });

  const typed = { at: 7, login: "@da", email: "", name: "", tier: "", expires: "" };
  test.each<[string, Partial<MembersState>, ReadonlyMap<string, HeldChange>, string]>([
    ["as it was typed", { people: [person("bo", "C2")] }, nobody, "@DA"],
    ["where no row is good", { pairings: [typed] }, nobody, "@DA"],
  ])("whose login cannot be used shows it %s", (_, found, held, login) => {
    const cell = { cell: "C7", value: "@DA", why: "not a login" };
    expect(
      tableOf({ ...found, rejected: [cell] }, held)
        .rows.at(-1)
        ?.slice(0, 2),
    ).toEqual([7, login]);
  });

  test("of which the memory may be another row's shows no login", () => {
    const cell = { cell: "D7", value: "Reserch", why: "not a tier" };
    const found = { rejected: [cell], pairings: [typed] };
    expect(lineOf(found)?.[1]).toBe("@da");
    expect(lineOf(found, new Map([["bo", waiting()]]))?.[1]).toBe("");
  });

  test("is one line, of whoever stands there now", () => {
    const { rows } = tableOf({ people: [person("bo", "C7"), person("ada", "C7", { status: "invited" })] });
    expect(rows.slice(4).map(([row, login]) => [row, login])).toEqual([[7, "bo"]]);
  });
});

test("no address and no name goes into it, also where one was typed for a login", () => {
  const { rows } = tableOf({
    people: [person("ada", "C7", { status: "to-invite" })],
    rejected: [
      {
        cell: "C8",
        value: "bo@example.org",
        why: 'is an address (is it "bo@example.org"?)',
        suggestion: "bo@example.org",
      },
      { cell: "B9", value: "x", why: "not an e-mail address", suggestion: "cy@example.org" },
    ],
  });
  expect(JSON.stringify(rows)).not.toMatch(/example\.org|North/);
  expect(rows.at(-1)?.[4]).toBe("(an address)");
});

test("on top it says of how many rows how it stands, and what is wrong with the sheet as a whole", () => {
  const { rows } = tableOf({ people: [person("ada", "C2"), person("bo", "C3", { status: "expired" })] });
  expect(rows[2]).toEqual(["2 rows: 1 fine, 0 to accept, 1 to correct, 0 unknown"]);
  const found = { problem: 'the heading "GitHub username" is missing' };
  const broken = statusWords({ hub, found, held: nobody }).tableAt(now);
  expect(broken.rows[2]).toEqual(['the heading "GitHub username" is missing']);
  expect(broken.rows.length).toBeGreaterThan(broken.frozen);
});

test("time alone changes nothing that matters, a status does", () => {
  const of = (status: Person["status"]) =>
    statusWords({ hub, found: state({ people: [person("ada", "C2", { status })] }), held: nobody }).matter;
  expect(of("invited")).toEqual(of("invited"));
  expect(of("invited")).not.toEqual(of("in-team"));
});

test.each([
  [3000, "to-invite", true],
  [10_000, "in-team", false],
  [10_000, "to-invite", false],
  [10_000, "expired", false],
] as const)("%d rows of the status %s go into a request of 2 MB", (count, status, isSaid) => {
  const people = Array.from({ length: count }, (_, at) => person(`somebody-${at}`, `C${at + 2}`, { status }));
  const { rows } = tableOf({ people });
  const values = rows.flat().filter((value) => value !== "");
  expect(rows).toHaveLength(count + 4);
  expect(JSON.stringify(rows).length + 45 * values.length).toBeLessThan(2_000_000);
  expect(rows.at(-1)?.[5] !== "").toBe(isSaid);
});

test.each([
  [0, 1, false],
  [60, 1, false],
  [61, 1, true],
  [30, 2, false],
  [31, 2, true],
])("%i changes, %i s apart: told before they are made: %s", (count, writeSpacingSeconds, is) => {
  const go = Array.from({ length: count }, (_, n) => act("invite", `p${n}`));
  const members = { ...membersSettings, writeSpacingSeconds };
  expect(actsForLong({ members }, go)).toBe(is);
});

test("of what was on hold, all is shown but what has been done", () => {
  const done = act("remove", "done");
  const all = [act("remove", "waits"), done, act("remove", "left")];
  const plan = planOf<MemberAction>({
    actions: [],
    held: all.map((one) => ({ ...one, because: "many" })),
    refused: [],
  });
  const asked = unasked({ plan, at: now.toISOString() });
  const held = asked.held.filter(({ about }) => about === "waits");
  const verdicts = (settled: MemberAction[]) =>
    [...changesOnHold({ ...asked, held }, { settled })].map(([login, { verdict }]) => [login, verdict]);
  const shown = [
    ["waits", undefined],
    ["left", "approved"],
  ];
  expect(verdicts([done])).toEqual(shown);
  expect(verdicts([])).toEqual([shown[0], ["done", "approved"], shown[1]]);
});
