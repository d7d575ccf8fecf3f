// Ways for bytes to come in: the two parts of a multipart upload, and the sessions of resumable ones, which outlive a restart.
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import type { State } from "../wire/state.ts";
import { Attributes, type Preconditions } from "./objects.ts";

/** The part of an object resource that an uploader may send; the checksums are held against what arrives. */
export const Resource = Attributes.extend({
  name: z.string().optional(),
  bucket: z.string().optional(),
  md5Hash: z.string().optional(),
  crc32c: z.string().optional(),
});
export type Resource = z.infer<typeof Resource>;

/** Fields of a resource that are served: what is kept, what is refused by itself, and what is so anyway. */
export const servedFields = [
  ...Object.keys(Resource.shape),
  "acl",
  "kind=storage#object",
  "storageClass=STANDARD",
];

/** Adds the sums that a header says. https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash */
export function withSums(header: string | undefined, resource: Resource): Resource {
  const sums = Object.fromEntries(
    (header ?? "")
      .split(",")
      .map((pair) => [pair.slice(0, pair.indexOf("=")).trim(), pair.slice(pair.indexOf("=") + 1).trim()]),
  );
  return {
    ...resource,
    ...("crc32c" in sums ? { crc32c: sums["crc32c"] } : {}),
    ...("md5" in sums ? { md5Hash: sums["md5"] } : {}),
  };
}

/** Cuts multipart/related into its JSON and its bytes; undefined when it is not that. */
export function splitMultipart(
  contentType: string,
  body: Buffer,
):
  | { json: unknown; contentType: string | undefined; bytes: Buffer; strange: string | undefined }
  | undefined {
  const [, quoted, bare] =
    /^multipart\/related\s*;.*?boundary=(?:"([^"]+)"|'?([^;'\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`--${boundary}`);
  const starts: number[] = [];
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length))
    if (at === 0 || body[at - 1] === 0x0a) starts.push(at);
  const [first, second] = starts;
  const end = starts.at(-1);
  // Two parts, and an end.
  if (starts.length !== 3 || first === undefined || second === undefined || end === undefined)
    return undefined;
  if (body.subarray(end + delimiter.length, end + delimiter.length + 2).toString() !== "--") return undefined;
  const head = partOf(body.subarray(first + delimiter.length, second));
  const media = partOf(body.subarray(second + delimiter.length, end));
  if (head === undefined || media === undefined) return undefined;
  const json = jsonOf(head.bytes.toString("utf8"));
  const strange = [head, media].flatMap(({ fields }) => fields).find((each) => !asTheyCome.test(each));
  const { contentType: type, bytes } = media;
  return json === undefined
    ? undefined
    : { json, contentType: type, bytes, strange: strange && `the header ${strange}` };
}

/** Headers of a part whose bytes are meant as they come; gcloud's library says so. */
const asTheyCome = /^(?:content-type:|mime-version:|content-transfer-encoding:\s*(?:binary|[78]bit)$)/i;

type Piece = { contentType: string | undefined; fields: string[]; bytes: Buffer };

function partOf(part: Buffer): Piece | undefined {
  // Google takes bare line feeds too: its own Python library sends them.
  const [line] = /\r?\n/.exec(part.subarray(0, 200).toString("latin1")) ?? [];
  if (line === undefined || !part.subarray(-line.length).equals(Buffer.from(line))) return undefined;
  const gap = part.indexOf(line + line);
  if (gap === -1) return undefined;
  const text = part.subarray(0, gap).toString();
  const [, contentType] = /^content-type:\s*(.*?)\s*$/im.exec(text) ?? [];
  const fields = [...text.matchAll(/^[\w-]+:.*?(?=\s*$)/gm)].map(([field]) => field);
  return { contentType, fields, bytes: part.subarray(gap + 2 * line.length, -line.length) };
}

/** Range that a PUT to an upload session gives for its body. */
export type ContentRange =
  /** `bytes *\/N`: nothing is sent, only asked how much is there. */
  | { kind: "status"; total: number | undefined }
  /** `last` is undefined when the body goes on to the object's end. */
  | { kind: "bytes"; first: number; last: number | undefined; total: number | undefined };

/** Reads Content-Range; without one the body is the whole object. Undefined for what is none. */
export function contentRange(header: string | undefined): ContentRange | undefined {
  if (header === undefined) return { kind: "bytes", first: 0, last: undefined, total: undefined };
  const [, first, last, total] = /^bytes (?:\*|(\d+)-(\d+|\*))\/(\d+|\*)$/.exec(header) ?? [];
  if (total === undefined) return undefined;
  const whole = total === "*" ? undefined : Number(total);
  if (first === undefined) return { kind: "status", total: whole };
  return { kind: "bytes", first: Number(first), last: last === "*" ? undefined : Number(last), total: whole };
}

/** Unit of a chunk that is not the last one, in bytes: only a multiple of it is kept. */
export const chunkBytes = 256 * 1024;

/** Resource that an upload was begun with, and how many bytes it said that there would be. */
const Announced = Resource.extend({ announced: z.string().optional() });

const Session = z.object({
  id: z.string(),
  bucket: z.string(),
  name: z.string(),
  /** Caller that opened it: a session's address is its own proof, so later calls carry no token. */
  caller: z.string(),
  resource: z.string().transform((text) => Announced.parse(JSON.parse(text))),
  conditions: z
    .string()
    .transform((text): Preconditions => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  file: z.string(),
  /** The answer that ended it, for a client that missed it. */
  answer: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;
export type Sessions = ReturnType<typeof uploadSessions>;

/** The open resumable uploads. How much of one has arrived is its file's size, and stands nowhere else. */
export function uploadSessions(state: State) {
  state.exec(`CREATE TABLE IF NOT EXISTS storage_upload (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, name TEXT NOT NULL, caller TEXT NOT NULL, resource TEXT NOT NULL,
    conditions TEXT NOT NULL, file TEXT NOT NULL, answer TEXT) WITHOUT ROWID`);
  const one = state.prepare("SELECT * FROM storage_upload WHERE id = ? AND bucket = ?");
  const open = state.prepare("INSERT INTO storage_upload VALUES (?, ?, ?, ?, ?, ?, ?, NULL)");
  const end = state.prepare("UPDATE storage_upload SET answer = ? WHERE id = ?");
  const drop = state.prepare("DELETE FROM storage_upload WHERE id = ?");
  const files = state.prepare("SELECT file FROM storage_upload WHERE bucket = ? AND answer IS NULL");
  return {
    find: (bucket: string, id: string): Session | undefined => Session.optional().parse(one.get(id, bucket)),
    open(session: Omit<Session, "answer">): void {
      const { id, bucket, name, caller, resource, conditions, file } = session;
      open.run(id, bucket, name, caller, JSON.stringify(resource), JSON.stringify(conditions), file);
    },
    end(id: string, answer: string): void {
      end.run(answer, id);
    },
    drop(id: string): void {
      drop.run(id);
    },
    files: (bucket: string): string[] => files.all(bucket).map((row) => z.string().parse(row["file"])),
  };
}
