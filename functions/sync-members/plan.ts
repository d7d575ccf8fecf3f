// The plan as people and machines see it: its hash, and its one line.
import { hash } from "node:crypto";
import type { Action, Plan } from "../../shared/flow/plan.ts";

/** One change of one person's access. `about` is their login, as GitHub or else the sheet has it. */
export type MemberAction = Action & { do: "invite" | "add" | "remove" | "cancel-invitation"; team: string };

/** Names what is held: the same removals give the same hash, in whatever order and for whatever reason they were found. */
export function planHash(held: readonly MemberAction[]): string {
  const lines = held.map(({ do: act, about, team }) => `${act} ${about.toLowerCase()} ${team}`).sort();
  return hash("sha256", lines.join("\n")).slice(0, 16);
}

/** "3 to invite, 1 to remove, 2 on hold, 1 cell rejected", in the past tense once it is done. */
export function titleOf(
  plan: Pick<Plan<MemberAction>, "actions" | "refused"> & { held: readonly unknown[] },
  done: boolean,
): string {
  const count = (act: MemberAction["do"]) => plan.actions.filter((action) => action.do === act).length;
  const words: Record<MemberAction["do"], string> = done
    ? { invite: "invited", add: "added", remove: "removed", "cancel-invitation": "invitations withdrawn" }
    : {
        invite: "to invite",
        add: "to add",
        remove: "to remove",
        "cancel-invitation": "invitations to withdraw",
      };
  const parts = (["invite", "add", "remove", "cancel-invitation"] as const)
    .filter((act) => count(act) > 0)
    .map((act) => `${count(act)} ${words[act]}`);
  if (plan.held.length > 0) parts.push(`${plan.held.length} on hold`);
  if (plan.refused.length > 0)
    parts.push(`${plan.refused.length} ${plan.refused.length === 1 ? "cell" : "cells"} rejected`);
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}

/** Of everything in the sheet that matters to the plan. */
export function sheetDigest(relevant: unknown): string {
  return hash("sha256", JSON.stringify(relevant));
}
