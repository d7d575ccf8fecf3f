// Gathers what a decision needs: the releases, the files of the upstream repository, the registries' digests, and what is proposed
// on the fork. It decides and changes nothing, and gives everything or throws.
import type { Fork, Forks, Pull } from "../../shared/github/fork.ts";
import type { Head, Release, Repositories } from "../../shared/github/repositories.ts";
import type { ImageEvidence } from "../../shared/images/records.ts";
import type { ImagesSettings } from "../../shared/images/settings.ts";
import { imageOf, type Registry } from "../../shared/registry/client.ts";
import { evidenceOf } from "./image-check.ts";
import { findRefs, isPinned } from "./refs.ts";
import { isRelease, newestFirst } from "./tags.ts";

export type GatherDeps = { repositories: Repositories; forks: Forks; registry: Registry };

export type ReadFile = { path: string; mode: "100644" | "100755"; text: string | undefined };

/** Proposal as it is now: our fork, the commit of our branch, and every pull request from it, newest first. */
export type Proposed = { fork?: Fork; branch?: string; pulls: Pull[] };

export type Seen = {
  /** Upstream's default branch. */
  head: Head;
  /** Newest first. */
  releases: string[];
  /** The newest release; absent where there is none. */
  target?: Release;
  files: ReadFile[];
  /** Of the images that some file has on an older release. */
  evidence: ImageEvidence[];
  proposed: Proposed;
};

/** Number of files that are read at once. */
const atOnce = 4;
/** A pattern that fits more files than this is taken for a slip. */
const maximumFiles = 200;

/** One branch a hub, kept up to date in place. */
export const branchOf = (hub: string): string => `bump-image/${hub}`;

/**
 * Reads it all, or says what is wrong with the settings. Where every image is on the newest release, nobody else is asked.
 * `fork` is what our fork was called when GitHub gave it.
 */
export async function gather(
  { hub, images, fork }: { hub: string; images: ImagesSettings; fork?: string | undefined },
  { repositories, forks, registry }: GatherDeps,
): Promise<Seen | { problem: string }> {
  const { upstream } = images;
  const tagged = await repositories.releases(images.releases);
  const releases = newestFirst(tagged.map(({ tag }) => tag));
  const head = await repositories.head(upstream);
  const files = await readFiles(images, head, repositories);
  if ("problem" in files) return files;
  const seen = { head, releases, files, evidence: [], proposed: { pulls: [] } };
  const target = tagged.find(({ tag }) => tag === releases[0]);
  if (target === undefined) return seen;
  const behind = imagesBehind(files, target.tag, images);
  if (behind.length === 0) return { ...seen, target };
  const evidence = await evidenceOf(behind, target, registry);
  return { ...seen, target, evidence, proposed: await proposedOn(branchOf(hub), { upstream, fork }, forks) };
}

async function proposedOn(
  name: string,
  { upstream, fork: known }: { upstream: string; fork: string | undefined },
  forks: Forks,
): Promise<Proposed> {
  const { owner, fork } = await forks.find(upstream, known);
  const pulls = await forks.pulls(upstream, { owner }, name);
  const branch = fork && (await forks.branch(fork, name));
  return { pulls, ...(fork && { fork }), ...(branch && { branch }) };
}

async function readFiles(
  { upstream, files: pattern }: ImagesSettings,
  head: Head,
  repositories: Repositories,
): Promise<ReadFile[] | { problem: string }> {
  const sources = await repositories.files(upstream, head, globOf(pattern));
  if (sources.length === 0) return { problem: `no file of ${upstream} fits ${pattern}` };
  if (sources.length > maximumFiles)
    return { problem: `${sources.length} files of ${upstream} fit ${pattern}; ${maximumFiles} are allowed` };
  const files: ReadFile[] = [];
  for (let from = 0; from < sources.length; from += atOnce) {
    const part = sources.slice(from, from + atOnce).map(async (source) => ({
      path: source.path,
      mode: source.mode,
      text: await repositories.text(upstream, source),
    }));
    for (const each of await Promise.allSettled(part)) {
      if (each.status === "rejected") throw each.reason;
      files.push(each.value);
    }
  }
  return files;
}

/** Gives the images that the settings let move and that some file has on an older release, as they are written. */
function imagesBehind(files: readonly ReadFile[], newest: string, { names, pins }: ImagesSettings): string[] {
  const behind = files.flatMap(({ path, text = "" }) => {
    const found = findRefs(text, names);
    return "problem" in found
      ? []
      : found.refs.filter(
          (ref) =>
            isRelease(ref.tag) && ref.tag < newest && ref.stuck === undefined && !isPinned(pins, path, ref),
        );
  });
  return [...new Set(behind.map(({ image }) => image))]
    .filter((image) => imageOf(image) !== undefined)
    .sort();
}

/** `config/clusters/leap/*.values.yaml`: a star stands for a part of one name. */
export function globOf(pattern: string): (path: string) => boolean {
  const wanted = pattern.split("/").map((name) => name.split("*"));
  return (path) => {
    const names = path.split("/");
    return names.length === wanted.length && wanted.every((parts, n) => fits(names[n] ?? "", parts));
  };
}

/** Takes each part where it comes first: a regular expression would try all ways, which takes years where there are many stars. */
function fits(name: string, [first = "", ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
