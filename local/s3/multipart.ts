// Uploads in parts: begun, brought part by part, completed or given up. They live as long as the process.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import type { Bucket, Staged } from "../storage/bucket.ts";
import type { Attributes } from "../storage/objects.ts";
import { attributesOf, type Call, hex, tagKey } from "./call.ts";
import { commit } from "./objects.ts";
import { stage } from "./staging.ts";
import { failures, uploadsOf, xml } from "./xml.ts";

type Upload = {
  begun: string;
  bucket: string;
  key: string;
  attributes: Attributes & { metadata: Record<string, string> };
  parts: Map<number, Staged>;
};

/** Bytes of each part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const smallestPart = 5 * 1024 * 1024;
const mostParts = 10_000;

export function multipart(now: Clock) {
  const uploads = new Map<string, Upload>();

  const uploadOf = ({ name, key, query }: Call): Upload | undefined => {
    const upload = uploads.get(query.get("uploadId") ?? "");
    return upload?.bucket === name && upload.key === key ? upload : undefined;
  };

  function drop({ bucket, query }: Call): void {
    const id = query.get("uploadId") ?? "";
    for (const { file } of uploads.get(id)?.parts.values() ?? []) bucket.files.remove(file);
    uploads.delete(id);
  }

  return {
    begin({ c, name, key }: Call): Response {
      const id = randomUUID();
      const attributes = attributesOf(c);
      uploads.set(id, { begun: now().toISOString(), bucket: name, key, attributes, parts: new Map() });
      return xml(
        `<InitiateMultipartUploadResult><Bucket>${name}</Bucket><Key>${encodeURIComponent(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      );
    },

    async bring(call: Call): Promise<Response> {
      const upload = uploadOf(call);
      const number = Number(call.query.get("partNumber") ?? "");
      if (upload === undefined) return failures.refuse("NoSuchUpload", call.c);
      if (!Number.isInteger(number) || number < 1 || number > mostParts)
        return failures.refuse("InvalidArgument", call.c);
      const staged = await stage(call);
      if (staged instanceof Response) return staged;
      const before = upload.parts.get(number);
      if (before !== undefined) call.bucket.files.remove(before.file);
      upload.parts.set(number, staged);
      return new Response(null, { status: 200, headers: { etag: `"${hex(staged.digest.md5)}"` } });
    },

    async complete(call: Call): Promise<Response> {
      const { c, bucket, name, key } = call;
      const upload = uploadOf(call);
      if (upload === undefined) return failures.refuse("NoSuchUpload", c);
      const parts = partsOf(await c.req.text(), upload);
      if (typeof parts === "string") return failures.refuse(parts, c);
      const staged = await bucket.stage(randomUUID(), joined(bucket, parts));
      const sum = createHash("md5");
      for (const { digest } of parts) sum.update(Buffer.from(digest.md5, "base64"));
      const tag = `${sum.digest("hex")}-${parts.length}`;
      const { attributes } = upload;
      const metadata = { ...attributes.metadata, [tagKey]: tag };
      const stored = await commit(call, staged, { ...attributes, metadata });
      if (stored instanceof Response) return stored;
      drop(call);
      return xml(
        `<CompleteMultipartUploadResult><Bucket>${name}</Bucket><Key>${encodeURIComponent(key)}</Key><ETag>"${tag}"</ETag></CompleteMultipartUploadResult>`,
      );
    },

    abort(call: Call): Response {
      if (uploadOf(call) === undefined) return failures.refuse("NoSuchUpload", call.c);
      drop(call);
      return new Response(null, { status: 204 });
    },

    list: ({ name, query, c }: Call): Response => uploadsOf(name, uploads, query, c),
  };
}

/** Gives the parts of a completion, or why it is refused: each with its tag, in ascending order, none too small but the last. */
function partsOf(
  body: string,
  { parts }: Upload,
): Staged[] | "MalformedXML" | "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall" {
  const asked = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(part)?.[1]),
    tag: /<ETag>\s*(?:"|&quot;|&#34;)?([^"&<\s]*)/.exec(part)?.[1],
  }));
  if (asked.length === 0 || asked.some(({ number, tag }) => Number.isNaN(number) || tag === undefined))
    return "MalformedXML";
  if (asked.some(({ number }, index) => index > 0 && number <= (asked[index - 1]?.number ?? 0)))
    return "InvalidPartOrder";
  const found = asked.flatMap(({ number, tag }) => {
    const part = parts.get(number);
    return part !== undefined && hex(part.digest.md5) === tag ? [part] : [];
  });
  if (found.length < asked.length) return "InvalidPart";
  return found.slice(0, -1).some(({ digest }) => digest.size < smallestPart) ? "EntityTooSmall" : found;
}

async function* joined(bucket: Bucket, parts: readonly Staged[]): AsyncGenerator<Uint8Array> {
  for (const { file } of parts) {
    const opened = bucket.files.open(file);
    if (opened === undefined) throw new Error("a part is gone");
    const bytes = opened.read(0, opened.size);
    if (bytes instanceof Uint8Array) yield bytes;
    else for await (const chunk of bytes) yield chunk;
  }
}
