// A message to the team as the text that Slack gets. Whatever people have typed stays text: it mentions nobody, links to
// nothing and formats nothing; the one link is the notice's own. Pure.

export type Post = {
  subject: string;
  text: string;
  /** An https address of ours, shown as itself. */
  link?: string | undefined;
};

/** Slack advises no more than 4,000 and cuts off beyond 40,000 (https://docs.slack.dev/reference/methods/chat.postMessage). */
export const maximumCharacters = 4000;

const cut = "\n… (cut: the whole is on the console's page Events)";

/** The subject, then the text without its greeting, in Slack's escapes. */
export function messageText({ subject, text, link }: Post): string {
  const address = link === undefined ? undefined : linkOf(link);
  const body = clean(text).replace(/^Hello,\n+/, "");
  const lines = [clean(subject).replaceAll(/\s+/g, " ").trim(), "", ...body.trimEnd().split("\n")];
  const at = address === undefined ? -1 : lines.findIndex((line) => line.trim() === link);
  if (address === undefined) return within(maximumCharacters, lines.join("\n"));
  const before = lines.slice(0, at < 0 ? lines.length : at).join("\n");
  const after = at < 0 ? [] : lines.slice(at + 1);
  const room = maximumCharacters - address.length - 2;
  const first = within(room, before);
  const rest = after.length === 0 ? "" : within(room - first.length, `\n${after.join("\n")}`);
  return `${first}\n${address}${rest}`;
}

/** As Slack writes a link; undefined for an address that could be another than it looks. */
function linkOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  const plain = url.href.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return plain.length > maximumCharacters / 4 ? undefined : `<${plain.replaceAll("&", "&amp;")}>`;
}

/** No control characters, and none that turn the direction of what follows. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, " ")
    .replaceAll(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "")
    // Slack reads these in plain text too, where a workspace or a client still asks for it.
    .replaceAll(/@(?=channel|here|everyone)/gi, "@\u2060");

/** The three characters by which Slack's own syntax begins (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escaped, and no longer than that; never cut within a letter or an escape. */
function within(limit: number, text: string): string {
  let out = "";
  let kept = "";
  for (const letter of text) {
    out += escapes[letter] ?? letter;
    if (out.length <= limit - cut.length) kept = out;
    if (out.length > limit) return limit < cut.length ? "" : `${kept}${cut}`;
  }
  return out;
}
