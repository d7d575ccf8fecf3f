// Finds who has access, or is invited, and stands in no good row, nor among those who are reported: owners, people of whom a removal
// waits, whoever was invited by hand. Nothing is done about them; they are remembered so that nobody says that they are not there. Pure.
import type { MembersState } from "../../shared/members/records.ts";
import { keyOf } from "./bounds.ts";
import type { Decision, Facts, MemberAction } from "./facts.ts";
import { invited, lower, sheetNames } from "./names.ts";

type Others = NonNullable<MembersState["others"]>;

/** Gives the others after the act, the members of teams first. Whoever was renamed is told here, too: only here is their old name. */
export function othersIn(
  { github, rows, state }: Pick<Facts, "github" | "rows" | "state">,
  { unmanaged, reported }: Pick<Decision, "unmanaged" | "reported">,
  settled: readonly MemberAction[],
): Others {
  const nameOf = sheetNames(rows, state);
  const listed = new Set(rows.map(({ login }) => lower(login)));
  const told = new Set([...unmanaged, ...reported].map(({ login, team }) => `${lower(login)} ${team}`));
  const isGone = new Set(settled.map(keyOf));
  const nameBefore = (account: { id?: number; login: string }): { before?: string } =>
    nameOf(account) === lower(account.login) ? {} : { before: nameOf(account) };
  const isOther = (account: { id?: number; login: string }, teams: readonly string[]): boolean => {
    if (listed.has(nameOf(account))) return false;
    return (
      nameOf(account) !== lower(account.login) ||
      !teams.some((team) => told.has(`${lower(account.login)} ${team}`))
    );
  };
  const members = Object.entries(github.teams).flatMap(([team, each]) =>
    each.members
      .filter(({ login }) => !isGone.has(keyOf({ do: "remove", about: login, team })))
      .filter((member) => isOther(member, [team]))
      .map((member) => ({ login: member.login, team, ...nameBefore(member) })),
  );
  const managed = (teams: readonly string[]): { team?: string } => {
    const team = teams.find((each) => github.teams[each] !== undefined);
    return team === undefined ? {} : { team };
  };
  const byLogin = invited(github)
    .filter(
      ({ login, teams }) =>
        !teams.some((team) => isGone.has(keyOf({ do: "cancel-invitation", about: login, team }))),
    )
    .filter((invitation) => isOther(invitation, invitation.teams))
    .map((invitation) => ({
      login: invitation.login,
      ...managed(invitation.teams),
      invitedAt: timeOf(invitation),
      ...nameBefore(invitation),
    }));
  const addresses = new Set(rows.map(({ email }) => lower(email)));
  const byMail = github.pending.flatMap(({ login, email = "", teams, createdAt }) =>
    login !== undefined || email === "" || addresses.has(lower(email))
      ? []
      : [{ email, ...managed(teams), invitedAt: timeOf({ createdAt }) }],
  );
  return [...members, ...byLogin, ...byMail];
}

const timeOf = ({ createdAt }: { createdAt: string }): string => new Date(createdAt).toISOString();
