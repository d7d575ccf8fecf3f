// An S3-compatible store over folders that a person edits, as far as our lister and rclone speak it: listings of both
// versions, objects, multipart uploads. It behaves like Ceph's gateway: path-style addresses, any region, no versions.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
import { type Context, Hono } from "hono";
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import { keysOf } from "../../shared/closed.ts";
import { openBucket } from "../storage/bucket.ts";
import { objectIndex } from "../storage/objects.ts";
import { noteCall, offer, violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { State } from "../wire/state.ts";
import { givenTwice, notedFor, unserved } from "../wire/vocabulary.ts";
import type { Call } from "./call.ts";
import { multipart } from "./multipart.ts";
import { put, read, remove } from "./objects.ts";
import { everywhere, operationOf, operations, type S3Operation, unservedValue } from "./operations.ts";
import { verdictOn } from "./sign.ts";
import { failures, listing } from "./xml.ts";

export type S3Options = {
  state: State;
  faults: Faults;
  now: Clock;
  /** Folder of each bucket, and the key that opens it. */
  buckets: Record<string, { folder: string; keyId: string; secret: string }>;
};

/** The address as it came: a signature is over the very letters. */
const Env = z.object({ incoming: z.object({ url: z.string() }).optional() });

/** Bytes of a key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const longestKey = 1024;

export function s3FarEnd(options: S3Options): FarEnd & { violations: string[] } {
  const objects = objectIndex(options.state, options.now);
  const buckets = new Map(
    Object.entries(options.buckets).map(([name, { folder }]) => [
      name,
      openBucket(name, { folder, layout: "plain", objects, uploads: [] }),
    ]),
  );
  const uploads = multipart(options.now);
  const violations = violationList();
  const perform: Record<S3Operation, (call: Call) => Promise<Response> | Response> = {
    ListMultipartUploads: uploads.list,
    ListObjects: listing,
    ListObjectsV2: listing,
    HeadObject: read,
    GetObject: read,
    PutObject: put,
    UploadPart: uploads.bring,
    CreateMultipartUpload: uploads.begin,
    CompleteMultipartUpload: uploads.complete,
    AbortMultipartUpload: uploads.abort,
    DeleteObject: remove,
  };

  const noted = notedFor("S3", violations);
  const notServed = (c: Context, what: string): Response => failures.refuse("NotImplemented", c, noted(what));

  type Asked = { target: string; name: string; key: string; query: URLSearchParams };

  function askedOf(c: Context): Asked {
    const { incoming } = Env.parse(c.env ?? {});
    const target = String(incoming?.url ?? c.req.url.slice(new URL(c.req.url).origin.length));
    const [path = "", search = ""] = target.split(/\?(.*)/s);
    const [, name = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
    return { target, name, key, query: new URLSearchParams(search) };
  }

  /** Gives the request that has got past its signature, or the refusal. */
  function entered(c: Context, { target, name, key, query }: Asked): Call | Response {
    const verdict = verdictOn(
      {
        method: c.req.method,
        target,
        header: (header) => c.req.header(header),
        names: [...c.req.raw.headers.keys()],
      },
      (keyId) => Object.values(options.buckets).find((one) => one.keyId === keyId)?.secret,
    );
    if ("refused" in verdict) return failures.refuse(verdict.refused, c);
    const bucket = buckets.get(name);
    if (bucket === undefined) return failures.refuse("NoSuchBucket", c);
    if (options.buckets[name]?.keyId !== verdict.keyId) return failures.refuse("AccessDenied", c);
    const decoded = decodedKey(key);
    if (decoded === undefined) return failures.refuse("InvalidURI", c);
    if (Buffer.byteLength(decoded) > longestKey) return failures.refuse("KeyTooLongError", c);
    const { keyId, payload } = verdict;
    return { c, bucket, name, key: decoded, query, owner: keyId, payload };
  }

  const app = new Hono();
  app.use(failing("s3", options.faults));
  app.all("*", async (c) => {
    const asked = askedOf(c);
    const { key, name, query } = asked;
    // Says what is not served before anything else: a bucket that is to be made is not there yet.
    const operation = name === "" ? undefined : operationOf({ method: c.req.method, key, query });
    if (operation === undefined)
      return notServed(
        c,
        `${c.req.method} of ${name === "" ? "all buckets" : key === "" ? "a bucket" : "an object"}`,
      );
    const words = { query: query.entries(), headers: c.req.raw.headers.entries() };
    const first =
      unserved(words, operations[operation], everywhere)[0] ?? unservedValue(c.req.raw.headers.entries());
    if (first !== undefined) return notServed(c, `${first} of ${operation}`);
    const call = entered(c, asked);
    if (call instanceof Response) return call;
    const twice = givenTwice(query);
    if (twice !== undefined) return failures.refuse("InvalidArgument", c, twice);
    noteCall("s3", operation);
    return perform[operation](call);
  });
  offer("s3", keysOf(operations));
  app.onError((error, c) => failures.refuse("InternalError", c, error.message));
  return { fetch: app.fetch, violations };
}

/** Gives a key as text; undefined for one that is no UTF-8. */
function decodedKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}
