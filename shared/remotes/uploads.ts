// Ends the uploads in parts that machines have left open: nobody sees their bytes, and the store bills them. Only those of
// names that the transfer was to bring, begun while it had machines: all others are somebody's, and are counted. Cloud Storage drops its own after
// a week, and bills nothing.
import * as z from "zod";
import type { Remote } from "../settings.ts";
import { answerOf, listingOf, pathOf, refusedBy, type S3, type S3Deps, s3Of, Truncated } from "./s3.ts";

/** Uploads that were ended, and those below the target that are not the transfer's. */
export type Uploads = { ended: number; left: number };

/** Ends uploads and gives how many; "refused" where the store does not let us see them. */
export type EndUploads = (
  name: string,
  remote: Remote,
  of: { path: string; since: Date; until: Date; ours: OursOf },
) => Promise<Uploads | "refused">;

/** Tells which of these names, below the path, the transfer was to bring. */
export type OursOf = (names: readonly string[]) => Promise<ReadonlySet<string>>;

/** A store may tell the time of an upload by the whole second. No more is added: a machine takes longer than clocks differ until it uploads. */
const wholeMs = 1000;
const whole = (time: number): number => Math.floor(time / wholeMs);

const Listed = z.object({
  ListMultipartUploadsResult: z.object({
    IsTruncated: Truncated,
    NextKeyMarker: z.string().optional(),
    NextUploadIdMarker: z.string().optional(),
    Upload: z.array(z.object({ Key: z.string(), UploadId: z.string(), Initiated: z.string() })).default([]),
  }),
});
type Listed = z.infer<typeof Listed>["ListMultipartUploadsResult"];

export function uploadEnder(deps: S3Deps): EndUploads {
  return async (name, remote, of) => {
    switch (remote.kind) {
      case "gcs":
        return { ended: 0, left: 0 };
      case "s3":
        return endUploads(await s3Of(deps, name, remote), of);
      default:
        return remote satisfies never;
    }
  };
}

async function endUploads(
  s3: S3,
  { path, since, until, ours }: Parameters<EndUploads>[2],
): Promise<Uploads | "refused"> {
  const prefix = path === "" ? "" : `${path}/`;
  const isWithinTime = (initiated: string): boolean => {
    const at = Date.parse(initiated);
    return whole(at) >= whole(since.getTime()) && at <= until.getTime();
  };
  let [ended, left] = [0, 0];
  let after: After = {};
  for (;;) {
    const page = await pageOf(s3, prefix, after);
    if (page === "refused") return page;
    const below = page.Upload.filter(({ Key }) => Key.startsWith(prefix));
    const recent = below.flatMap(({ Key: key, UploadId: id, Initiated }) =>
      isWithinTime(Initiated) ? [{ key, name: key.slice(prefix.length), id }] : [],
    );
    const known = recent.length === 0 ? new Set() : await ours(recent.map(({ name }) => name));
    const own = recent.filter(({ name }) => known.has(name));
    for (const { key, id } of own) await end(s3, key, id);
    ended += own.length;
    left += below.length - own.length;
    if (page.IsTruncated === "false") return { ended, left };
    const { NextKeyMarker: key, NextUploadIdMarker: id } = page;
    if (key === undefined) throw refusedBy(s3, "unreadable");
    // Half of a listing is none, and one that goes in a circle has no end.
    if (key === after.key && id === after.id) throw refusedBy(s3, "unreadable");
    after = { key, ...(id === undefined ? {} : { id }) };
  }
}

/** Place where the next page begins. */
type After = { key?: string; id?: string };

async function pageOf(s3: S3, prefix: string, after: After): Promise<Listed | "refused"> {
  const query = {
    uploads: "",
    prefix,
    "max-uploads": "1000",
    ...(after.key === undefined ? {} : { "key-marker": after.key }),
    ...(after.id === undefined ? {} : { "upload-id-marker": after.id }),
  };
  // Ceph encodes these names where it is asked to, and does not say so in its answer (https://github.com/ceph/ceph/pull/30993).
  const answer = await listingOf(s3, query, "plain");
  if ("answer" in answer) {
    if ([401, 403, 405, 501].includes(answer.answer.status)) return "refused";
    throw refusedBy(s3, answer.answer);
  }
  const listed = Listed.safeParse(answer.listing);
  if (!listed.success) throw refusedBy(s3, "unreadable");
  return listed.data.ListMultipartUploadsResult;
}

/** One that is gone already is ended. */
async function end(s3: S3, key: string, id: string): Promise<void> {
  const answer = await s3.fetch(`${s3.base}/${pathOf(key)}?uploadId=${encodeURIComponent(id)}`, "DELETE");
  if (!answer.ok && answer.status !== 404) throw refusedBy(s3, await answerOf(answer));
  await answer.body?.cancel();
}
