// The team's words for where somebody stands, and how serious each is.
import { keysOf } from "../../../shared/closed.ts";
import type { MemberStatus } from "../../../shared/control.ts";

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
