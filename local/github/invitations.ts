// Invitations to an organisation: sent within a daily limit, alive for seven days, at most one a person.
import * as z from "zod";
import {
  type Answer,
  created,
  done,
  invitationBody,
  list,
  notFound,
  unprocessable,
  unserved,
} from "./answers.ts";
import { appBot } from "./app-auth.ts";
import { type Call, inOrganisation, inTeam, type Organisation, type Rule, windowOf } from "./call.ts";
import type { Limits } from "./limits.ts";
import type { Account, Invitation, Store } from "./state.ts";

const dayMs = 86_400_000;
/** "If the invitee does not accept within seven days, the invitation expires" (https://docs.github.com/organizations/managing-membership-in-your-organization). */
export const invitationLifeMs = 7 * dayMs;
const expiredReason = "Invitation expired. User did not accept this invite for 7 days.";

const refused = (message: string): Answer =>
  unprocessable({ resource: "OrganizationInvitation", code: "unprocessable", field: "data", message });

/** Word for word: clients tell this 422 from the others by its message alone. */
const overLimit = refused("Over invitation rate limit");

/** Moves what has become too old to the failed ones; called before anything is read. */
export function expireInvitations(store: Store, nowMs: number): void {
  store.run(
    `UPDATE github_invitation SET status = 'failed', failed = created + ?, reason = ?
     WHERE status = 'pending' AND created <= ?`,
    invitationLifeMs,
    expiredReason,
    nowMs - invitationLifeMs,
  );
}

/** 50 in any 24 hours, 500 once the organisation is a month old (https://docs.github.com/rest/orgs/members). */
function mayInvite(store: Store, organisation: Organisation, limits: Limits, nowMs: number): boolean {
  const byAge = nowMs - organisation.created > 30 * dayMs ? 500 : 50;
  const sent = store.count(
    "SELECT count(*) AS n FROM github_invitation WHERE org = ? AND created > ?",
    organisation.id,
    nowMs - dayMs,
  );
  return sent < (limits.invitationsPerDay ?? byAge);
}

type Wanted = { invitee?: Account; email?: string; role: Invitation["role"]; teams: readonly number[] };

/** Sends an invitation, or says why not. */
export function invite(call: Call, organisation: Organisation, wanted: Wanted): Invitation | Answer {
  const { store, limits, nowMs } = call;
  const { invitee, email, role, teams } = wanted;
  const org = organisation.id;
  if (invitee !== undefined && invitee.type !== "User") return refused("Invitee must be a user");
  if (!mayInvite(store, organisation, limits, nowMs)) return overLimit;
  if (invitee !== undefined && store.membership(org, invitee.id) !== undefined) {
    return refused("Invitee is already a part of this organization");
  }
  const live =
    invitee === undefined
      ? store.invitationBy.email(org, email ?? "")
      : store.invitationBy.invitee(org, invitee.id);
  if (live !== undefined) return refused("Invitee has already been invited to this organization");
  if (invitee !== undefined && store.isBlocked(org, invitee.id)) {
    return refused("Invitee has blocked this organization");
  }
  const { id } = store.run(
    "INSERT INTO github_invitation (org, invitee, email, role, status, created) VALUES (?, ?, ?, ?, 'pending', ?)",
    org,
    invitee?.id ?? null,
    email ?? null,
    role,
    nowMs,
  );
  for (const team of new Set(teams)) store.run("INSERT INTO github_invitation_team VALUES (?, ?)", team, id);
  return store.invitationBy.id(org, id) ?? notFound;
}

const NewInvitation = z.object({
  invitee_id: z.number().optional(),
  email: z.string().optional(),
  role: z.enum(["admin", "direct_member", "billing_manager", "reinstate"]).default("direct_member"),
  team_ids: z.array(z.number()).default([]),
});

export const createInvitation: Rule = inOrganisation((call, organisation) => {
  const { invitee_id, email, role, team_ids } = NewInvitation.parse(call.body ?? {});
  if ((invitee_id === undefined) === (email === undefined)) {
    return refused("An invitation goes to a user or to an email address");
  }
  // Nobody's former role is kept here.
  if (role === "reinstate") return unserved("the role reinstate");
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return refused("Email is invalid");
  if (team_ids.some((id) => call.store.teamBy.id(id)?.org !== organisation.id)) {
    return refused("An invitation names teams of its own organization only");
  }
  const invitee = invitee_id === undefined ? undefined : call.store.accountBy.id(invitee_id);
  if (invitee_id !== undefined && (invitee === undefined || invitee.suspended === 1)) return notFound;
  const sent = invite(call, organisation, {
    role,
    teams: team_ids,
    ...(invitee === undefined ? {} : { invitee }),
    ...(email === undefined ? {} : { email }),
  });
  if (!("created" in sent)) return sent;
  return created(invitationBody(sent, appBot(call.app), organisation, call.api));
});

export const pendingInvitations: Rule = inOrganisation((call, organisation) => {
  const { store, app, api, query } = call;
  const { role = "all" } = query;
  const { limit, offset = 0 } = windowOf(call);
  const pending = store
    .invitations(organisation.id, "pending", { limit: -1 })
    .filter((each) => role === "all" || each.role === role);
  return list(
    pending.slice(offset, offset + limit).map((each) => invitationBody(each, appBot(app), organisation, api)),
    pending.length,
  );
});

export const failedInvitations: Rule = inOrganisation((call, organisation) => {
  const { store, app, api } = call;
  const failed = store.invitations(organisation.id, "failed", windowOf(call));
  return list(
    failed.map((each) => invitationBody(each, appBot(app), organisation, api)),
    store.invitationCount(organisation.id, "failed"),
  );
});

export const teamInvitations: Rule = inTeam((call, team, organisation) => {
  const { store, app, api } = call;
  return list(
    store
      .teamInvitations(team.id, windowOf(call))
      .map((each) => invitationBody(each, appBot(app), organisation, api)),
    store.teamInvitationCount(team.id),
  );
});

const named = ({ store, path }: Call, organisation: Organisation): Invitation | undefined => {
  const found = store.invitationBy.id(organisation.id, Number(path["invitation_id"]));
  return found?.status === "pending" || found?.status === "failed" ? found : undefined;
};

/** Withdraws a pending one; takes a failed one off the list. */
export const cancelInvitation: Rule = inOrganisation((call, organisation) => {
  const invitation = named(call, organisation);
  if (invitation === undefined) return notFound;
  call.store.run("UPDATE github_invitation SET status = 'cancelled' WHERE id = ?", invitation.id);
  return done;
});
