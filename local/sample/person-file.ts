// Reads a file that a person may have put there, so it can be anything: a folder, a pipe that nobody writes into, a link to
// nowhere, gigabytes. Whatever it is, reading ends, and what is wrong is a sentence.
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { codeOf } from "../../shared/errors.ts";

/** Of a file that people write by hand: a sheet of 20,000 people has two million. */
const usualBytes = 16 * 1024 * 1024;

export type PersonFile = { bytes: Buffer } | { problem: string; missing?: true };

/** The file's bytes, or what is wrong with it, to stand behind its name. Follows links, never waits for a pipe's writer. */
export function readPersonFile(file: string, maximumBytes = usualBytes): PersonFile {
  let descriptor: number | undefined;
  try {
    // Opened without waiting: of a pipe this gives an end at once, which is then found to be no file.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(descriptor);
    if (!about.isFile())
      return { problem: about.isDirectory() ? "is a folder, not a file" : "is not a file" };
    if (about.size > maximumBytes)
      return { problem: `is too large: it has ${about.size} bytes, and ${maximumBytes} are read at most` };
    return { bytes: readFileSync(descriptor) };
  } catch (error) {
    const code = codeOf(error);
    return code === "ENOENT"
      ? { problem: "is missing, or a link to nothing", missing: true }
      : { problem: `cannot be read (${code})` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The same as text: UTF-8 without a mark at its beginning, and no byte of it 0. */
export function readPersonText(
  file: string,
  maximumBytes = usualBytes,
): { text: string } | { problem: string; missing?: true } {
  const read = readPersonFile(file, maximumBytes);
  if ("problem" in read) return read;
  return textOf(read.bytes);
}

/** Bytes as text, or the line where they are none. */
export function textOf(bytes: Buffer): { text: string } | { problem: string } {
  const nul = bytes.indexOf(0);
  if (nul !== -1) return { problem: `is not text: line ${lineAt(bytes, nul)} has a byte of 0` };
  if (!isUtf8(bytes)) return { problem: `is not UTF-8: look at line ${lineAt(bytes, firstNonUtf8(bytes))}` };
  return { text: new TextDecoder().decode(bytes) };
}

const lineAt = (bytes: Buffer, offset: number): number =>
  bytes.subarray(0, offset).reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 1);

/** Finds the start of the first line that is not UTF-8: a new line is part of no other letter, so each stands alone. */
function firstNonUtf8(bytes: Buffer): number {
  for (let offset = 0; offset < bytes.length; ) {
    const end = bytes.indexOf(0x0a, offset);
    const next = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(offset, next))) return offset;
    offset = next;
  }
  return bytes.length;
}
