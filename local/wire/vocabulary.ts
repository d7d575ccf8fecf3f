// Closed vocabularies: what a far end does not serve of its vendor's interface is refused with 501, and noted. Passed over in silence,
// or answered like a thing that is missing, it would hide our own slips, and lie to whoever else calls.

import type { Context, MiddlewareHandler } from "hono";
import { routeOf } from "./far-end.ts";

/**
 * Words that a far end serves of one operation, in lower case for headers. One that ends with * stands for all that begin so,
 * and `word=value` for that value alone. `type` is what a body has to be, where it is read as one thing only.
 */
export type Vocabulary = {
  query?: readonly string[];
  headers?: readonly string[];
  type?: keyof typeof types;
};

/** Types of bodies: JSON may come without one, a form may not, for a server passes over a body that it has no type of. */
const types = {
  json: /^(?:application\/json\s*(?:;\s*charset="?utf-8"?\s*)?)?$/i,
  form: /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i,
};

/** Names the type of a body that is read as another. */
export const unservedType = (given: string | undefined, type: keyof typeof types): string | undefined =>
  types[type].test(given ?? "") ? undefined : `a body of ${given ?? "no type"}`;

/** Headers that say nothing about what is asked: of the way, of the client's name, of who asks. */
const neutral = [
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "date",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "pragma",
  "referer",
  "priority",
  "sec-*",
  "te",
  "traceparent",
  "transfer-encoding",
  "upgrade-insecure-requests",
  "user-agent",
];

const isAmong = (words: readonly string[], [name, value]: readonly [string, string]): boolean =>
  words.some((word) =>
    word.endsWith("*") ? name.startsWith(word.slice(0, -1)) : word === name || word === `${name}=${value}`,
  );

type Pairs = Iterable<[string, string]>;

/** Names what is asked and not served. */
export function unserved(
  asked: { query: Pairs; headers: Pairs },
  ...served: readonly Vocabulary[]
): string[] {
  const query = served.flatMap((each) => each.query ?? []);
  const headers = [...neutral, ...served.flatMap((each) => each.headers ?? [])];
  return [
    ...[...asked.query].filter((pair) => !isAmong(query, pair)).map(([name]) => `the query word ${name}`),
    ...[...asked.headers].filter((pair) => !isAmong(headers, pair)).map(([name]) => `the header ${name}`),
  ];
}

/** Names a field of a body that is not among those served; undefined for a body that is no object, too. */
export const unservedField = (body: unknown, served: readonly string[]): string | undefined =>
  typeof body === "object" && body !== null
    ? Object.entries(body).find(([name, value]) => !isAmong(served, [name, String(value)]))?.[0]
    : undefined;

/** Fields that are served, and those below each; `whole` where that is all of them. */
export type Shape = { readonly [name: string]: Shape | "whole" };

/** Names a field that is not served, however deep in a body it lies; clients of some languages send empty ones for what was not set. */
export function unservedWithin(body: unknown, shape: Shape): string | undefined {
  if (Array.isArray(body)) return body.map((each) => unservedWithin(each, shape)).find(Boolean);
  if (typeof body !== "object" || body === null) return undefined;
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === "object" && Object.keys(value ?? {}).length === 0) continue;
    const below = shape[name];
    if (below === undefined) return name;
    const deeper = below === "whole" ? undefined : unservedWithin(value, below);
    if (deeper !== undefined) return `${name}.${deeper}`;
  }
  return undefined;
}

/** Names a word that a query has more than once: vendors differ in which of them counts. */
export function givenTwice(query: Iterable<[string, string]>): string | undefined {
  const names = [...query].map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? undefined : `the query word ${twice} twice`;
}

/** Tells whether a path's escapes can be read; Hono would take what cannot for letters. */
export function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Notes what a service is not served, and gives the sentence for whoever asked. */
export const notedFor =
  (service: string, violations: string[]) =>
  (what: string): string => {
    violations.push(`request: ${service} is not served ${what}`);
    return `${what} is not served here`;
  };

/**
 * Refuses paths that have no route, and words that a route does not serve. Install it after `failing` and before any route.
 * @param words by route, as `GET /path/:of/it`; one without an entry serves the plain call.
 * @param everywhere words of every route.
 * @param refuse gives the vendor's own form of a 501, and notes it.
 */
export function closed(
  words: Record<string, Vocabulary | readonly Vocabulary[]>,
  everywhere: readonly Vocabulary[],
  refuse: (what: string, c: Context) => Response,
): MiddlewareHandler {
  return async (c, next) => {
    const route = routeOf(c);
    if (route === undefined || !isReadable(c.req.path)) return refuse(`${c.req.method} ${c.req.path}`, c);
    const asked = { query: new URL(c.req.url).searchParams, headers: c.req.raw.headers.entries() };
    const own = [words[route] ?? []].flat();
    const [{ type } = {}] = [...own, ...everywhere].filter((each) => each.type !== undefined);
    const [strange] = unserved(asked, ...own, ...everywhere);
    const isRead = type !== undefined && c.req.raw.body !== null;
    const first = strange ?? (isRead ? unservedType(c.req.header("content-type"), type) : undefined);
    return first === undefined ? next() : refuse(`${first} of ${route}`, c);
  };
}
