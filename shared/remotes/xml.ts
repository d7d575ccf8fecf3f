// XML of a store's answer as plain values: a listing of a thousand objects is read in a millisecond, where a parser of all that XML can say
// takes twenty, and leaves its work to the collector of garbage. Strict: what is not well-formed, or has what no store writes, is refused.

/** Elements that may come many times, and so are lists. */
const repeated = new Set(["CommonPrefixes", "Contents", "Upload"]);

type Values = Record<string, unknown>;
type Element = { name: string; text: string; children: Values | undefined };

const name = String.raw`[A-Za-z_][\w.:-]*`;
const attributes = String.raw`(?:\s+${name}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*`;
/** One step of a document: an element that has text alone, a tag, text, or what says nothing. */
const step = new RegExp(
  [
    String.raw`<(${name})>([^<]*)</\1>`,
    `<(${name})${attributes}(/?)>`,
    String.raw`</(${name})\s*>`,
    "([^<]+)",
    String.raw`<!\[CDATA\[([^]*?)\]\]>`,
    String.raw`<\?xml[^<>]*\?>`,
    "<!--[^]*?-->",
  ].join("|"),
  "y",
);

/** Reads a document: an element without others in it is its text. Throws where it is not well-formed, as one that was cut. */
export function valuesIn(xml: string): Values {
  const root: Element = { name: "", text: "", children: undefined };
  const open = [root];
  let last = root;
  const close = (closed: Element): void => {
    last = open.at(-1) ?? root;
    last.children ??= {};
    add(last.children, closed.name, closed.children ?? closed.text);
  };
  step.lastIndex = 0;
  for (let at = 0; at < xml.length; at = step.lastIndex) {
    const [, leaf, leafText = "", opened, isEmpty, ended, text, raw] = step.exec(xml) ?? malformed();
    if (leaf !== undefined) {
      last.children ??= {};
      add(last.children, leaf, plain(leafText));
    } else if (opened !== undefined) {
      last = { name: opened, text: "", children: undefined };
      open.push(last);
      if (isEmpty === "/") close(open.pop() ?? root);
    } else if (ended !== undefined) {
      if (open.length === 1 || last.name !== ended) malformed();
      close(open.pop() ?? root);
    } else if (text !== undefined || raw !== undefined) last.text += raw ?? plain(text ?? "");
  }
  if (open.length > 1 || root.children === undefined || root.text.trim() !== "") malformed();
  return root.children;
}

/** One that comes twice and is no list is none of its values: whoever asks for a text finds a list. */
function add(to: Values, key: string, value: unknown): void {
  if (key === "__proto__") return;
  const known = Object.hasOwn(to, key) ? to[key] : undefined;
  if (Array.isArray(known)) known.push(value);
  else if (known !== undefined) to[key] = [known, value];
  else to[key] = repeated.has(key) ? [value] : value;
}

const signs: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Resolves references; ends of lines are one sign (https://www.w3.org/TR/xml/#sec-line-ends). */
function plain(text: string): string {
  const lines = text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
  if (!lines.includes("&")) return lines;
  return lines.replaceAll(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+))?(;?)/g, (_, decimal, hex, word, end) => {
    if (end === "") malformed();
    if (word !== undefined) return signs[word] ?? malformed();
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : malformed();
  });
}

function malformed(): never {
  throw new SyntaxError("this is no XML of a store");
}
