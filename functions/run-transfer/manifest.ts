// The manifest of a transfer, a file a part: each object that was at the source, and how it was at the target by then. A part is named
// by what is in it, so that whoever dies half-way and begins again finds it made.
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import * as z from "zod";
import { transient } from "../../shared/errors.ts";
import type { LedgerFiles } from "../../shared/ledger.ts";
import { packedLines } from "../../shared/text-lines.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import type { Part, RemoteObject } from "../../shared/transfers/records.ts";

/**
 * Words for how an object was at the target when the transfer was planned: missing, there with the same content, there and not proved, there with
 * another content that is left alone or replaced; of a name that cannot be copied; or there alone, and to be deleted.
 */
const Was = z.enum(["missing", "same", "unproved", "other", "replace", "unmovable", "delete"]);
export type Was = z.infer<typeof Was>;
/** `old`: the target's object that is to be lost. */
export type Planned = RemoteObject & { was: Was; old?: RemoteObject };

/** Size, MD5, ETag and generation of what is to be lost. */
const Old = z.tuple([z.number(), z.string().nullable(), z.string().nullable(), z.string().nullable()]);
/** Name, size, MD5 and ETag of the source's object, how it was, and what is to be lost. */
const Line = z.tuple([
  z.string(),
  z.number(),
  z.string().nullable(),
  z.string().nullable(),
  Was,
  Old.optional(),
]);

/** Letters that are packed at a time: line by line it takes longer. */
const pieceLength = 64 * 1024;

/**
 * Opens a part's manifest. What is added is packed as it comes: most objects are there already, and nothing else is to be known of them.
 */
export function openManifest() {
  const digest = createHash("sha256");
  // Packs a fifth less than by default, in a third of the time.
  const packed = createGzip({ level: 1 });
  const bytes = buffer(packed);
  let text = "";
  const pack = (): void => {
    const piece = Buffer.from(text);
    digest.update(piece);
    packed.write(piece);
    text = "";
  };
  return {
    add(objects: readonly Losing[], was: Was): void {
      for (const object of objects) text += lineOf(object, was);
      if (text.length >= pieceLength) pack();
    },
    /** Ends it, and keeps it under a name that says what is in it. */
    async keep(
      of: { hub: string; id: string },
      keep: LedgerFiles["keep"],
    ): Promise<Pick<Part, "manifest" | "sha256">> {
      pack();
      packed.end();
      const sha256 = digest.digest("hex");
      const manifest = `${transferFolder(of.hub, of.id)}/manifest/${sha256.slice(0, 16)}.ndjson.gz`;
      await keep(manifest, await bytes, "application/gzip");
      return { manifest, sha256 };
    },
  };
}

/** An object, and what of the target is lost for it. */
export type Losing = RemoteObject & { old?: RemoteObject };

function lineOf({ name, size, md5, etag, old }: Losing, was: Was): string {
  // Written so, a million lines take a third of the time.
  if (old === undefined && isPlain(name) && isPlain(md5) && isPlain(etag))
    return `["${name}",${size},${quoted(md5)},${quoted(etag)},"${was}"]\n`;
  const line: z.infer<typeof Line> = [name, size, md5 ?? null, etag ?? null, was];
  if (old !== undefined) line.push([old.size, old.md5 ?? null, old.etag ?? null, old.generation ?? null]);
  return `${JSON.stringify(line)}\n`;
}

/** Tells whether a text stands in JSON as it is. */
const isPlain = (text = ""): boolean => /^[ !#-[\]-~]*$/.test(text);

const quoted = (text: string | undefined): string => (text === undefined ? "null" : `"${text}"`);

/** Reads a part's manifest. */
export async function readManifest(
  ledger: Pick<LedgerFiles, "bytes">,
  { manifest }: Pick<Part, "manifest">,
): Promise<Planned[]> {
  const bytes = await ledger.bytes(manifest);
  if (bytes === undefined) throw transient("a part of the transfer's manifest is missing from the ledger");
  const found: Planned[] = [];
  for await (const line of packedLines([bytes])) found.push(objectIn(line));
  return found;
}

function objectIn(line: string): Planned {
  const [name, size, md5, etag, was, old] = Line.parse(JSON.parse(line));
  return {
    ...{ name, size, was },
    ...told({ md5, etag }),
    ...(old === undefined ? {} : { old: oldIn(name, old) }),
  };
}

const oldIn = (name: string, [size, md5, etag, generation]: z.infer<typeof Old>): RemoteObject => ({
  ...{ name, size },
  ...told({ md5, etag, generation }),
});

/** Leaves out what nobody knows. */
const told = (sums: Record<string, string | null>): Partial<RemoteObject> =>
  Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== null));
