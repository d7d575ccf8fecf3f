// Which memberships must change. Pure: the same sheet, teams, state and day give the same plan. It bounds what destroys:
// removals beyond the limit wait for a person, while additions go through.
import { dayMs } from "../../shared/clock.ts";
import { planOf } from "../../shared/flow/plan.ts";
import type { Rejected } from "../../shared/members/records.ts";
import { bounded } from "./bounds.ts";
import { inTurn, needsOf } from "./classes.ts";
import { doubt } from "./doubt.ts";
import type { Account, Decision, Facts, MemberAction } from "./facts.ts";
import { knownNow } from "./known.ts";
import {
  anotherAccount,
  invited,
  invitedByMail,
  invitedInADay,
  type Known,
  knownOf,
  lower,
  renamedAccounts,
  sheetNames,
  wantedRows,
} from "./names.ts";
import { isRefusedLately, mayInvite } from "./outcomes.ts";
import { adoptions, namesOfActions } from "./provenance.ts";
import { type People, removalsOf } from "./removals.ts";
import { whyNotAgain } from "./undone.ts";

/** Decides what is to be done, what waits for a person, and what cannot be understood. */
export function decide(given: Facts): Decision {
  const facts = { ...given, state: given.state && { ...given.state, known: knownNow(given) } };
  const people: People = { ...facts, wanted: wantedRows(facts), nameOf: sheetNames(facts.rows, facts.state) };
  const unusable = unusableRows(people);
  const { actions, deferred, keptBack } = additions(people);
  const nameOf = namesOfActions(facts.github, people.nameOf);
  const undone = whyNotAgain(facts.state, nameOf);
  const isFresh = (action: MemberAction): boolean => undone(action) === undefined;
  const slipped = doubt(given, [...actions, ...deferred].filter(isFresh), nameOf);
  const waits = ({ about }: { about: string }): boolean =>
    slipped.because !== undefined && slipped.touched.has(nameOf(about));
  const goes = (action: MemberAction): boolean => isFresh(action) && !waits(action);
  const { moves, losses, ...found } = removalsOf(people, new Set(unusable.keys()));
  const { going, held, leaving } = bounded(facts, moves.filter(goes), losses.filter(goes));
  const because = slipped.because ?? "";
  const all = [...actions, ...deferred, ...moves, ...losses];
  const doubtful = all.filter((action) => isFresh(action) && waits(action));
  const again = all.flatMap((action) => {
    const why = undone(action);
    return why === undefined ? [] : [{ ...action, because: why }];
  });
  const refused = [...facts.rejected, ...unusable.values()];
  return {
    plan: planOf({
      actions: [...actions.filter(goes), ...going],
      held: [
        ...[...slipped.pairs, ...doubtful].map((action) => ({ ...action, because })),
        ...held,
        ...again,
        ...(facts.adoptingSince === undefined ? [] : adoptions(facts, people)),
      ],
      refused: refused.map(({ cell, twice: _, ...rest }) => ({ about: cell, ...rest })),
    }),
    deferred: deferred.filter(goes),
    keptBack,
    doubt: slipped,
    leaving,
    ...found,
    // Nobody whose row is in doubt is asked about twice.
    unmanaged: found.unmanaged.filter(({ login }) => !waits({ about: login })),
  };
}

function additions(people: People): Pick<Decision, "deferred" | "keptBack"> & { actions: MemberAction[] } {
  const { accounts, github, state, nameOf, now, wanted } = people;
  const actions: MemberAction[] = [];
  const candidates: { name: string; known: Known | undefined; action: MemberAction }[] = [];
  const loginInTeams = new Map<string, string>();
  const membersOf = new Map<string, Set<string>>();
  for (const [slug, { members }] of Object.entries(github.teams)) {
    membersOf.set(slug, new Set(members.map(nameOf)));
    for (const member of members) loginInTeams.set(nameOf(member), member.login);
  }
  const invitations = new Map(invited(github).map((invitation) => [nameOf(invitation), invitation]));
  const mailed = invitedByMail(github);

  for (const [name, row] of wanted) {
    const login = loginInTeams.get(name);
    const invitation = invitations.get(name);
    // A member's invitation is one that was just accepted: only the team itself shows that they are in.
    if (membersOf.get(row.team)?.has(name)) continue;
    if (login === undefined && invitation?.teams.includes(row.team)) continue;
    const account = accounts.get(name);
    const present =
      login ?? invitation?.login ?? (usable(account, knownOf(state, name)) ? row.login : undefined);
    if (present === undefined) continue;
    const base = { about: lower(present) === name ? row.login : present, team: row.team, at: row.cell };
    const member = typeof account === "object" && account.member;
    const known = knownOf(state, name);
    if (login !== undefined || invitation !== undefined || member) {
      if (isRefusedLately(known, row.team, now)) continue;
      actions.push({ do: "add", ...base, why: `the sheet gives ${row.tier}` });
      continue;
    }
    // Somebody has invited the address by hand: two live invitations to one person help nobody.
    if (mailed.has(lower(row.email)) || !mayInvite(known, now)) continue;
    const why = `new in the sheet: ${row.tier}`;
    candidates.push({ name, known, action: { do: "invite", ...base, why } });
  }

  // Puts first whoever was never asked, then goes by name. The order of rows must not matter: people sort their sheets.
  candidates.sort((a, b) => timesAsked(a) - timesAsked(b) || (a.name < b.name ? -1 : 1));
  const budget = people.settings.invitationsPerDay - sentInADay(people);
  const needs = needsOf(people, new Set(candidates.map(({ name }) => name)));
  const { go, wait, keptBack } = inTurn(candidates, needs, budget);
  return {
    actions: [...actions, ...go.map(({ action }) => action)],
    deferred: wait.map(({ action }) => action),
    keptBack,
  };
}

const timesAsked = ({ known }: { known: Known | undefined }): number => known?.invitations ?? 0;

function usable(account: Account | undefined, known: Known | undefined): boolean {
  return (
    account !== undefined &&
    account !== "not-found" &&
    account.type === "User" &&
    !anotherAccount(known, account)
  );
}

/** Invitations of the last 24 hours: those that are pending, and ours that were accepted or withdrawn since. */
function sentInADay(people: People): number {
  const { state, nameOf, now } = people;
  const ours = Object.entries(state?.known ?? {}).flatMap(([login, { invitedAt }]) =>
    invitedAt !== undefined && now.getTime() - Date.parse(invitedAt) < dayMs ? [login] : [],
  );
  return new Set([...invitedInADay(people, nameOf), ...ours]).size;
}

/** Rows whose login is well-formed but nobody's, not a person's, or another person's by now; by lower-case login. */
function unusableRows({ accounts, github, state, nameOf, wanted }: People): Map<string, Rejected> {
  const renamed = renamedAccounts(github, nameOf);
  const whyNot = (name: string): Pick<Rejected, "why" | "suggestion"> | undefined => {
    const now = renamed.get(name);
    const account = accounts.get(name);
    if (now !== undefined)
      return { why: "this person has renamed the account; access is as it was", suggestion: now };
    if (account === "not-found")
      return { why: "GitHub has no account of this name; ask the person for the right one" };
    if (account === undefined) return undefined;
    if (account.type !== "User")
      return {
        why: `this is the account of ${account.type === "Bot" ? "a bot" : "an organisation"}, not of a person; ask the person for theirs`,
      };
    if (anotherAccount(knownOf(state, name), account))
      return {
        why: "another account has this name now, perhaps a stranger's: ask the person, and if it is theirs, add it to the team on GitHub's own page",
      };
    return undefined;
  };
  return new Map(
    [...wanted].flatMap(([name, row]): [string, Rejected][] => {
      const reason = whyNot(name);
      return reason === undefined ? [] : [[name, { cell: row.cell, value: row.login, ...reason }]];
    }),
  );
}
