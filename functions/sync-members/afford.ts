// Takes a run's invitations from its hub's budget before they are sent, and gives back what was not sent.
import { leaveAlone } from "../../shared/delivery/not-before.ts";
import type { BudgetStore } from "../../shared/flow/budget-store.ts";
import { takeInvitations } from "../../shared/flow/people-budgets.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import type { Hub } from "../../shared/settings.ts";
import type { Acted, Facts, MemberAction } from "./facts.ts";
import { invitedInADay, lower, sheetNames } from "./names.ts";

type Of = { event: { hub: string }; hub: Hub; deps: { budgets: BudgetStore } };

type InviteFacts = Pick<Facts, "github" | "now" | "state"> & { rows: readonly { login: string }[] };

const invitedBy = (actions: readonly MemberAction[]): string[] =>
  actions.flatMap(({ do: what, about }) => (what === "invite" ? [lower(about)] : []));

/** Takes all invitations of a run from the hub's budget at once; whoever gets none waits, as those beyond the plan's limit do. */
export async function withinBudget({ event, hub, deps }: Of, actions: MemberAction[], seen: InviteFacts) {
  const wants = invitedBy(actions);
  if (wants.length === 0) return { go: actions, denied: 0 };
  const others = [...invitedInADay(seen, sheetNames(seen.rows, seen.state))];
  const granted = await deps.budgets.change(event.hub, (before, now) => {
    const taken = takeInvitations(before, { wants, others }, limitsOf(hub), now);
    return [taken.budgets, new Set(taken.granted)];
  });
  const go = actions.filter(({ do: what, about }) => what !== "invite" || granted.has(lower(about)));
  return { go, denied: wants.length - granted.size };
}

/**
 * Settles what was done with what the budget gave: invitations that were not sent are given back, those that it denied are left for
 * later, and GitHub is left alone for as long as it asked.
 */
export async function settle(
  { event, hub, deps }: Of & { deps: Parameters<typeof leaveAlone>[0] },
  { go, denied }: { go: readonly MemberAction[]; denied: number },
  acted: Acted,
): Promise<void> {
  if (acted.waitSeconds !== undefined)
    await leaveAlone(deps, { hub: event.hub, service: "github", seconds: acted.waitSeconds });
  acted.left += denied;
  acted.overLimit ||= denied > 0;
  const unused = invitedBy(go).filter((login) => !acted.invited.has(login));
  if (unused.length === 0) return;
  await deps.budgets.change(event.hub, (before, now) => [
    takeInvitations(before, { wants: [], unused }, limitsOf(hub), now).budgets,
    undefined,
  ]);
}

/** GitHub counts invitations over a rolling day: look again after an hour. */
const overLimitWaitSeconds = 3600;

/** Gives how long to wait with what is left, in seconds: as GitHub asks, for its limit of invitations, or not at all. */
export const waitOf = ({ waitSeconds, left, overLimit }: Acted): number =>
  waitSeconds ?? (left > 0 && !overLimit ? 0 : overLimitWaitSeconds);
