// Moves image references of a YAML text to a tag: splices the source, touches nothing else, and says what it left and why.
// Pure: the same text, images and tag give the same edit.
import { parse } from "yaml";
import { findRefs, type Problem, type Ref, type Span } from "./refs.ts";
import { isRelease, kindOf } from "./tags.ts";

export type EditRequest = {
  /** `pangeo/pangeo-notebook`: in any registry; with a registry: in that one. */
  images: readonly string[];
  tag: string;
  /**
   * releases: only refs on an older release move, for nobody looks on. pinned: whatever is pinned moves, for a person has
   * asked for it. everything: tags that move by themselves too.
   */
  move: "releases" | "pinned" | "everything";
  /** Only references on this tag. */
  from?: string;
  /** Gives the reason to leave a reference; undefined where it may move. */
  leave?: (ref: Ref) => string | undefined;
};

export type MovedRef = {
  image: string;
  from: string;
  to: string;
  line: number;
  path: string;
  label: boolean;
};
export type LeftRef = { image: string; tag: string; line: number; path: string; why: string };
export type Edit = {
  text: string;
  /** Every reference, whatever becomes of it. */
  refs: Ref[];
  moved: MovedRef[];
  left: LeftRef[];
  /** References that are on the tag already. */
  current: number;
};

export type FileEdit = { path: string; mode: "100644" | "100755"; text: string; moved: MovedRef[] };

/** Outcome of reading some files. */
export type Reading = {
  edits: FileEdit[];
  left: (LeftRef & { file: string })[];
  refs: { file: string; line: number; image: string; tag: string; left?: string }[];
  unread: { file: string; why: string }[];
};

/** The edited text, or where it stops being YAML. */
export function edit(text: string, request: EditRequest): Edit | { problem: Problem } {
  const found = findRefs(text, request.images);
  if ("problem" in found) return found;
  const moved: MovedRef[] = [];
  const left: LeftRef[] = [];
  const splices: Splice[] = [];
  let current = 0;
  for (const ref of found.refs) {
    const { image, tag, line, path, span } = ref;
    if (tag === request.tag) {
      current += 1;
      continue;
    }
    const why = whyLeft(ref, request);
    if (why !== undefined || span === undefined) {
      left.push({ image, tag, line, path, why: why ?? "its place is not known" });
      continue;
    }
    const label = labelSplices(ref, request.tag);
    splices.push({ ...span, to: ref.bare ? quotedIfNeeded(request.tag) : request.tag }, ...label);
    moved.push({ image, from: tag, to: request.tag, line, path, label: label.length > 0 });
  }
  return { text: spliced(text, splices), refs: found.refs, moved, left, current };
}

function whyLeft(ref: Ref, request: EditRequest): string | undefined {
  const { tag, stuck } = ref;
  const why = stuck ?? request.leave?.(ref);
  if (why !== undefined) return why;
  if (request.from !== undefined && tag !== request.from) return `it is not on ${request.from}`;
  const kind = kindOf(tag);
  if (kind === "moving" && request.move !== "everything") return `"${tag}" moves by itself`;
  if (request.move !== "releases") return undefined;
  if (kind === "commit") return "it is pinned to a commit";
  if (kind === "other") return `"${tag}" is not the name of a release`;
  return isRelease(request.tag) && tag > request.tag ? "it is newer" : undefined;
}

type Splice = Span & { to: string };

/** The same tag in the name that people see. Short or common words are not taken for a tag. */
function labelSplices({ tag, label }: Ref, to: string): Splice[] {
  if (label === undefined || !["release", "commit"].includes(kindOf(tag))) return [];
  const { span, text } = label;
  const pattern = new RegExp(`(?<![\\w.-])${tag.replaceAll(".", "\\.")}(?![\\w-]|\\.\\w)`, "g");
  return [...text.matchAll(pattern)].map(({ index }) => {
    const start = span.start + index;
    return { start, end: start + tag.length, to };
  });
}

/** From the end on, so that the places before stay right; a place that two references share is spliced once. */
function spliced(text: string, splices: readonly Splice[]): string {
  const once = new Map(splices.map((splice) => [splice.start, splice]));
  return [...once.values()]
    .sort((a, b) => b.start - a.start)
    .reduce((whole, { start, end, to }) => whole.slice(0, start) + to + whole.slice(end), text);
}

/** Quotes a tag that a reader of YAML 1.1 or 1.2 would take for a number, a date or a truth value. */
function quotedIfNeeded(tag: string): string {
  const text = (["1.1", "1.2"] as const).every((version) => parse(tag, { version }) === tag);
  return text ? tag : `"${tag}"`;
}
