// One object: read, written, removed, each under its conditions.
import type { Staged } from "../storage/bucket.ts";
import type { Attributes, StoredObject } from "../storage/objects.ts";
import { attributesOf, type Call, headersOf, tagOf } from "./call.ts";
import { readRefusal, writeRefusal } from "./conditions.ts";
import { stage } from "./staging.ts";
import { failures } from "./xml.ts";

const currentOf = (object: StoredObject) => ({ tag: tagOf(object), modified: Date.parse(object.created) });

export async function read({ c, bucket, key }: Call): Promise<Response> {
  const object = await bucket.find(key);
  const found = object === undefined ? undefined : await bucket.open(object);
  if (object === undefined || found === undefined) return failures.refuse("NoSuchKey", c);
  const { opened } = found;
  const close = (answer: Response): Response => {
    opened.close();
    return answer;
  };
  const refusal = readRefusal((name) => c.req.header(name), currentOf(object));
  if (refusal === 412) return close(failures.refuse("PreconditionFailed", c));
  if (refusal === 304)
    return close(new Response(null, { status: 304, headers: { etag: `"${tagOf(object)}"` } }));
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(c.req.header("range") ?? "") ?? [];
  const first = from === "" ? (to === "" ? 0 : Math.max(0, opened.size - Number(to))) : Number(from);
  const last = from === "" || to === "" ? opened.size - 1 : Math.min(Number(to), opened.size - 1);
  const part = from !== "" || to !== "";
  if (part && (first >= opened.size || last < first)) return close(failures.refuse("InvalidRange", c));
  const length = Math.max(0, last - first + 1);
  const headers = headersOf(object);
  headers.set("content-length", String(length));
  if (part) headers.set("content-range", `bytes ${first}-${last}/${opened.size}`);
  const status = part ? 206 : 200;
  if (c.req.method === "HEAD") return close(new Response(null, { status, headers }));
  return new Response(opened.read(first, length), { status, headers });
}

export async function put(call: Call): Promise<Response> {
  const staged = await stage(call);
  if (staged instanceof Response) return staged;
  const stored = await commit(call, staged, attributesOf(call.c));
  return stored instanceof Response
    ? stored
    : new Response(null, { status: 200, headers: { etag: `"${tagOf(stored)}"` } });
}

/** Makes staged bytes the object, if its conditions hold at that moment. */
export async function commit(
  { c, bucket, key }: Call,
  staged: Staged,
  attributes: Attributes,
): Promise<StoredObject | Response> {
  const outcome = await bucket.commit(key, staged, attributes, (current) =>
    writeRefusal((name) => c.req.header(name), current && currentOf(current)),
  );
  return "refused" in outcome ? failures.refuse(outcome.refused, c) : outcome.stored;
}

export async function remove({ bucket, key }: Call): Promise<Response> {
  await bucket.remove(key, () => undefined);
  return new Response(null, { status: 204 });
}
