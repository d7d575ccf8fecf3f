// Makes each kind of new thing: files from templates, rows in tables. Everything is worked out before the first file is
// written, so that a name that is taken or a table that has moved leaves the project as it was.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { farEndRows } from "./far-end.ts";
import { flowRows } from "./flow.ts";
import { filled, type Names, namesOf } from "./names.ts";
import { pageRows } from "./page.ts";
import { beforeLine, type Row, withRow } from "./tables.ts";

export type Change = Row & { as: "row" | "statement" };

type Kind = {
  /** Template below scaffold/templates/ -> the file that it becomes. */
  files: (names: Names) => Record<string, string>;
  changes: (names: Names) => Change[];
  /** Says what to do next, for people. */
  next: (name: string) => string;
};

const flowFiles = ["index", "handler", "gather", "decide", "act", "state", "text"];

const common = `Then: npm run check, and npm run --silent test:unit -- test/architecture. Each test that fails says what is to be written.`;

export const kinds: Record<string, Kind | undefined> = {
  flow: {
    files: ({ name, thing }) => ({
      ...Object.fromEntries(flowFiles.map((part) => [`flow/${part}.txt`, `functions/${name}/${part}.ts`])),
      "flow/settings.txt": `shared/${thing}/settings.ts`,
      "flow-tests/decide.txt": `test/functions/${name}/decide.test.ts`,
      "flow-tests/handler.txt": `test/functions/${name}/${name}.test.ts`,
    }),
    changes: flowRows,
    next: (
      name,
    ) => `Begin with functions/${name}/gather.ts and test/functions/${name}/decide.test.ts. ${common}
After a change of its settings: npm run schema. What it may do and brings is written by hand in docs/deploy.md, ARCHITECTURE.md's drawing
and test/infra (permissions.test.ts, replay.ts, stack.test.ts, off.test.ts); CONTRIBUTING.md says how. To see it on the sample hub, give it a
section and a mode in local/sample/groundcrew.yaml, make a new sample hub, and ask: groundcrew run ${name} --dry-run.`,
  },
  page: {
    files: ({ name }) => ({
      "page/page.txt": `functions/console/${name}/page.ts`,
      "page/routes.txt": `functions/console/${name}/routes.ts`,
      "page/test.txt": `test/functions/console/${name}/page.test.ts`,
    }),
    changes: pageRows,
    next: (name) => `Begin with functions/console/${name}/page.ts. ${common}`,
  },
  "far-end": {
    files: ({ name }) => ({
      "far-end/far-end.txt": `local/${name}/far-end.ts`,
      "far-end/test.txt": `test/local/${name}/${name}.test.ts`,
    }),
    changes: farEndRows,
    next: (name) =>
      `Begin with local/${name}/far-end.ts: its first route, and who calls it in test/conformance/routes.ts. ${common}`,
  },
};

/** The files of a new thing, and those with a new row, by their paths. Throws a sentence for people where it cannot be made. */
export function makeNew(kind: string, name: string, root: string): Map<string, string> {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (known === undefined || name === "")
    throw new Error(`say what is new, and its name: npm run new -- ${Object.keys(kinds).join("|")} <name>`);
  const names = namesOf(name);
  if (typeof names === "string") throw new Error(names);
  if (kind === "flow" && names.thing === name)
    throw new Error(
      `a flow is called after what it does, as in check-costs: "${name}" has no verb, or does nothing to anything`,
    );
  const made = new Map<string, string>();
  for (const [template, file] of Object.entries(known.files(names))) {
    if (existsSync(join(root, file))) throw new Error(`${file} is there already. Nothing was written.`);
    const text = readFileSync(new URL(`templates/${template}`, import.meta.url), "utf8");
    made.set(file, filled(text, names));
  }
  for (const change of known.changes(names)) {
    const before = made.get(change.file) ?? readFileSync(join(root, change.file), "utf8");
    made.set(change.file, (change.as === "row" ? withRow : beforeLine)(before, change));
  }
  return made;
}

/** Writes them. */
export function written(made: ReadonlyMap<string, string>, root: string): void {
  for (const [file, text] of made) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}
