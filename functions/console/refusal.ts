// What the console will not do, as a value: a status, and what a person reads. Never a stack, a path or a secret.
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Explanation } from "../../shared/errors.ts";

export type Refusal = { refused: ContentfulStatusCode; explanation: Explanation };

export function refuse(status: ContentfulStatusCode, what: string, why: string, next: string): Refusal {
  return { refused: status, explanation: { what, why, next } };
}

export function isRefusal(value: object): value is Refusal {
  return "refused" in value;
}
