// Surveys of two ends: whatever order, pages and ranges their listings come in, each object is in one part, as it is.
import { createHash, hash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Survey } from "../../../functions/run-transfer/survey.ts";
import { byBytes } from "../../../shared/remotes/names.ts";
import { isPlain, rangesBetween } from "../../../shared/remotes/ranges.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { type Ends, request, surveyOf } from "./samples.ts";

const object = (name: string, size = 100, md5 = "aa"): RemoteObject => ({ name, size, md5 });
const settings = { ...sampleTransfers(), gigabytesPerMachine: 2000 };

/** Lines of the manifests, part by part, in the order of names. */
function manifestIn(kept: ReadonlyMap<string, string>, { parts }: Pick<Survey, "parts">): unknown[][] {
  return parts.flatMap(({ manifest }) =>
    gunzipSync(Buffer.from(kept.get(manifest) ?? "", "latin1"))
      .toString()
      .split("\n")
      .slice(0, -1)
      .sort()
      .map((line): unknown[] => JSON.parse(line)),
  );
}

test("each object is written down as it was at the target, and the work is a file of names", async () => {
  const kept = new Map<string, string>();
  const long = "x".repeat(1100);
  const {
    parts,
    lists,
    tally,
    circumstances: _,
    ...found
  } = await surveyOf(
    {
      source: ["same", "new", "other", "unsure", "a\nline", long].map((name) => object(name)),
      target: [object("same"), object("other", 100, "bb"), { name: "unsure", size: 100 }, object("theirs")],
    },
    { kept, of: settings },
  );
  expect(manifestIn(kept, { parts })).toEqual([
    ["a\nline", 100, "aa", null, "missing"],
    ["new", 100, "aa", null, "missing"],
    ["other", 100, "aa", null, "other"],
    ["same", 100, "aa", null, "same"],
    ["unsure", 100, "aa", null, "unproved"],
    [long, 100, "aa", null, "unmovable"],
  ]);
  const [part] = parts;
  const text = gunzipSync(Buffer.from(kept.get(part?.manifest ?? "") ?? "", "latin1"));
  expect(part).toEqual({
    ...{ n: 0, manifest: part?.manifest, sha256: createHash("sha256").update(text).digest("hex") },
    ...{ objects: 5, bytes: 500, already: 1, conflicts: 1, unmovable: 1 },
  });
  const named = (names: string) => ({
    file: `transfers/sample/t1/lists/${hash("sha256", names).slice(0, 16)}.txt`,
    lines: 1,
  });
  // rclone would lose the end of a line.
  const forMover = '{"name":"a\\nline","size":100,"md5":"aa"}\n';
  expect(lists).toMatchObject([
    {
      ...{ n: 0, part: 0, objects: 3, bytes: 300, copyBytes: 200, state: "open", attempt: 1, errors: 0 },
      ...{ copy: named("new\n"), move: named(forMover), target: named("unsure\n") },
    },
  ]);
  expect(kept.get(named("new\n").file)).toBe("new\n");
  const none = { objects: 0, bytes: 0, names: [] };
  const lost = { replaced: none, deleted: none };
  expect(found).toEqual({ unmovable: [long], conflicts: ["other"], unproved: 1, lost });
  expect(tally).toMatchObject({
    ...{ copy: { objects: 2, bytes: 200 }, readBack: { source: { objects: 0 }, target: { objects: 1 } } },
    ...{ pages: { source: 1, target: 1 }, there: { objects: 4, bytes: 400 }, parts: 1, lists: 1 },
  });
});

test("the MD5 that the source's store was asked for is written down, and spares reading back at the source", async () => {
  const parts = { name: "one", size: 100, etag: `${"a".repeat(32)}-2` };
  const kept = new Map<string, string>();
  const known = object("two", 100, "bb");
  const survey = await surveyOf(
    { source: [parts, known], asked: { source: { one: "aa", two: "cc" } } },
    { kept },
  );
  expect(manifestIn(kept, survey)).toEqual([
    ["one", 100, "aa", parts.etag, "missing"],
    ["two", 100, "bb", null, "missing"],
  ]);
  expect(survey.lists[0]).not.toHaveProperty("source");
});

test("what is there is proved by what its store was asked for, which is kept for the receipt", async () => {
  const there = { name: "one", size: 100, etag: `${"a".repeat(32)}-2` };
  const kept = new Map<string, string>();
  const { parts, lists } = await surveyOf(
    { source: [object("one")], target: [there], asked: { target: { one: "aa" } } },
    { kept },
  );
  expect([parts[0]?.already, lists]).toEqual([1, []]);
  const evidence = [...kept].filter(([name]) => name.includes("/evidence/")).map(([, text]) => text);
  expect(evidence).toEqual([`["one","asked",null,"aa","${there.etag}"]\n`]);
});

test("a single object is all that is looked at where that was asked for", async () => {
  const kept = new Map<string, string>();
  const one = { ...request, from: { ...request.from, only: "b" } };
  const source = ["a", "b", "b/c", "bc"].map((name) => object(name));
  const { parts } = await surveyOf({ source }, { kept, request: one });
  expect([manifestIn(kept, { parts }).map(([name]) => name), parts.length]).toEqual([["b"], 1]);
});

test("lists of large objects come first, and of equal ones those of the first names", async () => {
  const source = [object("a", 10), object("b", 3e9), object("c", 20), object("d", 2e9)];
  const { lists } = await surveyOf({ source, ranges: [{ through: "b" }, { after: "b" }] }, { of: settings });
  expect(lists.map(({ n, part, bytes }) => [n, part, bytes])).toEqual([
    [0, 0, 3e9],
    [1, 1, 2e9],
    [2, 1, 20],
    [3, 0, 10],
  ]);
});

const odd = fc.string({ unit: "binary", minLength: 1, maxLength: 3 });
/** Folders that stores order in two ways, beside each other. */
const within = fc.constantFrom("", "0/", "a/", "a/b/", "a-b/", "a-", "a.b/", "b/");
const named = fc.tuple(within, odd).map(([folder, name]) => `${folder}${name}`);
const names = fc.uniqueArray(named, { maxLength: 60 });
const is = fc.constantFrom("missing", "same", "other", "theirs");

/** Order of a store that keeps its objects as files. */
function folderByFolder(a: string, b: string): number {
  const [ones, others] = [a.split("/"), b.split("/")];
  const at = ones.findIndex((one, index) => one !== others[index]);
  return at === -1 ? ones.length - others.length : byBytes(ones[at] ?? "", others[at] ?? "");
}

/** Stores of which nobody knows the order. */
const store = {
  kind: "s3",
  bucket: "b",
  endpoint: "https://s3.example.org",
  region: "r",
  provider: "Other",
} as const;
const unknown = { from: { ...request.from, store }, to: { ...request.to, store } };

test("a target that may list folder by folder is asked for whole listings once its names would tell", async () => {
  const source = ["a-b", "a/c"].map((name) => object(name));
  const unorderedIn = async (provider: "Other" | "Ceph", of = source, target: RemoteObject[] = []) => {
    const between = { ...request, to: { ...request.to, store: { ...store, provider } } };
    return (await surveyOf({ source: of, target }, { request: between })).unordered;
  };
  expect(await unorderedIn("Other")).toBe(true);
  expect(await unorderedIn("Other", [object("a/b"), object("a/c")])).toBeUndefined();
  expect(await unorderedIn("Other", [object("a/c")], [object("a-b")])).toBe(true);
  expect(await unorderedIn("Ceph")).toBeUndefined();
});

test("in whatever ranges they are listed, and by stores of any order, every object is found once, and as it is", async () => {
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.infiniteStream(is),
      fc.constantFrom<NonNullable<Ends["order"]>>(byBytes, folderByFolder, (a, b) => byBytes(b, a)),
      async (all, sides, order) => {
        const drawn = all.map((name) => ({ name, is: sides.next().value }));
        const of = (...kinds: string[]) => drawn.filter((one) => kinds.includes(one.is));
        const source = of("missing", "same", "other").map(({ name }) => object(name));
        const target = of("same", "other", "theirs").map((one) =>
          object(one.name, 100, one.is === "other" ? "bb" : "aa"),
        );
        const kept = new Map<string, string>();
        const folders = source.flatMap(({ name }) => /^[^/]*\//.exec(name) ?? []);
        const ranges = rangesBetween([...new Set(folders)].filter(isPlain));
        const lines = manifestIn(
          kept,
          await surveyOf({ source, target, ranges, order, each: 3 }, { kept, request: unknown }),
        );
        const found = lines.filter(([, , , , was]) => was !== "unmovable");
        const unmovable = new Set(lines.flatMap(([name, , , , was]) => (was === "unmovable" ? [name] : [])));
        const expected = of("missing", "same", "other")
          .filter(({ name }) => !unmovable.has(name))
          .map((one) => `${one.is} ${one.name}`);
        expect(found.map(([name, , , , was]) => `${was} ${name}`).sort()).toEqual(expected.sort());
      },
    ),
    { numRuns: 150 },
  );
});
