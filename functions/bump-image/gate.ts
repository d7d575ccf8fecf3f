// Are a release's images there, and are they what its commit built? A tag is put on an image by a job that copies whatever
// "master" is at that moment, so a tag may hold the build before (pangeo-docker-images#653): the digests tell.
import { passing } from "../../shared/errors.ts";
import type { ImageEvidence } from "../../shared/records.ts";
import { type Image, imageOf, type Registry } from "../../shared/registry/client.ts";

export type Gate = { evidence: ImageEvidence[]; verdict: "open" | "missing" | "different" };

/** The build of a commit is tagged with its first letters. */
const buildLetters = 7;

export async function lookUp(
  images: readonly string[],
  release: { tag: string; sha: string },
  registry: Registry,
): Promise<Gate> {
  const build = release.sha.slice(0, buildLetters);
  const evidence: ImageEvidence[] = [];
  for (const written of images) {
    const image = imageOf(written);
    if (image === undefined) throw passing("an image of a registry that cannot be asked was to be moved");
    const [tagDigest, buildDigest] = await both(registry, image, release.tag, build);
    evidence.push({
      image: written,
      tag: release.tag,
      build,
      ...(tagDigest === undefined ? {} : { tagDigest }),
      ...(buildDigest === undefined ? {} : { buildDigest }),
    });
  }
  return { evidence, verdict: verdictOn(evidence) };
}

/** Nothing is left under way behind an error. */
async function both(registry: Registry, image: Image, tag: string, build: string) {
  const answers = await Promise.allSettled([registry.digestOf(image, tag), registry.digestOf(image, build)]);
  return answers.map((answer) => {
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  });
}

export function verdictOn(evidence: readonly ImageEvidence[]): Gate["verdict"] {
  if (evidence.some(({ tagDigest, buildDigest }) => tagDigest === undefined || buildDigest === undefined))
    return "missing";
  return evidence.some(({ tagDigest, buildDigest }) => tagDigest !== buildDigest) ? "different" : "open";
}

/** Minutes until the images are looked for again; undefined when it has been long enough. */
export function nextLook(
  waited: { minutes: number; looks: number },
  patienceMinutes: number,
): number | undefined {
  if (waited.minutes >= patienceMinutes) return undefined;
  return Math.min(2 ** waited.looks, 30, patienceMinutes - waited.minutes);
}
