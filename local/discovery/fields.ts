// Partial answers: `fields` picks what is answered, and nothing else comes; a field that nobody describes is refused.
// https://cloud.google.com/storage/docs/json_api#partial-response

export type Selection = { [name: string]: Selection | "whole" };
type Schema = { [key: string]: unknown };

/** Reads a selection such as `items(name,size),nextPageToken` or `items/name`; undefined for what is none. */
export function selectionOf(text: string): Selection | undefined {
  const signs = text.match(/[^,()/\s]+|[,()/]/g) ?? [];
  let at = 0;
  function list(): Selection | undefined {
    const found: Selection = {};
    for (;;) {
      if (!path(found)) return undefined;
      if (signs[at] !== ",") return found;
      at += 1;
    }
  }
  function path(into: Selection): boolean {
    const name = signs[at];
    if (name === undefined || /^[,()/]$/.test(name)) return false;
    at += 1;
    const before = into[name];
    const below: Selection = before === undefined || before === "whole" ? {} : before;
    if (signs[at] === "/") {
      at += 1;
      if (!path(below)) return false;
      into[name] = below;
    } else if (signs[at] === "(") {
      at += 1;
      const inner = list();
      if (inner === undefined || signs[at] !== ")") return false;
      at += 1;
      into[name] = { ...below, ...inner };
    } else into[name] = "whole";
    return true;
  }
  const selection = list();
  return at === signs.length ? selection : undefined;
}

/** Gives what a selection picks from an answer. */
export function picked(body: unknown, selection: Selection | "whole"): unknown {
  if (selection === "whole") return body;
  if (Array.isArray(body)) return body.map((each) => picked(each, selection));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const below = selection[name] ?? selection["*"];
      return below === undefined ? [] : [[name, picked(value, below)]];
    }),
  );
}

/** Finds a field of a selection that the description of the answer does not have. */
export function foreignField(
  selection: Selection | "whole",
  schema: Schema,
  schemaOf: (reference: string) => Schema,
): string | undefined {
  if (selection === "whole") return undefined;
  const { $ref, items, properties, additionalProperties } = schema;
  if (typeof $ref === "string") return foreignField(selection, schemaOf($ref), schemaOf);
  if (isSchema(items)) return foreignField(selection, items, schemaOf);
  for (const [name, below] of Object.entries(selection)) {
    const own = isSchema(properties) ? properties[name] : undefined;
    const described = isSchema(own) ? own : isSchema(additionalProperties) ? additionalProperties : undefined;
    if (name === "*") continue;
    if (described === undefined) return name;
    const foreign = foreignField(below, described, schemaOf);
    if (foreign !== undefined) return foreign;
  }
  return undefined;
}

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;
