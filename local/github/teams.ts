// Teams and who is in them. Adding somebody from outside the organisation invites them; an owner is always a maintainer.
import * as z from "zod";
import {
  done,
  list,
  notFound,
  ok,
  refusal,
  simpleUser,
  teamFull,
  teamSimple,
  unprocessable,
  unserved,
} from "./answers.ts";
import {
  accountIn,
  type Call,
  inOrganisation,
  inTeam,
  type Organisation,
  type Rule,
  windowOf,
} from "./call.ts";
import { invite } from "./invitations.ts";
import type { Account, Store, Team } from "./state.ts";

export const members: Rule = inOrganisation((call, { id }) => {
  const { store, query, api } = call;
  const role = query["role"] === "admin" || query["role"] === "member" ? query["role"] : undefined;
  const found = store.members(id, windowOf(call), role).map((member) => simpleUser(member, api));
  return list(found, store.memberCount(id, role));
});

export const teams: Rule = inOrganisation((call, organisation) => {
  const { store, api } = call;
  const all = store.teamsOf(organisation.id);
  const { page, limit } = windowOf(call);
  const shown = all.slice((page - 1) * limit, page * limit);
  return list(
    shown.map((each) => teamSimple(each, organisation, api)),
    all.length,
  );
});

export const team: Rule = inTeam(({ store, api }, found, organisation) =>
  ok(teamFull(found, organisation, store.teamMemberCount(found.id), api)),
);

export const teamMembers: Rule = inTeam((call, { id }) => {
  const { store, query, api } = call;
  const role = query["role"] === "maintainer" || query["role"] === "member" ? query["role"] : undefined;
  const total =
    role === undefined
      ? store.teamMemberCount(id)
      : store.count("SELECT count(*) AS n FROM github_team_member WHERE team = ? AND role = ?", id, role);
  return list(
    store
      .teamMembers(id, windowOf(call), role)
      .map((member) => ({ ...simpleUser(member, api), role: member.role, inherited: false })),
    total,
  );
});

type Membership = { role: "member" | "maintainer"; state: "active" | "pending" };

function membershipOf(store: Store, { id, org }: Team, account: Account): Membership | undefined {
  const member = store.teamMembership(id, account.id);
  if (member !== undefined) {
    return { role: member.role === "maintainer" ? "maintainer" : "member", state: "active" };
  }
  const invitation = store.invitationBy.invitee(org, account.id);
  const invited =
    invitation !== undefined && store.teamsOfInvitation(invitation.id).some((each) => each.id === id);
  return invited ? { role: "member", state: "pending" } : undefined;
}

const answerOf = ({ api }: Call, found: Team, organisation: Organisation, account: Account, is: Membership) =>
  ok({ url: `${api}/organizations/${organisation.id}/team/${found.id}/memberships/${account.login}`, ...is });

export const teamMembership: Rule = inTeam((call, found, organisation) => {
  const account = accountIn(call);
  const is = account === undefined ? undefined : membershipOf(call.store, found, account);
  if (account === undefined || is === undefined) return notFound;
  return answerOf(call, found, organisation, account, is);
});

export const addToTeam: Rule = inTeam((call, found, organisation) => {
  const { store } = call;
  const account = accountIn(call);
  if (account === undefined) return notFound;
  if (account.type !== "User") {
    return unprocessable({ resource: "TeamMember", code: "org", field: "user" });
  }
  const member = store.membership(organisation.id, account.id);
  const asked = z
    .object({ role: z.enum(["member", "maintainer"]).default("member") })
    .parse(call.body ?? {}).role;
  if (member !== undefined) {
    const role = member.role === "admin" ? "maintainer" : asked;
    store.run("INSERT OR REPLACE INTO github_team_member VALUES (?, ?, ?)", found.id, account.id, role);
    return answerOf(call, found, organisation, account, { role, state: "active" });
  }
  // An invitation of ours keeps no role in a team.
  if (asked === "maintainer") return unserved("the role maintainer for somebody outside of the organisation");
  // Refuses where the account has blocked the organisation: https://github.com/kubernetes/test-infra/issues/22723.
  if (store.isBlocked(organisation.id, account.id)) return refusal(403, "Blocked");
  const live = store.invitationBy.invitee(organisation.id, account.id);
  if (live !== undefined) {
    store.run("INSERT OR IGNORE INTO github_invitation_team VALUES (?, ?)", found.id, live.id);
  } else {
    const sent = invite(call, organisation, { invitee: account, role: "direct_member", teams: [found.id] });
    if (!("created" in sent)) return sent;
  }
  return answerOf(call, found, organisation, account, { role: "member", state: "pending" });
});

/** Ends an active membership and a pending one alike; the organisation's own is left alone. */
export const removeFromTeam: Rule = inTeam((call, found, organisation) => {
  const { store } = call;
  const account = accountIn(call);
  if (account === undefined || membershipOf(store, found, account) === undefined) return notFound;
  store.run("DELETE FROM github_team_member WHERE team = ? AND account = ?", found.id, account.id);
  const live = store.invitationBy.invitee(organisation.id, account.id);
  if (live !== undefined) {
    store.run("DELETE FROM github_invitation_team WHERE team = ? AND invitation = ?", found.id, live.id);
  }
  return done;
});
