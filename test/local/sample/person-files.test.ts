// Files that a person, an editor or a sync client leaves where the sample hub reads: reading ends, and what is wrong is said with
// its place. Nothing of it keeps a good file from being read or the hub from starting.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { startInstance } from "../../../local/instance/instance.ts";
import { imageTags } from "../../../local/registry/far-end.ts";
import { readMail } from "../../../local/sample/mail-file.ts";
import { readPersonText } from "../../../local/sample/person-file.ts";
import { readPersonYaml, yamlOf } from "../../../local/sample/person-yaml.ts";
import { publishReleases, readReleases } from "../../../local/sample/releases.ts";
import { watchFolders } from "../../../local/sample/save-watch.ts";
import { transferRequests } from "../../../local/sample/transfer-requests.ts";
import { readUpstream } from "../../../local/sample/upstream.ts";
import { makeWorld, readSettings } from "../../../local/sample/world.ts";
import { worldSecrets } from "../../../local/sample/world-secrets.ts";
import { readLines } from "../../../local/slack/log.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";
import { sampleSettings } from "./sample-settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "person-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const posix = process.platform === "win32" ? test.skip : test;
const pipe = (path: string): void => void execFileSync("mkfifo", [path]);
function large(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, 50_000_000);
}
/** Unfolds to nine to the eighth. */
const laughs = ["a: &a [x,x,x,x,x,x,x,x,x]"]
  .concat([..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`)}]`))
  .join("\n");

const odd: [string, (path: string) => void, string][] = [
  ["a folder", (path) => mkdirSync(path), "is a folder, not a file"],
  ["a link to nothing", (path) => symlinkSync("nowhere", path), "is missing, or a link to nothing"],
  ["a link to itself", (path) => symlinkSync(path, path), "cannot be read (ELOOP)"],
  ["a link to the root", (path) => symlinkSync("/", path), "is a folder, not a file"],
  ["a pipe that nobody writes into", pipe, "is not a file"],
  ["50 MB", (path) => large(path), "is too large: it has 50000000 bytes, and 262144 are read at most"],
  ["a byte of 0", (path) => writeFileSync(path, "a: 1\nb: \0"), "is not text: line 2 has a byte of 0"],
  ["Latin-1", (path) => writeFileSync(path, "a: b\n\nc: \xe9", "latin1"), "is not UTF-8: look at line 3"],
];

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

function requestsIn(place: string) {
  const told: unknown[] = [];
  const logged: string[] = [];
  const requests = transferRequests({
    folder: place,
    settings: sampleSettings(),
    publish: async ({ id }) => told.push(id),
    log: (line) => logged.push(line),
  });
  return { requests, told, logged };
}
const good = "from: persistent:sea\nto: pod-inbox:sea\n";

test("any bytes at all in a request: it is told or named, and the good one beside it is told", async () => {
  const place = join(folder, "requests");
  const snippets = fc.constantFrom(
    "a: &a [1]\n",
    "b: *a\n",
    "from: ",
    "to: ",
    "? ",
    "- ",
    "<<: *a\n",
    "!!x ",
    "\0",
    "{",
    "|\n",
  );
  const text = fc
    .array(fc.oneof(snippets, fc.string()), { maxLength: 12 })
    .map((parts) => Buffer.from(parts.join("")));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
      const { requests, told, logged } = requestsIn(place);
      writeFileSync(join(place, "any.yaml"), bytes);
      writeFileSync(join(place, "good.yaml"), good);
      await requests.all();
      expect(told).toContain("good");
      expect(told.length + logged.length).toBe(2);
    }),
    { numRuns: 200 },
  );
});

posix("requests of every odd kind: each is named, the good one is told", async () => {
  const place = join(folder, "requests");
  const { requests, told, logged } = requestsIn(place);
  for (const [index, [, make]] of odd.entries()) make(join(place, `odd-${index}.yaml`));
  writeFileSync(join(place, "good.yaml"), good);
  await requests.all();
  expect(told).toEqual(["good"]);
  expect(logged.map((line) => line.split(":")[0])).toEqual(
    odd.map((_, index) => `requests/odd-${index}.yaml`),
  );
});

posix(
  "links that lead round, up and to the root, in a watched folder: a save beside them is told, once",
  async () => {
    for (const [name, to] of [
      ["loop", "."],
      ["again", "."],
      ["up", ".."],
      ["root", "/"],
    ] as const)
      symlinkSync(to, join(folder, name));
    const { promise, resolve } = Promise.withResolvers<void>();
    const saved: string[] = [];
    const watching = await watchFolders([folder], (file) => {
      saved.push(file);
      resolve();
    });
    writeFileSync(join(folder, "file.yaml"), "x");
    await promise;
    await watching.close();
    expect(saved).toEqual([join(folder, "file.yaml")]);
  },
);

posix(
  "a watched folder that is a link itself, as to a clone elsewhere, is watched there by the name it has here",
  async () => {
    mkdirSync(join(folder, "clone"));
    mkdirSync(join(folder, "hub"));
    const here = join(folder, "hub", "upstream");
    symlinkSync("../clone", here);
    const { promise, resolve } = Promise.withResolvers<string>();
    const watching = await watchFolders([here], resolve);
    writeFileSync(join(folder, "clone", "values.yaml"), "x");
    expect(await promise).toBe(join(here, "values.yaml"));
    await watching.close();
  },
);

posix("the operator's folder is committed whole or not at all; links in it are left out", () => {
  mkdirSync(join(folder, "config"));
  writeFileSync(join(folder, "config", "a.yaml"), "a");
  symlinkSync("..", join(folder, "config", "loop"));
  symlinkSync("/", join(folder, "root"));
  expect(readUpstream(folder)).toEqual({ files: new Map([["config/a.yaml", Buffer.from("a")]]) });
  large(join(folder, "config", "large"));
  expect(readUpstream(folder)).toEqual({
    problem: expect.stringMatching(/^upstream\/config\/large is too large/),
  });
  expect(readUpstream(join(folder, "gone"))).toEqual({ problem: "upstream/ cannot be read (ENOENT)" });
});

/** Publishes one release of one image to the registries in a folder. */
function released(registry: string): { tags: string[]; problems: string[] } {
  const problems: string[] = [];
  const news = publishReleases([{ tag: "2026.01.01", prerelease: "false", images: "built" }], {
    upstream: { tag: () => "b".repeat(40) },
    repository: "pangeo/images",
    images: ["pangeo/image"],
    registry,
    problem: (line) => problems.push(line),
  });
  return { tags: news.map(({ tag }) => tag), problems };
}

test("a registry's file that cannot be read is not taken for an empty one, nor written over", () => {
  const file = join(folder, "quay.io", "pangeo", "image.yaml");
  mkdirSync(join(folder, "quay.io", "pangeo"), { recursive: true });
  writeFileSync(file, "a: &a [1]\nb: *c\n");
  const { tags, problems } = released(folder);
  expect(tags).toEqual(["2026.01.01"]);
  expect(problems).toEqual([
    "registry/quay.io/pangeo/image.yaml is no YAML (an alias in it, *name, cannot be followed); 2026.01.01 is not added to it",
  ]);
  expect(readPersonText(file)).toEqual({ text: "a: &a [1]\nb: *c\n" });
  expect(imageTags(folder, "docker.io", "pangeo/image")).toMatchObject({
    tags: { "2026.01.01": expect.any(String) },
  });
});

posix.each([
  ["a link to nothing", (path: string) => symlinkSync("nowhere", path)],
  ["a link to itself", (path: string) => symlinkSync(path, path)],
  ["a file", (path: string) => writeFileSync(path, "")],
])("a registry's folder is %s: a release is tagged, and its image there named", (_, make) => {
  make(join(folder, "docker.io"));
  const { tags, problems } = released(folder);
  expect(tags).toEqual(["2026.01.01"]);
  expect(problems).toEqual([
    expect.stringMatching(
      /^registry\/docker\.io\/pangeo\/image\.yaml cannot be (?:read|written) \(E\w+\); 2026\.01\.01 is not added to it$/,
    ),
  ]);
  expect(imageTags(folder, "quay.io", "pangeo/image")).toMatchObject({
    tags: { "2026.01.01": expect.any(String) },
  });
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

posix(
  "a hub with loops everywhere, a request with an alias and a sheet that is a pipe starts, and names what it leaves out",
  async () => {
    const world = makeWorld(join(folder, "hub"), 3);
    for (const place of [world.registry, world.upstream, world.homes, world.buckets, world.requests])
      for (const [name, to] of [
        ["loop", "."],
        ["again", "."],
        ["up", ".."],
        ["root.yaml", "/"],
      ] as const)
        symlinkSync(to, join(place, name));
    writeFileSync(
      join(world.requests, "request-alias.yaml"),
      "a: &a [1]\nb: *a\nfrom: persistent:x\nto: pod-inbox:y\n",
    );
    writeFileSync(join(world.requests, "undefined.yaml"), "from: *a\n");
    rmSync(world.members);
    pipe(world.members);
    const logged: string[] = [];
    const log = (line: string): void => void logged.push(line);
    const instance = await startInstance({ world: world.root, port: 0, console: true, log });
    await instance.close();
    expect(logged.filter((line) => line.startsWith("requests/")).sort()).toEqual([
      "requests/root.yaml: it is a folder, not a file: nothing was asked for",
      "requests/undefined.yaml: it is no YAML (an alias in it, *name, cannot be followed): nothing was asked for",
    ]);
  },
);
