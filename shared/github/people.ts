// Members of each team, and people who are invited: read whole or not at all.

import type { Octokit } from "@octokit/core";
import * as z from "zod";
import type { Github } from "./client.ts";
import { unreadable } from "./failures.ts";
import { invitationsForbidden, type Listed, type Listing, readingTeams, readListings } from "./graphql.ts";
import { invitationLists, readInvitations } from "./lists.ts";
import { type InvitationLists, type PendingInvitation, readPending } from "./pending.ts";

export type TeamMember = { id: number; login: string };

export type FailedInvitation = {
  invitationId: number;
  login?: string;
  email?: string;
  failedAt?: string;
  reason: string;
};

export type TeamsRead = {
  /** By slug as it was asked for. */
  teams: Record<string, { id: number; members: TeamMember[] }>;
  pending: PendingInvitation[];
  failed: FailedInvitation[];
  /**
   * Logins of the teams' maintainers. GitHub makes every owner of the organisation one; who was made one by hand is in
   * charge too. Neither is ever removed.
   */
  owners: string[];
};

/** The state of these teams, complete; throws otherwise. */
export async function readTeams(
  github: Github,
  organisation: string,
  slugs: readonly string[],
): Promise<TeamsRead> {
  const octokit = await github();
  const reads = await Promise.allSettled([
    readLists(octokit, organisation, slugs),
    readInvitations(octokit, invitationLists.failed, { org: organisation }),
  ]);
  // Nothing is left under way behind an error.
  const lists = answerIn(reads[0]);
  const failed = answerIn(reads[1]);
  const teams: TeamsRead["teams"] = {};
  const owners = new Set<string>();
  slugs.forEach((slug, index) => {
    const { teamId = 0, edges = [] } = lists.members[index] ?? {};
    const people = z.array(MemberEdge).safeParse(edges);
    if (!people.success) throw unreadable(readingTeams);
    for (const { role, node } of people.data) if (role === "MAINTAINER") owners.add(node.login);
    const members = people.data.map(({ node }) => ({ id: node.databaseId, login: node.login }));
    teams[slug] = { id: teamId, members: members.sort((a, b) => a.id - b.id) };
  });
  return {
    teams,
    pending: await readPending(octokit, organisation, slugs, lists.invitations),
    failed: failed.map(({ id, login, email, failed_at, failed_reason }) => ({
      invitationId: id,
      ...(login === null ? {} : { login }),
      ...(email === null ? {} : { email }),
      ...(failed_at === null || failed_at === undefined ? {} : { failedAt: failed_at }),
      reason: failed_reason ?? "",
    })),
    owners: [...owners],
  };
}

function answerIn<T>(read: PromiseSettledResult<T>): T {
  if (read.status === "rejected") throw read.reason;
  return read.value;
}

const MemberEdge = z.object({
  role: z.enum(["MEMBER", "MAINTAINER"]),
  node: z.object({ databaseId: z.number(), login: z.string() }),
});
type Lists = {
  members: Listed[];
  invitations: InvitationLists;
};

async function readLists(octokit: Octokit, organisation: string, slugs: readonly string[]): Promise<Lists> {
  const members = slugs.map(
    (team): Listing => ({
      team,
      field: "members",
      // A child team's members are not the team's own, and cannot be removed from it.
      arguments: "membership: IMMEDIATE",
      edge: "role node { databaseId login }",
    }),
  );
  const invitations = slugs.map(
    (team): Listing => ({
      team,
      field: "invitations",
      edge: "node { id email invitee { databaseId login } }",
    }),
  );
  const invited: Listing = { field: "pendingMembers", edge: "node { databaseId }" };
  try {
    const listed = await readListings(octokit, organisation, [...members, ...invitations, invited]);
    const ofTeams = listed.slice(slugs.length, 2 * slugs.length);
    const none = listed.slice(slugs.length).every(({ edges }) => edges.length === 0);
    return { members: listed.slice(0, slugs.length), invitations: none ? "none" : ofTeams };
  } catch (error) {
    if (!(error instanceof Error) || error.message !== invitationsForbidden) throw error;
    return { members: await readListings(octokit, organisation, members), invitations: "hidden" };
  }
}
