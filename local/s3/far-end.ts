// An S3-compatible store over folders that a person edits, as far as our lister and rclone speak it: listings of both
// versions, objects, multipart uploads. It behaves like Ceph's gateway: path-style addresses, one region, no versions.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
import { createHash, randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../../shared/clock.ts";
import { type Bucket, openBucket, type Staged } from "../storage/bucket.ts";
import { nameProblem } from "../storage/names.ts";
import { objectIndex, type StoredObject } from "../storage/objects.ts";
import { noteCall, offer, violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { State } from "../wire/state.ts";
import { operationOf, operations, type S3Operation } from "./operations.ts";
import { verdictOn } from "./sign.ts";
import { failures, listing, uploadsOf, xml } from "./xml.ts";

export type S3Options = {
  state: State;
  faults: Faults;
  now: Clock;
  /** Folder of each bucket, and the key that opens it. */
  buckets: Record<string, { folder: string; keyId: string; secret: string }>;
};

/** Key of the tag of an object that came in parts, among what its uploader said about it. */
const tagKey = "s3-multipart-etag";

/** The address as it came: a signature is over the very letters. */
const Env = z.object({ incoming: z.object({ url: z.string() }).optional() });

type Upload = {
  begun: string;
  bucket: string;
  key: string;
  metadata: Record<string, string>;
  contentType: string;
  parts: Map<number, Staged>;
};

type Call = {
  c: Context;
  bucket: Bucket;
  name: string;
  key: string;
  query: URLSearchParams;
  payload: string;
};

export function s3FarEnd(options: S3Options): FarEnd & { violations: string[] } {
  const objects = objectIndex(options.state, options.now);
  const buckets = new Map(
    Object.entries(options.buckets).map(([name, { folder }]) => [
      name,
      openBucket(name, { folder, layout: "plain", objects, uploads: [] }),
    ]),
  );
  const uploads = new Map<string, Upload>();
  const violations = violationList();
  const app = new Hono();
  app.use(failing("s3", options.faults));
  app.all("*", async (c) => {
    const { incoming } = Env.parse(c.env ?? {});
    const target = incoming?.url ?? c.req.url.slice(new URL(c.req.url).origin.length);
    const [path = "", search = ""] = String(target).split(/\?(.*)/s);
    const [, name = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
    const asked = options.buckets[name];
    const verdict = verdictOn(
      { method: c.req.method, target: String(target), header: (header) => c.req.header(header) },
      (keyId) => Object.values(options.buckets).find((one) => one.keyId === keyId)?.secret,
    );
    if ("refused" in verdict) return failures.refuse(verdict.refused, c);
    const bucket = buckets.get(name);
    if (asked === undefined || bucket === undefined) return failures.refuse("NoSuchBucket", c);
    if (asked.keyId !== verdict.keyId) return failures.refuse("AccessDenied", c);
    let decoded: string;
    try {
      decoded = decodeURIComponent(key);
    } catch {
      return failures.refuse("InvalidURI", c);
    }
    const query = new URLSearchParams(search);
    const call: Call = { c, bucket, name, key: decoded, query, payload: verdict.payload };
    if (decoded !== "" && nameProblem(decoded) !== undefined) return failures.refuse("InvalidArgument", c);
    const copies = c.req.header("x-amz-copy-source") !== undefined;
    const operation = operationOf({ method: c.req.method, key: decoded, query, copies });
    if (operation === undefined) {
      violations.push(`request: ${c.req.method} of ${decoded === "" ? "a bucket" : "an object"} is not done`);
      return failures.refuse("NotImplemented", c);
    }
    noteCall("s3", operation);
    return perform(operation, call, query.get("uploadId") ?? "");
  });
  offer("s3", operations);

  function perform(operation: S3Operation, call: Call, id: string): Promise<Response> | Response {
    switch (operation) {
      case "ListMultipartUploads":
        return uploadsOf(call.name, uploads, call.query);
      case "ListObjects":
      case "ListObjectsV2":
        return listing(call.bucket, call.name, call.query, tagOf);
      case "HeadObject":
      case "GetObject":
        return read(call);
      case "PutObject":
        return put(call);
      case "UploadPart":
        return putPart(call, id);
      case "CreateMultipartUpload":
        return begin(call);
      case "CompleteMultipartUpload":
        return complete(call, id);
      case "AbortMultipartUpload":
        return abort(call, id);
      case "DeleteObject":
        return remove(call);
    }
  }

  async function read({ c, bucket, key }: Call): Promise<Response> {
    const object = await bucket.find(key);
    const found = object === undefined ? undefined : await bucket.open(object);
    if (object === undefined || found === undefined) return failures.refuse("NoSuchKey", c);
    const { opened } = found;
    const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(c.req.header("range") ?? "") ?? [];
    const first = from === "" ? (to === "" ? 0 : Math.max(0, opened.size - Number(to))) : Number(from);
    const last = from === "" || to === "" ? opened.size - 1 : Math.min(Number(to), opened.size - 1);
    const part = from !== "" || to !== "";
    const headers = new Headers({
      etag: `"${tagOf(object)}"`,
      "last-modified": new Date(object.created).toUTCString(),
      "content-type": object.attributes.contentType ?? "application/octet-stream",
      "accept-ranges": "bytes",
      "content-length": String(Math.max(0, last - first + 1)),
    });
    for (const [name, value] of Object.entries(object.attributes.metadata ?? {}))
      if (name !== tagKey) headers.set(`x-amz-meta-${name}`, value);
    if (part && first >= opened.size && opened.size > 0) {
      opened.close();
      return failures.refuse("InvalidRange", c);
    }
    if (part) headers.set("content-range", `bytes ${first}-${last}/${opened.size}`);
    if (c.req.method === "HEAD") {
      opened.close();
      return new Response(null, { status: 200, headers });
    }
    return new Response(opened.read(first, Math.max(0, last - first + 1)), {
      status: part ? 206 : 200,
      headers,
    });
  }

  async function put(call: Call): Promise<Response> {
    const staged = await stage(call);
    if (staged instanceof Response) return staged;
    const metadata = metadataOf(call.c);
    return commit(call, staged, { contentType: contentTypeOf(call.c), metadata });
  }

  async function commit(
    { c, bucket, key }: Call,
    staged: Staged,
    attributes: { contentType: string; metadata: Record<string, string> },
  ): Promise<Response> {
    const outcome = await bucket.commit(key, staged, attributes, () => undefined);
    if ("refused" in outcome) return failures.refuse("InternalError", c);
    return new Response(null, { status: 200, headers: { etag: `"${tagOf(outcome.stored)}"` } });
  }

  /** Takes the body in and holds it against what the client says that it is. */
  async function stage({ c, bucket, payload }: Call): Promise<Staged | Response> {
    const sha256 = createHash("sha256");
    async function* seen(): AsyncGenerator<Uint8Array> {
      for await (const chunk of c.req.raw.body ?? []) {
        sha256.update(chunk);
        yield chunk;
      }
    }
    const staged = await bucket.stage(randomUUID(), seen());
    const length = c.req.header("content-length");
    const md5 = c.req.header("content-md5");
    const wrong =
      length !== undefined && Number(length) !== staged.digest.size
        ? "IncompleteBody"
        : md5 !== undefined && md5 !== staged.digest.md5
          ? "BadDigest"
          : /^[0-9a-f]{64}$/.test(payload) && payload !== sha256.digest("hex")
            ? "XAmzContentSHA256Mismatch"
            : undefined;
    if (wrong === undefined) return staged;
    bucket.files.remove(staged.file);
    return failures.refuse(wrong, c);
  }

  function begin({ c, name, key }: Call): Response {
    const id = randomUUID();
    uploads.set(id, {
      begun: options.now().toISOString(),
      bucket: name,
      key,
      metadata: metadataOf(c),
      contentType: contentTypeOf(c),
      parts: new Map(),
    });
    return xml(
      `<InitiateMultipartUploadResult><Bucket>${name}</Bucket><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  const uploadOf = ({ name, key }: Call, id: string): Upload | undefined => {
    const upload = uploads.get(id);
    return upload?.bucket === name && upload.key === key ? upload : undefined;
  };

  async function putPart(call: Call, id: string): Promise<Response> {
    const upload = uploadOf(call, id);
    const number = Number(call.query.get("partNumber"));
    if (upload === undefined) return failures.refuse("NoSuchUpload", call.c);
    if (!Number.isInteger(number) || number < 1 || number > 10_000)
      return failures.refuse("InvalidArgument", call.c);
    const staged = await stage(call);
    if (staged instanceof Response) return staged;
    const before = upload.parts.get(number);
    if (before !== undefined) call.bucket.files.remove(before.file);
    upload.parts.set(number, staged);
    return new Response(null, { status: 200, headers: { etag: `"${hex(staged.digest.md5)}"` } });
  }

  async function complete(call: Call, id: string): Promise<Response> {
    const { c, bucket, name, key } = call;
    const upload = uploadOf(call, id);
    if (upload === undefined) return failures.refuse("NoSuchUpload", c);
    const wanted = [...(await c.req.text()).matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) =>
      Number(n),
    );
    const parts = wanted.map((number) => upload.parts.get(number));
    if (parts.length === 0 || parts.includes(undefined)) return failures.refuse("InvalidPart", c);
    async function* joined(): AsyncGenerator<Uint8Array> {
      for (const part of parts) {
        const opened = part === undefined ? undefined : bucket.files.open(part.file);
        if (opened === undefined) throw new Error("a part is gone");
        const bytes = opened.read(0, opened.size);
        if (bytes instanceof Uint8Array) yield bytes;
        else for await (const chunk of bytes) yield chunk;
      }
    }
    const staged = await bucket.stage(randomUUID(), joined());
    const sum = createHash("md5");
    for (const part of parts) sum.update(Buffer.from(part?.digest.md5 ?? "", "base64"));
    const tag = `${sum.digest("hex")}-${parts.length}`;
    const stored = await commit(call, staged, {
      contentType: upload.contentType,
      metadata: { ...upload.metadata, [tagKey]: tag },
    });
    drop(bucket, id);
    if (!stored.ok) return stored;
    return xml(
      `<CompleteMultipartUploadResult><Bucket>${name}</Bucket><Key>${encodeURIComponent(key)}</Key><ETag>"${tag}"</ETag></CompleteMultipartUploadResult>`,
    );
  }

  function abort(call: Call, id: string): Response {
    if (uploadOf(call, id) === undefined) return failures.refuse("NoSuchUpload", call.c);
    drop(call.bucket, id);
    return new Response(null, { status: 204 });
  }

  function drop(bucket: Bucket, id: string): void {
    for (const { file } of uploads.get(id)?.parts.values() ?? []) bucket.files.remove(file);
    uploads.delete(id);
  }

  async function remove({ bucket, key }: Call): Promise<Response> {
    await bucket.remove(key, () => undefined);
    return new Response(null, { status: 204 });
  }

  app.onError((error, c) => failures.refuse("InternalError", c, error.message));
  return { fetch: app.fetch, violations };
}

const hex = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

/** MD5 of what came in one piece; of what came in parts, MD5 of their MD5s and their number. */
const tagOf = (object: StoredObject): string => object.attributes.metadata?.[tagKey] ?? hex(object.md5);

const contentTypeOf = (c: Context): string => c.req.header("content-type") ?? "application/octet-stream";

function metadataOf(c: Context): Record<string, string> {
  const given = [...c.req.raw.headers]
    .filter(([name]) => name.startsWith("x-amz-meta-"))
    .map(([name, value]): [string, string] => [name.slice("x-amz-meta-".length), value]);
  // rclone puts its metadata into the query of a signed address too.
  return Object.fromEntries(given.filter(([name]) => name !== tagKey));
}
