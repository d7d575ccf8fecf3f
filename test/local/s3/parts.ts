// Objects put in parts into an S3 store, as rclone and others do: their ETag is no MD5 of the whole.
import { hash } from "node:crypto";
import type { AwsClient } from "aws4fetch";

const mebibytes = 1024 * 1024;

/** Header by which rclone leaves the MD5 of the whole with an object that it puts in parts. */
export const rcloneSum = (md5: string): Record<string, string> => ({
  "x-amz-meta-md5chksum": Buffer.from(md5, "hex").toString("base64"),
});

/** Puts an object in parts of 5 MiB. */
export async function putInParts(
  client: Pick<AwsClient, "fetch">,
  address: string,
  { whole, headers = {} }: { whole: Buffer; headers?: Record<string, string> },
): Promise<void> {
  const begun = await client.fetch(`${address}?uploads=`, { method: "POST", headers });
  const id = /<UploadId>(.*)<\/UploadId>/.exec(await begun.text())?.[1];
  const tags: string[] = [];
  for (let from = 0; from < whole.length; from += 5 * mebibytes) {
    const at = `${address}?partNumber=${tags.length + 1}&uploadId=${id}`;
    const body = new Uint8Array(whole.subarray(from, from + 5 * mebibytes));
    tags.push((await client.fetch(at, { method: "PUT", body })).headers.get("etag") ?? "");
  }
  const list = tags.map(
    (tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
  const ended = await client.fetch(`${address}?uploadId=${id}`, { method: "POST", body });
  if (!ended.ok) throw new Error(`the parts were not put together: ${ended.status}`);
}

export const md5Of = (bytes: Buffer | string): string => hash("md5", bytes);
