// Finds what became of each person's invitation or membership, and whether they may be asked again. Pure. What a list of GitHub's
// shows once and not the next time is put right by the next look: no outcome here is final but by what people did.
import { dayMs, hourMs } from "../../shared/clock.ts";
import type { TeamsRead } from "../../shared/github/people.ts";
import type { Refused } from "../../shared/github/team-writes.ts";
import {
  askedAgain,
  endedOf,
  type InvitationOutcome,
  invitationLastsMs,
  refusedAgainMs,
} from "../../shared/members/invitations.ts";
import type { Account } from "./facts.ts";
import { invited, type Known, lower, type NameOf } from "./names.ts";

/** GitHub's clock and ours may differ. */
const lapseMs = invitationLastsMs - hourMs;

/** State of one person as GitHub shows it. */
export type Standing = {
  /** Managed teams that they are in. */
  teams: ReadonlySet<string>;
  /** Time at which the live invitation was made. */
  invitedAt?: string | undefined;
  /** Time at which an invitation of theirs was last seen to end by itself. */
  failedAt?: string | undefined;
  /** Says whether they are of the organisation, where that was asked. */
  isMember?: boolean | undefined;
  isWanted: boolean;
};

/** Gives what is known of a person after a look at GitHub. */
export function became(known: Known, is: Standing, now: Date): Known {
  if (is.teams.size > 0) return stillRefused(known, withOutcome(known, "accepted", now), is);
  if (is.invitedAt !== undefined) return stillRefused(known, seenInvited(known, is.invitedAt), is);
  switch (known.outcome) {
    case "accepted":
      // Taken out of the team, or gone: of whom nobody wants in, nothing is held against them should they come back.
      if (!is.isWanted) return withOutcome(known, "withdrawn", now);
      return is.isMember === false ? withOutcome(known, "left", now) : known;
    case "taken":
      if (is.isMember === true) return withOutcome(known, "accepted", now);
      if (is.failedAt !== undefined && is.failedAt >= (known.invitedAt ?? ""))
        return withEnd(known, "lapsed", now);
      if (now.getTime() - Date.parse(known.invitedAt ?? "") < lapseMs)
        return withOutcome(known, "declined", now);
      return withEnd(known, "unknown", now);
    default:
      return known;
  }
}

/** Keeps why GitHub refused somebody a team whom it shows elsewhere: until they are in that one, nothing is mended. */
function stillRefused({ refusal }: Known, next: Known, { teams }: Standing): Known {
  const isOver = refusal?.team === undefined || teams.has(refusal.team);
  return isOver ? withoutRefusal(next) : { ...next, refusal };
}

/** Forgets why somebody was refused who was not. */
export function withoutRefusal({ refusal: _, ...known }: Known): Known {
  return known;
}

/** Says whether GitHub has refused somebody this team lately: at every look it would be tried for ever. */
export const isRefusedLately = (known: Known | undefined, team: string, now: Date): boolean =>
  known?.refusal?.team === team && now.getTime() - Date.parse(known.refusal.at ?? "") < refusedAgainMs;

/** Sets an outcome, and since when it is so. Whoever accepted is asked as anew, should they come back: what ended before counts no more. */
export function withOutcome(known: Known, outcome: InvitationOutcome, now: Date): Known {
  if (known.outcome === outcome) return known;
  const { ended: _, ...kept } = withoutRefusal(known);
  const ended = outcome === "accepted" ? 0 : endedBefore(known);
  return {
    ...kept,
    ...(ended > 0 ? { ended } : {}),
    outcome,
    outcomeAt: now.toISOString(),
  };
}

/** Gives how many had ended before the last one, which has not yet, or not by itself; once all that were sent were counted. */
const endedBefore = (known: Known): number =>
  known.outcome === undefined ? Math.max(0, known.invitations - 1) : endedOf(known);

const withEnd = (known: Known, outcome: InvitationOutcome, now: Date): Known => ({
  ...withOutcome(known, outcome, now),
  ended: endedOf(known) + 1,
});

/** A live invitation. One that nobody has counted was sent by a run that died after it, or by hand. */
function seenInvited(known: Known, createdAt: string): Known {
  const counted =
    known.invitedAt !== undefined && Date.parse(createdAt) - Date.parse(known.invitedAt) < dayMs;
  const at = new Date(createdAt);
  const taken = withOutcome(known, "taken", at);
  return counted ? taken : { ...taken, invitations: known.invitations + 1, invitedAt: at.toISOString() };
}

/** Says whether somebody who is neither in nor invited may be invited now. */
export function mayInvite(known: Known | undefined, now: Date): boolean {
  const from = askedAgain(known);
  return typeof from === "string" ? from === "now" : now >= from;
}

/** Outcomes after which nobody is asked again by themselves, or not for a while. */
const ends: Record<InvitationOutcome, boolean> = {
  taken: true,
  accepted: false,
  lapsed: true,
  declined: true,
  withdrawn: false,
  left: true,
  blocked: true,
  "no-seat": false,
  organisation: false,
  refused: true,
  unknown: true,
};

/** Says whether somebody was asked, and it came to nothing that another run mends at once. */
export const isEnded = (known: Known | undefined): boolean =>
  known?.outcome === undefined ? (known?.invitations ?? 0) > 0 : ends[known.outcome];

/** Gives the outcome for somebody whom GitHub refused. */
export function outcomeOfRefusal({ failure, concerns }: Refused): InvitationOutcome {
  if (failure.cause === "no-seat") return "no-seat";
  if (concerns === "organisation") return "organisation";
  return failure.cause === "blocked" ? "blocked" : "refused";
}

/** GitHub names no time for some that have failed: they count as the last. */
const unknownTime = "9999-12-31T00:00:00.000Z";

/** Gives what GitHub shows of anybody, by the name that the sheet has for them. */
export function standings(
  github: TeamsRead,
  accounts: ReadonlyMap<string, Account>,
  of: { nameOf: NameOf; wanted: ReadonlyMap<string, unknown> },
): (name: string) => Standing {
  const teams = new Map<string, Set<string>>();
  for (const [team, { members }] of Object.entries(github.teams))
    for (const name of members.map(of.nameOf))
      teams.set(name, (teams.get(name) ?? new Set<string>()).add(team));
  const live = new Map(invited(github).map((one) => [of.nameOf(one), one.createdAt]));
  const failed = new Map<string, string>();
  for (const { login, failedAt = unknownTime } of github.failed) {
    const name = lower(login ?? "");
    if (failedAt > (failed.get(name) ?? "")) failed.set(name, failedAt);
  }
  return (name) => {
    const account = accounts.get(name);
    return {
      teams: teams.get(name) ?? new Set(),
      invitedAt: live.get(name),
      failedAt: failed.get(name),
      isMember: typeof account === "object" ? account.member : undefined,
      isWanted: of.wanted.has(name),
    };
  };
}
