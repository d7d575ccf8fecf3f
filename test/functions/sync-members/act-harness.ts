// Carrying out a plan of sync-members with writes that a test answers, and everything that happens as one list of lines.
import { type ActInput, act } from "../../../functions/sync-members/act.ts";
import type { MemberAction } from "../../../functions/sync-members/facts.ts";
import type { TeamWrites } from "../../../shared/github/team-writes.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { github, hub, idOf, now, strangers } from "./facts-harness.ts";

export const due = (login: string, how = "invited"): MembersState["announce"] => ({
  [login]: { key: `${how}/${login}/1`, email: `${login}@example.org`, team: "full-access" },
});

type Stand = {
  writes?: Partial<TeamWrites>;
  announce?: MembersState["announce"];
  teams?: ReturnType<typeof github>;
  more?: Partial<ActInput>;
};

/** Everything that happens, in order, as one list of lines. GitHub says yes unless told. */
export async function carriedOut(
  actions: MemberAction[],
  { writes = {}, announce = {}, teams, more }: Stand = {},
) {
  const log: string[] = [];
  const logins = actions.map(({ about }) => about);
  const nameOfId = new Map(logins.map((login) => [idOf(login), login]));
  const said = async <T>(line: string, answer: Promise<T> | undefined, otherwise: T): Promise<T> => {
    log.push(line);
    return answer === undefined ? otherwise : await answer;
  };
  const recording: TeamWrites = {
    invite: (to) =>
      said(`invite ${nameOfId.get(to.userId)} to ${to.teamIds.join()}`, writes.invite?.(to), "invited"),
    addToTeam: (to) => said(`add ${to.login} to ${to.slug}`, writes.addToTeam?.(to), "added"),
    removeFromTeam: (from) =>
      said(`remove ${from.login} from ${from.slug}`, writes.removeFromTeam?.(from), "removed"),
    cancelInvitation: (id) => said(`cancel ${id}`, writes.cancelInvitation?.(id), "cancelled"),
  };
  const seen = { github: teams ?? github(), accounts: strangers(...logins), rows: [] };
  const run = act(actions, {
    hub,
    hubName: "prod",
    announce,
    seen,
    run: {
      step: (what) => log.push(`step: ${what}`),
      effect: (effect) => log.push(`effect: ${effect.do} ${effect["login"]} ${effect["team"]}`),
    },
    check: async () => {
      log.push("check");
    },
    writes: recording,
    publish: async (_, event) => {
      const subject = "subject" in event ? event.subject : "";
      const key = "key" in event ? event.key : "";
      log.push(`tell ${key}: ${subject}`);
      return "id";
    },
    pause: async () => {
      log.push("pause");
    },
    until: new Date(now.getTime() + 1000),
    now: () => now,
    ...more,
  });
  const end = await run.catch((error: Error) => error);
  return {
    log,
    result: end instanceof Error ? undefined : end,
    error: end instanceof Error ? end : undefined,
  };
}

export const writesIn = (log: string[]) => log.filter((line) => /^(invite|add|remove|cancel) /.test(line));
