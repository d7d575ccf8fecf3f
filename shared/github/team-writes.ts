// The four changes that Groundcrew makes to teams, each one request, sent once, whose answer comes back in our words.

import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { passing } from "../errors.ts";
import type { Github } from "./client.ts";
import { failureOf, isLimit, lacksPermission, type Refusal, refusalIn } from "./failures.ts";

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
      throw failureOf(error, { needs: "write", write: true });
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
