// Kinds of tags: a release by its date, a tag that moves by itself, or something that somebody pinned. Pure.

/** pangeo's releases are named by their day, and the names order as the days do. */
const release = /^\d{4}\.\d{2}\.\d{2}$/;
const moving = /^(?:latest|master|main|stable|edge|nightly|dev|devel|develop)$/;
const commit = /^[0-9a-f]{7,40}$/;

export const isRelease = (tag: string): boolean => release.test(tag);

/** Gives the releases among the tags, newest first. */
export const newestFirst = (tags: readonly string[]): string[] => tags.filter(isRelease).sort().reverse();

export function kindOf(tag: string): "release" | "moving" | "commit" | "other" {
  if (isRelease(tag)) return "release";
  if (moving.test(tag)) return "moving";
  return commit.test(tag) ? "commit" : "other";
}

/** A tag that a registry takes (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull). */
export const isTag = (tag: string): boolean => /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(tag);
