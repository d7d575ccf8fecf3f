// An e-mail address as people type it into a cell. Pure.
import * as z from "zod";
import { type Cell, type Typed, textOf, whyNoText } from "./cell.ts";
import { clean, isPlaceholder } from "./cell-text.ts";

const Email = z.email();

/** Reads the cell of an address; "" where there is none: its person gets no mails. */
export function readEmail(cell: Cell): Typed<string> {
  const odd = whyNoText(cell);
  if (odd !== undefined) return odd;
  const text = clean(textOf(cell));
  if (text === "" || isPlaceholder(text)) return { ok: "" };
  const bare = (/^[^<>@]*<([^<>]+)>$/.exec(text)?.[1] ?? text).replace(/^mailto:/i, "").trim();
  if (Email.safeParse(bare).success && bare.length <= 254) return { ok: bare };
  const parts = bare.split(/[\s,;/]+/).filter((part) => Email.safeParse(part).success);
  if (parts.length > 1) return { why: "more than one e-mail address: leave the one that is read" };
  return parts[0] === undefined
    ? { why: "not an e-mail address: type it again, or leave the cell empty" }
    : { why: "not an e-mail address", suggestion: parts[0] };
}
