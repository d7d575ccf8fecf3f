// The team's words for why somebody can or cannot log in, and what each asks of somebody.
import type { Finding, Need } from "./answers.ts";

/** Words for what *Who can't log in?* found, its letter, and what it asks of somebody. A to H are the team's flowchart's. */
export const findingLooks: Record<Finding, { word: string; letter: string; need: Need }> = {
  "not-found": { word: "not found", letter: "B", need: "unknown" },
  applied: { word: "only applied", letter: "B", need: "to-correct" },
  expired: { word: "run out", letter: "B", need: "to-correct" },
  "to-invite": { word: "to be let in", letter: "E", need: "to-wait" },
  "no-run-yet": { word: "not known yet", letter: "E", need: "unknown" },
  invited: { word: "invited", letter: "F", need: "to-accept" },
  rejected: { word: "rejected", letter: "G", need: "to-correct" },
  "no-such-user": { word: "no such user", letter: "G", need: "to-correct" },
  "in-team": { word: "in the team", letter: "H", need: "fine" },
  "not-in-sheet": { word: "in the team", letter: "H", need: "fine" },
  renamed: { word: "renamed", letter: "I", need: "fine" },
  "other-team": { word: "in another team", letter: "J", need: "fine" },
  held: { word: "on hold", letter: "K", need: "to-correct" },
  "turned-down": { word: "turned down", letter: "L", need: "to-correct" },
  lapsed: { word: "invitation lapsed", letter: "M", need: "to-wait" },
  declined: { word: "declined", letter: "N", need: "to-correct" },
  withdrawn: { word: "taken back", letter: "O", need: "to-wait" },
  left: { word: "has left", letter: "P", need: "to-correct" },
  blocked: { word: "blocked", letter: "Q", need: "to-correct" },
  refused: { word: "refused", letter: "R", need: "to-correct" },
  "no-second-factor": { word: "no second factor", letter: "S", need: "to-correct" },
  "no-seat": { word: "no free seat", letter: "T", need: "to-correct" },
  organisation: { word: "nobody is let in", letter: "U", need: "to-correct" },
  "unknown-end": { word: "invitation gone", letter: "V", need: "to-wait" },
  "home-full": { word: "home is full", letter: "W", need: "to-correct" },
  outage: { word: "trouble now", letter: "X", need: "to-wait" },
  unreadable: { word: "not known", letter: "Y", need: "unknown" },
  "only-planned": { word: "only planned", letter: "Z", need: "to-correct" },
};
