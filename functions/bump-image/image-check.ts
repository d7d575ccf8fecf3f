// Are a release's images there, and are they what its commit built? A tag is put on an image by a job that copies whatever
// "master" is at that moment, so a tag may hold the build before (pangeo-docker-images#653): the digests tell.
import type { ImageEvidence } from "../../shared/images/records.ts";
import { imageOf, type Registry } from "../../shared/registry/client.ts";

/** The build of a commit is tagged with its first letters. */
export const buildOf = (sha: string): string => sha.slice(0, 7);

/** Words for an image that is not there and for one that is private: a registry tells everybody the same of both. */
export const absent = "not there, or not public";

/** Asks the registries for both digests of each image; an image that nobody can be asked about has no evidence. */
export async function evidenceOf(
  images: readonly string[],
  release: { tag: string; sha: string },
  registry: Registry,
): Promise<ImageEvidence[]> {
  const build = buildOf(release.sha);
  const evidence: ImageEvidence[] = [];
  for (const written of images) {
    const image = imageOf(written);
    if (image === undefined) continue;
    // Nothing is left under way behind an error.
    const answers = await Promise.allSettled(
      [release.tag, build].map((tag) => registry.digestOf(image, tag)),
    );
    const [tagDigest, buildDigest] = answers.map((answer) => {
      if (answer.status === "rejected") throw answer.reason;
      return answer.value;
    });
    evidence.push({
      image: written,
      tag: release.tag,
      build,
      ...(tagDigest === undefined ? {} : { tagDigest }),
      ...(buildDigest === undefined ? {} : { buildDigest }),
    });
  }
  return evidence;
}

export type ImageVerdict = "built" | "missing" | "different";

export const isBuilt = ({ tagDigest, buildDigest }: ImageEvidence): boolean =>
  tagDigest !== undefined && tagDigest === buildDigest;

/** Says whether all images are what their commit built. Pure. */
export function verdictOn(evidence: readonly ImageEvidence[]): ImageVerdict {
  if (evidence.every(isBuilt)) return "built";
  return evidence.some(({ tagDigest, buildDigest }) => tagDigest === undefined || buildDigest === undefined)
    ? "missing"
    : "different";
}

/** Gives the minutes until the images are looked for again; undefined when it has been long enough. Pure. */
export function nextLook(
  waited: { minutes: number; looks: number },
  patienceMinutes: number,
): number | undefined {
  if (waited.minutes >= patienceMinutes) return undefined;
  return Math.min(2 ** waited.looks, 30, patienceMinutes - waited.minutes);
}
