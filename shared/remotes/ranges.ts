// Ranges of a path's names that can be listed at the same time: a store lists a thousand names a page, one page after the other, and
// only folders tell beforehand where its names lie.
import type { Storage } from "@google-cloud/storage";
import * as z from "zod";
import type { Remote } from "../settings.ts";
import { foldersIn, hasOnePage } from "../storage-pages.ts";
import { byBytes, endOf, type Range } from "./names.ts";
import { listingOf, plainKey, refusedBy, type S3Deps, s3Of, Truncated } from "./s3.ts";

type RangesDeps = S3Deps & { storage: () => Promise<Storage> };

/**
 * Cuts the names below a path of a remote into ranges, in their order: all names lie in just one of them. `inAnyOrder`: one of the stores that are
 * listed by them may order names folder by folder.
 */
export type RangesOf = (
  name: string,
  remote: Remote,
  of: { path: string; inAnyOrder: boolean },
) => Promise<Range[]>;

/** Ranges at most: each costs a page at each end that is not full. */
const mostRanges = 32;
/** A folder that holds nothing but one other is looked into, so often. */
const deepest = 4;

/** Gives the folders directly below a path of a remote, by their own names; the first thousand are enough to say what was perhaps meant. */
export type FoldersOf = (name: string, remote: Remote, path: string) => Promise<string[]>;

/** Makes what finds the folders of remotes. */
export function folderFinder(deps: RangesDeps): FoldersOf {
  return async (name, remote, path) => {
    const found = await foldersBelow(deps, name, remote, path === "" ? "" : `${path}/`);
    return found.map((folder) => folder.slice(0, -1));
  };
}

/** Makes what cuts the names of remotes. */
export function rangeFinder(deps: RangesDeps): RangesOf {
  return async (name, remote, { path, inAnyOrder }) => {
    // Each range is work of its own: what is little is not cut.
    if (await isOnePage(deps, name, remote, path === "" ? "" : `${path}/`)) return [{}];
    let below = "";
    for (let depth = 0; depth < deepest; depth += 1) {
      const folder = path === "" ? below : `${path}/${below}`;
      const found = await foldersBelow(deps, name, remote, folder);
      const [first, second] = found;
      if (second !== undefined) {
        const borders = found.map((one) => `${below}${one}`);
        return rangesBetween(inAnyOrder ? borders.filter(isPlain) : borders);
      }
      if (first === undefined) break;
      below = `${below}${first}`;
    }
    return [{}];
  };
}

/** Gives the ranges that end with every so many of these folders, each given with a slash at its end. */
export function rangesBetween(folders: readonly string[]): Range[] {
  const each = Math.ceil(folders.length / mostRanges);
  const ends = folders
    .map(endOf)
    .sort(byBytes)
    .slice(0, -1)
    .filter((_, index) => (index + 1) % each === 0);
  return [...ends, undefined].map((through, index) => ({ after: ends[index - 1], through }));
}

/** Tells whether no name of a folder has a sign before "/" after its first: no other folder's end lies between its own two orders. */
export const isPlain = (path: string): boolean =>
  path.split("/").every((name) => name.split("").every((sign, at) => at === 0 || sign > "/"));

const asked = { what: "a remote's bucket cannot be listed", whose: "remote" } as const;

const Truncation = z.object({ ListBucketResult: z.object({ IsTruncated: Truncated }) });

/** Tells whether all names below a prefix come in one page of a listing. */
async function isOnePage(deps: RangesDeps, name: string, remote: Remote, prefix: string): Promise<boolean> {
  switch (remote.kind) {
    case "gcs": {
      return hasOnePage((await deps.storage()).bucket(remote.bucket), asked, prefix);
    }
    case "s3": {
      const s3 = await s3Of(deps, name, remote);
      const answer = await listingOf(s3, { "list-type": "2", prefix, "max-keys": "1000" });
      if ("answer" in answer) throw refusedBy(s3, answer.answer);
      const page = Truncation.safeParse(answer.listing).data?.ListBucketResult;
      if (page === undefined) throw refusedBy(s3, "unreadable");
      return page.IsTruncated === "false";
    }
    default:
      return remote satisfies never;
  }
}

const Folders = z.object({
  ListBucketResult: z.object({
    EncodingType: z.string().optional(),
    CommonPrefixes: z.array(z.object({ Prefix: z.string() })).default([]),
  }),
});

/** Folders directly below another one, without its name. */
async function foldersBelow(
  deps: RangesDeps,
  name: string,
  remote: Remote,
  prefix: string,
): Promise<string[]> {
  switch (remote.kind) {
    case "gcs": {
      const found = await foldersIn((await deps.storage()).bucket(remote.bucket), asked, prefix);
      return found.map((folder) => folder.slice(prefix.length));
    }
    case "s3": {
      const s3 = await s3Of(deps, name, remote);
      const answer = await listingOf(s3, { "list-type": "2", prefix, delimiter: "/", "max-keys": "1000" });
      if ("answer" in answer) throw refusedBy(s3, answer.answer);
      const page = Folders.safeParse(answer.listing).data?.ListBucketResult;
      if (page === undefined) throw refusedBy(s3, "unreadable");
      return page.CommonPrefixes.map(({ Prefix }) =>
        plainKey(s3, Prefix, page.EncodingType).slice(prefix.length),
      );
    }
    default:
      return remote satisfies never;
  }
}
