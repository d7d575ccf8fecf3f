// Words for a value that does not fit a schema, for people who typed it. A value is never quoted.
import type { z } from "zod";

const kinds: Partial<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Says what is wrong with a value; the schema's own message, where it has one. */
export function misfitWords(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too) /.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "is missing"
        : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return bound(issue.origin, "at most", Number(issue.maximum));
    case "too_small":
      return bound(issue.origin, "at least", Number(issue.minimum));
    case "invalid_format":
      return issue.message.includes("must match pattern")
        ? "is not of the form that is wanted"
        : `is no ${issue.message.replace(/^Invalid /, "")}`;
    case "invalid_union":
      return "fits none of the forms that are wanted";
    default:
      return issue.message;
  }
}

function bound(origin: string, words: string, limit: number): string {
  if (origin === "string") return `must have ${words} ${limit} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array") return `must have ${words} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  return `must be ${words} ${limit}`;
}
