// The sample hub's releases.yaml: what a person saves there becomes tags on GitHub and images in the registries, as the images'
// own project would make them.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Upstream } from "../github/upstream.ts";
import { imageTags } from "../registry/far-end.ts";

const SampleRelease = z.strictObject({
  tag: z.string().regex(/^\w[\w.-]{0,127}$/),
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  prerelease: z.enum(["true", "false"]).default("false"),
  /** built: as it should be. missing: the build has failed. stale: the tag holds the build before. */
  images: z.enum(["built", "missing", "stale"]).default("built"),
});
export type SampleRelease = z.infer<typeof SampleRelease>;

/** The file's releases; those lines that cannot be understood are left out. */
export function readReleases(file: string): SampleRelease[] {
  let rows: unknown;
  try {
    // Every scalar as text: 2026.06 is no number here.
    rows = parse(readFileSync(file, "utf8"), { schema: "failsafe" });
  } catch {
    return [];
  }
  const list = z.array(z.unknown()).safeParse(rows).data ?? [];
  return list
    .flatMap((row) => SampleRelease.safeParse(row).data ?? [])
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** Tags what is new, and builds its images. Gives the new tags with their commits, oldest first. */
export function publishReleases(
  rows: readonly SampleRelease[],
  to: { upstream: Upstream; repository: string; images: readonly string[]; registry: string },
): { tag: string; sha: string; prerelease: boolean }[] {
  const news: { tag: string; sha: string; prerelease: boolean }[] = [];
  for (const { tag, date, prerelease, images } of rows) {
    const made = { tag, at: new Date(`${date}T12:00:00Z`), prerelease: prerelease === "true" };
    const sha = to.upstream.tag(to.repository, made);
    if (sha === undefined) continue;
    news.push({ tag, sha, prerelease: made.prerelease });
    for (const image of to.images)
      for (const registry of ["docker.io", "quay.io"])
        build({ folder: to.registry, registry, image, tag, sha, images });
  }
  return news;
}

const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

function build(of: {
  folder: string;
  registry: string;
  image: string;
  tag: string;
  sha: string;
  images: SampleRelease["images"];
}): void {
  const { folder, registry, image, tag, sha, images } = of;
  if (images === "missing") return;
  const tags = imageTags(folder, registry, image);
  const fresh = digestOf(`${image} ${sha}`);
  const before = Object.values(tags).at(-1) ?? digestOf(image);
  const all = { ...tags, [sha.slice(0, 7)]: fresh, [tag]: images === "stale" ? before : fresh };
  const file = join(folder, registry, `${image}.yaml`);
  mkdirSync(dirname(file), { recursive: true });
  const lines = Object.entries(all).map(([name, digest]) => `"${name}": ${digest}`);
  writeFileSync(file, `# ${registry}/${image}: tag and digest. Change one and save.\n${lines.join("\n")}\n`);
}
