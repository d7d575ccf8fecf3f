// Tells a connection that was never made, so that nothing can have arrived, from one that broke later. Pure.
import * as z from "zod";

const Coded = z.object({
  code: z.enum([
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "UND_ERR_CONNECT_TIMEOUT",
  ]),
});

/** Looks at the error and at what caused it. */
export function neverConnected(error: unknown): boolean {
  for (let at: unknown = error; typeof at === "object" && at !== null; at = Reflect.get(at, "cause"))
    if (Coded.safeParse(at).success) return true;
  return false;
}
