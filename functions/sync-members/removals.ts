// Finds who has access that the sheet no longer gives. Pure. Only people whom the sheet has named are ever removed, and nobody
// whom a row that cannot be understood may mean.
import type { MembersState } from "../../shared/records.ts";
import type { MemberRow } from "../../shared/sheets/row.ts";
import type { Facts, MemberAction } from "./facts.ts";
import { expired, invited, knownOf, lower, type NameOf } from "./names.ts";

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
  unmanaged: { login: string; team: string }[];
  doubted: string[];
};

/**
 * Finds who is to lose what. Nobody is in it who is protected, or whom a refused row may mean.
 * @param unusable lower-case logins of good rows that stand for nobody who could be given access.
 */
export function removalsOf(people: People, unusable: ReadonlySet<string>): Removals {
  const { github, state, nameOf, rows, today, wanted } = people;
  const found: Removals = { moves: [], losses: [], unmanaged: [], doubted: [] };
  const judged = new Set<string>();
  const kept = new Set([...people.settings.protected, ...github.owners].map(lower));
  const rowOf = new Map(rows.map((row) => [lower(row.login), row]));
  const named = new Set(people.named);
  const mayBeMeant = doubts(people, unusable);

  const judge = (
    { login, name }: { login: string; name: string },
    team: string,
    act: "remove" | "cancel-invitation",
  ) => {
    // Somebody may be in a team and invited to it, too: leaving it is one change.
    if (judged.has(`${act} ${lower(login)} ${team}`)) return;
    judged.add(`${act} ${lower(login)} ${team}`);
    const row = wanted.get(name);
    const listed = rowOf.get(name);
    const remembered = knownOf(state, name) !== undefined;
    if (row?.team === team || kept.has(name) || kept.has(lower(login))) return;
    const refused = named.has(name) || named.has(lower(login));
    if (refused || (listed === undefined && remembered && mayBeMeant(name))) {
      if (listed === undefined) found.doubted.push(name);
    } else if (row !== undefined)
      found.moves.push({ do: act, about: login, team, why: `the sheet now gives ${row.tier}`, at: row.cell });
    else if (listed !== undefined && expired(listed, today))
      found.losses.push({
        do: act,
        about: login,
        team,
        why: `the membership ended on ${listed.expires}`,
        at: listed.cell,
      });
    else if (remembered) found.losses.push({ do: act, about: login, team, why: "no longer in the sheet" });
    else if (act === "remove") found.unmanaged.push({ login, team });
  };

  for (const [team, { members }] of Object.entries(github.teams))
    for (const member of members) judge({ login: member.login, name: nameOf(member) }, team, "remove");
  for (const invitation of invited(github)) {
    const person = { login: invitation.login, name: nameOf(invitation) };
    const managed = invitation.teams.filter((team) => github.teams[team] !== undefined);
    // Still wanted elsewhere: only the wrong teams come off the invitation. Otherwise the invitation goes, once, as a whole.
    if (wanted.has(person.name)) for (const team of managed) judge(person, team, "remove");
    else for (const team of managed.slice(0, 1)) judge(person, team, "cancel-invitation");
  }
  return { ...found, doubted: [...new Set(found.doubted)] };
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
