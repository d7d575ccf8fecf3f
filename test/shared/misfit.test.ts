// Tests of the words for a value that does not fit: a way of its own for each, and the value in none of them.
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { inWords } from "../../shared/misfit.ts";

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, "is missing"],
  [z.string(), "key-4711".length, "must be a text"],
  [z.number(), "4711", "must be a number"],
  [z.int(), 1.5, "must be a whole number"],
  [z.boolean(), "4711", "must be true or false"],
  [z.array(z.string()), "4711", "must be a list"],
  [z.strictObject({}), "4711", "must be an object"],
  [z.literal(1), 4711, "must be 1"],
  [z.enum(["edit", "push"]), "4711", "must be one of edit, push"],
  [z.number().max(1), 4711, "must be at most 1"],
  [z.number().min(5000), 4711, "must be at least 5000"],
  [z.string().max(3), "4711", "must have at most 3 characters"],
  [z.array(z.string()).min(1), [], "must have at least 1 entry"],
  [z.string().regex(/^a$/), "4711", "is not of the form that is wanted"],
  [z.string().regex(/^a$/, "is no a"), "4711", "is no a"],
  [z.email(), "4711", "is no email address"],
  [z.url(), "4711", "is no URL"],
  [z.union([z.number(), z.boolean()]), "4711", "fits none of the forms that are wanted"],
])("case %#", (schema, value, words) => {
  expect(schema.safeParse(value, inWords).error?.issues[0]?.message).toBe(words);
});
