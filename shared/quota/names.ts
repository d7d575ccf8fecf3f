// File names as they travel: a name is bytes to the system and text to people. Inside the walk a name is "latin1", one
// character a byte, which no name can break; outside it is UTF-8, or percent-encoded where it is not.
import { isUtf8 } from "node:buffer";

/** A latin1 path as the system calls want it: text where it is ASCII, which is quicker, else its bytes. */
export const pathOf = (latin1: string): string | Buffer =>
  hasHighByte.test(latin1) ? Buffer.from(latin1, "latin1") : latin1;

const hasHighByte = /[\x80-\xff]/;

/** A latin1 name as text: its UTF-8; where it is none, each byte outside plain ASCII as %XX, and the % itself. */
export function textOf(latin1: string): string {
  if (!hasHighByte.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, "latin1");
  if (isUtf8(bytes)) return bytes.toString("utf8");
  return latin1.replace(
    /[^\x20-\x24\x26-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** The path that a person typed, as latin1 bytes of its UTF-8. */
export const latin1Of = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
