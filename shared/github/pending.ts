// People who are invited, and our teams that they are invited to. GraphQL knows the teams and not the
// invitation's number, REST the other way round.
import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { unreadable } from "./failures.ts";
import { type Listed, readingTeams } from "./graphql.ts";
import { type Invitation, invitationLists, readInvitations } from "./lists.ts";

/** A live invitation. It went to an account (`login`) or to an address (`email`); `teams` are those of ours it leads to. */
export type PendingInvitation = {
  invitationId: number;
  id?: number;
  login?: string;
  email?: string;
  teams: string[];
  createdAt: string;
  /** `direct_member`, or what else they are to become. */
  role?: string;
  /** Number of all teams that it leads to, ours and others. */
  teamCount?: number;
  /** A person sent it, and no App. */
  isByPerson?: boolean;
};

/** Each team's invitations by GraphQL: none at all, or hidden from the App. */
export type InvitationLists = Listed[] | "none" | "hidden";

const InvitationEdge = z.object({
  node: z
    .object({
      email: z.string().nullable(),
      invitee: z.object({ databaseId: z.number(), login: z.string() }).nullable(),
    })
    .nullable(),
});

/** An invitation's number comes from REST, the teams it leads to from GraphQL: they meet in the login or the address. */
export async function readPending(
  octokit: Octokit,
  organisation: string,
  slugs: readonly string[],
  invitations: InvitationLists,
): Promise<PendingInvitation[]> {
  if (invitations === "none") return [];
  const all = await readInvitations(octokit, invitationLists.pending, { org: organisation });
  const byPerson = new Map<string, { id?: number; teams: string[] }>();
  let matched = invitations !== "hidden";
  const people = new Set(all.map(personOf));
  slugs.forEach((slug, index) => {
    const edges = invitations === "hidden" ? [] : (invitations[index]?.edges ?? []);
    const read = z.array(InvitationEdge).safeParse(edges);
    if (!read.success) throw unreadable(readingTeams);
    for (const { node } of read.data) {
      // One that GraphQL counts and hides: REST tells where all of them lead.
      if (node === null) {
        matched = false;
        continue;
      }
      const person = personOf({ login: node.invitee?.login ?? null, email: node.email });
      if (!people.has(person)) matched = false;
      const known = byPerson.get(person) ?? { teams: [] };
      known.teams.push(slug);
      if (node.invitee !== null) known.id = node.invitee.databaseId;
      byPerson.set(person, known);
    }
  });
  const teamsByNumber = matched ? undefined : await readTeamsByNumber(octokit, organisation, slugs);
  return all.map((each) => {
    const { id, teams = [] } = byPerson.get(personOf(each)) ?? {};
    return {
      invitationId: each.id,
      ...(id === undefined ? {} : { id }),
      ...(each.login === null ? {} : { login: each.login }),
      ...(each.email === null ? {} : { email: each.email }),
      teams: teamsByNumber === undefined ? teams : (teamsByNumber.get(each.id) ?? []),
      createdAt: each.created_at,
      ...(each.role === undefined ? {} : { role: each.role }),
      ...(each.team_count === undefined ? {} : { teamCount: each.team_count }),
      ...(each.inviter?.type === "User" ? { isByPerson: true } : {}),
    };
  });
}

const personOf = ({ login, email }: Pick<Invitation, "login" | "email">): string =>
  (login ?? email ?? "").toLowerCase();

/** The same by REST alone, a request a team: where GraphQL hides invitations, or tells another story. */
async function readTeamsByNumber(octokit: Octokit, organisation: string, slugs: readonly string[]) {
  const teams = new Map<number, string[]>();
  for (const slug of slugs) {
    const listed = await readInvitations(octokit, invitationLists.ofTeam, {
      org: organisation,
      team_slug: slug,
    });
    for (const { id } of listed) teams.set(id, [...(teams.get(id) ?? []), slug]);
  }
  return teams;
}
