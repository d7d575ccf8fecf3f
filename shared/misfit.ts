// Words for a value that does not fit a schema, for people who typed it. A value is never quoted.
import type * as z from "zod";

const kinds: Partial<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const forms: Partial<Record<string, string>> = { email: "email address", url: "URL", date: "day" };

/** Says what is wrong with a value where its schema has no words of its own; undefined leaves it to zod's. */
export function misfitWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return bound(issue.origin, "at most", Number(issue.maximum));
    case "too_small":
      return bound(issue.origin, "at least", Number(issue.minimum));
    case "invalid_format": {
      const form = forms[issue.format];
      return form === undefined ? "is not of the form that is wanted" : `is no ${form}`;
    }
    case "invalid_union":
      return "fits none of the forms that are wanted";
    default:
      return undefined;
  }
}

/** Has a parse say so. https://zod.dev/error-customization#error-precedence */
export const inWords = { error: misfitWords };

function bound(origin: string, words: string, limit: number): string {
  if (origin === "string") return `must have ${words} ${limit} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array") return `must have ${words} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  return `must be ${words} ${limit}`;
}
