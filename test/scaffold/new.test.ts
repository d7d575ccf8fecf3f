// Tests of what `npm run new` would write, without writing it: rows where they belong, and a sentence where they cannot be put.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { filled, namesOf } from "../../scaffold/names.ts";
import { makeNew } from "../../scaffold/new.ts";
import { beforeLine, withRow } from "../../scaffold/tables.ts";
import { root } from "../architecture/source.ts";

describe("names", () => {
  test("are spelt in each way that code needs", () => {
    expect(namesOf("check-disk-costs")).toEqual({
      name: "check-disk-costs",
      camel: "checkDiskCosts",
      pascal: "CheckDiskCosts",
      thing: "disk-costs",
      thingCamel: "diskCosts",
      thingPascal: "DiskCosts",
      title: "Check disk costs",
    });
  });

  test("fill a template, and leave no placeholder", () => {
    const names = namesOf("count-samples");
    if (typeof names === "string") throw new Error(names);
    expect(filled("do-things doThings DoThings __thing-s__ __things__ __Things__ __Title__", names)).toBe(
      "count-samples countSamples CountSamples samples samples Samples Count samples",
    );
  });

  test.each([
    "",
    "Check-costs",
    "check--costs",
    "-check",
    "check_costs",
    "../costs",
    "1-costs",
    "a".repeat(31),
  ])("%j will not do", (name) => expect(typeof namesOf(name)).toBe("string"));
});

describe("a row", () => {
  const file = "shared/a.ts";
  const table = "const a = {\n  b: {\n    c: [\n      1,\n    ],\n  },\n  d: {},\n};\n";

  test("goes to the end of its table", () => {
    expect(withRow(table, { file, opens: ["const a = {"], text: "  e: {}," })).toBe(
      "const a = {\n  b: {\n    c: [\n      1,\n    ],\n  },\n  d: {},\n  e: {},\n};\n",
    );
    expect(withRow(table, { file, opens: ["const a = {", "  b: {", "    c: ["], text: "      2," })).toBe(
      "const a = {\n  b: {\n    c: [\n      1,\n      2,\n    ],\n  },\n  d: {},\n};\n",
    );
  });

  test.each([
    ['const a = ["x", "y"] as const;\n', 'const a = ["x", "y", "z"] as const;\n'],
    ['const a = { x: "y" };\n', 'const a = { x: "y", "z" };\n'],
  ])("goes to the end of a table in one line: %j", (before, after) => {
    expect(withRow(before, { file, opens: ["const a ="], text: '  "z",' })).toBe(after);
  });

  test("goes before a line", () => {
    expect(beforeLine(table, { file, opens: ["const a"], text: "let b;" })).toBe(`let b;\n${table}`);
  });

  test.each([
    [["const gone = {"], table],
    [["const a = {", "  gone: {"], table],
    [["const a = {"], "const a = {\n  b: 1,\n"],
  ])("has no place where %j is not there, and the sentence says where it was looked for", (opens, text) => {
    expect(() => withRow(text, { file, opens, text: "x" })).toThrow(
      /^shared\/a\.ts has no line .* CONTRIBUTING/,
    );
  });
});

describe("refused, with nothing written", () => {
  test.each([
    ["", "", /flow\|page\|far-end <name>/],
    ["module", "x-y", /flow\|page\|far-end <name>/],
    ["constructor", "x-y", /flow\|page\|far-end <name>/],
    ["flow", "samples", /has no verb/],
    ["flow", "Check-Costs", /single dashes/],
    ["flow", "sync-members", /functions\/sync-members\/index\.ts is there already/],
    ["page", "images", /functions\/console\/images\/page\.ts is there already/],
    ["far-end", "slack", /local\/slack\/far-end\.ts is there already/],
  ])("%s %s", (kind, name, words) => expect(() => makeNew(kind, name, root)).toThrow(words));
});

test.each([
  ["flow", "count-samples"],
  ["page", "budgets"],
  ["far-end", "ledgerly"],
])("a %s: every table is found, and keeps all that it had", (kind, name) => {
  for (const [file, text] of makeNew(kind, name, root)) {
    if (file.includes(name) || file === "shared/samples/settings.ts") continue;
    const before = readFileSync(join(root, file), "utf8");
    const lines = new Set(text.split("\n"));
    // A list in one line is the one kind of line that changes.
    const lost = before
      .split("\n")
      .filter((line) => !lines.has(line) && !text.includes(line.replace(/\s*[\]}].*$/, "")));
    expect([file, lost]).toEqual([file, []]);
    expect(text.length).toBeGreaterThan(before.length);
  }
});

test.each([
  ["flow", "count-samples"],
  ["page", "budgets"],
  ["far-end", "ledgerly"],
])("a %s: whatever its files import is there, by that name", (kind, name) => {
  const made = makeNew(kind, name, root);
  const textOf = (file: string) =>
    made.get(file) ?? (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");
  const imports = [...made].flatMap(([file, text]) =>
    [...text.matchAll(/^import (?:type )?\{([^}]*)\} from "(\.[^"]*)";/gm)].flatMap(
      ([, names = "", from = ""]) =>
        names.split(",").flatMap((each): [string, string, string][] => {
          const [word = ""] = each
            .replace(/^\s*type /, "")
            .trim()
            .split(" as ");
          return word === "" ? [] : [[file, word, join(dirname(file), from)]];
        }),
    ),
  );
  expect(imports.length).toBeGreaterThan(0);
  const missing = imports.filter(
    ([, word, from]) =>
      !new RegExp(
        `^export (?:async )?(?:const|function|type|class) ${word}\\b|^export .*\\b${word}\\b.*from`,
        "m",
      ).test(textOf(from)),
  );
  expect(missing).toEqual([]);
});

test("the linter has nothing to say about any of their files", () => {
  const folder = mkdtempSync(join(tmpdir(), "groundcrew-new-"));
  try {
    for (const [kind, name] of [
      ["flow", "count-samples"],
      ["page", "budgets"],
      ["far-end", "ledgerly"],
    ] as const)
      for (const [file, text] of makeNew(kind, name, root)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const config = `--config-path=${join(root, "biome.json")}`;
    execFileSync(process.execPath, [biome, "lint", config, "--vcs-enabled=false", "--error-on-warnings"], {
      cwd: folder,
      stdio: "pipe",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
