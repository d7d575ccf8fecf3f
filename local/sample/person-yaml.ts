// Reads a YAML file that a person may have put there. Aliases are fine until they would unfold to gigabytes; whatever the text
// is, reading ends, and what is wrong is a sentence with its line.
import { LineCounter, parseDocument, type SchemaOptions } from "yaml";
import { repeatedKeyAt } from "../../shared/yaml-keys.ts";
import { readPersonText } from "./person-file.ts";

/** A list of a thousand tags has a tenth of it; of nothing but brackets, this much takes three seconds. */
export const usualYamlBytes = 256 * 1024;

export type PersonYaml = { yaml: unknown } | { problem: string; missing?: true };

/** Reads what the file says, or tells what is wrong with it in words that stand behind its name. */
export function readPersonYaml(
  file: string,
  {
    maximumBytes = usualYamlBytes,
    schema = "core",
  }: { maximumBytes?: number; schema?: SchemaOptions["schema"] } = {},
): PersonYaml {
  const read = readPersonText(file, maximumBytes);
  return "problem" in read ? read : yamlOf(read.text, schema);
}

/** Reads a text, or tells on which line it is no YAML. Aliases are followed in the end only, and there may be too many. */
export function yamlOf(text: string, schema: SchemaOptions["schema"] = "core"): PersonYaml {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      prettyErrors: false,
      lineCounter: lines,
      schema,
      uniqueKeys: false,
      logLevel: "silent",
    });
    const [error] = document.errors;
    if (error !== undefined) return noYaml(`line ${lines.linePos(error.pos[0]).line}`);
    const repeated = repeatedKeyAt(document);
    if (repeated !== undefined) return noYaml(`line ${lines.linePos(repeated).line}`);
    return { yaml: document.toJS() };
  } catch (error) {
    return noYaml(
      error instanceof ReferenceError ? "an alias in it, *name, cannot be followed" : "it goes too deep",
    );
  }
}

const noYaml = (where: string) => ({ problem: `is no YAML (${where})` });
