// Ends the uploads in parts that machines have left open: nobody sees their bytes, and the store bills them. Only those of
// names that the transfer was to bring, begun after it. Cloud Storage drops its own after a week, and bills nothing.
import { z } from "zod";
import { passing } from "../errors.ts";
import type { Remote } from "../settings.ts";
import { listingOf, plainKey, type S3, type S3Deps, s3Of } from "./s3.ts";

/** How many were ended; "refused" where the store does not let us see them. */
export type EndUploads = (
  name: string,
  remote: Remote,
  of: { path: string; names: ReadonlySet<string>; since: Date },
) => Promise<number | "refused">;

/** Clocks differ; an upload of somebody else that is this much older is let be. */
const slackMs = 60_000;

const Listed = z.object({
  ListMultipartUploadsResult: z.object({
    IsTruncated: z.string(),
    NextKeyMarker: z.string().optional(),
    NextUploadIdMarker: z.string().optional(),
    Upload: z.array(z.object({ Key: z.string(), UploadId: z.string(), Initiated: z.string() })).default([]),
  }),
});
type Listed = z.infer<typeof Listed>["ListMultipartUploadsResult"];

export function uploadEnder(deps: S3Deps): EndUploads {
  return async (name, remote, { path, names, since }) => {
    if (remote.kind !== "s3") return 0;
    const s3 = await s3Of(deps, name, remote);
    const prefix = path === "" ? "" : `${path}/`;
    let ended = 0;
    let after: Pick<Listed, "NextKeyMarker" | "NextUploadIdMarker"> = {};
    for (;;) {
      const page = await pageOf(s3, prefix, after);
      if (page === "refused") return page;
      for (const { Key, UploadId, Initiated } of page.Upload) {
        const key = plainKey(Key);
        const ours = key.startsWith(prefix) && names.has(key.slice(prefix.length));
        if (!ours || !(Date.parse(Initiated) >= since.getTime() - slackMs)) continue;
        await end(s3, key, UploadId);
        ended += 1;
      }
      if (page.IsTruncated !== "true") return ended;
      if (page.NextKeyMarker === undefined) throw passing("a listing was cut short by the S3 store");
      after = page;
    }
  };
}

async function pageOf(
  s3: S3,
  prefix: string,
  after: Pick<Listed, "NextKeyMarker" | "NextUploadIdMarker">,
): Promise<Listed | "refused"> {
  const answer = await listingOf(s3, {
    uploads: "",
    prefix,
    "max-uploads": "1000",
    ...(after.NextKeyMarker === undefined ? {} : { "key-marker": plainKey(after.NextKeyMarker) }),
    ...(after.NextUploadIdMarker === undefined ? {} : { "upload-id-marker": after.NextUploadIdMarker }),
  });
  if ("listing" in answer) return Listed.parse(answer.listing).ListMultipartUploadsResult;
  if ([401, 403, 405, 501].includes(answer.status)) return "refused";
  throw Object.assign(new Error("a listing of uploads failed at the S3 store"), { code: answer.status });
}

/** One that is gone already is ended. */
async function end(s3: S3, key: string, id: string): Promise<void> {
  const path = key.split("/").map(strict).join("/");
  const answer = await s3.fetch(`${s3.base}/${path}?uploadId=${encodeURIComponent(id)}`, "DELETE");
  await answer.body?.cancel();
  if (!answer.ok && answer.status !== 404)
    throw Object.assign(new Error("an open upload was not ended by the S3 store"), { code: answer.status });
}

/** As a signature has it: encodeURIComponent leaves a few letters alone. */
const strict = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
