// The sample hub's releases.yaml: what a person saves there becomes tags on GitHub and images in the registries, as the images'
// own project would make them.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { codeOf } from "../../shared/errors.ts";
import type { Upstream } from "../github/upstream.ts";
import { imageTags } from "../registry/far-end.ts";
import { readPersonYaml } from "./person-yaml.ts";

const SampleRelease = z.strictObject({
  tag: z.string().regex(/^\w[\w.-]{0,127}$/),
  date: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, "is a day: 2026-06-04")
    .optional(),
  prerelease: z.enum(["true", "false"]).default("false"),
  /** built: as it should be. missing: the build has failed. stale: the tag holds the build before. */
  images: z.enum(["built", "missing", "stale"]).default("built"),
});
export type SampleRelease = z.infer<typeof SampleRelease>;

/** The file's releases, oldest first, and what in it cannot be understood. */
export function readReleases(file: string): { releases: SampleRelease[]; problems: string[] } {
  // Every scalar as text: 2026.06 is no number here.
  const read = readPersonYaml(file, { schema: "failsafe" });
  if ("problem" in read) return { releases: [], problems: [`releases.yaml ${read.problem}`] };
  const list = z.array(z.unknown()).safeParse(read.yaml ?? []);
  if (!list.success)
    return { releases: [], problems: ["releases.yaml is not a list: begin each release with - tag:"] };
  const each = list.data.map((row) => SampleRelease.safeParse(row));
  const problems = each.flatMap(({ error }, index) => {
    const [issue] = error?.issues ?? [];
    return issue === undefined
      ? []
      : [`release ${index + 1} of releases.yaml: ${[...issue.path, issue.message].join(" ")}`];
  });
  const releases = each.flatMap(({ data }) => data ?? []).sort((a, b) => (dateOf(a) < dateOf(b) ? -1 : 1));
  return { releases, problems };
}

/** As it is written, or as the tag says it. */
const dateOf = ({ tag, date }: SampleRelease): string =>
  date ?? /^\d{4}\.\d\d\.\d\d$/.exec(tag)?.[0].replaceAll(".", "-") ?? "2020-01-01";

/** Tags what is new, and builds its images. Gives the new tags with their commits, oldest first. */
export function publishReleases(
  rows: readonly SampleRelease[],
  to: {
    upstream: Pick<Upstream, "tag">;
    repository: string;
    images: readonly string[];
    registry: string;
    problem?: (line: string) => void;
  },
): { tag: string; sha: string; prerelease: boolean }[] {
  const news: { tag: string; sha: string; prerelease: boolean }[] = [];
  for (const row of rows) {
    const { tag, prerelease, images } = row;
    const made = { tag, at: new Date(`${dateOf(row)}T12:00:00Z`), prerelease: prerelease === "true" };
    const sha = to.upstream.tag(to.repository, made);
    if (sha === undefined) continue;
    news.push({ tag, sha, prerelease: made.prerelease });
    for (const image of to.images)
      for (const registry of ["docker.io", "quay.io"])
        build({
          folder: to.registry,
          registry,
          image,
          tag,
          sha,
          images,
          problem: to.problem ?? (() => undefined),
        });
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
  problem: (line: string) => void;
}): void {
  const { folder, registry, image, tag, sha, images, problem } = of;
  if (images === "missing") return;
  const tags = imageTags(folder, registry, image);
  // Writes over nothing that a person is at work on.
  if ("problem" in tags) {
    problem(`registry/${registry}/${image}.yaml ${tags.problem}; ${tag} is not added to it`);
    return;
  }
  const fresh = digestOf(`${image} ${sha}`);
  const before = Object.values(tags.tags).at(-1) ?? digestOf(image);
  const all = { ...tags.tags, [sha.slice(0, 7)]: fresh, [tag]: images === "stale" ? before : fresh };
  const file = join(folder, registry, `${image}.yaml`);
  const lines = Object.entries(all).map(([name, digest]) => `"${name}": ${digest}`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      `# ${registry}/${image}: tag and digest. Change one and save.\n${lines.join("\n")}\n`,
    );
  } catch (error) {
    problem(
      `registry/${registry}/${image}.yaml cannot be written (${codeOf(error)}); ${tag} is not added to it`,
    );
  }
}
