// Tests of who carries an object: rclone, the mover, or nobody.
import { describe, expect, test } from "@jest/globals";
import { byCarrier } from "../../../functions/run-transfer/carriers.ts";
import type { BesideKind } from "../../../shared/remotes/beside.ts";
import { requestFor } from "./samples.ts";

const gcs = "persistent:a";
const toGcs = "scratch:b";
const s3 = "pod-published:a";
const toS3 = "pod-inbox:b";

function carriersOf(
  [from, to]: readonly [string, string],
  objects: { name: string; size?: number; beside?: readonly BesideKind[] }[],
  sampled: readonly BesideKind[] = [],
) {
  const request = requestFor({ from, to });
  const found = byCarrier(
    objects.map((object) => ({ size: 1, ...object })),
    { ...request, sampled },
  );
  const named = (of: { name: string }[]) => of.map(({ name }) => name);
  return { rclone: named(found.rclone), mover: named(found.mover), nobody: named(found.nobody) };
}

describe("by what stands beside the bytes", () => {
  const all: BesideKind[] = [
    "content encoding",
    "cache control",
    "content disposition",
    "content language",
    "expiry",
    "own metadata",
    "custom time",
    "hold or retention",
    "tags",
    "redirect",
  ];
  const headers = all.slice(0, 4);

  test.each<[string, string, BesideKind[]]>([
    [gcs, toS3, [...headers, "own metadata", "custom time"]],
    [gcs, toGcs, [...headers, "own metadata", "custom time"]],
    [s3, toGcs, [...headers, "own metadata"]],
    [s3, toS3, ["expiry"]],
  ])("from %s to %s the mover carries what rclone would leave behind", (from, to, moved) => {
    const objects = [{ name: "nothing", beside: [] }, ...all.map((kind) => ({ name: kind, beside: [kind] }))];
    expect(carriersOf([from, to], objects)).toEqual({
      rclone: ["nothing", ...all.filter((kind) => !moved.includes(kind))],
      mover: moved.toSorted((a, b) => all.indexOf(a) - all.indexOf(b)),
      nobody: [],
    });
  });

  test("what nobody has looked at goes as some do that were looked at", () => {
    const objects = [{ name: "unseen" }, { name: "without", beside: [] }];
    expect(carriersOf([s3, toGcs], objects).mover).toEqual([]);
    expect(carriersOf([s3, toGcs], objects, ["tags", "expiry"]).mover).toEqual([]);
    expect(carriersOf([s3, toGcs], objects, ["tags", "cache control"])).toEqual({
      rclone: ["without"],
      mover: ["unseen"],
      nobody: [],
    });
  });
});

describe("by name", () => {
  const marks = [
    { name: "", size: 0 },
    { name: "folder/", size: 0 },
  ];
  const odd = ["//", "/a", "a//b", "a/", "./a", "a/../b", "tab\t", "wide\uff0f", "sign\u2400"];
  const plain = ["a", "a/b", "ü", " a ", "data/\u6d77.nc", "\u{1f30a}"];

  test("the mover carries marks of folders, and names that rclone would change or lose", () => {
    expect(carriersOf([gcs, toS3], [...marks, ...[...odd, ...plain].map((name) => ({ name }))])).toEqual({
      rclone: plain,
      mover: ["", "folder/", ...odd],
      nobody: [],
    });
  });

  test("of names that are one in a normal form the mover carries all", () => {
    const names = ["caf\u00e9", "other\u00e9", "cafe\u0301", "cafe", "5 K", "5 \u212a"];
    expect(
      carriersOf(
        [gcs, toS3],
        names.map((name) => ({ name })),
      ),
    ).toMatchObject({
      rclone: ["other\u00e9", "cafe"],
      mover: ["caf\u00e9", "cafe\u0301", "5 K", "5 \u212a"],
    });
  });

  test("nobody carries what the target cannot hold", () => {
    // With the path and a slash before it, the first has 1,024 bytes.
    const names = [
      "n".repeat(1022),
      "n".repeat(1023),
      "ü".repeat(511),
      "ü".repeat(512),
      "\ud800",
      "a\nb",
      "a\rb",
    ];
    const [fits, tooLong, fitsToo, tooLongToo, half, ...lines] = names;
    const objects = names.map((name) => ({ name }));
    expect(carriersOf([s3, toGcs], objects).nobody).toEqual([tooLong, tooLongToo, half, ...lines]);
    expect(carriersOf([s3, toS3], objects)).toEqual({
      rclone: [fits, fitsToo],
      mover: lines,
      nobody: [tooLong, tooLongToo, half],
    });
    const atTop = [".", "..", ".well-known/acme-challenge/x", "...", ""].map((name) => ({ name, size: 0 }));
    expect(carriersOf([s3, "scratch:"], atTop).nobody).toEqual([
      ".",
      "..",
      ".well-known/acme-challenge/x",
      "",
    ]);
  });
});
