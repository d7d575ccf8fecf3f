// The index of every bucket: one row an object, and the rules of generations, preconditions and listings. The database
// decides who wins; bytes are somebody else's job (files.ts). Synchronous, so that a decision cannot be interrupted.
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import { keysOf } from "../../shared/closed.ts";
import { type State, transaction } from "../wire/state.ts";
import type { Digest } from "./digest.ts";
import { afterPrefix } from "./names.ts";

/** Attributes that the uploader gives an object. */
export const Attributes = z.object({
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
  cacheControl: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentLanguage: z.string().optional(),
  customTime: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});
export type Attributes = z.infer<typeof Attributes>;

/** Attributes that are headers of an answer as well. */
export const headerNames = {
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
} as const;

/** Gives the headers that an object's uploader gave it. */
export const headersIn = (attributes: Attributes): [string, string][] =>
  keysOf(headerNames).flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [[headerNames[name], value]];
  });

const Row = z.object({
  bucket: z.string(),
  name: z.string(),
  generation: z.number(),
  metageneration: z.number(),
  size: z.number(),
  md5: z.string(),
  crc32c: z.string(),
  attributes: z.string().transform((text) => Attributes.parse(JSON.parse(text))),
  created: z.string(),
  /** Relative to the bucket's folder. */
  file: z.string(),
  /** The file's modification time when it was stored: another one means that somebody has edited it. */
  mtimeMs: z.number(),
});
const MaybeRow = Row.optional();
export type StoredObject = z.infer<typeof Row>;

/** As strings, for an int64 may be larger than a number holds. */
export type Preconditions = Partial<
  Record<
    "ifGenerationMatch" | "ifGenerationNotMatch" | "ifMetagenerationMatch" | "ifMetagenerationNotMatch",
    string
  >
>;

/** Tells whether what is there (undefined: nothing is) meets the conditions; generation 0 means "nothing is there". */
export function meets(current: StoredObject | undefined, conditions: Preconditions): boolean {
  const generation = String(current?.generation ?? 0);
  const metageneration = current === undefined ? undefined : String(current.metageneration);
  const { ifGenerationMatch, ifGenerationNotMatch, ifMetagenerationMatch, ifMetagenerationNotMatch } =
    conditions;
  return (
    (ifGenerationMatch === undefined || generation === ifGenerationMatch) &&
    (ifGenerationNotMatch === undefined || generation !== ifGenerationNotMatch) &&
    (ifMetagenerationMatch === undefined || metageneration === ifMetagenerationMatch) &&
    (ifMetagenerationNotMatch === undefined || metageneration !== ifMetagenerationNotMatch)
  );
}

export type ListQuery = {
  prefix: string;
  delimiter: string;
  startOffset: string;
  endOffset: string;
  limit: number;
  /** The last name or common prefix of the page before. */
  after: string | undefined;
};

export type Listing = { items: StoredObject[]; prefixes: string[]; next: string | undefined };

export type NewObject = { bucket: string; name: string; digest: Digest; attributes: Attributes };

export type Objects = ReturnType<typeof objectIndex>;

/** The index in `state`, with its tables made when they are missing. */
export function objectIndex(state: State, now: Clock) {
  state.exec(`
    CREATE TABLE IF NOT EXISTS storage_object (
      bucket TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, metageneration INTEGER NOT NULL,
      size INTEGER NOT NULL, md5 TEXT NOT NULL, crc32c TEXT NOT NULL, attributes TEXT NOT NULL, created TEXT NOT NULL,
      file TEXT NOT NULL, mtimeMs REAL NOT NULL, PRIMARY KEY (bucket, name)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS storage_generation (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
    INSERT OR IGNORE INTO storage_generation VALUES (1, 0)`);
  const one = state.prepare("SELECT * FROM storage_object WHERE bucket = ? AND name = ?");
  const bump = state.prepare("UPDATE storage_generation SET last = max(last + 1, ?) RETURNING last");
  const put = state.prepare(
    `INSERT OR REPLACE INTO storage_object VALUES
     (:bucket, :name, :generation, 1, :size, :md5, :crc32c, :attributes, :created, :file, :mtimeMs)`,
  );
  const remove = state.prepare("DELETE FROM storage_object WHERE bucket = ? AND name = ?");
  const page = state.prepare(
    "SELECT * FROM storage_object WHERE bucket = ? AND name >= ? AND name < ? ORDER BY name",
  );
  const every = state.prepare("SELECT * FROM storage_object WHERE bucket = ?");

  const find = (bucket: string, name: string): StoredObject | undefined =>
    MaybeRow.parse(one.get(bucket, name));

  return {
    find,

    all: (bucket: string): StoredObject[] => every.all(bucket).map((row) => Row.parse(row)),

    /**
     * Makes this the live object if `allow` agrees with what is there now. `place` puts the file where it belongs before
     * the row is committed, so that no row ever speaks of a file that is not there; it gives the file's name and time.
     */
    replace<R>(
      made: NewObject,
      allow: (current: StoredObject | undefined) => R | undefined,
      place: (generation: number, current: StoredObject | undefined) => { file: string; mtimeMs: number },
    ): { refused: R } | { stored: StoredObject; replaced: StoredObject | undefined } {
      return transaction(state, () => {
        const current = find(made.bucket, made.name);
        const refused = allow(current);
        if (refused !== undefined) return { refused };
        const time = now();
        const generation = Number(bump.get(time.getTime() * 1000)?.["last"]);
        put.run({
          bucket: made.bucket,
          name: made.name,
          generation,
          size: made.digest.size,
          md5: made.digest.md5,
          crc32c: made.digest.crc32c,
          attributes: JSON.stringify(made.attributes),
          created: time.toISOString(),
          ...place(generation, current),
        });
        const stored = find(made.bucket, made.name);
        if (stored === undefined) throw new Error("the row just written is missing");
        return { stored, replaced: current };
      });
    },

    /** Removes the row if `allow` agrees; `before` runs inside the decision, before it is final. */
    remove<R>(
      bucket: string,
      name: string,
      allow: (current: StoredObject | undefined) => R | undefined,
      before: (current: StoredObject) => void,
    ): { refused: R } | { removed: StoredObject | undefined } {
      return transaction(state, () => {
        const current = find(bucket, name);
        const refused = allow(current);
        if (refused !== undefined) return { refused };
        if (current !== undefined) {
          before(current);
          remove.run(bucket, name);
        }
        return { removed: current };
      });
    },

    /** One page in the order of UTF-8. Jumps over what a common prefix hides, so a folder of a million costs one step. */
    list(bucket: string, query: ListQuery): Listing {
      const { prefix, delimiter, limit, after } = query;
      const commonPrefix = (name: string): string | undefined => {
        const cut = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
        return cut === -1 ? undefined : name.slice(0, cut + delimiter.length);
      };
      const beyond = (name: string): string | undefined =>
        commonPrefix(name) === undefined ? `${name}\0` : afterPrefix(name);

      const ends = [afterPrefix(prefix), query.endOffset || undefined].filter((end) => end !== undefined);
      const until = ends.length === 0 ? afterAllText : ends.reduce((a, b) => (later(a, b) === a ? b : a));
      const starts = [prefix, query.startOffset, after === undefined ? "" : beyond(after)];
      let from: string | undefined = starts.includes(undefined)
        ? undefined
        : starts.reduce((a, b) => later(a ?? "", b ?? ""));
      const listing: Listing = { items: [], prefixes: [], next: undefined };
      let last: string | undefined;
      while (from !== undefined) {
        let jumpTo: string | undefined;
        for (const raw of page.iterate(bucket, from, until)) {
          const row = Row.parse(raw);
          if (listing.items.length + listing.prefixes.length >= limit) return { ...listing, next: last };
          const common = commonPrefix(row.name);
          last = common ?? row.name;
          if (common === undefined) {
            listing.items.push(row);
            continue;
          }
          listing.prefixes.push(common);
          jumpTo = afterPrefix(common);
          break;
        }
        from = jumpTo;
      }
      return listing;
    },
  };
}

/** SQLite orders every blob after every text (https://www.sqlite.org/datatype3.html#sort_order). */
const afterAllText = new Uint8Array([0]);

/** The later of two strings in the order of UTF-8, which differs from JavaScript's beyond U+D7FF. */
function later(a: string, b: string): string {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) >= 0 ? a : b;
}
