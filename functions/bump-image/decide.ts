// Which references move to which release. Pure: the same files, releases and settings give the same decision. It never goes
// back to an older release, never moves what somebody pinned, and says of everything it leaves why.
import { imageOf } from "../../shared/registry/client.ts";
import type { ImagesSettings } from "../../shared/settings.ts";
import { type Edit, edit, type LeftRef, type MovedRef } from "./edit.ts";
import { findRefs } from "./refs.ts";
import { isRelease } from "./tags.ts";

export type ReadFile = { path: string; mode: "100644" | "100755"; text: string | undefined };

export type FileEdit = { path: string; mode: "100644" | "100755"; text: string; moved: MovedRef[] };
export type StandingRef = { file: string; line: number; image: string; tag: string; left?: string };

export type Decision = {
  /** The newest release; absent where there is none. */
  target?: string;
  edits: FileEdit[];
  left: (LeftRef & { file: string })[];
  refs: StandingRef[];
  unread: { file: string; why: string }[];
  /** The images that move, as they are written: each is looked for in its registry first. */
  images: string[];
};

/** Releases among the tags, newest first. */
export const newestFirst = (tags: readonly string[]): string[] => tags.filter(isRelease).sort().reverse();

export function decide(input: {
  files: readonly ReadFile[];
  /** Newest first. */
  releases: readonly string[];
  settings: Pick<ImagesSettings, "names" | "pins">;
}): Decision {
  const { files, releases, settings } = input;
  const [target] = releases;
  const decision: Decision = {
    edits: [],
    left: [],
    refs: [],
    unread: [],
    images: [],
    ...(target === undefined ? {} : { target }),
  };
  for (const file of files) {
    if (file.text === undefined) {
      decision.unread.push({ file: file.path, why: "it is not text in UTF-8, or larger than 1 MB" });
      continue;
    }
    note(file, file.text, target, settings, decision);
  }
  const moved = decision.edits.flatMap((each) => each.moved.map(({ image }) => image));
  decision.images = [...new Set(moved)].sort();
  return decision;
}

function note(
  { path, mode }: ReadFile,
  text: string,
  target: string | undefined,
  { names, pins }: Pick<ImagesSettings, "names" | "pins">,
  decision: Decision,
): void {
  const leave = (ref: { image: string; path: string }): string | undefined => {
    if (pins.includes(path) || pins.includes(`${path}:${ref.path}`)) return "the settings pin it";
    return imageOf(ref.image) === undefined ? "its registry cannot be asked about it" : undefined;
  };
  const result: Edit | { problem: { line: number; message: string } } =
    target === undefined
      ? nothing(text, names)
      : edit(text, { images: names, tag: target, move: "releases", leave });
  if ("problem" in result) {
    decision.unread.push({ file: path, why: `line ${result.problem.line} is not YAML` });
    return;
  }
  const { moved, left } = result;
  const found = findRefs(text, names);
  const why = new Map(left.map((each) => [`${each.line} ${each.path}`, each.why]));
  for (const ref of "refs" in found ? found.refs : []) {
    const reason = why.get(`${ref.line} ${ref.path}`);
    decision.refs.push({
      file: path,
      line: ref.line,
      image: ref.image,
      tag: ref.tag,
      ...(reason === undefined ? {} : { left: reason }),
    });
  }
  for (const each of left) decision.left.push({ ...each, file: path });
  if (moved.length > 0) decision.edits.push({ path, mode, text: result.text, moved });
}

/** Without a release nothing moves; what stands where is still told. */
function nothing(
  text: string,
  names: readonly string[],
): Edit | { problem: { line: number; message: string } } {
  const found = findRefs(text, names);
  return "problem" in found ? found : { text, moved: [], left: [], current: 0 };
}

/** How many references move. */
export const movedIn = (edits: readonly Pick<FileEdit, "moved">[]): number =>
  edits.reduce((sum, { moved }) => sum + moved.length, 0);

/** `config/clusters/leap/*.values.yaml`: a star stands for a part of one name. */
export function globOf(pattern: string): (path: string) => boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]*");
  const whole = new RegExp(`^${source}$`);
  return (path) => whole.test(path);
}
