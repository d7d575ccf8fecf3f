import { fstatSync, ftruncateSync, writeSync } from "node:fs";

/** Writes all of it behind what an open file holds, or nothing: half a line would be taken for a whole one. */
export function writeWhole(handle: number, bytes: Uint8Array): void {
  const about = fstatSync(handle);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
  } catch (error) {
    if (about.isFile()) ftruncateSync(handle, about.size);
    throw error;
  }
}
