// Answers of the control API in JSON, by the shapes of shared/control.ts.
import type { Context } from "hono";
import * as z from "zod";
import type { answers } from "../../../shared/control.ts";
import { jsonOf } from "../../../shared/json.ts";
import { inWords } from "../../../shared/misfit.ts";
import { isRefusal, misfits, type Refusal, refuse } from "./refusal.ts";

export type Answers = { [name in keyof typeof answers]: z.infer<(typeof answers)[name]> };

/** Length of a list in an answer. */
export const Limit = z.coerce.number().int().min(1).max(1000).default(100);

/** A body's JSON by its shape; no body at all stands for an empty object. */
export async function bodyOf<T extends object>(c: Context, schema: z.ZodType<T>): Promise<T | Refusal> {
  const text = await c.req.text();
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  const what = "nothing was done";
  if (text !== "" && type !== "application/json")
    return refuse(415, what, "the body's content type is not application/json", "send JSON and say so");
  const value = text === "" ? {} : jsonOf(text);
  if (value === undefined)
    return refuse(400, what, "the body is not JSON", "mend the JSON and send it again");
  const result = schema.safeParse(value, inWords);
  return result.success ? result.data : unfit(what, result.error);
}

/** Refuses what does not fit a shape, naming the fields. */
export const unfit = (what: string, error: z.ZodError): Refusal =>
  refuse(422, what, misfits(error), "mend the fields that are named and try again");

/** Answers with a refusal. */
export const refused = (c: Context, { refused: status, explanation }: Refusal): Response =>
  c.json({ error: explanation }, status);

/** Answers with the message that was published. */
export const published = (c: Context, result: Answers["published"] | Refusal): Response =>
  isRefusal(result) ? refused(c, result) : c.json<Answers["published"]>(result);

/** Answers that it was done, and what. */
export const done = (c: Context, result: { said: string } | Refusal): Response =>
  isRefusal(result) ? refused(c, result) : c.json<Answers["done"]>({ ok: true, said: result.said });

/** Refusal of a hub that the settings do not have. */
export const noHub = refuse(
  404,
  "nobody was looked for",
  "the settings know no such hub",
  "name one of the hubs of groundcrew.yaml",
);
