// Refusal by the console, as a value: a status, and what a person reads. Never a stack, a path or a secret.
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type * as z from "zod";
import type { Explanation } from "../../../shared/errors.ts";
import type { FlowName } from "../../../shared/functions.ts";

export type Refusal = { refused: ContentfulStatusCode; explanation: Explanation };

export function refuse(status: ContentfulStatusCode, what: string, why: string, next: string): Refusal {
  return { refused: status, explanation: { what, why, next } };
}

/** Refuses what needs a flow that the settings have switched off. */
export const isOff = ({ what, flow }: { what: string; flow: FlowName }): Refusal =>
  refuse(409, what, `${flow} is off`, `set flows.${flow} to plan or apply in groundcrew.yaml`);

export function isRefusal(value: object): value is Refusal {
  return "refused" in value;
}

/** Says what does not fit a schema, field by field. A value is never quoted, nor a key that is more than a plain word. */
export function misfits(error: z.ZodError, ...within: string[]): string {
  return error.issues
    .map((issue) => {
      const at = [...within, ...issue.path.map((key) => plain(String(key)))].join(".");
      const said =
        issue.code === "unrecognized_keys"
          ? `it knows no ${issue.keys.map((key) => (plain(key) === key ? `"${key}"` : plain(key))).join(" or ")}`
          : issue.message;
      return at === "" ? said : `${at}: ${said}`;
    })
    .join("; ");
}

const plain = (key: string): string => (/^[a-zA-Z0-9]{1,20}$/.test(key) ? key : "key that is no plain word");
