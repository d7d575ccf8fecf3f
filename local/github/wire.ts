// Between HTTP and the rules: bodies, answers and the Link header.
import type { Context } from "hono";
import type { Answer } from "./answers.ts";

/** The body as JSON; undefined when there is none, which some clients write as null; an error when it is something else. */
export async function bodyOf(c: Context): Promise<unknown> {
  const text = await c.req.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return new Error("not JSON");
  }
}

/** An answer as a response; `text` is its body where it has been written already. */
export function send({ status, body, headers = {} }: Answer, text?: string | null): Response {
  if (body === undefined) return new Response(null, { status, headers });
  return new Response(text ?? JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** Tells whether a list of ETags has one, compared weakly. https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match */
export const isAmong = (list: string | undefined, etag: string): boolean =>
  (list ?? "").split(",").some((each) => ["*", etag, etag.slice("W/".length)].includes(each.trim()));

/** The pages before and after, as GitHub's Link header names them. */
export function linkOf(url: string, { limit, page }: { limit: number; page: number }, total: number): string {
  const last = Math.max(1, Math.ceil(total / limit));
  const to = (number: number, relation: string): string => {
    const address = new URL(url);
    address.searchParams.set("page", String(number));
    return `<${address.href}>; rel="${relation}"`;
  };
  const back = page > 1 ? [to(page - 1, "prev")] : [];
  const forward = page < last ? [to(page + 1, "next"), to(last, "last")] : [];
  return [...back, ...forward, ...(page > 1 ? [to(1, "first")] : [])].join(", ");
}
