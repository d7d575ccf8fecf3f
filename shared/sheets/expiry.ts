// The last day of a membership, as people type it or as the sheet's language shows it. A date that can be read in two
// ways is refused: a wrong one locks somebody out. Pure.
import { dayOf } from "../clock.ts";
import { type Cell, type Typed, textOf, whyNoText } from "./cell.ts";
import { clean, folded, isPlaceholder } from "./cell-text.ts";

const months = "january,february,march,april,may,june,july,august,september,october,november,december".split(
  ",",
);
const endless = new Set([
  "never",
  "open",
  "unlimited",
  "ongoing",
  "permanent",
  "forever",
  "indefinite",
  "lifetime",
  "no expiry",
  "no end",
]);
/** The time of day that Sheets or a form puts behind a date; the day is taken as it is written, in no time zone. */
const timeOfDay =
  /(?<=\d)(?:T|,? +)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$/i;
/** Further away than this is a slip of the keys. */
const yearsAhead = 50;

/** Reads the cell of an expiry: a day as YYYY-MM-DD, or "" where there is none. */
export function readExpiry(cell: Cell, today: string): Typed<string> {
  const date = readDay(cell);
  if (!("ok" in date) || date.ok === "") return date;
  const year = Number(date.ok.slice(0, 4));
  if (year < 2000 || year > Number(today.slice(0, 4)) + yearsAhead)
    return {
      why: `the year ${year} cannot be meant: type the last day as YYYY-MM-DD, or "never" where there is none`,
    };
  return date;
}

/** Reads a day as YYYY-MM-DD; "" where there is none. */
export function readDay(cell: Cell): Typed<string> {
  // A day that Sheets knows for one is the same in every style of dates: 3/4/2031 is March in an American sheet.
  if (typeof cell !== "string" && cell.is === "number") return daySince(cell.value);
  const odd = whyNoText(cell);
  if (odd !== undefined) return odd;
  const text = clean(textOf(cell));
  if (text === "" || isPlaceholder(text) || endless.has(folded(text))) return { ok: "" };
  return parse(text.replace(timeOfDay, ""));
}

/** Reads a serial number: days since 1899-12-30, the hours behind the point. */
function daySince(serial: number): Typed<string> {
  return serial >= 1 && serial < 2_958_466
    ? { ok: dayOf(new Date(Date.UTC(1899, 11, 30)), Math.floor(serial)) }
    : unread;
}

const noSuchDay = { why: "there is no such day: type it as YYYY-MM-DD" };
const unread = { why: "not a date: write it as YYYY-MM-DD" };

function parse(text: string): Typed<string> {
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (iso) return day(Number(iso[1]), Number(iso[3]), Number(iso[4]));
  const numeric = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (numeric) return dayAndMonth(Number(numeric[1]), Number(numeric[3]), numeric[4] ?? "");
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/i.exec(text);
  if (dayFirst) return named(dayFirst[2], dayFirst[1], dayFirst[3]);
  const monthFirst = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i.exec(text);
  if (monthFirst) return named(monthFirst[1], monthFirst[2], monthFirst[3]);
  // Typed as text, or in a column of plain text: 36526 is 2000-01-01.
  if (/^\d{5}(?:\.\d+)?$/.test(text)) return daySince(Number(text));
  return unread;
}

function dayAndMonth(first: number, second: number, year: string): Typed<string> {
  const full = Number(year.length === 2 ? `20${year}` : year);
  const readings = [day(full, second, first), day(full, first, second)].flatMap((date) =>
    "ok" in date ? [date.ok] : [],
  );
  const [one, other] = [...new Set(readings)];
  if (one === undefined) return noSuchDay;
  if (other !== undefined) return { why: `can be read as ${one} or ${other}: write it as YYYY-MM-DD` };
  return year.length === 2 ? { why: "the year has two digits only", suggestion: one } : { ok: one };
}

function named(month = "", date = "", year = ""): Typed<string> {
  const index = months.findIndex((full) => full.startsWith(month.toLowerCase()));
  return index < 0 ? unread : day(Number(year), index + 1, Number(date));
}

function day(year: number, month: number, date: number): Typed<string> {
  const time = Date.UTC(year, month - 1, date);
  const back = new Date(time);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === date ? { ok: dayOf(back) } : noSuchDay;
}
