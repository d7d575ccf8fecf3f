// The team's words for where somebody stands and for why somebody cannot log in, and how serious each is.
import { keysOf } from "../../../shared/closed.ts";
import type { MemberStatus } from "../../../shared/control.ts";
import type { Finding, Need } from "../../../shared/members/answers.ts";

/** A tone has up to three shades, for two that stand beside each other in the picture. */
type Look = { word: string; tone: "good" | "warn" | "bad" | "calm"; shade?: "pale" | "faint" };

/** In the order in which they may need somebody; a list shows them so. */
export const statusLooks: Record<MemberStatus, Look> = {
  rejected: { word: "rejected", tone: "bad" },
  "no-such-user": { word: "no such user", tone: "bad", shade: "pale" },
  "failed-invitation": { word: "invitation ended", tone: "bad", shade: "faint" },
  held: { word: "on hold", tone: "warn" },
  expired: { word: "run out", tone: "calm", shade: "pale" },
  "to-invite": { word: "to be invited", tone: "warn" },
  invited: { word: "invited", tone: "warn", shade: "pale" },
  unmanaged: { word: "not in the sheet", tone: "calm" },
  "in-team": { word: "in the team", tone: "good" },
};
export const statuses: readonly MemberStatus[] = keysOf(statusLooks);

/** Words for what *Who can't log in?* found, its letter, and what it asks of somebody. A to H are the team's flowchart's. */
export const findingLooks: Record<Finding, { word: string; letter: string; need: Need }> = {
  "not-found": { word: "not found", letter: "B", need: "unknown" },
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
