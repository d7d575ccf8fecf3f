// Finds who has access that the sheet no longer gives. Pure. Only what we gave to people whom the sheet has named is ever taken,
// and nothing of anybody whom a row that cannot be understood may mean.
import type { MembersState } from "../../shared/members/records.ts";
import type { MemberRow } from "../../shared/sheets/row.ts";
import type { Facts, MemberAction } from "./facts.ts";
import { expired, invited, knownOf, lower, type NameOf } from "./names.ts";
import { membershipOf, notByUs } from "./provenance.ts";

/** The facts, with who is who. */
export type People = Facts & {
  /** Lower-case login -> the row that gives it a team today. */
  wanted: ReadonlyMap<string, MemberRow>;
  nameOf: NameOf;
};

type Removals = {
  /** From a team that gives way to another one. */
  moves: MemberAction[];
  /** Of all access that the managed teams give. */
  losses: MemberAction[];
  unmanaged: MembersState["unmanaged"];
  /** Access that the sheet no longer gives and that stays, with why it does. */
  reported: NonNullable<MembersState["reported"]>;
  doubted: string[];
};

/** Reasons why access stays that the sheet no longer gives. */
export const stays = {
  report: "removals are only reported: members.removals of the settings",
  "by-hand": "it was given by hand: whoever gave it takes it back on GitHub's own page",
  before:
    "it is older than Groundcrew: take it back on GitHub's own page, or let `groundcrew members adopt` mark whom the sheet lists",
  accepted: "a person has accepted that they keep it: take it back on GitHub's own page",
} as const;

/**
 * Finds who is to lose what. Nobody is in it who is protected, or whom a refused row may mean.
 * @param unusable lower-case logins of good rows that stand for nobody who could be given access.
 */
export function removalsOf(people: People, unusable: ReadonlySet<string>): Removals {
  const { github, state, nameOf, rows, today, wanted } = people;
  const found: Removals = { moves: [], losses: [], unmanaged: [], reported: [], doubted: [] };
  const judged = new Set<string>();
  const isKept = keptBy(people);
  const rowOf = new Map(rows.map((row) => [lower(row.login), row]));
  const named = new Set(people.named);
  const mayBeMeant = doubts(people, unusable);

  const judge = (
    { login, name, id }: { login: string; name: string; id: number | undefined },
    team: string,
    act: "remove" | "cancel-invitation",
  ) => {
    // Somebody may be in a team and invited to it, too: leaving it is one change.
    if (judged.has(`${act} ${lower(login)} ${team}`)) return;
    judged.add(`${act} ${lower(login)} ${team}`);
    const row = wanted.get(name);
    const listed = rowOf.get(name);
    const remembered = knownOf(state, name) !== undefined;
    if (row?.team === team || isKept({ name, login, id })) return;
    const refused = named.has(name) || named.has(lower(login));
    if (refused || (listed === undefined && remembered && mayBeMeant(name))) {
      if (listed === undefined) found.doubted.push(name);
      return;
    }
    const how = membershipOf(state, name, team)?.how;
    if (!remembered || (row !== undefined && how === "by-hand")) {
      if (act === "remove")
        found.unmanaged.push({ login, team, how: how === "by-hand" ? how : seenBefore(people, login, team) });
      return;
    }
    const because = listed === undefined ? {} : { at: listed.cell };
    const action: MemberAction = { do: act, about: login, team, why: whyOf(row, listed, today), ...because };
    if (how !== "given" || people.settings.removals !== "apply")
      found.reported.push({
        login,
        team,
        do: act,
        why: action.why,
        because: stays[how === undefined || how === "given" ? "report" : how],
      });
    else (row === undefined ? found.losses : found.moves).push(action);
  };

  for (const [team, { members }] of Object.entries(github.teams))
    for (const member of members) judge({ ...member, name: nameOf(member) }, team, "remove");
  for (const invitation of invited(github)) {
    const person = { login: invitation.login, id: invitation.id, name: nameOf(invitation) };
    const managed = invitation.teams.filter((team) => github.teams[team] !== undefined);
    // Somebody is to become an owner, or to get what we know nothing of.
    if (invitation.role !== "direct_member") continue;
    // Still wanted elsewhere, or not wholly ours: only our teams come off it. Otherwise the invitation goes, once, as a whole.
    if (!wanted.has(person.name) && isOurs(people, invitation, managed))
      for (const team of managed.slice(0, 1)) judge(person, team, "cancel-invitation");
    else
      for (const team of managed)
        if (membershipOf(state, person.name, team)?.how === "given") judge(person, team, "remove");
  }
  return { ...found, doubted: [...new Set(found.doubted)] };
}

function whyOf(row: MemberRow | undefined, listed: MemberRow | undefined, today: string): string {
  if (row !== undefined) return `the sheet now gives ${row.tier}`;
  if (listed !== undefined && expired(listed, today)) return `the membership ended on ${listed.expires}`;
  return "no longer in the sheet";
}

/** Somebody who is protected, or in charge, stays, by whatever name they go now. */
export function keptBy({ settings, github, state }: Pick<People, "settings" | "github" | "state">) {
  const names = new Set([...settings.protected, ...github.owners].map(lower));
  const ids = new Set(
    settings.protected.flatMap((login) => [
      knownOf(state, lower(login))?.id,
      ownOf(state?.protectedIds ?? {}, lower(login)),
    ]),
  );
  return ({ name, login, id }: { name: string; login: string; id: number | undefined }): boolean =>
    names.has(name) || names.has(lower(login)) || (id !== undefined && ids.has(id));
}

const ownOf = (ids: Record<string, number>, login: string): number | undefined =>
  Object.hasOwn(ids, login) ? ids[login] : undefined;

/** An invitation is ours where no person sent it, and all that it leads to was given by us. */
function isOurs(
  { state, nameOf }: People,
  invitation: ReturnType<typeof invited>[number],
  managed: readonly string[],
): boolean {
  const name = nameOf(invitation);
  return (
    !invitation.isByPerson &&
    managed.length > 0 &&
    invitation.teamCount === managed.length &&
    managed.every((team) => membershipOf(state, name, team)?.how === "given")
  );
}

/** Says how somebody whom the sheet has never named came to be in a team, as it was said before. */
function seenBefore({ state }: People, login: string, team: string): "by-hand" | "before" {
  const before = state?.unmanaged.find((one) => one.login === login && one.team === team);
  return before === undefined ? notByUs(state) : (before.how ?? "before");
}

/**
 * Says whether a row that cannot be used may be somebody's of whom no good row is left: its text has their login in it, it
 * has their address, or it has none that can be read and stands in the cell that was theirs. With another's address it is
 * another's row, which has moved up into that cell.
 */
function doubts(
  { state, rejected, rows, unreadable }: People,
  unusable: ReadonlySet<string>,
): (name: string) => boolean {
  const texts = new Set(
    rejected.flatMap(({ value, suggestion = "" }) => [lower(value).replace(/\s/g, ""), lower(suggestion)]),
  );
  const text = [...texts].join("\n");
  const cells = new Set(unreadable.flatMap(({ cell, email }) => (email === undefined ? [cell] : [])));
  const emails = new Set(
    [...rows.filter(({ login }) => unusable.has(lower(login))), ...unreadable].flatMap(({ email }) =>
      email === undefined || email === "" ? [] : [lower(email)],
    ),
  );
  const byMemory = new Set(
    (state?.people ?? [])
      .filter(
        ({ cell, email }: MembersState["people"][number]) => cells.has(cell) || emails.has(lower(email)),
      )
      .map(({ login }) => lower(login)),
  );
  return (name) => byMemory.has(name) || text.includes(name);
}
