// Reads groundcrew.yaml as a person wrote it: the settings, or every problem with line and column and what was perhaps meant.
// Functions get their settings checked already and never load this.
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { misfitWords } from "../misfit.ts";
import { nearest } from "../nearest.ts";
import { Settings } from "../settings.ts";
import { repeatedKeyAt } from "../yaml-keys.ts";

/** Problem of the settings, and its place: `line` and `column` count from 1. */
export type SettingsProblem = { line: number; column: number; path: string; message: string };

/** Of a text that is no YAML, or of one place: one slip is found wrong in many places behind it. */
const mostProblems = 20;

const tooDeepWords =
  "lists or maps are nested too deeply here to be read: no setting is more than ten levels deep";
/** Tells it by the code of the library, which passes the engine's own words on elsewhere. */
const isTooDeep = ({ code, message }: { code: string; message: string }): boolean =>
  code === "RESOURCE_EXHAUSTION" || /call stack/i.test(message);

/** Reads groundcrew.yaml. Gives the settings, or every problem in it. */
export function parseSettings(text: string): { settings: Settings } | { problems: SettingsProblem[] } {
  const lines = new LineCounter();
  // A mark at the beginning, as some editors write it, would shift the columns of the first line.
  const document = parseDocument(text.replace(/^\ufeff/, ""), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  // Errors behind such a place are of what was not read.
  const deep = document.errors.find(isTooDeep);
  if (deep !== undefined)
    return { problems: [{ ...place(lines, deep.pos[0]), path: "", message: tooDeepWords }] };
  if (document.errors.length > 0)
    return {
      problems: document.errors.slice(0, mostProblems).map((error) => ({
        ...place(lines, error.pos[0]),
        path: "",
        message: error.message,
      })),
    };
  const repeated = repeatedKeyAt(document);
  if (repeated !== undefined)
    return { problems: [{ ...place(lines, repeated), path: "", message: "Map keys must be unique" }] };
  let data: unknown;
  try {
    data = document.toJS();
  } catch (error) {
    // Aliases are followed only now: one to nothing, or a few lines that would unfold to gigabytes.
    const message = error instanceof Error ? error.message : "it cannot be read";
    return { problems: [{ line: 1, column: 1, path: "", message }] };
  }
  const result = Settings.safeParse(data, { error: settingWords });
  if (result.success) return { settings: result.data };
  return {
    problems: result.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.slice(0, mostProblems).map((key) => ({
            ...place(lines, offsetOf(document, [...issue.path, key])),
            path: [...issue.path, key].join("."),
            message: `unknown key "${key}"${didYouMean(key, keysAt(issue.path))}`,
          }))
        : [
            {
              ...place(lines, offsetOf(document, issue.path)),
              path: issue.path.join("."),
              message: wordsOf(issue, document.getIn(issue.path)),
            },
          ],
    ),
  };
}

/** Says what is wrong with a value, and which one was perhaps meant. */
function wordsOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  if (issue.code === "invalid_value" && typeof value === "string")
    return `"${value}" is none of its values${didYouMean(value, issue.values.map(String))}`;
  return issue.message;
}

/** Says the same as of any value, and what the setting means. */
function settingWords(issue: z.core.$ZodRawIssue): string | undefined {
  const words = misfitWords(issue);
  if (words === undefined || !meant.has(issue.code)) return words;
  const { path = [] } = issue;
  const { type, minimum, maximum } = schemaAt(path) ?? {};
  return type === "number" && minimum === 0 && maximum === 1
    ? "must be a share of 1, from 0 to 1: 0.2 stands for 20 %"
    : `${words}${meaningOf(path)}`;
}

/** Misfits that the meaning of a value explains. */
const meant: ReadonlySet<string> = new Set(["invalid_format", "too_big", "too_small"]);

/** Gives what the settings' page says of a value, to stand behind what is wrong with it. */
function meaningOf(path: readonly PropertyKey[]): string {
  const meaning = schemaAt(path)?.description;
  return meaning === undefined ? "" : `: ${meaning.charAt(0).toLowerCase()}${meaning.slice(1)}`;
}

/** One line a problem, as compilers print them: file:line:column: path: message. */
export function describeProblems(file: string, problems: SettingsProblem[]): string {
  return problems
    .map(
      ({ line, column, path, message }) =>
        `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`,
    )
    .join("\n");
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Finds where the node at a path begins; for a missing node, where the nearest one above it does. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const key = path[depth - 1];
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    if (!isNode(parent) || !("items" in parent)) continue;
    for (const item of parent.items) {
      if (isNode(item)) continue;
      const pair = item as { key?: unknown };
      if (isNode(pair.key) && "value" in pair.key && pair.key.value === key && pair.key.range)
        return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** Walks the JSON Schema to a path, for zod keeps no map from paths to schemas. */
function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  let node: JsonSchema | undefined = z.toJSONSchema(Settings, { io: "input" }) as JsonSchema;
  for (const key of path) node = node?.properties?.[String(key)] ?? node?.additionalProperties;
  return node;
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const node = schemaAt(path);
  return node?.propertyNames?.enum ?? Object.keys(node?.properties ?? {});
}
type JsonSchema = {
  description?: string;
  type?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema;
  propertyNames?: { enum?: string[] };
};

function didYouMean(key: string, known: string[]): string {
  if (known.length === 0) return "";
  const near = nearest(key, known);
  return near === undefined ? `; known: ${known.join(", ")}` : `; did you mean "${near}"?`;
}
