// One object: read, written, removed, each under its conditions.
import type { Staged } from "../storage/bucket.ts";
import type { Attributes, StoredObject } from "../storage/objects.ts";
import { attributesOf, type Call, headersOf, keptSums, saysTooMuch, tagOf } from "./call.ts";
import { readRefusal, writeRefusal } from "./conditions.ts";
import { stage } from "./staging.ts";
import { given, typeOf } from "./sums.ts";
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
  const { from, to } = rangeOf(c.req.header("range"));
  const first = from === "" ? (to === "" ? 0 : Math.max(0, opened.size - Number(to))) : Number(from);
  const last = from === "" || to === "" ? opened.size - 1 : Math.min(Number(to), opened.size - 1);
  const part = from !== "" || to !== "";
  if (part && (first >= opened.size || last < first)) return close(failures.refuse("InvalidRange", c));
  const length = Math.max(0, last - first + 1);
  // A sum is of the whole.
  const headers = headersOf(object, !part && c.req.header("x-amz-checksum-mode") === "ENABLED");
  headers.set("content-length", String(length));
  if (part) headers.set("content-range", `bytes ${first}-${last}/${opened.size}`);
  const status = part ? 206 : 200;
  if (c.req.method === "HEAD") return close(new Response(null, { status, headers }));
  return new Response(opened.read(first, length), { status, headers });
}

/** Reads one range; what is none, or ends before it begins, is passed over (https://www.rfc-editor.org/rfc/rfc9110#section-14.2). */
function rangeOf(header = ""): { from: string; to: string } {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  return from !== "" && to !== "" && Number(to) < Number(from) ? { from: "", to: "" } : { from, to };
}

export async function put(call: Call): Promise<Response> {
  const attributes = attributesOf(call.c);
  if (saysTooMuch(attributes)) return failures.refuse("MetadataTooLarge", call.c);
  const staged = await stage(call);
  if (staged instanceof Response) return staged;
  const sums = given(staged.sums, (name) => call.c.req.header(name));
  const metadata = { ...attributes.metadata, ...keptSums(sums) };
  const stored = await commit(call, staged, { ...attributes, metadata });
  if (stored instanceof Response) return stored;
  const headers = new Headers({ etag: `"${tagOf(stored)}"`, ...sums });
  for (const sum of Object.values(sums)) headers.set("x-amz-checksum-type", typeOf(sum));
  return new Response(null, { status: 200, headers });
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

/** Removes an object, if it is the one that was meant. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html */
export async function remove({ c, bucket, key }: Call): Promise<Response> {
  const outcome = await bucket.remove(key, (current) =>
    writeRefusal((name) => c.req.header(name), current && currentOf(current)),
  );
  return "refused" in outcome ? failures.refuse(outcome.refused, c) : new Response(null, { status: 204 });
}
