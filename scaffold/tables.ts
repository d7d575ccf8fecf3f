// Writes a row into a table of the project, which stays a plain file that people read: the row goes in before the line that
// closes the table. A table that is not found as it is expected stops everything, before anything is written.

export type Row = {
  file: string;
  /** Beginnings of the lines that open the table, from the outside in. */
  opens: readonly string[];
  /** The new lines; the formatter puts them in shape. */
  text: string;
};

/** The file with its row. Throws a sentence that names file and line to look for where the table is not there. */
export function withRow(content: string, row: Row): string {
  const lines = content.split("\n");
  const opened = openedAt(lines, row);
  const line = lines[opened] ?? "";
  // A short list stands in one line, and its row goes to the end of it.
  const oneLine = /^(.*(?:\[|\{)[^\]}]*[^\]},\s])(\s*[\]}].*)$/.exec(line);
  if (oneLine !== null) {
    const [, list = "", end = ""] = oneLine;
    return lines.with(opened, `${list}, ${row.text.trim().replace(/,$/, "")}${end}`).join("\n");
  }
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  const closed = lines.findIndex((each, index) => index > opened && closes(each, indent));
  if (closed === -1) throw new Error(gone(row.file, `${indent}}`));
  return [...lines.slice(0, closed), row.text, ...lines.slice(closed)].join("\n");
}

/** The file with a statement of its own before a line. */
export function beforeLine(content: string, row: Row): string {
  const lines = content.split("\n");
  const at = openedAt(lines, row);
  return [...lines.slice(0, at), row.text, ...lines.slice(at)].join("\n");
}

function openedAt(lines: readonly string[], { file, opens }: Row): number {
  let opened = -1;
  for (const line of opens) {
    const after = opened;
    opened = lines.findIndex((each, index) => index > after && each.startsWith(line));
    if (opened === -1) throw new Error(gone(file, line));
  }
  return opened;
}

/** Tells whether a line closes what was opened with the same indentation. */
const closes = (line: string, indent: string): boolean =>
  line.startsWith(indent) && /^[}\])]/.test(line.slice(indent.length));

const gone = (file: string, line: string): string =>
  `${file} has no line that begins with "${line}", where a row was to go. Nothing was written. Write the change by hand as CONTRIBUTING.md says, and mend what looks for the line in scaffold/.`;
