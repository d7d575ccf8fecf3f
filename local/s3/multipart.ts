// Uploads in parts: begun, brought part by part, completed or given up. They live as long as the process.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import type { Bucket } from "../storage/bucket.ts";
import type { Attributes } from "../storage/objects.ts";
import { attributesOf, type Call, hex, keptSums, saysTooMuch, tagKey } from "./call.ts";
import { commit } from "./objects.ts";
import { type Summed, stage } from "./staging.ts";
import { algorithmsOf, composite, elements, given, typeOf } from "./sums.ts";
import { escaped, failures, uploadsOf, xml } from "./xml.ts";

type Upload = {
  begun: string;
  bucket: string;
  key: string;
  attributes: Attributes & { metadata: Record<string, string> };
  /** Algorithm of the sum that the whole has in the end. */
  algorithm: string | undefined;
  parts: Map<number, Summed>;
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
      if (saysTooMuch(attributes)) return failures.refuse("MetadataTooLarge", c);
      const algorithm = c.req.header("x-amz-checksum-algorithm");
      const type = c.req.header("x-amz-checksum-type");
      if (type !== undefined && algorithm === undefined) return failures.refuse("InvalidRequest", c);
      const begun = now().toISOString();
      uploads.set(id, { begun, bucket: name, key, attributes, algorithm, parts: new Map() });
      return xml(
        `<InitiateMultipartUploadResult><Bucket>${name}</Bucket><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        200,
        algorithm === undefined
          ? {}
          : { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": "COMPOSITE" },
      );
    },

    async bring(call: Call): Promise<Response> {
      const upload = uploadOf(call);
      const asked = call.query.get("partNumber") ?? "";
      const number = /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
      if (upload === undefined) return failures.refuse("NoSuchUpload", call.c);
      if (number < 1 || number > mostParts) return failures.refuse("InvalidArgument", call.c);
      // Wants a sum by the algorithm with which the upload was begun, where it was begun with one.
      const by = algorithmsOf((header) => call.c.req.header(header));
      const wanted = upload.algorithm;
      if (wanted !== undefined && (by.length === 0 || by.some((one) => one !== wanted)))
        return failures.refuse(
          "InvalidRequest",
          call.c,
          `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ${by[0]?.toLowerCase() ?? null}`,
        );
      const staged = await stage(call);
      if (staged instanceof Response) return staged;
      const before = upload.parts.get(number);
      if (before !== undefined) call.bucket.files.remove(before.file);
      upload.parts.set(number, staged);
      const sums = given(staged.sums, (header) => call.c.req.header(header));
      return new Response(null, { headers: { etag: `"${hex(staged.digest.md5)}"`, ...sums } });
    },

    async complete(call: Call): Promise<Response> {
      const { c, bucket, name, key, payload } = call;
      const upload = uploadOf(call);
      if (upload === undefined) return failures.refuse("NoSuchUpload", c);
      const body = await c.req.text();
      if (/^[0-9a-f]{64}$/.test(payload) && payload !== createHash("sha256").update(body).digest("hex"))
        return failures.refuse("XAmzContentSHA256Mismatch", c);
      const parts = partsOf(body, upload);
      if (typeof parts === "string") return failures.refuse(parts, c);
      const staged = await bucket.stage(randomUUID(), joined(bucket, parts));
      const sum = createHash("md5");
      for (const { digest } of parts) sum.update(Buffer.from(digest.md5, "base64"));
      const tag = `${sum.digest("hex")}-${parts.length}`;
      const { attributes, algorithm } = upload;
      const sums =
        algorithm === undefined
          ? {}
          : composite(
              algorithm,
              parts.map((part) => part.sums),
            );
      const metadata = { ...attributes.metadata, ...keptSums(sums), [tagKey]: tag };
      const stored = await commit(call, staged, { ...attributes, metadata });
      if (stored instanceof Response) return stored;
      drop(call);
      return xml(
        `<CompleteMultipartUploadResult><Location>${escaped(c.req.url.split("?")[0] ?? "")}</Location><Bucket>${name}</Bucket><Key>${escaped(key)}</Key><ETag>"${tag}"</ETag>${elements(
          sums,
        )
          .map(
            ([element, sum]) => `<${element}>${sum}</${element}><ChecksumType>${typeOf(sum)}</ChecksumType>`,
          )
          .join("")}</CompleteMultipartUploadResult>`,
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
  { parts, algorithm }: Upload,
): Summed[] | "MalformedXML" | "InvalidRequest" | "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall" {
  // Parts in a comment, or outside of what completes an upload, are none.
  if (/<!--|<!\[CDATA/.test(body) || !/^\s*(?:<\?xml[^>]*\?>\s*)?<CompleteMultipartUpload[\s>]/.test(body))
    return "MalformedXML";
  const asked = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(part)?.[1]),
    tag: /<ETag>\s*(?:"|&quot;|&#34;)?([^"&<\s]*)/.exec(part)?.[1],
    sums: [...part.matchAll(/<(Checksum\w+)>\s*([^<\s]*)\s*<\//g)],
  }));
  if (asked.length === 0 || asked.some(({ number, tag }) => Number.isNaN(number) || tag === undefined))
    return "MalformedXML";
  if (asked.some(({ number }, index) => index > 0 && number <= (asked[index - 1]?.number ?? 0)))
    return "InvalidPartOrder";
  // https://github.com/apache/opendal/pull/4580: "The complete request must include the checksum for each part."
  if (
    algorithm !== undefined &&
    asked.some(({ sums }) => !sums.some(([, name]) => name === `Checksum${algorithm}`))
  )
    return "InvalidRequest";
  const found = asked.flatMap(({ number, tag, sums }) => {
    const part = parts.get(number);
    if (part === undefined || hex(part.digest.md5) !== tag) return [];
    const own = new Map(elements(part.sums));
    return sums.every(([, element = "", sum]) => own.get(element) === sum) ? [part] : [];
  });
  if (found.length < asked.length) return "InvalidPart";
  return found.slice(0, -1).some(({ digest }) => digest.size < smallestPart) ? "EntityTooSmall" : found;
}

async function* joined(bucket: Bucket, parts: readonly Summed[]): AsyncGenerator<Uint8Array> {
  for (const { file } of parts) {
    const opened = bucket.files.open(file);
    if (opened === undefined) throw new Error("a part is gone");
    const bytes = opened.read(0, opened.size);
    if (bytes instanceof Uint8Array) yield bytes;
    else for await (const chunk of bytes) yield chunk;
  }
}
