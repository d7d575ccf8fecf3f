// Who is in which team, who is invited, and who a login is: read whole or not at all. And the four changes that Groundcrew
// makes to that, each one request whose answer comes back in our words.

import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { passing } from "../errors.ts";
import type { Github } from "./client.ts";
import { type Doing, failureOf, isLimit, lacksPermission, type Refusal, refusalIn } from "./failures.ts";
import { askGraphql, invitationsForbidden, type Listed, type Listing, readListings } from "./graphql.ts";
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

export type Account = {
  id: number;
  login: string;
  type: "User" | "Organization" | "Bot";
  /** Already of our organisation, in whatever team or none. */
  member: boolean;
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
    const people = z.array(MemberEdge).parse(edges);
    for (const { role, node } of people) if (role === "MAINTAINER") owners.add(node.login);
    const members = people.map(({ node }) => ({ id: node.databaseId, login: node.login }));
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

const loginsARequest = 100;
const Found = z
  .object({
    databaseId: z.number(),
    login: z.string(),
    // Null for whoever is not a member; GitHub leaves it out of an organisation's own account.
    organization: z.object({ databaseId: z.number() }).nullish(),
  })
  .nullable();

/** Who these logins are, a hundred a request; a name that is nobody's is asked for once more, as an organisation's. */
export async function resolveLogins(
  github: Github,
  organisation: string,
  logins: readonly string[],
): Promise<Map<string, Account | "not-found">> {
  const wanted = [...new Set(logins.map((login) => login.toLowerCase()))];
  const answers = new Map<string, Account | "not-found">();
  if (wanted.length === 0) return answers;
  const octokit = await github();
  const people = await resolveAs(octokit, "User", organisation, wanted);
  const others = wanted.filter((login) => !people.has(login) && !isBot(login));
  const organisations = await resolveAs(octokit, "Organization", organisation, others);
  for (const login of wanted) {
    const bot = isBot(login) ? await readBot(octokit, login) : undefined;
    answers.set(login, people.get(login) ?? organisations.get(login) ?? bot ?? "not-found");
  }
  return answers;
}

const isBot = (login: string): boolean => login.endsWith("[bot]");

async function resolveAs(
  octokit: Octokit,
  type: "User" | "Organization",
  organisation: string,
  logins: readonly string[],
): Promise<Map<string, Account>> {
  const found = new Map<string, Account>();
  const [field, membership] =
    type === "User" ? ["user", "organization(login: $organisation) { databaseId }"] : ["organization", ""];
  for (let start = 0; start < logins.length; start += loginsARequest) {
    const chunk = logins.slice(start, start + loginsARequest);
    const declared = [
      ...(type === "User" ? ["$organisation: String!"] : []),
      ...chunk.map((_, index) => `$login${index}: String!`),
    ].join(", ");
    const parts = chunk.map(
      (_, index) => `part${index}: ${field}(login: $login${index}) { databaseId login ${membership} }`,
    );
    const variables = {
      ...(type === "User" ? { organisation } : {}),
      ...Object.fromEntries(chunk.map((login, index) => [`login${index}`, login])),
    };
    const { data, errors } = await askGraphql(
      octokit,
      `query(${declared}) { ${parts.join("\n")} }`,
      variables,
    );
    const missing = new Set(
      errors.filter((each) => each.type === "NOT_FOUND").map(({ path }) => path?.join()),
    );
    if (missing.size < errors.length) throw passing("GitHub answered with errors; nothing was changed");
    chunk.forEach((login, index) => {
      const read = Found.safeParse(data[`part${index}`]);
      // Null without a word why is half an answer, and no proof that nobody has this name.
      if (!read.success || (read.data === null) !== missing.has(`part${index}`)) {
        throw passing("GitHub's answer could not be read");
      }
      if (read.data === null) return;
      const { databaseId: id, login: name, organization } = read.data;
      found.set(login, { id, login: name, type, member: organization != null });
    });
  }
  return found;
}

/** GraphQL has no bots. */
async function readBot(octokit: Octokit, username: string): Promise<Account | undefined> {
  try {
    const { data } = await octokit.request("GET /users/{username}", { username });
    return { ...z.object({ id: z.number(), login: z.string() }).parse(data), type: "Bot", member: false };
  } catch (error) {
    if (refusalIn(error)?.status === 404) return undefined;
    throw failureOf(error, { needs: "read", write: false });
  }
}

export type Refused = { refused: string };

export type TeamWrites = {
  /** One invitation to the organisation that leads into all these teams. */
  invite: (to: {
    userId: number;
    teamIds: number[];
  }) => Promise<"invited" | "already" | "over-limit" | Refused>;
  addToTeam: (to: {
    slug: string;
    login: string;
  }) => Promise<"added" | "invited" | "no-such-user" | "over-limit" | Refused>;
  removeFromTeam: (from: { slug: string; login: string }) => Promise<"removed" | "not-there">;
  cancelInvitation: (invitationId: number) => Promise<"cancelled" | "not-there">;
};

/** The changes. Each is sent once; an error says that it did not happen, or that nobody knows. */
export function teamWrites(github: Github, organisation: string): TeamWrites {
  const org = organisation;
  return {
    async invite({ userId, teamIds }) {
      const body = { invitee_id: userId, role: "direct_member" as const, team_ids: teamIds };
      const answer = await write(github, (octokit) =>
        octokit.request("POST /orgs/{org}/invitations", { org, ...body }),
      );
      if (!("status" in answer)) return "invited";
      // "Already" is asked of the message: the daily limit comes with the same status, code and field.
      if (overLimit(answer)) return "over-limit";
      if (answer.status === 422 && /already/i.test(answer.text)) return "already";
      return { refused: reasonOf(answer) };
    },
    async addToTeam({ slug, login }) {
      const where = { org, team_slug: slug, username: login };
      const answer = await write(github, (octokit) =>
        octokit.request("PUT /orgs/{org}/teams/{team_slug}/memberships/{username}", {
          ...where,
          role: "member",
        }),
      );
      if (!("status" in answer)) return standingIn(answer.data);
      if (overLimit(answer)) return "over-limit";
      return answer.status === 404 ? "no-such-user" : { refused: reasonOf(answer) };
    },
    async removeFromTeam({ slug, login }) {
      const where = { org, team_slug: slug, username: login };
      const answer = await write(
        github,
        (octokit) => octokit.request("DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}", where),
        [404],
      );
      return "status" in answer ? "not-there" : "removed";
    },
    async cancelInvitation(invitationId) {
      const answer = await write(
        github,
        (octokit) =>
          octokit.request("DELETE /orgs/{org}/invitations/{invitation_id}", {
            org,
            invitation_id: invitationId,
          }),
        [404],
      );
      return "status" in answer ? "not-there" : "cancelled";
    },
  };
}

const Membership = z.object({ state: z.enum(["active", "pending"]) });

function standingIn(answer: unknown): "added" | "invited" {
  const read = Membership.safeParse(answer);
  if (!read.success) {
    throw passing("GitHub's answer could not be read; the next attempt looks what became of the change");
  }
  return read.data.state === "pending" ? "invited" : "added";
}

/** Sends a change; what GitHub says against this person comes back as a value, everything else is thrown. */
async function write(
  github: Github,
  send: (octokit: Octokit) => Promise<{ data: unknown }>,
  personal: readonly number[] = [403, 404, 422],
): Promise<Refusal | { data: unknown }> {
  const octokit = await github();
  try {
    return { data: (await send(octokit)).data };
  } catch (error) {
    const refusal = refusalIn(error);
    const known = refusal?.answered === true && personal.includes(refusal.status);
    if (refusal === undefined || !known || isLimit(refusal) || lacksPermission(refusal)) {
      throw failureOf(error, { needs: "write", write: true } satisfies Doing);
    }
    return refusal;
  }
}

const overLimit = ({ status, text }: Refusal): boolean =>
  status === 422 && /invitation rate limit/i.test(text);

/** In words of ours: GitHub's may quote who or what was sent. */
function reasonOf({ status, text }: Refusal): string {
  if (/block/i.test(text)) return "this person has blocked the organisation, or left it for good";
  if (/seat/i.test(text)) return "the organisation has no free seat: an owner can add one";
  if (/must be a user|\borg\b/i.test(text)) return "this is not a person's account";
  if (status === 404) return "GitHub no longer knows this account";
  return `GitHub refused (${status}) for a reason that Groundcrew does not know: try it on GitHub's own page`;
}
