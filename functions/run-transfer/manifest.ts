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
 * another content; or of a name that cannot be copied.
 */
const Was = z.enum(["missing", "same", "unproved", "other", "unmovable"]);
export type Was = z.infer<typeof Was>;
export type Planned = RemoteObject & { was: Was };

/** Name, size, MD5 and ETag of the source's object, and how it was. */
const Line = z.tuple([z.string(), z.number(), z.string().nullable(), z.string().nullable(), Was]);

/**
 * Opens a part's manifest. What is added is packed as it comes: most objects are there already, and nothing else is to be known of them.
 */
export function openManifest() {
  const digest = createHash("sha256");
  // Packs a fifth less than by default, in a third of the time.
  const packed = createGzip({ level: 1 });
  const bytes = buffer(packed);
  return {
    add(objects: readonly RemoteObject[], was: Was): void {
      if (objects.length === 0) return;
      const text = objects.map((object) => lineOf(object, was)).join("");
      digest.update(text);
      packed.write(text);
    },
    /** Ends it, and keeps it under a name that says what is in it. */
    async keep(
      of: { hub: string; id: string },
      keep: LedgerFiles["keep"],
    ): Promise<Pick<Part, "manifest" | "sha256">> {
      packed.end();
      const sha256 = digest.digest("hex");
      const manifest = `${transferFolder(of.hub, of.id)}/manifest/${sha256.slice(0, 16)}.ndjson.gz`;
      await keep(manifest, await bytes, "application/gzip");
      return { manifest, sha256 };
    },
  };
}

function lineOf({ name, size, md5, etag }: RemoteObject, was: Was): string {
  const line: z.infer<typeof Line> = [name, size, md5 ?? null, etag ?? null, was];
  return `${JSON.stringify(line)}\n`;
}

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
  const [name, size, md5, etag, was] = Line.parse(JSON.parse(line));
  return { name, size, was, ...(md5 === null ? {} : { md5 }), ...(etag === null ? {} : { etag }) };
}
