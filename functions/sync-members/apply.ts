// One change at GitHub a case, and what became of it in our words. Throws when nobody can tell: the next run reads again.

import type { TeamsRead } from "../../shared/github/people.ts";
import type { TeamWrites } from "../../shared/github/team-writes.ts";
import type { Account } from "./decide.ts";
import { lower } from "./names.ts";
import type { MemberAction } from "./plan.ts";

export type Applied =
  | "invited"
  | "added"
  | "removed"
  | "withdrawn"
  | "nothing"
  | "over-limit"
  | { refused: string };

export async function apply(
  action: MemberAction,
  deps: {
    writes: TeamWrites;
    github: TeamsRead;
    accounts: ReadonlyMap<string, Account>;
    /** Throws when another delivery has taken over: the caller looks before the first write, this before a second one. */
    check: () => Promise<void>;
  },
): Promise<Applied> {
  const { writes, github, accounts, check } = deps;
  const { about: login, team } = action;
  switch (action.do) {
    case "invite": {
      const account = accounts.get(lower(login));
      const teamId = github.teams[team]?.id;
      if (account === undefined || account === "not-found" || teamId === undefined)
        return { refused: "not looked up" };
      const answer = await writes.invite({ userId: account.id, teamIds: [teamId] });
      // Somebody of the organisation who was in no managed team: the invitation says so, and the team takes them at once.
      if (answer !== "already") return answer;
      await check();
      return added(await writes.addToTeam({ slug: team, login }));
    }
    case "add":
      return added(await writes.addToTeam({ slug: team, login }));
    case "remove":
      return (await writes.removeFromTeam({ slug: team, login })) === "removed" ? "removed" : "nothing";
    case "cancel-invitation": {
      const invitation = github.pending.find(
        (pending) => pending.login !== undefined && lower(pending.login) === lower(login),
      );
      if (invitation === undefined) return "nothing";
      return (await writes.cancelInvitation(invitation.invitationId)) === "cancelled"
        ? "withdrawn"
        : "nothing";
    }
    default:
      return action.do satisfies never;
  }
}

function added(answer: Awaited<ReturnType<TeamWrites["addToTeam"]>>): Applied {
  if (answer === "no-such-user") return { refused: "GitHub knows no such account" };
  return answer;
}
