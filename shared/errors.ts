// Errors that are thrown on purpose: a `Permanent`, where another attempt cannot help; a transient failure, whose sentence people
// may see. Everything else that is thrown is tried again, too, but its message stays hidden.
import * as z from "zod";

/** `what` happened, `why`, and what a person can do `next`. The three are shown to people: no names, addresses or secrets. */
export const Explanation = z.strictObject({ what: z.string(), why: z.string(), next: z.string() });
export type Explanation = z.infer<typeof Explanation>;

export class Permanent extends Error {
  override readonly name = "Permanent";
  readonly explanation: Explanation;
  constructor(explanation: Explanation, options?: ErrorOptions) {
    super(`${explanation.what}: ${explanation.why}`, options);
    this.explanation = explanation;
  }
}

/** Makes an error that another attempt may mend. `why` is shown to people: no names, addresses or secrets. */
export function transient(why: string, options?: ErrorOptions): Error {
  return Object.assign(new Error(why, options), { name: "Transient" });
}

/** True for a `Permanent` of any realm: `instanceof` fails across the realms of worker threads and test runners. */
export function isPermanent(error: unknown): error is Permanent {
  return error instanceof Error && error.name === "Permanent" && "explanation" in error;
}

/** The system's word for a failure, "ENOENT" for one; "unknown" where it gives none. */
export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
