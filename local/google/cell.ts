// Values that Sheets makes of a text typed into a cell: a number, a day, a word. Each cell of the file counts as formatted to
// show exactly what was typed (007 under the format 000). So the shown value is the file's, and the value beneath may differ.
import { z } from "zod";

const dayMs = 86_400_000;
/** Day 0 of Sheets' serial numbers. */
const epoch = Date.UTC(1899, 11, 30);

/** Form in which a request wants values; the defaults are the vendor's. */
export const Render = z.object({
  valueRenderOption: z.enum(["FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"]).default("FORMATTED_VALUE"),
  dateTimeRenderOption: z.enum(["SERIAL_NUMBER", "FORMATTED_STRING"]).default("SERIAL_NUMBER"),
});
export type Render = z.infer<typeof Render>;

/** A cell of which more is known than what was typed; `day` is a serial number that shows as a date. */
export type Typed = { shown: string; value: string | number | boolean; day?: true; formula?: string };
export type Cell = string | Typed;

/** Gives what the cell shows. A leading apostrophe makes text of anything; formulas aren't computed on the sample hub. */
export function formatted(typed: Cell): string {
  if (typeof typed !== "string") return typed.shown;
  if (typed.startsWith("'")) return typed.slice(1);
  return typed.startsWith("=") ? "#ERROR!" : typed;
}

/** The value of a cell as the request asks for it. */
export function rendered(
  typed: Cell,
  { valueRenderOption: values, dateTimeRenderOption: days }: Render,
): string | number | boolean {
  if (values === "FORMATTED_VALUE") return formatted(typed);
  if (typeof typed !== "string") {
    if (values === "FORMULA" && typed.formula !== undefined) return typed.formula;
    return typed.day === true && days === "FORMATTED_STRING" ? typed.shown : typed.value;
  }
  if (values === "FORMULA" && typed.startsWith("=")) return typed;
  const text = typed.trim();
  if (typed.startsWith("'") || typed.startsWith("=") || text === "") return formatted(typed);
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const day = serialOf(text);
  if (day !== undefined) return days === "FORMATTED_STRING" ? formatted(typed) : day;
  if (/^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(text) && /^[+-]?\.?\d/.test(text))
    return Number(text.replaceAll(",", ""));
  return formatted(typed);
}

/** A day typed as a spreadsheet of the United States' locale reads it, which is what a new one has. */
function serialOf(text: string): number | undefined {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  const american = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text);
  const [year, month, day] = (
    iso ? [iso[1], iso[2], iso[3]] : american ? [american[3], american[1], american[2]] : []
  ).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const time = Date.UTC(year, month - 1, day);
  return new Date(time).getUTCMonth() === month - 1 ? (time - epoch) / dayMs : undefined;
}
