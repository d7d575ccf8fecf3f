// MD5s that a listing does not say and a store does, object by object: one HEAD each. S3 alone has them: of an object put in parts
// rclone leaves the MD5 of the whole with it (https://rclone.org/s3/#multipart-uploads), and the answer tells whether an ETag is one.
import type { Remote } from "../settings.ts";
import { answerOf, pathOf, refusedBy, type S3, type S3Deps, s3Of } from "./s3.ts";

/** Asks a store for MD5s, in hex, of objects below a path; whoever has none is left out. */
export type AskSums = (
  name: string,
  remote: Remote,
  of: { path: string; names: readonly string[] },
) => Promise<Map<string, string>>;

/** Questions at a time. */
const atOnce = 32;

export function sumsAsker(deps: S3Deps): AskSums {
  return async (name, remote, { path, names }) => {
    switch (remote.kind) {
      case "gcs":
        return new Map();
      case "s3": {
        const s3 = await s3Of(deps, name, remote);
        const found = new Map<string, string>();
        const left = names.values();
        const work = async (): Promise<void> => {
          for (const one of left) {
            const sum = await sumOf(s3, path === "" ? one : `${path}/${one}`);
            if (sum !== undefined) found.set(one, sum);
          }
        };
        await Promise.all(Array.from({ length: Math.min(atOnce, names.length) }, work));
        return found;
      }
      default:
        return remote satisfies never;
    }
  };
}

/** One that is gone meanwhile has none. */
async function sumOf(s3: S3, key: string): Promise<string | undefined> {
  const answer = await s3.fetch(`${s3.base}/${pathOf(key)}`, "HEAD");
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw refusedBy(s3, await answerOf(answer));
  const { headers } = answer;
  const told = Buffer.from(headers.get("x-amz-meta-md5chksum") ?? "", "base64");
  if (told.length === 16) return told.toString("hex");
  const tag = (headers.get("etag") ?? "").replaceAll('"', "");
  return /^[0-9a-f]{32}$/.test(tag) && isSumOfBytes(headers) ? tag : undefined;
}

/** Encryption by keys of the owner makes the ETag something else (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html). */
const isSumOfBytes = (headers: Headers): boolean =>
  [null, "AES256"].includes(headers.get("x-amz-server-side-encryption")) &&
  headers.get("x-amz-server-side-encryption-customer-algorithm") === null;
