// Ranges of a tab that A1 notation names.

/** 0-based, ends included. */
export type Area = { top: number; left: number; bottom: number; right: number };

/** A new spreadsheet's grid; it grows with what is in it. */
export const gridOf = (cells: readonly unknown[][]): { rows: number; columns: number } => ({
  rows: Math.max(1000, cells.length),
  columns: cells.reduce((widest, row) => Math.max(widest, row.length), 26),
});

/** Reads a range; undefined where Sheets cannot parse it (https://developers.google.com/workspace/sheets/api/guides/concepts#cell). */
export function areaOf(
  range: string,
  tab: string,
  grid: { rows: number; columns: number },
): Area | undefined {
  const whole = { top: 0, left: 0, bottom: grid.rows - 1, right: grid.columns - 1 };
  const [, quoted, plain, behind] = /^(?:'((?:[^']|'')+)'|([^'!]+))(?:!(.+))?$/.exec(range) ?? [];
  const named = quoted?.replaceAll("''", "'") ?? plain;
  if (named === undefined) return undefined;
  if (behind === undefined && quoted === undefined)
    return cellsNamed(named, whole) ?? (named === tab ? whole : undefined);
  if (named !== tab) return undefined;
  return behind === undefined ? whole : cellsNamed(behind, whole);
}

function cellsNamed(text: string, whole: Area): Area | undefined {
  const [from, to = from, ...rest] = text.split(":");
  if (from === undefined || to === undefined || rest.length > 0) return undefined;
  const [first, last] = [corner(from), corner(to)];
  if (first === undefined || last === undefined) return undefined;
  if (!text.includes(":") && (first.column === undefined || first.row === undefined)) return undefined;
  const area = {
    top: Math.min(first.row ?? 0, last.row ?? whole.bottom),
    left: Math.min(first.column ?? 0, last.column ?? whole.right),
    bottom: Math.min(whole.bottom, Math.max(last.row ?? whole.bottom, first.row ?? 0)),
    right: Math.min(whole.right, Math.max(last.column ?? whole.right, first.column ?? 0)),
  };
  return area.top > area.bottom || area.left > area.right ? undefined : area;
}

function corner(text: string): { column?: number; row?: number } | undefined {
  const [whole, letters = "", digits = ""] = /^\$?([A-Za-z]{0,3})\$?([1-9]\d{0,6})?$/.exec(text) ?? [];
  if (whole === undefined || (letters === "" && digits === "")) return undefined;
  const column =
    [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { ...(letters === "" ? {} : { column }), ...(digits === "" ? {} : { row: Number(digits) - 1 }) };
}
