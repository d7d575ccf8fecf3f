// A file that a person, an editor or a sync client leaves where the sample hub reads: reading ends, and what is wrong is said with
// its place.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readMail } from "../../../local/sample/mail-file.ts";
import { readPersonText } from "../../../local/sample/person-file.ts";
import { readPersonYaml, yamlOf } from "../../../local/sample/person-yaml.ts";
import { readReleases } from "../../../local/sample/releases.ts";
import { makeWorld, readSettings } from "../../../local/sample/world.ts";
import { worldSecrets } from "../../../local/sample/world-secrets.ts";
import { readLines } from "../../../local/slack/log.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";
import { odd, posix } from "./odd-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "person-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Unfolds to nine to the eighth. */
const laughs = ["a: &a [x,x,x,x,x,x,x,x,x]"]
  .concat([..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`)}]`))
  .join("\n");

posix.each(odd)("%s: said, and not waited for", (_, make, problem) => {
  const file = join(folder, "file");
  make(file);
  expect(readPersonYaml(file)).toMatchObject({ problem });
});

test("a mark at the beginning is no part of the text", () => {
  writeFileSync(join(folder, "file"), "\ufeffa: b\n");
  expect(readPersonText(join(folder, "file"))).toEqual({ text: "a: b\n" });
});

test.each([
  ["an alias", "a: &a [1]\nb: *a\n", { yaml: { a: [1], b: [1] } }],
  [
    "an alias to nothing",
    "a: 1\nb: *c\n",
    { problem: "is no YAML (an alias in it, *name, cannot be followed)" },
  ],
  ["a billion laughs", laughs, { problem: "is no YAML (an alias in it, *name, cannot be followed)" }],
  [
    "a merge key, which is a key like others",
    "a: &a {x: 1}\n<<: *a\n",
    { yaml: { a: { x: 1 }, "<<": { x: 1 } } },
  ],
  ["a key twice", "a: 1\nb: 2\na: 3\n", { problem: "is no YAML (line 3)" }],
  ["a foreign tag", "a: !!js/function x\n", { yaml: { a: "x" } }],
  ["brackets without end", "a:\n[".padEnd(20_000, "["), { problem: expect.stringMatching(/^is no YAML \(/) }],
])("%s", (_, text, said) => {
  writeFileSync(join(folder, "file"), text);
  expect(readPersonYaml(join(folder, "file"))).toEqual(said);
});

test("a text of as many keys as there is room for is read at once, and one that stands twice is named", () => {
  const keys = Array.from({ length: 24_000 }, (_, index) => `k${index}: 1`);
  // Each key compared with all before it, this takes more than a minute.
  expect(yamlOf(keys.join("\n"))).toMatchObject({ yaml: { k23999: 1 } });
  expect(yamlOf([...keys, "k0: 2"].join("\n"))).toEqual({ problem: "is no YAML (line 24001)" });
});

posix.each(odd)("a mail, or slack.log, is %s: nothing is read, and nothing waited for", (_, make) => {
  make(join(folder, "mail.eml"));
  make(join(folder, "slack.log"));
  const mail = readMail(folder, "mail.eml");
  expect(mail === undefined || mail.subject === "").toBe(true);
  expect(readLines(join(folder, "slack.log"), 5).posts).toEqual([]);
});

posix.each(odd)("releases.yaml is %s: said, by its name", (_, make) => {
  make(join(folder, "releases.yaml"));
  expect(readReleases(join(folder, "releases.yaml"))).toEqual({
    releases: [],
    problems: [expect.stringMatching(/^releases\.yaml (?:is|cannot)/)],
  });
});

describe("a secret that somebody has saved anew", () => {
  const place = (name: string): string => join(folder, "secrets", name, "1");
  const saved = (name: string, make: (path: string) => void) => {
    rmSync(join(folder, "secrets"), { recursive: true, force: true });
    worldSecrets(join(folder, "secrets"), ["pod"]);
    rmSync(place(name));
    make(place(name));
    return explanationOf(async () => worldSecrets(join(folder, "secrets"), ["pod"]));
  };
  const what = (name: string) => ({ what: `the sample hub's secret ${name} cannot be used` });
  const kept = odd.filter(([kind]) => !/^a link to nothing$|MB/.test(kind));

  posix.each(kept)("is %s: the start names it, and waits for nothing", async (_, make, problem) => {
    for (const name of ["gmail-oauth", "metrics-token", "transfer-keys"])
      expect(await saved(name, make)).toMatchObject({ ...what(name), why: expect.stringContaining(problem) });
  });

  test.each([
    ["github-app-key", "-----BEGIN"],
    ["github-app-key", ""],
    ["console-token", " \n"],
    ["gmail-oauth", "{"],
    ["gmail-oauth", '{"client_id":"canary"}'],
  ])("%s says %j: the start names it, and not what it says", async (name, text) => {
    const said = await saved(name, (path) => writeFileSync(path, text));
    expect(said).toMatchObject(what(name));
    expect(JSON.stringify(said)).not.toMatch(/canary|BEGIN/);
  });
});

posix.each(odd)("groundcrew.yaml is %s: the start says what to mend", async (_, make) => {
  const world = makeWorld(join(folder, "hub"), 1);
  rmSync(world.settings);
  make(world.settings);
  expect(await explanationOf(async () => readSettings(world))).toMatchObject({
    what: "the sample hub has no settings",
    why: expect.stringMatching(/^its groundcrew\.yaml (?:is|cannot)/),
  });
});
