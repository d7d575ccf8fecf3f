// Outcome of what a person was last given or offered, and how often somebody is asked. An invitation that GitHub took and that
// ended by itself counts as one of three; nothing else does.
import { z } from "zod";

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

/** Nobody is asked for ever: so many invitations to one person, and days between two of them. */
export const invitationBudget = { times: 3, daysBetween: 7 };

/** Gives the number of invitations that ended by themselves. Records of before counted all that were sent. */
export const endedOf = (known: {
  invitations: number;
  ended?: number | undefined;
  outcome?: string | undefined;
}): number => known.ended ?? (known.outcome === undefined ? known.invitations : 0);
