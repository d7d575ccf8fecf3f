// The four changes that Groundcrew makes to teams, each one request, sent once, whose answer comes back in our words.

import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { type Failure, failureIn } from "../failure.ts";
import type { Github } from "./client.ts";
import { answerFailure, type Doing, failureOf, type Refusal, refusalIn, unreadable } from "./failures.ts";
import { everybody, onePerson, refusedPerson } from "./refusals-app.ts";

/** Refusal of a person, or of everybody: its why, and the whole of it. */
export type Refused = { refused: string; failure: Failure; concerns: "person" | "organisation" };

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
      const answer = await write(github, inviting, [201], (octokit) =>
        octokit.request("POST /orgs/{org}/invitations", { org, ...body }),
      );
      if ("data" in answer) return "invited";
      // "Already" is asked of the message: the daily limit comes with the same status, code and field.
      if (overLimit(answer)) return "over-limit";
      if (answer.status === 422 && /already/i.test(answer.text)) return "already";
      return refusal(answer, inviting);
    },
    async addToTeam({ slug, login }) {
      const where = { org, team_slug: slug, username: login };
      const answer = await write(github, adding, [200], (octokit) =>
        octokit.request("PUT /orgs/{org}/teams/{team_slug}/memberships/{username}", {
          ...where,
          role: "member",
        }),
      );
      if ("data" in answer) return membershipIn(answer.data);
      if (overLimit(answer)) return "over-limit";
      return answer.status === 404 ? "no-such-user" : refusal(answer, adding);
    },
    async removeFromTeam({ slug, login }) {
      const where = { org, team_slug: slug, username: login };
      const answer = await write(
        github,
        { ...changing, what: "a person could not be removed from a team" },
        [204],
        (octokit) => octokit.request("DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}", where),
        [404],
      );
      return "data" in answer ? "removed" : "not-there";
    },
    async cancelInvitation(invitationId) {
      const answer = await write(
        github,
        { ...changing, what: "an invitation could not be withdrawn" },
        [204],
        (octokit) =>
          octokit.request("DELETE /orgs/{org}/invitations/{invitation_id}", {
            org,
            invitation_id: invitationId,
          }),
        [404],
      );
      return "data" in answer ? "cancelled" : "not-there";
    },
  };
}

const changing = { as: "app", write: true } as const;
const lettingIn = { ...changing, known: [...everybody, ...onePerson], otherwise: refusedPerson };
const inviting: Doing = { ...lettingIn, what: "a person could not be invited" };
const adding: Doing = { ...lettingIn, what: "a person could not be added to a team" };

const Membership = z.object({ state: z.enum(["active", "pending"]) });

function membershipIn(answer: unknown): "added" | "invited" {
  const read = Membership.safeParse(answer);
  if (!read.success) throw unreadable(adding);
  return read.data.state === "pending" ? "invited" : "added";
}

/**
 * Sends a change; what GitHub says against this person comes back as a value, everything else is thrown. Only the status that its
 * documentation names says that the change was made: a page of somebody else's comes with 200.
 */
async function write(
  github: Github,
  doing: Doing,
  done: readonly number[],
  send: (octokit: Octokit) => Promise<{ status: number; data: unknown }>,
  personal: readonly number[] = [403, 404, 422],
): Promise<Refusal | { data: unknown }> {
  const octokit = await github();
  try {
    const { status, data } = await send(octokit);
    if (!done.includes(status)) throw unreadable(doing);
    return { data };
  } catch (error) {
    const refused = refusalIn(error);
    const failure = failureOf(error, doing);
    // A limit, a missing permission, a suspension keep the App from every change.
    const mine = doing.known !== undefined && !answered.has(failureIn(failure)?.cause ?? "");
    if (refused?.answered !== true || !personal.includes(refused.status) || mine) throw failure;
    return refused;
  }
}

const ofEverybody: ReadonlySet<string> = new Set(everybody.map(({ cause }) => cause));
const answered: ReadonlySet<string> = new Set(
  [...everybody, ...onePerson, refusedPerson].map(({ cause }) => cause),
);

const overLimit = ({ status, text }: Refusal): boolean =>
  status === 422 && /invitation rate limit/i.test(text);

function refusal(answer: Refusal, doing: Doing): Refused {
  const error = answerFailure(answer, doing);
  const failure = failureIn(error);
  if (failure === undefined) throw error;
  const concerns = ofEverybody.has(failure.cause) ? "organisation" : "person";
  return { refused: failure.explanation.why, failure, concerns };
}
