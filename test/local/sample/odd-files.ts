// Files of every odd kind that a person, an editor or a sync client leaves, for the tests of what is read.
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { test } from "@jest/globals";

export const posix = process.platform === "win32" ? test.skip : test;
export const pipe = (path: string): void => void execFileSync("mkfifo", [path]);
export function large(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, 50_000_000);
}

/** Each with its kind, how it is made, and what is said of it. */
export const odd: [string, (path: string) => void, string][] = [
  ["a folder", (path) => mkdirSync(path), "is a folder, not a file"],
  ["a link to nothing", (path) => symlinkSync("nowhere", path), "is missing, or a link to nothing"],
  ["a link to itself", (path) => symlinkSync(path, path), "cannot be read (ELOOP)"],
  ["a link to the root", (path) => symlinkSync("/", path), "is a folder, not a file"],
  ["a pipe that nobody writes into", pipe, "is not a file"],
  ["50 MB", (path) => large(path), "is too large: it has 50000000 bytes, and 262144 are read at most"],
  ["a byte of 0", (path) => writeFileSync(path, "a: 1\nb: \0"), "is not text: line 2 has a byte of 0"],
  ["Latin-1", (path) => writeFileSync(path, "a: b\n\nc: \xe9", "latin1"), "is not UTF-8: look at line 3"],
];
