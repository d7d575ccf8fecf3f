// Sheets as people keep them, from their cells to the plan: bad rows of every kind cost no good one, and rows in which nobody is
// cost nothing.
import { expect, test } from "@jest/globals";
import { decide } from "../../../functions/sync-members/decide.ts";
import type { Account } from "../../../functions/sync-members/facts.ts";
import { gather } from "../../../functions/sync-members/gather.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { Cell } from "../../../shared/sheets/cell.ts";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { account, ago, github, lookedAt, membersSettings, now, row, state } from "./facts-harness.ts";

const header = ["Name", "Email", "GitHub username", "Membership tier", "Membership expires"];
const settings = { ...membersSettings, invitationsPerDay: 500, mustEnd: ["Education"] };
const person = (n: number): Cell[] => [
  `Nomen Person${n}`,
  `mail${n}@example.org`,
  `person-${n}`,
  "Research",
  "2027-06-30",
];

/** A run over these cells, on a hub where nobody is in yet unless it is said: whom it invites, what it refuses, what it says. */
async function run(
  cells: Cell[][],
  accounts: Record<string, Account> = {},
  before: { members?: string[]; state?: MembersState } = {},
) {
  const steps: string[] = [];
  let lookedUp = 0;
  const seen = await gather(
    {
      settings,
      timeZone: "UTC",
      state: before.state,
      onlyHint: false,
      messageId: "1",
      adopt: false,
      classesNear: async () => [],
    },
    {
      run: { step: (what) => steps.push(what) },
      now: () => now,
      readSheet: async (members, today) => memberRows(cells, members, today),
      readTeams: async () => github({ "full-access": before.members ?? [] }),
      resolveLogins: async (logins) => {
        lookedUp += 1;
        return new Map(logins.map((login) => [login, accounts[login.toLowerCase()] ?? account(login)]));
      },
    },
  );
  if (seen === "unchanged" || "problem" in seen) throw new Error("the sheet is usable");
  const { plan } = decide(lookedAt(seen));
  return { plan, steps, lookedUp, invited: plan.actions.map(({ do: act, about }) => `${act} ${about}`) };
}

const bot = (login: string) => account(login, { type: "Bot" });
/** A row of each kind of harm that one hand does. */
const bad: [kind: string, at: number, cell: Cell][] = [
  ["a blank in the login", 2, "person 1"],
  ["a person's name", 2, "Nomen Person"],
  ["an address for a login", 2, "mail@example.org"],
  ["nothing for a login", 2, ""],
  ["a placeholder", 2, "N/A"],
  ["a word", 2, "TRUE"],
  ["another word", 2, "none"],
  ["two logins", 2, "person-a, person-b"],
  ["a login with a note", 2, "person-a (work)"],
  ["a login with look-alikes", 2, "p\u0435rson-a"],
  ["a direction of writing", 2, "person\u202e-a"],
  ["a managed account", 2, "person_company"],
  ["forty letters", 2, "a".repeat(40)],
  ["a repository's address", 2, "https://github.com/person-a/notes"],
  ["another site's address", 2, "https://gitlab.com/person-a"],
  ["a reserved word", 2, "settings"],
  ["a bot by its name", 2, "dependabot[bot]"],
  ["a bot", 2, "robot"],
  ["an organisation", 2, "company"],
  ["nobody", 2, "ghost-1"],
  ["a university's number", 2, "20231234"],
  ["a number", 2, { is: "number", value: 7, shown: "007" }],
  ["a ticked box", 2, { is: "checkbox", shown: "TRUE" }],
  ["a formula's error", 2, { is: "error", shown: "#REF!", computed: true }],
  ["a formula that is not done", 2, { is: "error", shown: "Loading...", computed: true }],
  ["a merge", 2, { is: "merged", shown: "", first: "C2" }],
  ["a chip", 2, { is: "chip", shown: "Nomen" }],
  ["no tier", 3, ""],
  ["a misspelt tier", 3, "Reserch"],
  ["an unknown tier", 3, "Tier 2"],
  ["a number for a tier", 3, { is: "number", value: 2, shown: "2" }],
  ["a day that can be read in two ways", 4, "3/4/2027"],
  ["no such day", 4, "2027-02-30"],
  ["a year of two digits", 4, "31/12/26"],
  ["a far year", 4, { is: "number", value: 200_000, shown: "7/30/2447" }],
  ["no date", 4, "next summer"],
  ["an unreadable address", 1, "mail at example.org"],
  ["two addresses", 1, "a@example.org, b@example.org"],
  ["a chip for an address", 1, { is: "chip", shown: "Nomen", email: "a@example.org" }],
];

test("a tenth of the rows is bad, of every kind: all good ones are invited in the same run, and each bad one is a line", async () => {
  const good = Array.from({ length: 9 * bad.length }, (_, n) => person(n));
  const cells: Cell[][] = [header];
  for (const [index, [, at, cell]] of bad.entries())
    cells.push(...good.slice(9 * index, 9 * index + 9), person(1000 + index).with(at, cell));
  const { plan, invited, lookedUp } = await run(cells, {
    robot: bot("robot"),
    company: account("company", { type: "Organization" }),
    "ghost-1": "not-found",
  });
  expect(invited.toSorted()).toEqual(good.map((_, n) => `invite person-${n}`).toSorted());
  const lines = plan.refused.map(({ about }) => Number(about.slice(1)));
  expect(lines.toSorted((a, b) => a - b)).toEqual(bad.map((_, index) => 11 + 10 * index));
  expect(lookedUp).toBe(1);
});

test("each kind says in which cell it is, why, and what mends it", async () => {
  for (const [kind, at, cell] of bad) {
    const { plan, invited } = await run([header, person(1).with(at, cell)], {
      robot: bot("robot"),
      company: account("company", { type: "Organization" }),
      "ghost-1": "not-found",
    });
    expect([kind, invited, plan.refused.map(({ about }) => about)]).toEqual([kind, [], [`${"ABCDE"[at]}2`]]);
    const [{ why, suggestion } = { why: "", suggestion: undefined }] = plan.refused;
    const cure =
      /\b(?:ask|type|write|choose|mend|give|leave|again|missing|no tier of the settings: Public)\b/;
    expect([kind, why, suggestion !== undefined || cure.test(why)]).toEqual([kind, why, true]);
  }
});

test("3,000 rows filled in beforehand: nobody is refused, and the record of the run stays small", async () => {
  const filled: Cell[] = [
    "",
    "",
    "",
    "Public",
    { is: "number", value: 180, shown: "6/28/1900", computed: true },
  ];
  const cells = [header, ...Array.from({ length: 3000 }, () => filled)].with(1500, person(1));
  const { plan, invited, steps } = await run(cells);
  expect([invited, plan.refused]).toEqual([["invite person-1"], []]);
  expect(JSON.stringify([plan, steps]).length).toBeLessThan(1000);
});

test("a sheet without addresses lets people in, and says once what it cannot do", async () => {
  const cells = Array.from({ length: 100 }, (_, n) => person(n).with(1, ""));
  const { plan, invited, steps } = await run([header, ...cells]);
  expect([invited.length, plan.refused]).toEqual([100, []]);
  expect(steps.filter((step) => step.includes("address"))).toEqual([
    "rows without an e-mail address, whose people get GitHub's mail alone: C2, C3, C4, C5, C6 and 95 more",
  ]);
});

test("a form filled out again lets the right login in, in the same run", async () => {
  const cells = [header, person(1).with(2, "person-l"), person(1)];
  const { plan, invited } = await run(cells, { "person-l": "not-found" });
  expect(invited).toEqual(["invite person-1"]);
  expect(plan.refused.map(({ about, why }) => [about, why])).toEqual([
    ["C2", expect.stringContaining("one that exists in C3: delete this row")],
  ]);
});

test.each([
  ["by the address", "mail1@example.org"],
  ["by the cell, where there is no address", ""],
])(
  "a login that is asked about, typed over the right one, takes nothing from who was there: %s",
  async (_, email) => {
    const { login, tier, team, name } = row("ada-l");
    const was = {
      login,
      tier,
      team,
      name,
      email,
      cell: "C2",
      status: "in-team",
      since: now.toISOString(),
    } as const;
    const memberships = { [team]: { how: "given", at: ago(30) } } as const;
    const known = { "ada-l": { invitations: 0, memberships } };
    const before = { members: ["ada-l"], state: state({ known, people: [was] }) };
    const { plan, invited } = await run([header, person(1).with(1, email).with(2, "20231234")], {}, before);
    expect([invited, plan.held, plan.refused.map(({ about }) => about)]).toEqual([[], [], ["C2"]]);
    const moved = await run([header, person(1).with(1, email)], {}, before);
    expect(moved.invited).toEqual(["invite person-1", "remove ada-l"]);
  },
);
