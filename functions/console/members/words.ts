// The team's words for where somebody stands, and how serious each is.
import { keysOf } from "../../../shared/closed.ts";
import type { MemberStatus } from "../../../shared/control.ts";
import type { Occasion } from "../../../shared/members/mail-templates.ts";

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

/** Words for the occasions of mails to members. */
export const occasionWords: Record<Occasion, string> = {
  invited: "invited",
  added: "let in",
  "tier-changed": "tier changed",
  "reminder-3": "day 3 of the invitation",
  "reminder-6": "day 6 of the invitation",
  expired: "invitation ended",
  "ends-30": "30 days before the end",
  "ends-7": "7 days before the end",
  removed: "access ended",
  "login-mistyped": "username unknown",
  corrected: "a mistake of ours",
};
