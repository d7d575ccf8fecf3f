// Reads a record that is written over where it cannot be read: what it says is learnt anew soon, and it must not end, as lasting,
// whatever would have heeded it.
import type * as z from "zod";
import { isPermanent } from "./errors.ts";
import { failureIn } from "./failure.ts";
import type { Ledger, Versioned } from "./ledger.ts";

/** Gives `instead`, with the generation that is there, where the record is damaged. Throws what the store's failure is. */
export async function readWrittenOver<T>(
  { read, list }: Pick<Ledger, "read" | "list">,
  name: string,
  schema: z.ZodType<T>,
  instead: T,
): Promise<Versioned<T> | undefined> {
  try {
    return await read(name, schema);
  } catch (error) {
    // An error that carries a failure is the service's: the record may be well.
    if (!isPermanent(error) || failureIn(error) !== undefined) throw error;
    return { value: instead, generation: (await list(name))[0]?.generation ?? "0" };
  }
}
