// The upstream side of bump-image in simulation: what its people have written, released and built, and how they go on.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Upstream } from "../../../local/github/upstream.ts";
import type { Random } from "../random.ts";
import { hub } from "./settings.ts";

export const upstream = "operator/infrastructure";
const releasesOf = "pangeo-data/pangeo-docker-images";
export const fork = "ground-crew/infrastructure";
export const branch = `bump-image/${hub}`;
export const file = "config/clusters/sim/common.values.yaml";
const images = ["docker.io/pangeo/pangeo-notebook", "quay.io/pangeo/ml-notebook"];

type Built = "built" | "missing" | "stale";

export type UpstreamSide = ReturnType<typeof makeUpstream>;

export function makeUpstream(random: Random, folder: string, upstreamOf: Upstream) {
  const releases = new Map<string, { sha: string; built: Built }>();
  /** Releases whose images were not, or not yet, what their commit built. */
  const doubtful = new Set<string>();
  /** Which release each choice stands on, and how often the file was touched otherwise. */
  const stands = { a: "2024.01.23", b: "2024.01.23" };
  let touched = 0;
  let strangers = false;
  const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

  function build(): void {
    for (const image of images) {
      const lines = [...releases].flatMap(([tag, { sha, built }]) => {
        if (built === "missing") return [];
        const fresh = digest(`${image} ${sha}`);
        return [`"${sha.slice(0, 7)}": ${fresh}`, `"${tag}": ${built === "stale" ? digest(image) : fresh}`];
      });
      const at = join(folder, `${image}.yaml`);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, `${lines.join("\n")}\n`);
    }
  }
  const textOf = (a: string, b: string): string =>
    `# touched ${touched} times\na:\n  display_name: Pangeo (${a}) # kept\n  kubespawner_override:\n    image: pangeo/pangeo-notebook:${a}\nb:\n  image: "quay.io/pangeo/ml-notebook:${b}"\n`;
  /** Text of the file after a merge of somebody else's commit: no image stands in it. */
  let theirs: string | undefined;
  const text = (): string => theirs ?? textOf(stands.a, stands.b);
  function save(): void {
    theirs = undefined;
    upstreamOf.publish(
      upstream,
      new Map([
        [file, Buffer.from(text())],
        ["README.md", Buffer.from("x")],
      ]),
      "change",
    );
  }
  function release(tag: string, built: Built): void {
    const sha = upstreamOf.tag(releasesOf, { tag, at: new Date(`${tag.replaceAll(".", "-")}T12:00:00Z`) });
    if (sha !== undefined) releases.set(tag, { sha, built });
    if (built !== "built") doubtful.add(tag);
    build();
  }
  const newest = (): string => [...releases.keys()].sort().at(-1) ?? "";

  release("2024.01.23", "built");
  if (random.chance(0.8)) release("2024.06.02", random.pick("built", "built", "missing", "stale"));
  save();

  function edit(): string {
    const open = upstreamOf.pulls(upstream).find(({ state }) => state === "open");
    switch (random.below(9)) {
      case 0:
      case 1: {
        const tag = `202${random.between(4, 9)}.0${random.between(1, 9)}.1${random.below(9)}`;
        const built = random.pick("built", "built", "missing", "stale");
        release(tag, built);
        return `releases ${tag}, its images ${built}`;
      }
      case 2:
      case 3: {
        const known = releases.get(newest());
        if (known !== undefined) known.built = "built";
        build();
        return "builds the newest images anew";
      }
      case 4:
        touched += 1;
        save();
        return "touches the file upstream";
      case 5:
        stands.a = random.oneOf([...releases.keys()]) ?? stands.a;
        save();
        return `moves a choice by hand to ${stands.a}`;
      case 6:
        if (open === undefined) return "finds no pull request to merge";
        take(upstreamOf.merge(upstream, open.number).get(file)?.toString() ?? "");
        return `merges pull request ${open.number}`;
      case 7:
        if (open === undefined || random.chance(0.5)) return "leaves the pull request open";
        upstreamOf.close(upstream, open.number);
        return `closes pull request ${open.number}`;
      default:
        if (open === undefined || random.chance(0.7)) return "leaves the branch alone";
        strangers = true;
        upstreamOf.commit(fork, branch, { path: file, text: "# mine\n", author: "Stranger" });
        return "pushes a commit of their own to the branch";
    }
  }
  /** Takes over what a merge has made of the file. */
  function take(merged: string): void {
    theirs = merged.includes("image:") ? undefined : merged;
    stands.a = /pangeo-notebook:([\d.]+)/.exec(merged)?.[1] ?? stands.a;
    stands.b = /ml-notebook:([\d.]+)/.exec(merged)?.[1] ?? stands.b;
    touched = Number(/touched (\d+)/.exec(merged)?.[1] ?? touched);
  }

  return {
    edit,
    text,
    newest,
    wasDoubtful: (tag: string) => doubtful.has(tag),
    wasTouchedByStrangers: () => strangers,
    builtOf: (tag: string) => releases.get(tag)?.built,
    expected: () => {
      const tag = newest();
      const moved = (at: string) => (at < tag ? tag : at);
      return theirs ?? textOf(moved(stands.a), moved(stands.b));
    },
  };
}
