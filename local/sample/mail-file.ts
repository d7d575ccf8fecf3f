// Reads a mail of the mailbox back for a page: who, when, what. Plain text as we write it, with the encodings that our
// writer uses; anything else shows as it is in the file.
import { join } from "node:path";
import { decodedWords, partsOf } from "../google/headers.ts";
import { readPersonFile } from "./person-file.ts";

export type MailFile = { at: string; subject: string; to: string; text: string };

/** Gmail takes none larger (https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send). */
const largestMail = 36_700_160;

/** The mail, or nothing where the file is gone, or is none. */
export function readMail(folder: string, file: string): MailFile | undefined {
  const read = readPersonFile(join(folder, file), largestMail);
  if ("problem" in read) return undefined;
  const { valuesOf, body } = partsOf(read.bytes);
  const field = (name: string): string => valuesOf(name)[0] ?? "";
  const date = new Date(field("date"));
  return {
    at: Number.isNaN(date.getTime()) ? "" : date.toISOString(),
    subject: decodedWords(field("subject")),
    to: decodedWords(field("to")),
    text: decodedBody(body, field("content-transfer-encoding").toLowerCase()),
  };
}

function decodedBody(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  return encoding === "quoted-printable" ? unquoted(body.replace(/=\n/g, "")) : body;
}

/** https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
function unquoted(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  const out: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    const hex = bytes[index] === 0x3d ? bytes.toString("latin1", index + 1, index + 3) : "";
    if (/^[\dA-Fa-f]{2}$/.test(hex)) {
      out.push(Number.parseInt(hex, 16));
      index += 2;
    } else out.push(bytes[index] ?? 0);
  }
  return Buffer.from(out).toString("utf8");
}
