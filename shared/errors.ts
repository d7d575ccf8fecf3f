// The one error class: thrown where another attempt cannot help. Everything else that is thrown is tried again.

/** `what` happened, `why`, and what a person can do `next`. The three are shown to people: no names, addresses or secrets. */
export type Explanation = { what: string; why: string; next: string };

export class Permanent extends Error {
  override readonly name = "Permanent";
  readonly explanation: Explanation;
  constructor(explanation: Explanation, options?: ErrorOptions) {
    super(`${explanation.what}: ${explanation.why}`, options);
    this.explanation = explanation;
  }
}

/** True for a `Permanent` of any realm: `instanceof` fails across the realms of worker threads and test runners. */
export function isPermanent(error: unknown): error is Permanent {
  return error instanceof Error && error.name === "Permanent" && "explanation" in error;
}
