// slack.log, what the team would read in Slack: a line a message with its time, its channel and its text as it was sent, in
// which \n stands for a new line. A message is on the disk before its sender is answered.
import { closeSync, fstatSync, fsyncSync, openSync, readSync } from "node:fs";
import { readPersonFile } from "../sample/person-file.ts";
import { writeWhole } from "../wire/write-whole.ts";

export type SlackLine = { at: string; channel: string; text: string };

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Adds one line. A line that a killed process left unfinished stays, and this one begins after it. */
export function appendLine(file: string, { at, channel, text }: SlackLine): void {
  const oneLine = text
    .replaceAll(/[\\\n\r\t]/g, (letter) => escapes[letter] ?? letter)
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, " ");
  const handle = openSync(file, "a+");
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    const unfinished = size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    writeWhole(handle, Buffer.from(`${unfinished ? "\n" : ""}${at} ${channel} ${oneLine}\n`));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The newest messages first, as Slack shows them; a line that is none of ours is left out. */
export function readLines(file: string, most: number): { count: number; posts: SlackLine[] } {
  const read = readPersonFile(file, Number.POSITIVE_INFINITY);
  if ("problem" in read) return { count: 0, posts: [] };
  const lines = read.bytes
    .toString()
    .split("\n")
    .filter((line) => line !== "");
  const posts = lines.slice(-most).reverse();
  return { count: lines.length, posts: posts.flatMap((line) => postOf(line) ?? []) };
}

function postOf(line: string): SlackLine | undefined {
  const [, at = "", channel = "", text = ""] = /^(\d{4}-\S{1,30}Z) ([A-Z0-9]{1,30}) (.*)$/.exec(line) ?? [];
  return at === "" ? undefined : { at, channel, text: shown(text) };
}

const shown = (text: string): string =>
  text
    .replaceAll(/\\([\\nrt])/g, (_, letter: string) => plain[letter] ?? letter)
    .replaceAll(/<(https:[^>|]*)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
const plain: Record<string, string> = { n: "\n", r: "\n", t: "\t" };
