// The only place that writes: data to stdout (one JSON value with --json, else lines for people), all else to stderr.
import { stripVTControlCharacters, styleText } from "node:util";
import type { Explanation } from "../shared/errors.ts";

export type Style = "green" | "red" | "yellow" | "cyan" | "dim" | "bold";
export type Paint = (style: Style, text: string) => string;

/** Stream that a terminal writes to: one of the process's. */
export type Stream = { write: (text: string) => unknown; isTTY?: boolean };

export type Terminal = {
  json: boolean;
  /** The command's data. */
  answer: (value: unknown, lines: (paint: Paint) => string[]) => void;
  /** A line for people, beside the data. */
  note: (line: string) => void;
  /** Tells what the command is busy with: one line that is rewritten on a terminal, a line for each news elsewhere. */
  progress: (line: string) => void;
  explain: (explanation: Explanation) => void;
};

const clearLine = "\r\u001b[2K";

/** A terminal over two streams; each is coloured only where it is a terminal itself and colours are wanted. */
export function terminal(options: {
  stdout: Stream;
  stderr: Stream;
  json: boolean;
  colour: boolean;
}): Terminal {
  const { stdout, stderr, json } = options;
  const painter = (stream: Stream): Paint =>
    options.colour && stream.isTTY === true
      ? (style, text) => styleText(style, text, { validateStream: false })
      : (_, text) => text;
  let showing = "";
  let rewritable = false;

  function line(text: string): void {
    stderr.write(`${rewritable ? clearLine : ""}${text}\n`);
    rewritable = false;
  }

  return {
    json,
    answer(value, lines) {
      if (rewritable) stderr.write(clearLine);
      rewritable = false;
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
      else for (const each of lines(painter(stdout))) stdout.write(`${each}\n`);
    },
    note: line,
    progress(text) {
      if (text === showing) return;
      showing = text;
      if (stderr.isTTY === true) {
        stderr.write(`${clearLine}${text}`);
        rewritable = true;
      } else line(text);
    },
    explain({ what, why, next }) {
      const paint = painter(stderr);
      line(`${paint("red", "✗")} ${visible(what)}`);
      for (const each of [...labelled("why", why), ...labelled("next", next)]) line(each);
    },
  };
}

/** Colours are wanted unless somebody says no (https://no-color.org). */
export function wantsColour(env: Record<string, string | undefined>, flag: boolean): boolean {
  return flag && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Text that people typed, made harmless: a control sequence in a cell must not drive the reader's terminal. */
export function visible(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}|\p{Cf}/gu, "�");
}

/** A text of one line or several behind its label, all of them below each other. */
export function labelled(label: "what" | "why" | "next", text: string): string[] {
  const [first = "", ...more] = text.split("\n").map(visible);
  return [`  ${`${label}:`.padEnd(6)}${first}`, ...more.map((each) => `        ${each}`)];
}

/** Columns aligned with two blanks between; painted cells are measured without their colours. */
export function table(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd(),
  );
}

const widthOf = (cell: string): number => [...stripVTControlCharacters(cell)].length;
