// Record of what a hub's status sheet says: head/status-sheet/<hub>.json. It names nobody.
import * as z from "zod";
import { Time, version } from "../records.ts";

export const StatusSheet = z.strictObject({
  v: version,
  /** Digest of the table that is in the sheet; absent before the first one. */
  digest: z.string().optional(),
  /** Time of the members' state that it tells of; absent where that state is still to be told. */
  of: Time.optional(),
  /** Time before which Sheets asked to be left alone. */
  notBefore: Time.optional(),
});
export type StatusSheet = z.infer<typeof StatusSheet>;

/** Names the record. */
export const statusSheetName = (hub: string): string => `head/status-sheet/${hub}.json`;
