// Folders that a person, an editor or a sync client fills for the sample hub: nothing in them keeps a good file from being read or
// the hub from starting.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { startInstance } from "../../../local/instance/instance.ts";
import { imageTags } from "../../../local/registry/far-end.ts";
import { readPersonText } from "../../../local/sample/person-file.ts";
import { publishReleases } from "../../../local/sample/releases.ts";
import { watchFolders } from "../../../local/sample/save-watch.ts";
import { transferRequests } from "../../../local/sample/transfer-requests.ts";
import { readUpstream } from "../../../local/sample/upstream.ts";
import { makeWorld } from "../../../local/sample/world.ts";
import { large, odd, pipe, posix } from "./odd-files.ts";
import { sampleSettings } from "./sample-settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "person-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
