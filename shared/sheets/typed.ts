// A row of the sheet as it was typed, good or refused: what slips of the hand are recognised by.
import * as z from "zod";
import type { Column } from "../members/settings.ts";

export const TypedRow = z.strictObject({
  /** Number of the row in the sheet. */
  at: z.number().int(),
  /** In lower case, as the address is. */
  login: z.string(),
  email: z.string(),
  name: z.string(),
  tier: z.string(),
  /** YYYY-MM-DD where it can be read; empty where it never ends. */
  expires: z.string(),
} satisfies Record<"at" | Column, z.ZodType>);
export type TypedRow = z.infer<typeof TypedRow>;

/** Gives the number of a cell's row: 12 of "C12". */
export const rowIn = (cell: string): number => Number(/\d+$/.exec(cell)?.[0] ?? 0);
