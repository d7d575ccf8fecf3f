// Figures of a transfer's plan: what is told before anything costs.
import * as z from "zod";

/** Dollars by what takes them. */
export const Dollars = z.strictObject({
  /** Bytes that leave Google or a region, or are replicated to another one. */
  egress: z.number(),
  /** Bytes that are read from colder storage classes. */
  retrieval: z.number(),
  /** Requests to the stores. */
  operations: z.number(),
  machines: z.number(),
});
export type Dollars = z.infer<typeof Dollars>;

export const totalOf = ({ egress, retrieval, operations, machines }: Dollars): number =>
  egress + retrieval + operations + machines;

const Count = z.number().int();

export const Figures = z.strictObject({
  /** To be copied. */
  objects: Count,
  bytes: z.number(),
  /** There already: with the same content, of the same size and to be compared by reading, and with another content. */
  already: Count,
  compared: Count,
  differ: Count,
  /** Of a name that cannot be copied, or in a class of which nothing can be read. */
  notCarried: Count,
  requests: Count,
  /** At most. */
  dollars: Dollars,
  pricesOf: z.iso.date(),
  /** At best and at worst. */
  hours: z.tuple([z.number(), z.number()]),
  machines: Count,
  /** Counts earlier transfers by whose pace the hours were narrowed. */
  earlier: Count,
  /** Work of all machines together, by which their pace is known in the end. */
  work: z.strictObject({ bytes: z.number(), turns: z.number() }),
  /** Slowest pace of a machine that was reckoned with. */
  slowest: z.strictObject({ bytesPerSecond: z.number(), turnSeconds: z.number() }),
  /** Sentences on what else people should know of it. */
  notes: z.array(z.string()),
});
export type Figures = z.infer<typeof Figures>;
