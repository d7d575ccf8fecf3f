// Counts how much disk a folder takes, to the byte as `du -s --block-size=1 -x` does. Follows no link, opens no file, enters no
// other file system and writes nothing; reports what it cannot read, and goes on.
import { closeSync, constants, type Dir, lstatSync, opendirSync, openSync, readdirSync } from "node:fs";
import { codeOf } from "../errors.ts";
import { pathOf } from "./names.ts";

/** Reason why a part was not counted. `vanished` was there a moment before; `other-device` is another file system's. */
export type Trouble = "unreadable" | "vanished" | "other-device";
export type Counted = { kind: Trouble; code: string; count: number };

export type Walked = {
  /** Allocated: blocks x 512, so a hole takes nothing; a file of several names counts once. */
  bytes: number;
  /** Everything below the folder, the folder itself not. */
  entries: number;
  lastTouchedMs: number;
  /** False when a part could not be read: then `bytes` is a lower bound. */
  complete: boolean;
  /** The largest entries right below the folder; names in latin1. */
  top: { name: string; bytes: number }[];
  troubles: Counted[];
};

export type WalkOptions = {
  /** Called now and then with the entries so far. */
  onEntries?: (entries: number) => void;
  /** For tests: called right before each call to the system, with the path's latin1. */
  before?: (call: "lstat" | "read", path: string) => void;
};

/** A folder's own size from which it is read piece by piece: a million names at once are 240 MB. */
const largeFolderBytes = 1024 * 1024;
/** Linux takes paths of up to 4,096 bytes; past this many, the walk goes on below an open descriptor. */
const longPathBytes = 3000;
const topNames = 5;
const progressEvery = 8192;

const typeMask = 0o170000;
const directoryType = 0o040000;

type Frame = {
  /** With a slash at its end. */
  prefix: string;
  names: string[] | Dir;
  next: number;
  /** Opened for the parts below, and closed after them. */
  descriptor: number | undefined;
  /** Of a folder right below the start: its name, and the bytes before it. */
  child: { name: string; before: number } | undefined;
};

/** Walks one folder, its path in latin1. Throws only when not even the folder's own entry can be read. */
export function walk(folder: string, options: WalkOptions = {}): Walked | "gone" | "no-folder" {
  const { before, onEntries } = options;
  const troubles = new Map<string, Counted>();
  const top: Walked["top"] = [];
  const seen = new Set<number | bigint>();
  let bytes = 0;
  let entries = 0;
  let lastTouchedMs = Number.NEGATIVE_INFINITY;
  let complete = true;

  function trouble(kind: Trouble, code: string): void {
    const key = `${kind} ${code}`;
    const known = troubles.get(key);
    if (known === undefined) troubles.set(key, { kind, code, count: 1 });
    else known.count += 1;
    if (kind === "unreadable") complete = false;
  }

  function failed(error: unknown): void {
    const code = codeOf(error);
    trouble(code === "ENOENT" ? "vanished" : "unreadable", code);
  }

  function largest(name: string, size: number): void {
    if (top.length === topNames && size <= (top[topNames - 1]?.bytes ?? 0)) return;
    const at = top.findIndex((each) => each.bytes < size);
    top.splice(at === -1 ? top.length : at, 0, { name, bytes: size });
    top.length = Math.min(top.length, topNames);
  }

  function open(path: string, ownBytes: number, child: Frame["child"]): Frame | undefined {
    let descriptor: number | undefined;
    try {
      before?.("read", path);
      let base = path;
      if (path.length > longPathBytes) {
        descriptor = openSync(pathOf(path), descriptorFlags);
        base = `/proc/self/fd/${descriptor}`;
      }
      const names =
        ownBytes > largeFolderBytes
          ? opendirSync(pathOf(base), { encoding: "latin1", bufferSize: 1024 })
          : readdirSync(pathOf(base), "latin1");
      return { prefix: base.endsWith("/") ? base : `${base}/`, names, next: 0, descriptor, child };
    } catch (error) {
      if (descriptor !== undefined) closeSync(descriptor);
      failed(error);
      return undefined;
    }
  }

  function leave(frame: Frame): void {
    if (!Array.isArray(frame.names)) frame.names.closeSync();
    if (frame.descriptor !== undefined) closeSync(frame.descriptor);
    if (frame.child !== undefined) largest(frame.child.name, bytes - frame.child.before);
  }

  /** The next name, or undefined at the end; an error while reading on ends the folder. */
  function nextOf(frame: Frame): string | undefined {
    if (Array.isArray(frame.names)) return frame.names[frame.next++];
    try {
      return frame.names.readSync()?.name;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  const start = statOf(folder, before);
  if (start === undefined) return "gone";
  if ((start.mode & typeMask) !== directoryType) return "no-folder";
  const { dev } = start;
  bytes = start.blocks * 512;
  lastTouchedMs = start.mtimeMs;
  const first = open(folder, start.size, undefined);
  const stack: Frame[] = first === undefined ? [] : [first];
  // Gone or closed in between: its own entry is all that was seen.
  if (first === undefined) complete = false;

  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const name = nextOf(frame);
    if (name === undefined) {
      stack.pop();
      leave(frame);
      continue;
    }
    const path = frame.prefix + name;
    let stat: ReturnType<typeof statOf>;
    try {
      stat = statOf(path, before);
    } catch (error) {
      failed(error);
      continue;
    }
    if (stat === undefined) {
      trouble("vanished", "ENOENT");
      continue;
    }
    if (stat.dev !== dev) {
      trouble("other-device", "EXDEV");
      continue;
    }
    const directory = (stat.mode & typeMask) === directoryType;
    if (!directory && stat.nlink > 1 && counted(seen, path, stat.ino)) continue;
    const bytesBefore = bytes;
    bytes += stat.blocks * 512;
    entries += 1;
    if (stat.mtimeMs > lastTouchedMs) lastTouchedMs = stat.mtimeMs;
    if (entries % progressEvery === 0) onEntries?.(entries);
    const right = stack.length === 1;
    if (!directory) {
      if (right) largest(name, bytes - bytesBefore);
      continue;
    }
    const child = right ? { name, before: bytesBefore } : undefined;
    const below = open(path, stat.size, child);
    if (below !== undefined) stack.push(below);
    else if (right) largest(name, bytes - bytesBefore);
  }
  return { bytes, entries, lastTouchedMs, complete, top, troubles: [...troubles.values()] };
}

const descriptorFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

function statOf(path: string, before: WalkOptions["before"]) {
  before?.("lstat", path);
  return lstatSync(pathOf(path), { throwIfNoEntry: false });
}

/** Tells whether a file of several names was counted under another one. A double holds inode numbers up to 2^53 only. */
function counted(seen: Set<number | bigint>, path: string, inode: number): boolean {
  const key = Number.isSafeInteger(inode)
    ? inode
    : (lstatSync(pathOf(path), { bigint: true, throwIfNoEntry: false })?.ino ?? inode);
  if (seen.has(key)) return true;
  seen.add(key);
  return false;
}
