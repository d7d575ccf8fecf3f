// Outcome of what a person was last given or offered, and how often somebody is asked. An invitation that GitHub took and that
// ended by itself counts as one of three; nothing else does.
import * as z from "zod";
import { dayMs } from "../clock.ts";

export const InvitationOutcome = z.enum([
  /** GitHub took the invitation, and shows it. */
  "taken",
  "accepted",
  /** It ended by itself. */
  "lapsed",
  /** The person said no, or somebody at GitHub withdrew it: GitHub tells neither from the other. */
  "declined",
  /** Taken back by us. */
  "withdrawn",
  /** The person has left the organisation. */
  "left",
  "blocked",
  "no-seat",
  /** The organisation lets nobody in, for a reason that is not theirs. */
  "organisation",
  /** GitHub refused this person. */
  "refused",
  /** Nobody can tell what became of it. */
  "unknown",
]);
export type InvitationOutcome = z.infer<typeof InvitationOutcome>;

/**
 * Milliseconds for which an invitation is good.
 * https://docs.github.com/en/organizations/managing-membership-in-your-organization/inviting-users-to-join-your-organization
 */
export const invitationLastsMs = 7 * dayMs;
/** Gives the last moment of an invitation that was made at a time. */
export const invitationEnds = (made: Date): Date => new Date(made.getTime() + invitationLastsMs);

/** Nobody is asked for ever: so many invitations to one person, and days between two of them. */
export const invitationBudget = { times: 3, daysBetween: 7 };

/** Gives the number of invitations that ended by themselves. Records of before counted all that were sent. */
export const endedOf = (known: Pick<Asked, "invitations" | "ended" | "outcome">): number =>
  known.ended ?? (known.outcome === undefined ? known.invitations : 0);

/** Time after which somebody whom GitHub refused is tried again: the reason may be mended. */
export const refusedAgainMs = dayMs;

/**
 * Gives when somebody who is neither in nor invited is asked by itself: now, from a time on, or never. A live invitation is no
 * reason to send another one.
 */
export function askedAgain(known: Asked | undefined): "now" | "never" | Date {
  if (known === undefined) return "now";
  const { outcome, outcomeAt = "", invitedAt } = known;
  switch (outcome) {
    case "declined":
    case "left":
    case "blocked":
    case "taken":
      return "never";
    case "accepted":
    case "withdrawn":
    case "no-seat":
    case "organisation":
      return "now";
    case "refused":
      return new Date(Date.parse(outcomeAt) + refusedAgainMs);
    case "lapsed":
    case "unknown":
    case undefined: {
      if (known.invitations === 0 || invitedAt === undefined) return "now";
      if (endedOf(known) >= invitationBudget.times) return "never";
      return new Date(Date.parse(invitedAt) + invitationBudget.daysBetween * dayMs);
    }
    default:
      return outcome satisfies never;
  }
}

/** Part of what is remembered of somebody that says whether they are asked again. */
type Asked = {
  invitations: number;
  invitedAt?: string | undefined;
  ended?: number | undefined;
  outcome?: InvitationOutcome | undefined;
  outcomeAt?: string | undefined;
};
