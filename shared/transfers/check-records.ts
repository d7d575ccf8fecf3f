// Record of the daily look at what a hub's transfers need: head/transfer-check/<hub>.json.
import * as z from "zod";
import { Time, version } from "../records.ts";
import { wordOr } from "../unknown-fields.ts";

/** One thing that transfers need. `fail`: a person has to mend it. `unchecked`: nobody could tell. */
export const CheckLine = z.strictObject({
  about: z.string(),
  state: wordOr(z.enum(["ok", "fail", "unchecked"]), "unchecked"),
  says: z.string(),
  next: z.string().optional(),
});
export type CheckLine = z.infer<typeof CheckLine>;

export const TransferCheck = z.strictObject({ v: version, at: Time, lines: z.array(CheckLine) });
export type TransferCheck = z.infer<typeof TransferCheck>;

export const transferCheckName = (hub: string): string => `head/transfer-check/${hub}.json`;
