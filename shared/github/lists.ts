// GitHub's REST lists, read to their last page. What GraphQL does not tell: the numbers of invitations, and the failed ones.

import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { failureOf, unreadable, unsettled } from "./failures.ts";
import { readingTeams } from "./graphql.ts";

const time = z.string().transform((text, context) => {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  context.addIssue({ code: "custom", message: "not a time" });
  return z.NEVER;
});

/** `login` is null for one that went to an address of mail. */
const Invitation = z.object({
  id: z.number(),
  login: z.string().nullable(),
  email: z.string().nullable(),
  created_at: time,
  role: z.string().optional(),
  team_count: z.number().optional(),
  inviter: z.looseObject({ type: z.string() }).nullish(),
  // GitHub's own example of a pending one says "".
  failed_at: z.union([time, z.literal("").transform(() => null)]).nullish(),
  failed_reason: z.string().nullish(),
});
export type Invitation = z.infer<typeof Invitation>;

export const invitationLists = {
  pending: "GET /orgs/{org}/invitations",
  failed: "GET /orgs/{org}/failed_invitations",
  ofTeam: "GET /orgs/{org}/teams/{team_slug}/invitations",
} as const;

const pageSize = 100;
/** A list that long is not one of this organisation's: something is wrong. */
const mostPages = 100;

/** All invitations of a list, or an error. */
export async function readInvitations(
  octokit: Octokit,
  list: (typeof invitationLists)[keyof typeof invitationLists],
  where: { org: string; team_slug?: string },
): Promise<Invitation[]> {
  const found = new Map<number, Invitation>();
  for (let page = 1; page <= mostPages; page += 1) {
    const response = await octokit
      .request(list as string, { ...where, per_page: pageSize, page })
      .catch((error: unknown) => {
        throw failureOf(error, readingTeams);
      });
    const items = z.array(Invitation).safeParse(response.data);
    if (!items.success) throw unreadable(readingTeams);
    for (const item of items.data) found.set(item.id, item);
    if (!/rel="next"/.test(response.headers.link ?? "")) return [...found.values()];
  }
  throw unsettled(readingTeams, "endless-list", "a list of invitations has more pages than can be");
}
