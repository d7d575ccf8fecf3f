// Words of a store on an object that its listing does not have: one HEAD each. S3 alone is asked: of an object put in parts rclone leaves the
// MD5 of the whole with it (https://rclone.org/s3/#multipart-uploads), and the answer tells whether an ETag is an MD5, and what stands
// beside the bytes. The listings of Cloud Storage say what it knows.
import type { Remote } from "../settings.ts";
import { besideInS3, type Described } from "./beside.ts";
import { answerOf, pathOf, refusedBy, type S3, type S3Deps, s3Of } from "./s3.ts";

type Named = { path: string; names: readonly string[] };

/** Asks a store for MD5s, in hex, of objects below a path; whoever has none is left out. */
export type AskSums = (name: string, remote: Remote, of: Named) => Promise<Map<string, string>>;

/** Asks a store what stands beside the bytes of objects below a path. */
export type Describe = (name: string, remote: Remote, of: Named) => Promise<Described[]>;

/** Questions at a time. */
const atOnce = 32;

/** Makes what asks for MD5s. Asking throws a `Failure` where the store refuses. */
export const sumsAsker =
  (deps: S3Deps): AskSums =>
  async (name, remote, of) => {
    const found = new Map<string, string>();
    await heads(deps, { name, remote, of }, (object, headers) => {
      const sum = sumIn(headers);
      if (sum !== undefined) found.set(object, sum);
    });
    return found;
  };

/** Makes what asks for all that stands beside bytes. Asking throws a `Failure` where the store refuses. */
export const describer =
  (deps: S3Deps): Describe =>
  async (name, remote, of) => {
    const found: Described[] = [];
    await heads(deps, { name, remote, of }, (object, headers) => {
      found.push({ name: object, beside: besideInS3(headers) });
    });
    return found;
  };

/** Asks for the head of each object; one of which the store tells nothing has none. */
async function heads(
  deps: S3Deps,
  { name, remote, of: { path, names } }: { name: string; remote: Remote; of: Named },
  take: (object: string, headers: Headers) => void,
): Promise<void> {
  switch (remote.kind) {
    case "gcs":
      return;
    case "s3": {
      const s3 = await s3Of(deps, name, remote);
      const left = names.values();
      const work = async (): Promise<void> => {
        for (const one of left) {
          const headers = await headOf(s3, path === "" ? one : `${path}/${one}`);
          if (headers !== undefined) take(one, headers);
        }
      };
      await Promise.all(Array.from({ length: Math.min(atOnce, names.length) }, work));
      return;
    }
    default:
      remote satisfies never;
  }
}

/** Gone; or a key that may list and write, and not read; or a store that has no such question. */
const tellsNothing: ReadonlySet<number> = new Set([403, 404, 405, 501]);

async function headOf(s3: S3, key: string): Promise<Headers | undefined> {
  const answer = await s3.fetch(`${s3.base}/${pathOf(key)}`, "HEAD");
  await answer.body?.cancel();
  if (tellsNothing.has(answer.status)) return undefined;
  if (!answer.ok) throw refusedBy(s3, await answerOf(answer));
  return answer.headers;
}

function sumIn(headers: Headers): string | undefined {
  const told = Buffer.from(headers.get("x-amz-meta-md5chksum") ?? "", "base64");
  if (told.length === 16) return told.toString("hex");
  const tag = (headers.get("etag") ?? "").replaceAll('"', "");
  return /^[0-9a-f]{32}$/.test(tag) && isSumOfBytes(headers) ? tag : undefined;
}

/** Encryption by keys of the owner makes the ETag something else (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html). */
const isSumOfBytes = (headers: Headers): boolean =>
  [null, "AES256"].includes(headers.get("x-amz-server-side-encryption")) &&
  headers.get("x-amz-server-side-encryption-customer-algorithm") === null;
