// Conditions of S3's reads and writes, in its order: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html and
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. Pure.

type Header = (name: string) => string | undefined;
type Current = { tag: string; modified: number };

const names = (list: string, tag: string): boolean =>
  list.split(",").some((each) => each.trim() === "*" || each.trim().replace(/^(?:W\/)?"?|"$/g, "") === tag);

/** Says why a read gives nothing: 412, or 304 for what the caller has; a date that is none is passed over, as HTTP has it. */
export function readRefusal(header: Header, { tag, modified }: Current): 304 | 412 | undefined {
  const [match, noneMatch] = [header("if-match"), header("if-none-match")];
  const second = Math.floor(modified / 1000) * 1000;
  if (match !== undefined) {
    if (!names(match, tag)) return 412;
  } else if (second > Date.parse(header("if-unmodified-since") ?? "")) return 412;
  if (noneMatch !== undefined) return names(noneMatch, tag) ? 304 : undefined;
  return second <= Date.parse(header("if-modified-since") ?? "") ? 304 : undefined;
}

/** Says why a write is refused. Of `if-none-match` S3 knows the star alone. */
export function writeRefusal(
  header: Header,
  current: Current | undefined,
): "PreconditionFailed" | "NoSuchKey" | "NotImplemented" | undefined {
  const [match, noneMatch] = [header("if-match"), header("if-none-match")];
  if (noneMatch !== undefined && noneMatch !== "*") return "NotImplemented";
  if (noneMatch !== undefined && current !== undefined) return "PreconditionFailed";
  if (match === undefined) return undefined;
  if (current === undefined) return "NoSuchKey";
  return names(match, current.tag) ? undefined : "PreconditionFailed";
}
