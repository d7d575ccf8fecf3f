// The tier of a membership, as people type it, among those of the settings. Pure.
import type { MembersSettings } from "../members/settings.ts";
import { type Cell, type Typed, textOf, whyNoText } from "./cell.ts";
import { folded, isPlaceholder } from "./cell-text.ts";
import { nearest } from "./headings.ts";

/** Gives a reader of tiers by the settings. Blanks, case and the kind of hyphen do not matter. */
export function tierReader({
  tiers,
}: MembersSettings): (cell: Cell) => Typed<{ tier: string; team: string }> {
  const key = (text: string): string => folded(text).replace(/\s*[\p{Pd}_\s]\s*/gu, " ");
  const known = new Map(Object.entries(tiers).map(([tier, team]) => [key(tier), { tier, team }]));
  const missing = { why: "the membership tier is missing" };
  return (cell) => {
    const text = key(textOf(cell));
    const tier = known.get(text);
    const odd = whyNoText(cell);
    // A tier may be called 1: a number that is one of them can mean nothing else.
    if (tier !== undefined && (odd === undefined || (typeof cell !== "string" && cell.is === "number")))
      return { ok: tier };
    if (odd !== undefined) return odd;
    if (text === "" || isPlaceholder(text)) return missing;
    const near = nearest(text, [...known.keys()], (one) => known.get(one)?.tier ?? "");
    const why = `no tier of the settings: ${Object.keys(tiers).join(", ")}`;
    return near === "" ? { why } : { why, suggestion: near };
  };
}
