// Answers to who can't log in, and why, as the control API gives them. Shapes only.
import * as z from "zod";

/** Reason why somebody can or cannot log in. */
export const Finding = z.enum([
  "in-team",
  "not-in-sheet",
  "renamed",
  "other-team",
  "home-full",
  "outage",
  "invited",
  "to-invite",
  "only-planned",
  "no-run-yet",
  "rejected",
  "no-such-user",
  "not-found",
  "applied",
  "expired",
  "held",
  "turned-down",
  "lapsed",
  "declined",
  "withdrawn",
  "left",
  "blocked",
  "refused",
  "no-second-factor",
  "no-seat",
  "organisation",
  "unknown-end",
  "unreadable",
]);
export type Finding = z.infer<typeof Finding>;

/** Need of somebody who was asked about: none, to accept an invitation, to wait, that somebody corrects something; or unknown. Those first who need something. */
export const Need = z.enum(["to-correct", "to-accept", "unknown", "to-wait", "fine"]);
export type Need = z.infer<typeof Need>;

/** Most people who are asked about at once. */
export const mostAskedAbout = 500;

/** Answer to who can't log in, and why: one for each person who is meant. */
export const WhyAnswer = z.strictObject({
  hub: z.string(),
  finding: Finding,
  /** A to H are the letters of the team's flowchart; docs/runbook.md has them all. */
  letter: z.string().regex(/^[A-Z]$/),
  need: Need,
  /** The GitHub username that the sheet has, where somebody was found. */
  login: z.string().optional(),
  sentence: z.string(),
  /** One step. */
  next: z.string(),
  /** Records do not tell of these: they are looked at where all else is well. */
  check: z.array(z.string()).optional(),
  /** A paragraph to send to the member. */
  paste: z.string().optional(),
  cell: z.string().optional(),
  asOf: z.string().optional(),
});
export type WhyAnswer = z.infer<typeof WhyAnswer>;

/** A person as they were asked about, and what was found. */
export const WhyPerson = z.strictObject({ who: z.string(), answers: z.array(WhyAnswer) });
export type WhyPerson = z.infer<typeof WhyPerson>;
