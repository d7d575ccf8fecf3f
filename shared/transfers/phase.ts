// Phases of a transfer, by the word of its state: unbegun, open, ended. Pure.
import type { TransferState } from "./records.ts";

type Word = string | undefined;

/** Tells whether nothing of it has begun, and still may. */
export const isUnbegun = (state: Word): boolean =>
  state === undefined || state === "planned" || state === "waiting";

/** Tells whether somebody still waits for its end: it was asked for, and has none. A plan alone has none to wait for. */
export const isOpen = (state: Word): boolean => state === "running" || state === "waiting";

/** Tells whether nothing more comes of it. */
export const isEnded = (state: TransferState["state"]): boolean => state !== "planned" && !isOpen(state);
