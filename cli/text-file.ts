// Reads a file that a person has named, and says in a person's words why it cannot be read.
import { readFileSync } from "node:fs";
import { codeOf } from "../shared/errors.ts";
import type { ExitCode } from "./exit-codes.ts";
import { stop } from "./stop.ts";

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be opened",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
};

/** The text of a UTF-8 file, with the mark at its beginning if there is one; `shown` is the name that was typed. */
export function readText(
  file: string,
  otherwise: { shown: string; exitCode: ExitCode; next: string },
): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    const { shown, exitCode, next } = otherwise;
    throw stop(
      exitCode,
      `${shown} cannot be read`,
      reasons[codeOf(error)] ?? "the file cannot be opened",
      next,
    );
  }
}
