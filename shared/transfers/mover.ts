// The mover's list and its results, between a transfer and the machine that runs it (shared/compute/mover/program.ts). Pure.
import * as z from "zod";
import { jsonOf } from "../json.ts";
import type { RemoteObject } from "./records.ts";

/** Object for the mover. `replace` and `delete` are what the plan has named at the target: it is replaced or taken away, and nothing else is. */
export type Moving = RemoteObject & { replace?: RemoteObject; delete?: RemoteObject };

/** Writes the list of what the mover is to do: a line of JSON an object. */
export const listForMover = (objects: readonly Moving[]): string =>
  objects
    .map(({ name, size, md5, replace, delete: gone }) => {
      const lost = { replace: replace && writingOf(replace), delete: gone && writingOf(gone) };
      return `${JSON.stringify({ name, size, md5, ...lost })}\n`;
    })
    .join("");

/** Names the content of an object at the target, as far as its listing does. */
const writingOf = ({ size, md5, etag, generation }: RemoteObject) => ({ size, md5, etag, generation });

const Listed = z.object({ name: z.string() });

/** Reads the names of a mover's list. */
export const namesForMover = (text: string): string[] =>
  text.split("\n").flatMap((line) => Listed.safeParse(jsonOf(line)).data?.name ?? []);

/** Line of the mover's results. An object without a line was not tried. */
export const MoverResult = z.object({
  name: z.string(),
  /**
   * there: an object of this name was there and was left alone, and nothing shows that it is another. gone: one that was to be deleted was not
   * there.
   */
  state: z.enum(["copied", "there", "deleted", "gone", "failed"]),
  /** Sum of the bytes that were read at the source, in hex; of one that was there, the sum that both ends say. */
  md5: z.string().optional(),
  /** ETag that an S3 store has of the same bytes in the same parts, of an object that was put in parts. */
  etag: z.string().optional(),
  /** Word for why it failed, among those of a machine's report. */
  cause: z.string().optional(),
  /** Kinds beside the bytes that the target could not be told. */
  left: z.array(z.string()).optional(),
});
export type MoverResult = z.infer<typeof MoverResult>;

/** Reads the mover's results. A line that a machine's end has cut counts for nothing. */
export const resultsIn = (text: string): MoverResult[] =>
  text.split("\n").flatMap((line) => MoverResult.safeParse(jsonOf(line)).data ?? []);

const Writing = z.object({ name: z.string(), writing: z.string() });

/** Reads the writings of objects that the mover has named: an ETag or a generation each. */
export const writingsIn = (text: string): Map<string, string> =>
  new Map(
    text.split("\n").flatMap((line) => {
      const named = Writing.safeParse(jsonOf(line)).data;
      return named === undefined ? [] : [[named.name, named.writing] as const];
    }),
  );
