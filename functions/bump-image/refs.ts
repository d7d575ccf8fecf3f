// Finds the container images that a YAML file of hub configuration names: every reference with the place of its tag in the source,
// so that an edit can be a splice. Pure. Comments, text blocks and other images are never taken for a reference.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
} from "yaml";

/** Offsets into the source: `start` inclusive, `end` exclusive. */
export type Span = { start: number; end: number };

export type Label = { span: Span; text: string };

export type Ref = {
  /** As it is written, with its registry. */
  image: string;
  tag: string;
  line: number;
  /** Keys from the top, joined by dots. */
  path: string;
  /** Place of the tag; absent where it cannot be moved, and then `stuck` says why. */
  span?: Span;
  stuck?: string;
  /** A tag that stands alone and unquoted, and so must not look like a number. */
  bare: boolean;
  /** The name that people see for this choice, as it stands in the source. */
  label?: Label;
};

export type Problem = { line: number; column: number; message: string };

export type Found = { refs: Ref[] } | { problem: Problem };

/** Written in the style of `docker pull`: registry, repository, tag, digest. */
const reference =
  /^(?<image>(?:[\w.-]+(?::\d+)?\/)*[\w.-]+)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;
const dockerHub = /^(?:(?:index\.)?docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)\//;
/** A first part with a dot, a port or of this name is a registry (https://docs.docker.com/reference/cli/docker/image/tag/). */
const withRegistry = /^(?:[^/.:]*[.:][^/]*|localhost)\//;

/** Tells whether `written` is `image`, in whatever registry unless `image` names one. */
export function sameImage(written: string, image: string): boolean {
  const plain = written.replace(dockerHub, "");
  const wanted = image.replace(dockerHub, "");
  return plain === wanted || (wanted === image && plain.replace(withRegistry, "") === image);
}

/** Every reference to the images, in the order of the source; or where the text stops being YAML. */
export function findRefs(text: string, images: readonly string[]): Found {
  try {
    return find(text, images);
  } catch (error) {
    // Thousands of brackets in each other; by name, for a test runner has classes of its own.
    if (!(error instanceof Object) || !("name" in error) || error.name !== "RangeError") throw error;
    return { problem: { line: 1, column: 1, message: "it is nested too deeply" } };
  }
}

function find(text: string, images: readonly string[]): Found {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if ("empty" in documents) return { refs: [] };
  for (const { errors } of documents) {
    const [error] = errors;
    if (error === undefined) continue;
    const { line, col } = lines.linePos(error.pos[0]);
    return { problem: { line, column: col, message: error.message } };
  }
  const found = new Map<string, Ref>();
  for (const document of documents) {
    const seeker: Seeker = { text, lines, images, document, found };
    walk(document.contents, [], undefined, seeker);
  }
  return { refs: [...found.values()].sort((a, b) => a.line - b.line) };
}

type Seeker = {
  text: string;
  lines: LineCounter;
  images: readonly string[];
  document: Document.Parsed;
  /** By place, for an anchor is reached from many sides and is one reference. */
  found: Map<string, Ref>;
};

/** The choice that a reference belongs to: the mapping with its `display_name`. */
type Choice = YAMLMap | undefined;

function walk(node: unknown, path: string[], choice: Choice, seeker: Seeker): void {
  if (isSeq(node))
    for (const [index, item] of node.items.entries()) walk(item, [...path, `${index}`], choice, seeker);
  else if (isMap(node)) {
    // `kubespawner_override` belongs to the choice above it; any other mapping with a name of its own is a choice itself.
    const here = valueAt(node, "display_name") === undefined ? choice : node;
    notePair(node, path, here, seeker);
    for (const pair of node.items) {
      const key = keyOf(pair);
      const inner = carriesChoice(key) ? here : undefined;
      walk(pair.value, [...path, key], inner, seeker);
    }
  } else if (isScalar(node)) noteScalar(node, path, choice, seeker);
  else if (isAlias(node)) {
    const target = node.resolve(seeker.document);
    if (isScalar(target)) noteScalar(target, path, undefined, seeker);
  }
}

/** Only the choice's own override: what lies deeper in other keys is another matter. */
const carriesChoice = (key: string): boolean => ["kubespawner_override", "image"].includes(key);

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : "?");

function valueAt(map: YAMLMap, key: string): unknown {
  return map.items.find((pair) => keyOf(pair) === key)?.value ?? undefined;
}

function scalarAt(map: YAMLMap, key: string, { document }: Seeker): Scalar | undefined {
  const value = valueAt(map, key);
  const node = isAlias(value) ? value.resolve(document) : value;
  return isScalar(node) ? node : undefined;
}

/** `name:` (or `repository:`) and `tag:` beside each other. */
function notePair(map: YAMLMap, path: string[], choice: Choice, seeker: Seeker): void {
  const tagNode = scalarAt(map, "tag", seeker);
  const nameNode = scalarAt(map, "name", seeker) ?? scalarAt(map, "repository", seeker);
  if (tagNode === undefined || nameNode === undefined) return;
  const image = written(nameNode);
  if (!seeker.images.some((each) => sameImage(image, each))) return;
  const tag = written(tagNode);
  const bare = tagNode.type === Scalar.PLAIN;
  const at = spanOf(tagNode, tag, seeker);
  const digest = /@sha256:|^sha256:/.test(tag);
  add(
    tagNode,
    { image, tag, path: [...path, "tag"].join("."), bare },
    digest ? byDigest : at,
    choice,
    seeker,
  );
}

function noteScalar(node: Scalar, path: string[], choice: Choice, seeker: Seeker): void {
  if (typeof node.value !== "string") return;
  if (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL) {
    noteBlock(node, path, seeker);
    return;
  }
  const { image = "", tag = "", digest } = reference.exec(node.value)?.groups ?? {};
  if (!seeker.images.some((each) => sameImage(image, each))) return;
  const where = path.join(".");
  // A name alone is half of a pair, or has no tag at all and means `latest`.
  if (tag === "" && digest === undefined) {
    if (path.at(-1) === "image")
      add(node, { image, tag: "", path: where, bare: false }, noTag, choice, seeker);
    return;
  }
  const at = digest === undefined ? spanOf(node, tag, seeker) : byDigest;
  add(
    node,
    { image, tag: digest === undefined ? tag : `${tag}@${digest}`, path: where, bare: false },
    at,
    choice,
    seeker,
  );
}

/** A reference inside a text block is somebody's script: told, never touched. */
function noteBlock(node: Scalar, path: string[], seeker: Seeker): void {
  const { text, images } = seeker;
  const [start, end] = node.range ?? [0, 0];
  const inside = text.slice(start, end);
  for (const match of inside.matchAll(/(?<![\w./-])((?:[\w.-]+\/)+[\w.-]+):(\w[\w.-]*)/g)) {
    const [, image = "", tag = ""] = match;
    if (!images.some((each) => sameImage(image, each))) continue;
    const offset = start + match.index;
    const { line } = seeker.lines.linePos(offset);
    seeker.found.set(`${offset}`, {
      image,
      tag,
      line,
      path: path.join("."),
      bare: false,
      stuck: "it stands in a text block",
    });
  }
}

const byDigest = "it is pinned by its digest";
const noTag = "it has no tag";

function add(
  node: Scalar,
  of: Pick<Ref, "image" | "tag" | "path" | "bare">,
  at: Span | string,
  choice: Choice,
  seeker: Seeker,
): void {
  const [start] = node.range ?? [0];
  const { line } = seeker.lines.linePos(start);
  const known = seeker.found.get(`${start}`);
  const label = labelOf(choice, seeker) ?? known?.label;
  // One tag that two different images share by an anchor cannot be moved for one of them.
  const shared =
    known !== undefined && known.image !== of.image
      ? `${known.image} shares this tag by an anchor`
      : undefined;
  const stuck = shared ?? (typeof at === "string" ? at : undefined);
  seeker.found.set(`${start}`, {
    ...of,
    ...(known === undefined ? {} : { path: known.path }),
    line,
    ...(stuck === undefined && typeof at !== "string" ? { span: at } : {}),
    ...(stuck === undefined ? {} : { stuck }),
    ...(label === undefined ? {} : { label }),
  });
}

/** Gives what stands in the source, without quotes: a tag such as 2022.02 must not come out as a number. */
function written(node: Scalar): string {
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

/** Gives the place of the last `part` of a scalar; a sentence where its source is not its text. */
function spanOf(node: Scalar, part: string, { text }: Seeker): Span | string {
  const [start, valueEnd] = node.range ?? [0, 0];
  const quote = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE ? 1 : 0;
  const whole = text.slice(start + quote, valueEnd - quote);
  if (whole !== written(node)) return "it is written with escapes or over several lines";
  const end = start + quote + whole.length;
  return { start: end - part.length, end };
}

function labelOf(choice: Choice, { text }: Seeker): Label | undefined {
  const node = choice === undefined ? undefined : valueAt(choice, "display_name");
  if (!isScalar(node) || typeof node.value !== "string") return undefined;
  const [start, end] = node.range ?? [0, 0];
  return { span: { start, end }, text: text.slice(start, end) };
}

/** Tells whether the settings say that a reference never moves: `<file>:<keys joined by dots>`, or the file as a whole. */
export const isPinned = (pins: readonly string[], file: string, { path }: Pick<Ref, "path">): boolean =>
  pins.includes(file) || pins.includes(`${file}:${path}`);
