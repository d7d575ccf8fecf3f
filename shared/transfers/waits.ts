// Words on what a transfer waits for: on the console, in the command line and in its runs alike.
import type { TransferState } from "./records.ts";

/** Says what it waits for, and until when. */
export const waitsText = ({ for: what, until }: NonNullable<TransferState["waits"]>): string =>
  `waits for ${what}; it is looked at again on ${until.slice(0, 16).replace("T", " at ")} UTC`;
