// Values that Sheets makes of a text typed into a cell: a number, a day, a word. Each cell of the file counts as formatted to
// show exactly what was typed (007 under the format 000). So the shown value is the file's, and the value beneath may differ.

const dayMs = 86_400_000;
/** Day 0 of Sheets' serial numbers. */
const epoch = Date.UTC(1899, 11, 30);

/** A cell of which more is known than what was typed; `day` is a serial number that shows as a date. */
export type Typed = {
  shown: string;
  value: string | number | boolean;
  day?: true;
  formula?: string;
  /** The kind of error in which the formula ended. */
  error?: string;
  /** A smart chip; of a person, their address. */
  chip?: { email?: string };
};
export type Cell = string | Typed;

/** Gives what the cell shows. A leading apostrophe makes text of anything; formulas aren't computed on the sample hub. */
export function formatted(typed: Cell): string {
  if (typeof typed !== "string") return typed.shown;
  if (typed.startsWith("'")) return typed.slice(1);
  return typed.startsWith("=") ? "#ERROR!" : typed;
}

/** Gives the cell as `CellData` of Sheets' description: what was typed, what came of it, what shows. */
export function cellData(cell: Cell): object {
  const typed = typeof cell === "string" ? typedOf(cell) : cell;
  const { shown, value, day, formula, error, chip } = typed;
  if (shown === "") return formula === undefined ? {} : { userEnteredValue: { formulaValue: formula } };
  const effective = error === undefined ? extended(value) : { errorValue: { type: error } };
  return {
    userEnteredValue: formula === undefined ? effective : { formulaValue: formula },
    effectiveValue: effective,
    formattedValue: shown,
    ...(day === undefined ? {} : { effectiveFormat: { numberFormat: { type: "DATE" } } }),
    ...(chip === undefined ? {} : { chipRuns: [{ chip: { personProperties: chip } }] }),
  };
}

function extended(value: string | number | boolean): object {
  if (typeof value === "number") return { numberValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { stringValue: value };
}

function typedOf(typed: string): Typed {
  const shown = formatted(typed);
  if (typed.startsWith("=")) return { shown, value: shown, formula: typed, error: "ERROR" };
  const text = typed.trim();
  if (typed.startsWith("'") || text === "") return { shown, value: shown };
  if (/^(?:true|false)$/i.test(text)) return { shown, value: text.toLowerCase() === "true" };
  const day = serialOf(text);
  if (day !== undefined) return { shown, value: day, day: true };
  if (/^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(text) && /^[+-]?\.?\d/.test(text))
    return { shown, value: Number(text.replaceAll(",", "")) };
  return { shown, value: shown };
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
