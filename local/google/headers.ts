// Reads a mail: its fields, what comes after them, and the few of them that Gmail's side looks at.
import addressParser from "nodemailer/lib/addressparser";

export type Headers = { from?: string; recipients: string[]; subject: string; messageId?: string };

/** A mail's fields, each on a line of its own again, by name in lower case; and its body. Lines end in line feeds. */
export function partsOf(bytes: Buffer): { valuesOf: (name: string) => string[]; body: string } {
  const text = bytes.toString("utf8").replaceAll("\r\n", "\n");
  const [head = "", body = ""] = text.split(/\n\n(.*)/s);
  const lines = head.replace(/\n[ \t]+/g, " ").split("\n");
  return {
    body,
    valuesOf: (name) =>
      lines.flatMap((line) =>
        line.toLowerCase().startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : [],
      ),
  };
}

export function readHeaders(bytes: Buffer): Headers {
  const { valuesOf } = partsOf(bytes);
  const addresses = (name: string): string[] =>
    valuesOf(name)
      .flatMap((value) => addressParser(value, { flatten: true }))
      .map(({ address }) => address)
      .filter((address) => address.includes("@"));
  const [from] = addresses("from");
  const [messageId] = valuesOf("message-id");
  return {
    ...(from === undefined ? {} : { from }),
    ...(messageId === undefined ? {} : { messageId }),
    recipients: ["to", "cc", "bcc"].flatMap(addresses),
    subject: decodedWords(valuesOf("subject")[0] ?? ""),
  };
}

/** https://www.rfc-editor.org/rfc/rfc2047: neighbours belong together, for a letter may be cut in two. */
export function decodedWords(text: string): string {
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
