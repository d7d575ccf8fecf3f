// May this notice be attempted now? Pure.
import type { NoticeOutcome } from "../../shared/records.ts";

/** An attempt without an outcome is under way, or died. */
export type Attempt = { messageId: string; outcome?: NoticeOutcome["outcome"] };

export type Verdict = { do: "send"; n: number } | { do: "ask"; n: number } | { do: "nothing"; why: string };

/** Number of attempts, and the last of them. */
export type Attempts = { n: number; last: Attempt | undefined };

/** @param messageId of the delivery that asks. */
export function decide({ n, last }: Attempts, messageId: string): Verdict {
  if (last === undefined || last.outcome === "not-sent") return { do: "send", n: n + 1 };
  if (last.outcome === "sent") return { do: "nothing", why: "already sent" };
  // The message that made the attempt comes again: its delivery died. Asked again, should the first asking have died too.
  if (last.messageId === messageId) return { do: "ask", n };
  return { do: "nothing", why: "another message with the same key has it in hand" };
}
