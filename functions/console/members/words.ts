// The team's words for where somebody stands and for why somebody cannot log in, and how serious each is.
import { keysOf } from "../../../shared/closed.ts";
import type { Finding, MemberStatus } from "../../../shared/control.ts";

/** A tone has up to three shades, for two that stand beside each other in the picture. */
type Look = { word: string; tone: "good" | "warn" | "bad" | "calm"; shade?: "pale" | "faint" };

/** In the order in which they may need somebody; a list shows them so. */
export const statusLooks: Record<MemberStatus, Look> = {
  rejected: { word: "rejected", tone: "bad" },
  "no-such-user": { word: "no such user", tone: "bad", shade: "pale" },
  "failed-invitation": { word: "invitation lapsed", tone: "bad", shade: "faint" },
  held: { word: "on hold", tone: "warn" },
  expired: { word: "run out", tone: "calm", shade: "pale" },
  "to-invite": { word: "to be invited", tone: "warn" },
  invited: { word: "invited", tone: "warn", shade: "pale" },
  unmanaged: { word: "not in the sheet", tone: "calm" },
  "in-team": { word: "in the team", tone: "good" },
};
export const statuses: readonly MemberStatus[] = keysOf(statusLooks);

/** Words for what *Who can't log in?* found. */
export const findingLooks: Record<Finding, { word: string; canLogIn: boolean }> = {
  "in-team": { word: "in the team", canLogIn: true },
  "not-in-sheet": { word: "in the team", canLogIn: true },
  invited: { word: "invited", canLogIn: false },
  "to-invite": { word: "to be invited", canLogIn: false },
  expired: { word: "run out", canLogIn: false },
  "no-such-user": { word: "no such user", canLogIn: false },
  "failed-invitation": { word: "invitation lapsed", canLogIn: false },
  held: { word: "on hold", canLogIn: false },
  rejected: { word: "rejected", canLogIn: false },
  "not-found": { word: "not found", canLogIn: false },
  "no-run-yet": { word: "not known yet", canLogIn: false },
  unreadable: { word: "not known", canLogIn: false },
};
