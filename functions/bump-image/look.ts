// Gathers what a decision needs: the releases, and the files of the upstream repository. It changes nothing, and gives everything
// or throws.
import { hash } from "node:crypto";
import type { Head, Release, Repositories } from "../../shared/github/repositories.ts";
import type { ImagesSettings } from "../../shared/settings.ts";
import {
  type Decision,
  decide,
  type FileEdit,
  globOf,
  movedIn,
  newestFirst,
  type ReadFile,
} from "./decide.ts";

export type Picture = { head: Head; releases: string[]; decision: Decision; target?: Release };

/** How many files are read at once. */
const atOnce = 4;
/** A pattern that fits more files than this is taken for a slip. */
const maximumFiles = 200;

export async function look(
  settings: ImagesSettings,
  repositories: Repositories,
): Promise<Picture | { problem: string }> {
  const tagged = await repositories.releases(settings.releases);
  const releases = newestFirst(tagged.map(({ tag }) => tag));
  const head = await repositories.head(settings.upstream);
  const sources = await repositories.files(settings.upstream, head, globOf(settings.files));
  if (sources.length === 0) return { problem: `no file of ${settings.upstream} fits ${settings.files}` };
  if (sources.length > maximumFiles)
    return {
      problem: `${sources.length} files of ${settings.upstream} fit ${settings.files}; ${maximumFiles} are allowed`,
    };
  const files: ReadFile[] = [];
  for (let from = 0; from < sources.length; from += atOnce) {
    const part = sources.slice(from, from + atOnce).map(async (source) => ({
      path: source.path,
      mode: source.mode,
      text: await repositories.text(settings.upstream, source),
    }));
    const read = await Promise.allSettled(part);
    for (const each of read) {
      if (each.status === "rejected") throw each.reason;
      files.push(each.value);
    }
  }
  const decision = decide({ files, releases, settings });
  const target = tagged.find(({ tag }) => tag === decision.target);
  return { head, releases, decision, ...(target === undefined ? {} : { target }) };
}

/** Names what a change makes of the files: a branch that holds it needs no new commit. */
export function editDigest(edits: readonly FileEdit[]): string {
  const parts = edits.map(({ path, mode, text }) => [path, mode, text]);
  return hash("sha256", JSON.stringify(parts));
}

/** "8 references" */
export const countOf = ({ decision }: Pick<Picture, "decision">): string => {
  const count = movedIn(decision.edits);
  return `${count} ${count === 1 ? "reference" : "references"}`;
};
