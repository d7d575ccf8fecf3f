// Cloud Storage's JSON API as the real @google-cloud/storage (and rclone) speaks it: who may, what is refused, which words.
// Every request and every answer of ours is held against Google's discovery document.
import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Clock } from "../../shared/clock.ts";
import { discovery } from "../discovery/validate.ts";
import { violationList } from "../wire/called-routes.ts";
import { diskTrouble } from "../wire/disk.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import { afterToken, tokenAfter } from "../wire/page-token.ts";
import { rates } from "../wire/rate.ts";
import type { State } from "../wire/state.ts";
import { closed, notedFor } from "../wire/vocabulary.ts";
import {
  bucketResource,
  layoutResource,
  objectResource,
  type Refusal,
  refusalAnswer,
  refusals,
} from "./answers.ts";
import { type Bucket, type BucketOptions, openBucket } from "./bucket.ts";
import { downloadAnswer } from "./download.ts";
import type { Append } from "./files.ts";
import { insertRoutes } from "./insert.ts";
import { nameProblem } from "./names.ts";
import { meets, objectIndex, type Preconditions, type StoredObject } from "./objects.ts";
import { uploadSessions } from "./uploads.ts";
import { everywhere, vocabulary } from "./vocabulary.ts";

const api = discovery("storage.v1");

export type StorageOptions = {
  state: State;
  identities: Identities;
  faults: Faults;
  now: Clock;
  buckets: Record<string, BucketOptions>;
  /** Names of uploads; unguessable, for an upload's address is its own proof. */
  random?: () => string;
  /** Appends bytes to a file on the disk. */
  append?: Append;
};

/** A request that has got past the discovery document, the token and the bucket's name. */
export type Call = {
  c: Context;
  bucketName: string;
  bucket: Bucket;
  email: string;
  query: (name: string) => string | undefined;
  conditions: Preconditions;
  /** The refusal when the caller lacks a permission on objects that begin so. */
  forbids: (permission: string, name: string) => Refusal | undefined;
};

/** Tools that the routes share. */
export type Storage = {
  guard: (
    methodId: string,
    act: (call: Call) => Promise<Response | Refusal>,
  ) => (c: Context) => Promise<Response>;
  /** A JSON answer, checked, with the fields that are asked for. */
  answer: (methodId: string, body: unknown, fields: string | undefined) => Response;
  /** Lists what is wrong with a request, and notes it as well. */
  check: (methodId: string, request: Parameters<typeof api.checkRequest>[1]) => string[];
  /** Notes what is not served here, and refuses it. */
  notServed: (what: string) => Refusal;
  /** Counts a write that is about to be done, or refuses it. */
  writtenTooOften: (bucket: string, name: string) => Refusal | undefined;
  bucketOf: (name: string) => Bucket | undefined;
  identities: Identities;
};

/** The far end. `violations` lists requests and answers that Google's description forbids: a test expects none. */
export function storageFarEnd(options: StorageOptions): FarEnd & { violations: string[] } {
  const { state, identities, faults, now, random = randomUUID } = options;
  const objects = objectIndex(state, now);
  const sessions = uploadSessions(state);
  const buckets = new Map(
    Object.entries(options.buckets).map(([name, bucket]) => [
      name,
      openBucket(name, { ...bucket, objects, append: options.append, uploads: sessions.files(name) }),
    ]),
  );
  const writes = rates();
  const opened = now().toISOString();
  const violations = violationList();
  const noted = notedFor("Cloud Storage", violations);

  const storage: Storage = {
    identities,
    bucketOf: (name) => buckets.get(name),
    writtenTooOften(bucket, name) {
      const rate = faults.sky.objectWrites();
      const calls = rate === undefined ? [] : [{ of: `${bucket}/${name}`, rate }];
      return writes.over(calls, now().getTime()) && refusals.writtenTooOften(bucket, name);
    },
    check(methodId, request) {
      const problems = api.checkRequest(methodId, request);
      violations.push(...problems);
      return problems;
    },
    answer(methodId, body, fields) {
      const problems = api.checkAnswer(methodId, body);
      violations.push(...problems);
      if (problems.length > 0) return refusalAnswer(refusals.broken(problems.join("; ")));
      const cut = api.pick(methodId, body, fields);
      return "foreign" in cut
        ? refusalAnswer(refusals.invalid(`Invalid field selection ${cut.foreign}`))
        : Response.json(cut.body);
    },
    notServed: (what) => refusals.notServed(noted(what)),
    guard: (methodId, act) => async (c) => {
      const outcome = await enter(methodId, c, act);
      if (outcome instanceof Response) return outcome;
      return refusalAnswer(outcome, c.req.query("alt") === "media" ? "text" : "json");
    },
  };

  async function enter(
    methodId: string,
    c: Context,
    act: (call: Call) => Promise<Response | Refusal>,
  ): Promise<Response | Refusal> {
    const params = c.req.param();
    const problems = storage.check(methodId, { params, query: c.req.queries() });
    if (problems.length > 0) return refusals.invalid(problems.join("; "));
    const query = (name: string): string | undefined => c.req.query(name);
    const authorization = c.req.header("authorization");
    const caller = identities.callerOf(authorization);
    if (caller === undefined)
      return authorization === undefined
        ? refusals.anonymous(permissionOf[methodId] ?? "")
        : refusals.badToken();
    const bucketName = params["bucket"] ?? "";
    const bucket = buckets.get(bucketName);
    if (bucket === undefined) return refusals.noBucket();
    return act({
      c,
      bucketName,
      bucket,
      email: caller.email,
      query,
      conditions: conditionsOf(query),
      forbids: (permission, name) =>
        identities.may(caller.email, permission, `buckets/${bucketName}/objects/${name}`)
          ? undefined
          : refusals.forbidden(caller.email, permission),
    });
  }

  const app = new Hono();
  app.use(failing("storage", faults));
  app.use(closed(vocabulary, everywhere, (what) => refusalAnswer(storage.notServed(what))));
  app.get(
    "/storage/v1/b/:bucket",
    storage.guard("storage.buckets.get", async ({ bucketName, email, query }) => {
      if (!identities.may(email, "storage.buckets.get", `buckets/${bucketName}`))
        return refusals.forbidden(email, "storage.buckets.get");
      const { location } = options.buckets[bucketName] ?? {};
      return storage.answer(
        "storage.buckets.get",
        bucketResource(bucketName, opened, location),
        query("fields"),
      );
    }),
  );
  app.get(
    "/storage/v1/b/:bucket/storageLayout",
    storage.guard("storage.buckets.getStorageLayout", async ({ bucketName, forbids, query }) => {
      const location = options.buckets[bucketName]?.location;
      return (
        forbids("storage.objects.list", query("prefix") ?? "") ??
        storage.answer(
          "storage.buckets.getStorageLayout",
          layoutResource(bucketName, location),
          query("fields"),
        )
      );
    }),
  );
  app.get(
    "/storage/v1/b/:bucket/o",
    storage.guard("storage.objects.list", (call) => list(storage, call)),
  );
  for (const path of ["/storage/v1/b/:bucket/o/:object", "/download/storage/v1/b/:bucket/o/:object"])
    app.get(
      path,
      storage.guard("storage.objects.get", (call) => get(storage, call)),
    );
  app.delete(
    "/storage/v1/b/:bucket/o/:object",
    storage.guard("storage.objects.delete", (call) => remove(storage, call)),
  );
  insertRoutes(app, storage, sessions, random);
  offerRoutes("storage", app);
  app.onError((error) =>
    refusalAnswer(
      diskTrouble(error) === "full"
        ? refusals.diskFull()
        : refusals.broken(`The far end failed: ${error.message}`),
    ),
  );
  return { fetch: app.fetch, violations };
}

const permissionOf: Record<string, string> = {
  "storage.buckets.get": "storage.buckets.get",
  "storage.buckets.getStorageLayout": "storage.objects.list",
  "storage.objects.list": "storage.objects.list",
  "storage.objects.get": "storage.objects.get",
  "storage.objects.insert": "storage.objects.create",
  "storage.objects.delete": "storage.objects.delete",
};

function conditionsOf(query: (name: string) => string | undefined): Preconditions {
  const names = [
    "ifGenerationMatch",
    "ifGenerationNotMatch",
    "ifMetagenerationMatch",
    "ifMetagenerationNotMatch",
  ] as const;
  return Object.fromEntries(
    names.map((name) => [name, query(name)]).filter(([, value]) => value !== undefined),
  );
}

async function list(storage: Storage, { c, bucket, query, forbids }: Call): Promise<Response | Refusal> {
  const prefix = query("prefix") ?? "";
  const forbidden = forbids("storage.objects.list", prefix);
  if (forbidden !== undefined) return forbidden;
  const token = query("pageToken");
  const after = token === undefined || token === "" ? undefined : afterToken(token);
  if (token && after === undefined) return refusals.invalid("Invalid page token.");
  const { items, prefixes, next } = await bucket.list({
    prefix,
    delimiter: query("delimiter") ?? "",
    startOffset: query("startOffset") ?? "",
    endOffset: query("endOffset") ?? "",
    limit: Math.min(Number(query("maxResults") ?? 1000) || 1000, 1000),
    after,
  });
  const { origin } = new URL(c.req.url);
  return storage.answer(
    "storage.objects.list",
    {
      kind: "storage#objects",
      ...(next === undefined ? {} : { nextPageToken: tokenAfter(next) }),
      ...(prefixes.length === 0 ? {} : { prefixes }),
      ...(items.length === 0 ? {} : { items: items.map((item) => objectResource(item, origin)) }),
    },
    query("fields"),
  );
}

/** The live object, or why the caller does not get it: who may not list is not told that there is none. */
async function live(
  call: Call,
  permission: string,
): Promise<{ name: string; object: StoredObject } | Refusal> {
  const name = call.c.req.param("object") ?? "";
  const problem = nameProblem(name);
  if (problem !== undefined) return refusals.invalid(problem);
  const forbidden = call.forbids(permission, name);
  if (forbidden !== undefined) return forbidden;
  const object = await call.bucket.find(name);
  const generation = call.query("generation");
  if (object === undefined || (generation !== undefined && generation !== String(object.generation)))
    return call.forbids("storage.objects.list", name) === undefined
      ? refusals.noObject(call.bucketName, name)
      : refusals.forbidden(call.email, permission);
  return { name, object };
}

async function get(storage: Storage, call: Call): Promise<Response | Refusal> {
  const isMedia = call.query("alt") === "media";
  if (!isMedia && call.c.req.path.startsWith("/download/"))
    return storage.notServed("a download without alt=media");
  if (!isMedia && call.c.req.header("range") !== undefined)
    return storage.notServed("the header range without alt=media");
  if (/,/.test(call.c.req.header("range") ?? "")) return storage.notServed("more than one range");
  const found = await live(call, "storage.objects.get");
  if ("status" in found) return found;
  const { object } = found;
  const { ifGenerationNotMatch, ifMetagenerationNotMatch, ...must } = call.conditions;
  if (!meets(object, must)) return refusals.conditionNotMet();
  if (!meets(object, call.conditions)) return refusals.notModified();
  if (!isMedia)
    return storage.answer(
      "storage.objects.get",
      objectResource(object, new URL(call.c.req.url).origin),
      call.query("fields"),
    );
  const [range, acceptEncoding] = [call.c.req.header("range"), call.c.req.header("accept-encoding")];
  return downloadAnswer(call.bucket, object, { range, acceptEncoding });
}

async function remove(storage: Storage, call: Call): Promise<Response | Refusal> {
  const found = await live(call, "storage.objects.delete");
  if ("status" in found) return found;
  const outcome = await call.bucket.remove(found.name, (current) => {
    if (current === undefined) return refusals.noObject(call.bucketName, found.name);
    return meets(current, call.conditions)
      ? storage.writtenTooOften(call.bucketName, found.name)
      : refusals.conditionNotMet();
  });
  return "refused" in outcome ? outcome.refused : new Response(null, { status: 204 });
}
