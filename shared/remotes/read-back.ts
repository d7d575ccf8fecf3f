// Reads an object of a remote to its end, for the MD5 of its bytes: what no listing says is told by nothing else.
import { createHash } from "node:crypto";
import type { Storage } from "@google-cloud/storage";
import type { Remote } from "../settings.ts";
import { answerOf, pathOf, refusedBy, type S3Deps, s3Of } from "./s3.ts";

/** Gives the MD5 of an object's bytes as they lie there, in hex. Throws where it cannot be read to its end. */
export type ReadSum = (name: string, remote: Remote, of: { path: string; name: string }) => Promise<string>;

/** Makes what reads objects; an S3 store's patience is that of `s3Patience`, for the whole object. */
export const sumReader =
  (deps: S3Deps & { storage: () => Promise<Storage> }): ReadSum =>
  async (remoteName, remote, { path, name }) => {
    const key = path === "" ? name : `${path}/${name}`;
    switch (remote.kind) {
      case "gcs": {
        const bucket = (await deps.storage()).bucket(remote.bucket);
        // Bytes as they are stored, and not as a reader without gzip would get them.
        return sumOf(bucket.file(key).createReadStream({ decompress: false }));
      }
      case "s3": {
        const s3 = await s3Of(deps, remoteName, remote);
        const answer = await s3.fetch(`${s3.base}/${pathOf(key)}`);
        if (!answer.ok) throw refusedBy(s3, await answerOf(answer));
        return sumOf(answer.body ?? []);
      }
      default:
        return remote satisfies never;
    }
  };

async function sumOf(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const sum = createHash("md5");
  for await (const piece of pieces) sum.update(piece);
  return sum.digest("hex");
}
