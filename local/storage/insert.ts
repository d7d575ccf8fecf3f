// objects.insert in its three ways: media, multipart, resumable. All end in one commit, which decides who wins.
import type { Context, Hono } from "hono";
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import { unservedField, unservedType } from "../wire/vocabulary.ts";
import { type Refusal, refusalAnswer, refusals } from "./answers.ts";
import type { Bucket } from "./bucket.ts";
import { commit, methodId } from "./commit.ts";
import type { Call, Storage } from "./far-end.ts";
import type { Bytes } from "./files.ts";
import { nameProblem } from "./names.ts";
import { meets } from "./objects.ts";
import {
  chunkBytes,
  contentRange,
  Resource,
  type Session,
  type Sessions,
  servedFields,
  splitMultipart,
  withSums,
} from "./uploads.ts";
import { stray } from "./vocabulary.ts";

const Way = z.enum(["media", "multipart", "resumable"]);

const path = "/upload/storage/v1/b/:bucket/o";
/** Google's document has a path of its own for the resumable way; gcloud takes it. */
const resumablePath = `/resumable${path}`;

/** Adds the routes of uploads. */
export function insertRoutes(app: Hono, storage: Storage, sessions: Sessions, random: () => string): void {
  const begin = storage.guard(methodId, async (call) => {
    const way = Way.safeParse(call.query("uploadType"));
    if (!way.success) return refusals.invalid("uploadType must be media, multipart or resumable.");
    const strange = stray(way.data, call.c);
    if (strange !== undefined) return storage.notServed(`${strange} of ${methodId} by ${way.data}`);
    switch (way.data) {
      case "media":
        return uploadMedia(storage, call, random());
      case "multipart":
        return uploadMultipart(storage, call, random());
      case "resumable":
        return openSession(storage, call, sessions, random());
      default:
        return way satisfies never;
    }
  });
  // One chunk at a time: a client that has lost patience may send the next while the first is still coming in.
  const queues = new Map<string, Promise<unknown>>();
  async function goOn(c: Context): Promise<Response> {
    const { upload_id: id = "", uploadType = "resumable" } = c.req.query();
    const strange =
      id === "" || uploadType !== "resumable" ? "a PUT that goes on with no upload" : stray("chunk", c);
    if (strange !== undefined) return refusalAnswer(storage.notServed(strange));
    const turn = (queues.get(id) ?? Promise.resolve()).then(() => resumed(storage, sessions, c, id));
    queues.set(
      id,
      turn.catch(() => undefined),
    );
    try {
      const outcome = await turn;
      return outcome instanceof Response ? outcome : refusalAnswer(outcome);
    } finally {
      if (sessions.find(c.req.param("bucket") ?? "", id)?.answer !== null) queues.delete(id);
    }
  }
  app.put(path, goOn);
  // Google's Go client, which rclone has, sends its chunks by POST.
  app.post(path, (c) => (c.req.query("upload_id") === undefined ? begin(c) : goOn(c)));
  app.post(
    resumablePath,
    storage.guard(methodId, async (call) => {
      const way = call.query("uploadType") ?? "resumable";
      const strange = way === "resumable" ? stray(way, call.c) : `the way ${way} at the address of another`;
      return strange === undefined
        ? openSession(storage, call, sessions, random())
        : storage.notServed(`${strange} of ${methodId}`);
    }),
  );
}

/** Bytes of an object's own metadata, names and values together. https://cloud.google.com/storage/quotas#objects */
const mostMetadata = 8 * 1024;

/** Finds what stands in the way of a new object, before any byte is read. */
function refusalOf(call: Call, name: string, body: unknown, resource: Resource): Refusal | undefined {
  const problem = nameProblem(name);
  if (problem !== undefined) return refusals.invalid(problem);
  const words = Object.entries(resource.metadata ?? {})
    .flat()
    .join("");
  if (Buffer.byteLength(words) > mostMetadata)
    return refusals.invalid(`The metadata of an object may have ${mostMetadata} bytes at most.`);
  if (resource.bucket !== undefined && resource.bucket !== call.bucketName)
    return refusals.invalid("The bucket in the resource is not the bucket in the address.");
  if (typeof body === "object" && body !== null && "acl" in body)
    return refusals.invalid(
      "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled.",
    );
  return call.forbids("storage.objects.create", name);
}

async function uploadMedia(storage: Storage, call: Call, id: string): Promise<Response | Refusal> {
  const { c, query, bucket } = call;
  const name = query("name") ?? "";
  const resource: Resource = { contentType: c.req.header("content-type") ?? "application/octet-stream" };
  const refusal = refusalOf(call, name, undefined, resource);
  if (refusal !== undefined) return refusal;
  const staged = await bucket.stage(id, c.req.raw.body ?? []);
  return commit(
    storage,
    { ...call, origin: originOf(c), fields: query("fields") },
    name,
    staged,
    withSums(c.req.header("x-goog-hash"), withQuery(call, resource)),
  );
}

async function uploadMultipart(storage: Storage, call: Call, id: string): Promise<Response | Refusal> {
  const { c, query, bucket } = call;
  const parts = splitMultipart(c.req.header("content-type") ?? "", Buffer.from(await c.req.arrayBuffer()));
  if (parts === undefined) return refusals.invalid("Malformed multipart body.");
  if (parts.strange !== undefined) return storage.notServed(`${parts.strange} of a part of ${methodId}`);
  const problems = storage.check(methodId, { params: { bucket: call.bucketName }, body: parts.json });
  if (problems.length > 0) return refusals.invalid(problems.join("; "));
  const strange = unservedField(parts.json, servedFields);
  if (strange !== undefined) return storage.notServed(`the field ${strange} of ${methodId}`);
  const resource = Resource.parse(parts.json);
  const name = query("name") ?? resource.name ?? "";
  const refusal = refusalOf(call, name, parts.json, resource);
  if (refusal !== undefined) return refusal;
  const staged = await bucket.stage(id, [parts.bytes]);
  const contentType = resource.contentType ?? parts.contentType ?? "application/octet-stream";
  return commit(
    storage,
    { ...call, origin: originOf(c), fields: query("fields") },
    name,
    staged,
    withSums(c.req.header("x-goog-hash"), withQuery(call, { ...resource, contentType })),
  );
}

async function openSession(
  storage: Storage,
  call: Call,
  sessions: Sessions,
  id: string,
): Promise<Response | Refusal> {
  const { c, query, bucket, bucketName, conditions } = call;
  const text = await c.req.text();
  const type = text === "" ? undefined : unservedType(c.req.header("content-type"), "json");
  if (type !== undefined) return storage.notServed(`${type} that begins an upload`);
  const body = text === "" ? {} : jsonOf(text);
  const problems = storage.check(methodId, { params: { bucket: bucketName }, body });
  if (body === undefined || problems.length > 0)
    return refusals.invalid(problems.join("; ") || "Parse Error");
  const strange = unservedField(body, servedFields);
  if (strange !== undefined) return storage.notServed(`the field ${strange} of ${methodId}`);
  const given = Resource.parse(body);
  const name = query("name") ?? given.name ?? "";
  const refusal = refusalOf(call, name, body, given);
  if (refusal !== undefined) return refusal;
  if (!meets(await bucket.find(name), conditions)) return refusals.conditionNotMet();
  const contentType =
    given.contentType ?? c.req.header("x-upload-content-type") ?? "application/octet-stream";
  sessions.open({
    id,
    bucket: bucketName,
    name,
    caller: call.email,
    resource: {
      ...withSums(c.req.header("x-goog-hash"), withQuery(call, { ...given, contentType })),
      announced: c.req.header("x-upload-content-length"),
    },
    conditions,
    file: bucket.files.incoming(id),
  });
  const location = new URL(`/upload/storage/v1/b/${bucketName}/o`, c.req.url);
  const fields = query("fields");
  location.search = new URLSearchParams({
    uploadType: "resumable",
    upload_id: id,
    ...(fields !== undefined && { fields }),
  }).toString();
  return new Response(null, { headers: { location: location.href, "x-guploader-uploadid": id } });
}

function withQuery(call: Call, resource: Resource): Resource {
  const contentEncoding = call.query("contentEncoding");
  return contentEncoding === undefined ? resource : { ...resource, contentEncoding };
}

const originOf = (c: Context): string => new URL(c.req.url).origin;

/** A PUT to an upload's address: a chunk, the rest, or the question how much is there. */
async function resumed(
  storage: Storage,
  sessions: Sessions,
  c: Context,
  id: string,
): Promise<Response | Refusal> {
  const bucketName = c.req.param("bucket") ?? "";
  const bucket = storage.bucketOf(bucketName);
  const session = sessions.find(bucketName, id);
  if (bucket === undefined || session === undefined) return refusals.noUpload();
  if (session.answer !== null)
    return new Response(session.answer, { headers: { "content-type": "application/json" } });
  const range = contentRange(c.req.header("content-range"));
  if (range === undefined) return refusals.invalid("Failed to parse Content-Range header.");
  const { file } = session;
  let have = bucket.files.size(file);
  let ended = range.total === have;
  if (range.kind === "bytes") {
    if (range.first > have) return incomplete(c, have);
    const before = have;
    await bucket.files.write(file, skipping(c.req.raw.body ?? [], have - range.first));
    have = bucket.files.size(file);
    // Bytes that are fewer or more than said are none of this upload.
    if (range.last !== undefined && have !== Math.max(before, range.last + 1)) {
      bucket.files.truncate(file, before);
      return refusals.invalid("The body is not as long as its Content-Range says.");
    }
    ended = range.total === undefined ? range.last === undefined : have === range.total;
    if (range.total !== undefined && have > range.total)
      return refusals.invalid("More bytes than announced.");
  }
  if (!ended) {
    const kept = have - (have % chunkBytes);
    if (kept !== have) bucket.files.truncate(file, kept);
    return incomplete(c, kept);
  }
  return finish(storage, sessions, session, bucket, c);
}

async function finish(
  storage: Storage,
  sessions: Sessions,
  session: Session,
  bucket: Bucket,
  c: Context,
): Promise<Response | Refusal> {
  const { id, bucket: bucketName, name, caller: email, conditions, file } = session;
  if (bucket.files.size(file) === 0) await bucket.files.write(file, []);
  const resource = withSums(c.req.header("x-goog-hash"), session.resource);
  const { announced } = session.resource;
  const size = bucket.files.size(file);
  if (announced !== undefined && announced !== String(size)) {
    sessions.drop(id);
    bucket.files.remove(file);
    return storage.notServed(`an upload of ${size} bytes that said it had ${announced}`);
  }
  const staged = { file, digest: await bucket.files.digest(file) };
  const answer = await commit(
    storage,
    { bucket, email, bucketName, conditions, origin: originOf(c), fields: c.req.query("fields") },
    name,
    staged,
    resource,
  );
  if (answer instanceof Response && answer.ok) sessions.end(id, await answer.clone().text());
  else sessions.drop(id);
  return answer;
}

/** Skips the first `bytes`: a client repeats what it does not know to have arrived. */
async function* skipping(chunks: Bytes, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** 308 is a redirect to many HTTP stacks: clients that cannot read it say so, and get it in a header. */
function incomplete(c: Context, have: number): Response {
  const headers = new Headers(have === 0 ? {} : { range: `bytes=0-${have - 1}` });
  if (c.req.header("x-guploader-no-308") !== "yes") return new Response(null, { status: 308, headers });
  headers.set("x-http-status-code-override", "308");
  return new Response(null, { status: 200, headers });
}
