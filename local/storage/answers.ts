// Answers of Cloud Storage, in its own words: the object resource and the errors of the JSON API.
// Errors: https://cloud.google.com/storage/docs/json_api/v1/status-codes
import type { Attributes, StoredObject } from "./objects.ts";

/** An answer that is an error; a value, for most of them are expected. */
export type Refusal = {
  status: number;
  reason: string;
  message: string;
  header?: { location: string; type: string };
};

/** The object resource, as far as this far end knows it. `origin` makes its links point back here. */
export function objectResource(object: StoredObject, origin: string): Record<string, unknown> & Attributes {
  const { bucket, name, generation, metageneration, created } = object;
  const path = `storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
  return {
    kind: "storage#object",
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin}/${path}`,
    mediaLink: `${origin}/download/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation: String(generation),
    metageneration: String(metageneration),
    storageClass: "STANDARD",
    size: String(object.size),
    ...(object.md5 === "" ? { componentCount: 2 } : { md5Hash: object.md5 }),
    crc32c: object.crc32c,
    etag: Buffer.from(`${generation}/${metageneration}`).toString("base64"),
    timeCreated: created,
    updated: created,
    timeStorageClassUpdated: created,
    timeFinalized: created,
    ...object.attributes,
  };
}

/** Place of a bucket of which nothing else is said: machines of the sample hub are in the same one. */
const defaultLocation = "US-CENTRAL1";

export function bucketResource(
  name: string,
  opened: string,
  location = defaultLocation,
): Record<string, unknown> {
  return {
    kind: "storage#bucket",
    id: name,
    name,
    location,
    storageClass: "STANDARD",
    metageneration: "1",
    timeCreated: opened,
    updated: opened,
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
  };
}

const multiRegions = ["ASIA", "EU", "US"];

/** Says where a bucket lies. One of two regions that have a name of their own does not list them. */
export function layoutResource(bucket: string, location = defaultLocation): Record<string, unknown> {
  const locationType = multiRegions.includes(location)
    ? "multi-region"
    : location.includes("-")
      ? "region"
      : "dual-region";
  return { kind: "storage#storageLayout", bucket, location, locationType };
}

export const refusals = {
  anonymous: (permission: string): Refusal => ({
    status: 401,
    reason: "required",
    message: `Anonymous caller does not have ${permission} access to the Google Cloud Storage ${thingOf(permission)}. Permission '${permission}' denied on resource (or it may not exist).`,
    header: { location: "Authorization", type: "header" },
  }),
  badToken: (): Refusal => ({
    status: 401,
    reason: "authError",
    message: "Invalid Credentials",
    header: { location: "Authorization", type: "header" },
  }),
  forbidden: (email: string, permission: string): Refusal => ({
    status: 403,
    reason: "forbidden",
    message: `${email} does not have ${permission} access to the Google Cloud Storage ${thingOf(permission)}. Permission '${permission}' denied on resource (or it may not exist).`,
  }),
  noBucket: (): Refusal => ({
    status: 404,
    reason: "notFound",
    message: "The specified bucket does not exist.",
  }),
  noObject: (bucket: string, name: string): Refusal => ({
    status: 404,
    reason: "notFound",
    message: `No such object: ${bucket}/${name}`,
  }),
  noUpload: (): Refusal => ({
    status: 404,
    reason: "notFound",
    message: "The upload session does not exist.",
  }),
  conditionNotMet: (): Refusal => ({
    status: 412,
    reason: "conditionNotMet",
    message: "At least one of the pre-conditions you specified did not hold.",
    header: { location: "If-Match", type: "header" },
  }),
  notModified: (): Refusal => ({ status: 304, reason: "notModified", message: "Not Modified" }),
  badRange: (): Refusal => ({
    status: 416,
    reason: "requestedRangeNotSatisfiable",
    message: "Request range not satisfiable",
  }),
  invalid: (message: string): Refusal => ({ status: 400, reason: "invalid", message }),
  /** https://cloud.google.com/storage/docs/objects#immutability */
  writtenTooOften: (bucket: string, name: string): Refusal => ({
    status: 429,
    reason: "rateLimitExceeded",
    message: `The object ${bucket}/${name} exceeded the rate limit for object mutation operations (create, update, and delete). Please reduce your request rate.`,
  }),
  notServed: (message: string): Refusal => ({ status: 501, reason: "notImplemented", message }),
  diskFull: (): Refusal => ({
    status: 507,
    reason: "insufficientStorage",
    message: "The disk that holds this bucket is full; nothing was changed. Make room and try again.",
  }),
  broken: (message: string): Refusal => ({ status: 500, reason: "backendError", message }),
};

const thingOf = (permission: string): string =>
  permission.startsWith("storage.buckets.") ? "bucket" : "object";

/** The refusal as an HTTP answer. A media download gets its message as plain text, as the vendor does. */
export function refusalAnswer(refusal: Refusal, as: "json" | "text" = "json"): Response {
  const { status, reason, message, header } = refusal;
  if (status === 304) return new Response(null, { status });
  const headers: Record<string, string> = {
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
  };
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="https://accounts.google.com/"';
  if (as === "text")
    return new Response(message, {
      status,
      headers: { ...headers, "content-type": "text/html; charset=UTF-8" },
    });
  const place = header === undefined ? {} : { locationType: header.type, location: header.location };
  const error = { code: status, message, errors: [{ message, domain: "global", reason, ...place }] };
  return Response.json({ error }, { status, headers });
}
