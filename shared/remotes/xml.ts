// XML of a store's answer as plain values, by saxes: strict, and ten times as fast as what reads XML without being asked for its form.
import type { SaxesParser } from "saxes";

/** Elements that may come many times, and so are lists. */
const repeated = new Set(["Contents", "Upload"]);

type Element = { name: string; text: string; children: Record<string, unknown> | undefined };

/** Reads a document: an element without others in it is its text. Throws where it is not well-formed, as one that was cut. */
export async function valuesIn(xml: string): Promise<unknown> {
  const { SaxesParser } = await import("saxes");
  // Names may have control characters, which the first version of XML cannot even refer to.
  const parser: SaxesParser = new SaxesParser({ defaultXMLVersion: "1.1", forceXMLVersion: true });
  const root: Element = { name: "", text: "", children: undefined };
  const open = [root];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name }) => void open.push({ name, text: "", children: undefined }));
  const addText = (text: string): void => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += text;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const closed = open.pop();
    const outer = open.at(-1);
    if (closed === undefined || outer === undefined) return;
    outer.children ??= {};
    if (closed.name !== "__proto__") add(outer.children, closed.name, closed.children ?? closed.text);
  });
  parser.write(xml).close();
  return root.children;
}

/** One that comes twice and is no list is none of its values: whoever asks for a text finds a list. */
function add(to: Record<string, unknown>, name: string, value: unknown): void {
  const known = Object.hasOwn(to, name) ? to[name] : undefined;
  if (Array.isArray(known)) known.push(value);
  else if (known !== undefined) to[name] = [known, value];
  else to[name] = repeated.has(name) ? [value] : value;
}
