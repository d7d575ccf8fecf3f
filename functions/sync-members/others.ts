// Finds who has access, or is invited, and stands in no good row, nor among those who are reported: owners, people of whom a removal
// waits, whoever was invited by hand. Nothing is done about them; they are remembered so that nobody says that they are not there. Pure.
import type { MembersState } from "../../shared/members/records.ts";
import type { Decision, Facts } from "./facts.ts";
import { invited, lower, sheetNames } from "./names.ts";

type Others = NonNullable<MembersState["others"]>;

/** Gives the others of a look, the members of teams first. */
export function othersIn(
  { github, rows, state }: Pick<Facts, "github" | "rows" | "state">,
  { unmanaged, reported }: Pick<Decision, "unmanaged" | "reported">,
): Others {
  const nameOf = sheetNames(rows, state);
  const listed = new Set(rows.map(({ login }) => lower(login)));
  const addresses = new Set(rows.map(({ email }) => lower(email)));
  const told = new Set([...unmanaged, ...reported].map(({ login, team }) => `${lower(login)} ${team}`));
  const members = Object.entries(github.teams).flatMap(([team, each]) =>
    each.members.flatMap((member) =>
      listed.has(nameOf(member)) || told.has(`${lower(member.login)} ${team}`)
        ? []
        : [{ login: member.login, team }],
    ),
  );
  const byLogin = invited(github).filter(
    (one) => !listed.has(nameOf(one)) && !one.teams.some((team) => told.has(`${lower(one.login)} ${team}`)),
  );
  const byMail = github.pending.filter(
    ({ login, email = "" }) => login === undefined && email !== "" && !addresses.has(lower(email)),
  );
  const invitations = [...byLogin, ...byMail].map(({ login, email, teams, createdAt }) => {
    const team = teams.find((each) => github.teams[each] !== undefined);
    return {
      ...(login === undefined ? {} : { login }),
      ...(email === undefined ? {} : { email }),
      ...(team === undefined ? {} : { team }),
      invitedAt: new Date(createdAt).toISOString(),
    };
  });
  return [...members, ...invitations];
}
