// Common parts of the doors for webhooks: a call as it came, the plain answer to it, and reading its parts with distrust.
import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { jsonOf } from "../json.ts";

export type Call = { method: string; headers: IncomingHttpHeaders; raw: Buffer };
export type Answer = { status: number; body: string };

export const unauthenticated: Answer = { status: 401, body: "unauthenticated" };

/** Refuses a call that is not even looked at: for its method, or for more bytes than it can need. */
export function refusedUnread({ method, raw }: Call, maximumBytes: number): Answer | undefined {
  if (method !== "POST") return { status: 405, body: "POST only" };
  return raw.length > maximumBytes ? { status: 413, body: "too large" } : undefined;
}

/** A header that came once; a doubled one counts as missing. */
export const once = (header: string | string[] | undefined): string =>
  typeof header === "string" ? header : "";

/** The refusal of a call whose content type is not JSON; asked for once its signature is known to be good. */
export const notJson = ({ headers }: Call): Answer | undefined =>
  /^application\/json\s*(?:;|$)/i.test(once(headers["content-type"]))
    ? undefined
    : { status: 415, body: "the content type must be application/json" };

/** A body's JSON; undefined where it is none, or not UTF-8. */
export const jsonIn = (raw: Buffer): unknown =>
  isUtf8(raw) ? jsonOf(new TextDecoder().decode(raw)) : undefined;
