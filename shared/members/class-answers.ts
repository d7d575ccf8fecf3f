// Answers about classes, as the control API gives them, and what it takes. Shapes only.
import * as z from "zod";
import { ClassName } from "./classes.ts";

/** green: in. amber: invited, or soon. red: not found, refused, on hold. grey: not known. */
export const Light = z.enum(["red", "grey", "amber", "green"]);
export type Light = z.infer<typeof Light>;

/** Words for how many there are of each light. */
export const lightWords: Record<Light, string> = {
  green: "in",
  amber: "on their way",
  red: "need somebody",
  grey: "not known",
};

/** Person of a class. */
export const ClassPerson = z.strictObject({
  /** Their line of the list, as it was typed, and its number. */
  who: z.string(),
  line: z.number().int(),
  /** The same for whoever must not see addresses, and without the login. */
  called: z.string(),
  login: z.string().optional(),
  /** Cell of the sheet that it is about. */
  cell: z.string().optional(),
  light: Light,
  word: z.string(),
  sentence: z.string(),
  next: z.string(),
});
export type ClassPerson = z.infer<typeof ClassPerson>;

/** Class in a list. */
export const ClassLine = z.strictObject({
  hub: z.string(),
  on: z.string(),
  name: z.string(),
  people: z.number().int(),
  counts: z.record(Light, z.number().int()),
  by: z.string(),
  at: z.string(),
});
export type ClassLine = z.infer<typeof ClassLine>;

/** Class with a light for each person, those first who need something. */
export const ClassView = ClassLine.extend({
  /** Time of the last run of the members' flow. */
  asOf: z.string().optional(),
  /** Sentences about the class as a whole. */
  remarks: z.array(z.string()),
  lines: z.array(ClassPerson),
});
export type ClassView = z.infer<typeof ClassView>;

/** List of a class as somebody has it: a text with one person a line. */
export const ClassRequest = z.strictObject({
  on: z.iso.date("a day is yyyy-mm-dd"),
  name: ClassName,
  list: z.string(),
});
export type ClassRequest = z.infer<typeof ClassRequest>;
