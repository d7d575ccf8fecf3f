// Reads a mail of the mailbox back for a page: who, when, what. Plain text as we write it, with the encodings that our
// writer uses; anything else shows as it is in the file.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type MailFile = { at: string; subject: string; to: string; text: string };

/** The mail, or nothing where the file is gone. */
export function readMail(folder: string, file: string): MailFile | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, file));
  } catch {
    return undefined;
  }
  const whole = bytes.toString("utf8").replaceAll("\r\n", "\n");
  const end = whole.indexOf("\n\n");
  const head = end < 0 ? whole : whole.slice(0, end);
  const body = end < 0 ? "" : whole.slice(end + 2);
  const field = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(head.replace(/\n[ \t]+/g, " "))?.[1]?.trim() ?? "";
  const date = new Date(field("Date"));
  return {
    at: Number.isNaN(date.getTime()) ? "" : date.toISOString(),
    subject: decodedWords(field("Subject")),
    to: decodedWords(field("To")),
    text: decodedBody(body, field("Content-Transfer-Encoding").toLowerCase()),
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

/** https://www.rfc-editor.org/rfc/rfc2047: neighbours belong together, for a letter may be cut in two. */
function decodedWords(text: string): string {
  return text.replace(/\?=\s+=\?/g, "?==?").replace(/(?:=\?utf-8\?[bq]\?[^?\s]*\?=)+/gi, (run) =>
    Buffer.concat(
      [...run.matchAll(/=\?utf-8\?([bq])\?([^?\s]*)\?=/gi)].map(([, kind = "", word = ""]) =>
        kind.toLowerCase() === "b"
          ? Buffer.from(word, "base64")
          : Buffer.from(
              word
                .replaceAll("_", " ")
                .replace(/=([\dA-F]{2})/gi, (_, hex: string) =>
                  String.fromCharCode(Number.parseInt(hex, 16)),
                ),
              "latin1",
            ),
      ),
    ).toString("utf8"),
  );
}
