// Names of objects: which ones are allowed, and under which file name the bytes lie. Pure.

/** Says why Cloud Storage refuses a name (https://cloud.google.com/storage/docs/objects#naming); undefined when it is fine. */
export function nameProblem(name: string): string | undefined {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0) return "The object name is empty.";
  if (bytes > 1024) return "The object name is longer than 1024 bytes.";
  if (name === "." || name === "..") return "An object cannot be named '.' or '..'.";
  if (/[\r\n]/.test(name)) return "The object name contains a carriage return or line feed.";
  if (!name.isWellFormed()) return "The object name is not valid UTF-8.";
  if (name.startsWith(".well-known/acme-challenge/")) return "The object name has a reserved beginning.";
  return undefined;
}

/**
 * A flat file name that no other object can have: a generation is given out once. What stands before it is only for a
 * person who looks into the folder, so it may be cut (a file name holds 255 bytes at most).
 */
export function opaqueFile(name: string, generation: number): string {
  const shown = encodeURIComponent(name).replace(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `${shown.slice(0, 180)}~${generation}`;
}

/** The file at which a person would look for this object, relative to the bucket's folder; undefined when none can be. */
export function plainFile(name: string): string | undefined {
  const segments = name.split("/");
  const odd = segments.some(
    (segment) =>
      segment === "" ||
      segment === "." ||
      segment === ".." ||
      segment.includes("\0") ||
      segment.includes("\\") ||
      Buffer.byteLength(segment) > 255,
  );
  return odd || segments[0] === ownFolder || Buffer.byteLength(name) > 900 ? undefined : name;
}

/** Folder in a bucket's folder for what is not, or cannot be, a file under its own name. */
export const ownFolder = ".groundcrew";

/** The smallest string that stands after every name with this prefix, in the order of UTF-8; undefined for no end. */
export function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = (last.codePointAt(0) ?? 0) + 1;
    if (next > 0x10ffff) continue;
    return points.join("") + String.fromCodePoint(next === 0xd800 ? 0xe000 : next);
  }
  return undefined;
}
