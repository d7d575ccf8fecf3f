// functions.log, what the functions and the front end write. A full disk must not end the instance, so what cannot be written waits; and
// as each failed delivery leaves a line here, this is where people hear of it first.
import { closeSync, openSync } from "node:fs";
import { codeOf } from "../../shared/errors.ts";
import { diskTrouble, troubleWords } from "../wire/disk.ts";
import { writeWhole } from "../wire/write-whole.ts";

/** Characters that wait for room, at most: a day at rest. The oldest are given up first. */
const mostKept = 1_000_000;
const retryMilliseconds = 1000;

export type FunctionLog = { write: (lines: string) => void; close: () => void };

/** `say` gets one line when nothing can be written any more, and one when it can again. */
export function functionLog(file: string, say: (line: string) => void): FunctionLog {
  let kept = "";
  let isInTrouble = false;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    try {
      const handle = openSync(file, "a", 0o600);
      try {
        writeWhole(handle, Buffer.from(kept));
      } finally {
        closeSync(handle);
      }
      kept = "";
      if (isInTrouble) say("the sample hub's folder can be written again: everything goes on");
      isInTrouble = false;
    } catch (error) {
      kept = kept.slice(-mostKept);
      if (!isInTrouble) say(sentenceOf(error));
      isInTrouble = true;
      timer = setTimeout(flush, retryMilliseconds).unref();
    }
  }

  return {
    write(lines) {
      kept += lines;
      if (timer === undefined) flush();
    },
    close: () => clearTimeout(timer),
  };
}

function sentenceOf(error: unknown): string {
  const trouble = diskTrouble(error);
  const { is, mend } =
    trouble === undefined
      ? { is: `its functions.log is gone or no file (${codeOf(error)})`, mend: "put the folder back" }
      : troubleWords[trouble];
  return `nothing can be written in the sample hub's folder: ${is}. What is to be done waits; ${mend}, and it goes on by itself`;
}
