// Gathers what a decision needs: the sheet, the memory of the last run, the teams, and accounts that are new. It changes
// nothing, and gives everything or throws: a decision on half a picture would take access from people.
import type { TeamsRead } from "../../shared/github/people.ts";
import type { Ledger, Versioned } from "../../shared/ledger.ts";
import { MembersHead } from "../../shared/records.ts";
import type { MembersSettings } from "../../shared/settings.ts";
import type { SheetRows } from "../../shared/sheets/rows.ts";
import { type Account, type Decision, decide, loginsToLookUp } from "./decide.ts";
import { lower } from "./names.ts";
import { planHash, sheetDigest } from "./plan.ts";

export type LookDeps = {
  ledger: Ledger;
  readSheet: (members: MembersSettings, today: string) => Promise<SheetRows>;
  readTeams: (slugs: string[]) => Promise<TeamsRead>;
  resolveLogins: (logins: string[]) => Promise<Map<string, Account>>;
};

export type Sheet = {
  rows: SheetRows["rows"];
  rejected: SheetRows["rejected"];
  named: SheetRows["named"];
  unreadable: SheetRows["unreadable"];
  /** Of all that matters in it, and of what the settings and the day make of it. */
  digest: string;
};

/** The sheet, or what is wrong with it as a whole. */
export async function lookAtSheet(
  members: MembersSettings,
  today: string,
  deps: LookDeps,
): Promise<Sheet | { problem: string }> {
  const read = await deps.readSheet(members, today);
  if (read.problem !== undefined) return { problem: read.problem };
  const { rows, rejected, named, unreadable } = read;
  const digest = sheetDigest({ rows, rejected, unreadable, members, today });
  return { rows, rejected, named, unreadable, digest };
}

export const memoryName = (hub: string): string => `head/members/${hub}.json`;

export const remember = (hub: string, ledger: Ledger): Promise<Versioned<MembersHead> | undefined> =>
  ledger.read(memoryName(hub), MembersHead);

export type Picture = { github: TeamsRead; accounts: Map<string, Account>; decision: Decision };

/** GitHub's side, and what follows from it. */
export async function lookAtGitHub(
  input: { members: MembersSettings; sheet: Sheet; head: MembersHead | undefined; now: Date },
  deps: LookDeps,
): Promise<Picture> {
  const { members, sheet, head, now } = input;
  const github = await deps.readTeams([...new Set(Object.values(members.tiers))]);
  const facts = {
    rows: sheet.rows,
    rejected: sheet.rejected,
    named: sheet.named,
    unreadable: sheet.unreadable,
    github,
    head,
    settings: members,
    today: now.toISOString().slice(0, 10),
    now,
  };
  const unknown = loginsToLookUp(facts);
  const resolved = unknown.length === 0 ? new Map<string, Account>() : await deps.resolveLogins(unknown);
  const accounts = new Map([...resolved].map(([login, account]) => [lower(login), account]));
  const decision = decide({ ...facts, accounts });
  const hash = planHash(decision.plan.held);
  return { github, accounts, decision: { ...decision, plan: { ...decision.plan, hash } } };
}
