// Forty names of objects that are hard to write in an address, in XML, in a list of lines or in a shell, and some that rclone cannot carry.
import { oddNames } from "../../local/sample/buckets.ts";

/** Folders of a name that is as long as S3 allows, 1,024 bytes, below a folder of four letters. */
const longest = Array.from({ length: 5 }, (_, at) => `${at}`.repeat(at < 4 ? 200 : 216)).join("/");

export const fortyNames: readonly string[] = [
  ...oddNames,
  ...["caf\u00e9 in one letter.txt", "cafe\u0301 in two.txt"],
  ...["back\\slash.txt", "a:colon.txt", "ends with a dot.", "~/.ssh/config"],
  ...["\u00a0hard space.txt", "line\u2028separator.txt", "zero\u200bwidth.txt", "\u202eright to left.txt"],
  ...[
    "{{template}}$variable%s%n.txt",
    "&lt;&amp;&#65;.xml",
    "]]>.xml",
    "a?versionId=null",
    "a+%2B%20 plus.txt",
  ],
  longest,
];

/** Folders beside names that begin as they do, so many of each: in a tree they come in another order than by their bytes. */
export const namesBesideFolders = (rounds: number): string[] =>
  Array.from({ length: rounds }, (_, n) => [`chunk/${n}`, `chunk-${n}`, `chunk.${n}/0`]).flat();

/** Names that no machine can carry, of which a plan has to tell. */
export const unmovableNames: readonly string[] = [
  "folder//of no name.txt",
  "tab\there.txt",
  "line\nbreak.txt",
  "\u2400 is how rclone writes a zero.txt",
];
