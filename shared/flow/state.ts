// State that a flow has of its hub from the runs before: one object, compared and swapped on its generation, so that two
// deliveries never overwrite each other unseen.
import type * as z from "zod";
import { transient } from "../errors.ts";
import type { Ledger } from "../ledger.ts";

export type State<T> = {
  /** Undefined before the first run. */
  value: () => T | undefined;
  /** Replaces it, unless nothing has changed but the time. Throws when another delivery has: that one goes on with the work. */
  keep: (next: T) => Promise<void>;
};

/**
 * Reads a flow's state. Throws Permanent when it cannot be understood.
 * @param lineOf what a listing shows of it, as the object's metadata.
 */
export async function remember<T extends object>(
  ledger: Ledger,
  name: string,
  schema: z.ZodType<T>,
  lineOf: (value: T) => Record<string, string> = () => ({}),
): Promise<State<T>> {
  let current = await ledger.read(name, schema);
  return {
    value: () => current?.value,
    async keep(next) {
      const value = schema.parse(next);
      if (current !== undefined && timeless(value) === timeless(current.value)) return;
      const swapped = await ledger.swap(name, value, current?.generation ?? "0", lineOf(value));
      if (swapped === "changed")
        throw transient("the state was changed by another delivery, which goes on with the work");
      current = { value, generation: swapped.generation };
    },
  };
}

const timeless = (value: object): string => JSON.stringify({ ...value, at: "" });
