// The few headers of a mail that Gmail's side looks at.
import addressParser from "nodemailer/lib/addressparser";

export type Headers = { from?: string; recipients: string[]; subject: string; messageId?: string };

export function readHeaders(bytes: Buffer): Headers {
  const text = bytes.toString("utf8");
  const end = /\r?\n\r?\n/.exec(text);
  const lines = text
    .slice(0, end?.index)
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/);
  const valuesOf = (name: string): string[] =>
    lines.flatMap((line) =>
      line.toLowerCase().startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : [],
    );
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
    subject: decoded(valuesOf("subject")[0] ?? ""),
  };
}

/** RFC 2047: =?UTF-8?Q?h=C3=A9?= */
function decoded(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString()
        : Buffer.from(
            text
              .replaceAll("_", " ")
              .replace(/=([0-9a-f]{2})/gi, (_hex, code: string) =>
                String.fromCharCode(Number.parseInt(code, 16)),
              ),
            "latin1",
          ).toString(),
    );
}
