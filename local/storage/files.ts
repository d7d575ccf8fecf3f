// The bytes of one bucket: plain files in a folder. They are first written under a name that nothing refers to, and take
// their place inside the index's decision, so that a kill at any moment leaves either the old object or the new one.
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { Readable } from "node:stream";
import { codeOf } from "../../shared/errors.ts";
import { readPersonText } from "../sample/person-file.ts";
import { type Digest, digester } from "./digest.ts";
import { opaqueFile, ownFolder, plainFile } from "./names.ts";

/** `opaque`: nobody but us looks inside. `plain`: a person edits the folder, so a file's path is its object's name. */
export type Layout = "opaque" | "plain";

/** Appends bytes to a file, and makes it when it is missing; a test hands in one whose disk is full. */
export type Append = (file: string, bytes: Uint8Array) => Promise<void>;

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
export type Placed = { file: string; mtimeMs: number };
export type Opened = {
  size: number;
  mtimeMs: number;
  /** Reads and closes. */
  read: (start: number, length: number) => Uint8Array<ArrayBuffer> | ReadableStream;
  close: () => void;
};

/** Smaller than this is read at once: a stream costs more than the bytes. */
const inOneGo = 256 * 1024;

/** The files of one bucket; makes the folder when it is missing. */
export function bucketFiles(folder: string, layout: Layout, append: Append = appendFile) {
  const incoming = join(ownFolder, "incoming");
  const opaque = join(ownFolder, "objects");
  for (const inner of [incoming, opaque]) mkdirSync(join(folder, inner), { recursive: true });
  const at = (file: string): string => join(folder, file);

  /** Symbolic links that a person made must not lead a write out of the folder. */
  const staysInside = (file: string): boolean => {
    const root = realpathSync(folder);
    const parent = realpathSync(dirname(at(file)));
    return parent === root || parent.startsWith(root + sep);
  };

  const placePlain = (from: string, file: string): boolean => {
    try {
      if (isFolderOrLink(at(file))) return false;
      mkdirSync(dirname(at(file)), { recursive: true });
      if (!staysInside(file)) return false;
      renameSync(at(from), at(file));
      return true;
    } catch (error) {
      // A name can be a file and a folder in a bucket, but not on a disk: the second one goes where nobody looks.
      if (["EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY", "ENAMETOOLONG"].includes(codeOf(error))) return false;
      throw error;
    }
  };

  return {
    /** A new name for bytes that nothing refers to yet. */
    incoming: (id: string): string => join(incoming, id),

    /** Writes all of it behind what the file holds; `see` is shown each piece on its way. */
    async write(file: string, chunks: Bytes, see?: (chunk: Uint8Array) => void): Promise<void> {
      await append(at(file), new Uint8Array());
      for await (const chunk of chunks) {
        await append(at(file), chunk);
        see?.(chunk);
      }
    },

    truncate: (file: string, size: number): void => truncateSync(at(file), size),

    size: (file: string): number => (existsSync(at(file)) ? statSync(at(file)).size : 0),

    async digest(file: string): Promise<Digest> {
      const sum = digester();
      for await (const chunk of createReadStream(at(file))) sum.add(chunk);
      return sum.digest();
    },

    /** Moves new bytes to where they stay. Synchronous, for it runs inside the index's decision. */
    place(from: string, name: string, generation: number): Placed {
      const plain = layout === "plain" ? plainFile(name) : undefined;
      const file =
        plain !== undefined && placePlain(from, plain) ? plain : join(opaque, opaqueFile(name, generation));
      if (file !== plain) renameSync(at(from), at(file));
      return { file, mtimeMs: statSync(at(file)).mtimeMs };
    },

    /**
     * Names that a person has written, a line each, for objects made of parts: of those no MD5 is known.
     * https://cloud.google.com/storage/docs/composite-objects
     */
    composed(): ReadonlySet<string> {
      const read = readPersonText(at(join(ownFolder, "composed")));
      return new Set("text" in read ? read.text.split("\n").filter((name) => name !== "") : []);
    },

    isPlain: (file: string): boolean => !file.startsWith(ownFolder),

    remove(file: string): void {
      rmSync(at(file), { force: true });
    },

    /** Opens at once, so that a later overwrite cannot change what is read; undefined when the file is gone. */
    open(file: string): Opened | undefined {
      let descriptor: number;
      try {
        // Of a pipe that somebody has put there meanwhile, this gives an end at once.
        descriptor = openSync(at(file), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
        throw error;
      }
      const found = fstatSync(descriptor);
      if (!found.isFile()) {
        closeSync(descriptor);
        return undefined;
      }
      const { size, mtimeMs } = found;
      return {
        size,
        mtimeMs,
        read(start, length) {
          if (length > inOneGo)
            return Readable.toWeb(
              createReadStream("", { fd: descriptor, start, end: start + length - 1 }),
            ) as ReadableStream;
          const bytes = new Uint8Array(length);
          const got = readSync(descriptor, bytes, 0, length, start);
          closeSync(descriptor);
          return bytes.subarray(0, got);
        },
        close: () => closeSync(descriptor),
      };
    },

    /** Every file of a person's folder, as object names with size and time; links and our own folder are left out. */
    *walk(): Generator<{ name: string; size: number; mtimeMs: number }> {
      const queue = [""];
      for (const inner of queue)
        for (const entry of readdirSync(at(inner), { withFileTypes: true })) {
          const name = inner === "" ? entry.name : `${inner}/${entry.name}`;
          if (name === ownFolder) continue;
          if (entry.isDirectory()) queue.push(name);
          if (!entry.isFile()) continue;
          const found = entryAt(at(name));
          if (found !== undefined) yield { name, size: found.size, mtimeMs: found.mtimeMs };
        }
    },

    stat(file: string): { size: number; mtimeMs: number } | undefined {
      const found = entryAt(at(file));
      return found?.isFile() ? { size: found.size, mtimeMs: found.mtimeMs } : undefined;
    },

    /** Takes away what a kill has left behind: bytes that neither an object nor an upload refers to. */
    sweep(keep: ReadonlySet<string>): void {
      for (const inner of [incoming, opaque])
        for (const entry of readdirSync(at(inner)))
          if (!keep.has(join(inner, entry))) rmSync(at(join(inner, entry)), { force: true });
    },
  };
}

/** Gives what is there; undefined, too, where a part of the path is a file (`throwIfNoEntry` is silent about ENOENT only). */
function entryAt(path: string) {
  try {
    return lstatSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function isFolderOrLink(path: string): boolean {
  const found = entryAt(path);
  return found !== undefined && !found.isFile();
}
