// XML of a store's answer as plain values: a listing of a thousand objects is read in a millisecond, where a parser of all that XML can say
// takes twenty, and leaves its work to the collector of garbage. Strict: what is not well-formed, or has what no store writes, is refused.

/** Elements that may come many times, and so are lists. */
const repeated = new Set(["CommonPrefixes", "Contents", "Upload"]);

type Values = Record<string, unknown>;
type Element = { name: string; text: string; children: Values | undefined };

const name = String.raw`[A-Za-z_][\w.:-]*`;
const nameAlone = new RegExp(`^<(/?)(${name})>$`);
const attributes = String.raw`(?:\s+${name}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*`;
/** A step of a document that is neither text nor a plain tag: a tag with more in it than a name, or what says nothing. */
const step = new RegExp(
  [
    `<(${name})${attributes}(/?)>`,
    String.raw`</(${name})\s*>`,
    String.raw`<!\[CDATA\[([^]*?)\]\]>`,
    String.raw`<\?xml[^<>]*\?>`,
    "<!--[^]*?-->",
  ].join("|"),
  "y",
);

/** Elements between those that are read, the first of which has its name in this group. */
const others = (group: number): string => `(?:<(?!Key|ETag|Size|StorageClass)(${name})>[^<&]*</\\${group}>)*`;
/** An object of a listing as most stores write most of them: read at once, without what nobody asks for and the quotes of its ETag. */
const object = new RegExp(
  [
    String.raw`<Contents><Key>([^<&\r]*)</Key>${others(2)}`,
    String.raw`<ETag>(?:&quot;|")([0-9a-f]{32}(?:-\d+)?)(?:&quot;|")</ETag>${others(4)}`,
    String.raw`<Size>(\d+)</Size>${others(6)}(?:<StorageClass>(\w+)</StorageClass>)?${others(8)}</Contents>`,
  ].join(""),
  "y",
);

/** Reads a document: an element without others in it is its text. Throws where it is not well-formed, as one that was cut. */
export function valuesIn(xml: string): Values {
  const root = elementOf("");
  const open = [root];
  let last = root;
  const begin = (name: string): void => {
    last = elementOf(name);
    open.push(last);
  };
  const end = (name: string): void => {
    if (open.length === 1 || last.name !== name) malformed();
    const { children, text } = last;
    open.pop();
    last = open.at(-1) ?? root;
    last.children ??= new Children();
    add(last.children, name, children ?? text);
  };
  const tagAt = tagsIn(xml);
  const textBetween = textsIn(xml);
  let at = 0;
  while (at < xml.length) {
    if (xml.charCodeAt(at) !== less) {
      const next = xml.indexOf("<", at);
      const ends = next === -1 ? xml.length : next;
      last.text += textBetween(at, ends);
      at = ends;
      continue;
    }
    const tag = tagAt(at);
    if (tag === undefined) {
      step.lastIndex = at;
      const [, opened, isEmpty, ended, raw] = step.exec(xml) ?? malformed();
      at = step.lastIndex;
      if (opened !== undefined) begin(opened);
      if (ended !== undefined || isEmpty === "/") end(ended ?? opened ?? "");
      last.text += raw ?? "";
      continue;
    }
    const { name, written, closing } = tag;
    if (written === "<Contents>") {
      object.lastIndex = at;
      const [, Key, , ETag, , Size, , StorageClass] = object.exec(xml) ?? [];
      if (Key !== undefined) {
        last.children ??= new Children();
        add(last.children, name, { Key, ETag, Size, StorageClass });
        at = object.lastIndex;
        continue;
      }
    }
    at += written.length;
    if (closing === undefined) {
      end(name);
      continue;
    }
    // Most elements have text alone: they are read without a step between their tags.
    const ends = xml.indexOf("<", at);
    if (ends !== -1 && xml.startsWith(closing, ends)) {
      last.children ??= new Children();
      add(last.children, name, textBetween(at, ends));
      at = ends + closing.length;
    } else begin(name);
  }
  if (open.length > 1 || root.children === undefined || root.text.trim() !== "") malformed();
  return root.children;
}

const less = "<".charCodeAt(0);
const elementOf = (name: string): Element => ({ name, text: "", children: undefined });

/** A tag that is a name alone; `closing`: the one that ends what it begins, absent from one that is an end itself. */
type Tag = { name: string; written: string; closing?: string; next?: Tag };

/** Makes what reads the tags of a document that are names alone. Objects of a listing are alike: each tag remembers which one followed it. */
function tagsIn(xml: string): (at: number) => Tag | undefined {
  const known = new Map<string, Tag>();
  let last: Tag | undefined;
  return (at) => {
    const next = last?.next;
    if (next !== undefined && xml.startsWith(next.written, at)) {
      last = next;
      return next;
    }
    const closes = xml.indexOf(">", at);
    if (closes === -1) malformed();
    const written = xml.slice(at, closes + 1);
    const tag = known.get(written) ?? tagOf(written);
    if (tag === undefined) return undefined;
    known.set(written, tag);
    if (last !== undefined) last.next = tag;
    last = tag;
    return tag;
  };
}

function tagOf(written: string): Tag | undefined {
  const [, isEnd, name = ""] = nameAlone.exec(written) ?? [];
  if (isEnd === undefined) return undefined;
  return isEnd === "/" ? { name, written } : { name, written, closing: `</${name}>` };
}

/** Makes what reads text of a document, piece after piece: it looks for references only where there are any. */
function textsIn(xml: string): (from: number, to: number) => string {
  const hasReturns = xml.includes("\r");
  let reference = -1;
  return (from, to) => {
    if (reference < from) reference = endless(xml.indexOf("&", from));
    const text = xml.slice(from, to);
    return hasReturns || reference < to ? plain(text) : text;
  };
}
const endless = (found: number): number => (found === -1 ? Number.POSITIVE_INFINITY : found);

/** Values by the names of elements, of which none is known before. */
class Children {
  [name: string]: unknown;
}
Object.setPrototypeOf(Children.prototype, null);

/** One that comes twice and is no list is none of its values: whoever asks for a text finds a list. */
function add(to: Values, key: string, value: unknown): void {
  if (key === "__proto__") return;
  const known = to[key];
  if (known === undefined) to[key] = repeated.has(key) ? [value] : value;
  else if (Array.isArray(known)) known.push(value);
  else to[key] = [known, value];
}

const signs = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Resolves references; ends of lines are one sign (https://www.w3.org/TR/xml/#sec-line-ends). */
function plain(text: string): string {
  const lines = text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
  let found = "";
  let from = 0;
  for (let at = lines.indexOf("&"); at !== -1; at = lines.indexOf("&", from)) {
    const end = lines.indexOf(";", at);
    if (end === -1) malformed();
    found += lines.slice(from, at) + signOf(lines.slice(at + 1, end));
    from = end + 1;
  }
  return from === 0 ? lines : found + lines.slice(from);
}

function signOf(reference: string): string {
  const known = signs.get(reference);
  if (known !== undefined) return known;
  const [, decimal, hex] = /^#(?:(\d+)|x([\da-fA-F]+))$/.exec(reference) ?? [];
  if (decimal === undefined && hex === undefined) malformed();
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : malformed();
}

function malformed(): never {
  throw new SyntaxError("this is no XML of a store");
}
