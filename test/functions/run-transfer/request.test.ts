// Tests of what people may ask for, and of what never gets any further than the check.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { asObject, requestOf } from "../../../functions/run-transfer/request.ts";
import { isMovable } from "../../../shared/transfers/rclone-names.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const settings = sampleTransfers();
const ask = (from: string, to: string) => requestOf({ from, to }, settings);

/** Paths that must not be asked for. */
const hostile = [
  "../x",
  "a/../b",
  "a/..",
  "..",
  ".",
  "./a",
  "a/./b",
  "/a",
  "//a",
  "a//b",
  "a//",
  "-rf",
  "--config=x",
  "-",
  ":",
  ":s3:x",
  "a:b",
  "a\nb",
  "a\rb",
  "a\tb",
  "a\0b",
  "\u0007",
  "a\u0085b",
  "a\u2028b",
  "a\u2029b",
  "\ufeffa",
  "a\u200bb",
  "\u202ea",
  "a\\b",
  "a\u2400",
  "a\uff0fb",
  "\uff0e\uff0e",
  "\u201ba",
  "\ufffd",
  "\ud800",
  "x".repeat(901),
];
/** Ends that name no remote of the settings, whatever they look like. */
const remotes = [
  "",
  "persistent",
  "nobody:a",
  ":s3:a",
  ":webdav,url=http://example.org:a",
  "persistent,env_auth:a",
  "persistent=x:a",
  "-persistent:a",
  "Persistent:a",
  " persistent:a",
  "persistent :a",
  "persistent\n:a",
  "__proto__:a",
  "constructor:a",
  "toString:a",
  "s3://bucket/a",
  "gs://persistent/a",
  "/etc/passwd",
  "C:\\x",
  "$(id):a",
  "`id`:a",
  "https://example.org/a",
  "localhost:a",
  "file:///etc",
  "persistent\u0000:a",
  "pеrsistent:a",
];

describe("requests", () => {
  test("two places of the settings, a slash at the end or none", () => {
    const { persistent, "pod-inbox": inbox } = settings.remotes;
    expect(ask("persistent:a/b/", "pod-inbox:")).toEqual({
      from: { remote: "persistent", path: "a/b", store: persistent },
      to: { remote: "pod-inbox", path: "", store: inbox },
    });
    expect(ask("persistent:", "pod-inbox:Ünï çødé/$(x)/`y`/*")).toHaveProperty(
      "to.path",
      "Ünï çødé/$(x)/`y`/*",
    );
  });

  test.each(hostile)("refuses the path %j at either end", (path) => {
    expect(ask(`persistent:${path}`, "pod-inbox:x")).toHaveProperty("refused");
    expect(ask("persistent:x", `pod-inbox:${path}`)).toHaveProperty("refused");
  });

  test.each(remotes)("refuses %j as an end", (end) => {
    expect(ask(end, "pod-inbox:x")).toHaveProperty("refused");
    expect(ask("persistent:x", end)).toHaveProperty("refused");
  });

  test.each([
    ["persistent:a", "persistent:a"],
    ["persistent:a", "persistent:a/"],
    ["persistent:", "persistent:a"],
    ["persistent:a", "persistent:"],
    ["persistent:a", "persistent:a/b"],
    ["persistent:a/b", "persistent:a"],
  ])("refuses %s to %s: one holds the other", (from, to) => {
    expect(ask(from, to)).toHaveProperty("refused");
  });

  test("a name that only begins alike is another place", () => {
    expect(ask("persistent:foo", "persistent:foobar")).toHaveProperty("to");
  });

  test("two names of one bucket are one place", () => {
    const { persistent } = settings.remotes;
    if (persistent === undefined) throw new Error("no such remote");
    const twice = { remotes: { persistent, again: persistent } };
    expect(requestOf({ from: "persistent:a", to: "again:a/b" }, twice)).toHaveProperty("refused");
  });

  test("what is refused is never quoted, and what passes has no part that could be anything else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (typed) => {
        const read = ask(`persistent:${typed}`, "pod-inbox:fixed");
        if ("refused" in read) return typed.length < 12 || !read.refused.includes(typed);
        const { path } = read.from;
        return (
          !/^[-/:]|[\p{Cc}:\\]|\/$/u.test(path) &&
          !path.split("/").some((segment) => segment === ".." || segment === ".")
        );
      }),
    );
  });
});

test.each([
  ["a", true],
  [" a ", true],
  ["#a", true],
  ["-a", true],
  ["a:b", true],
  ["a\nb", false],
  ["a//b", false],
  ["a/../b", false],
  ["a/", false],
  ["", false],
  ["\uff0e", false],
])("an object of the name %j is movable: %s", (name, movable) => {
  expect(isMovable(name)).toBe(movable);
});

test.each([
  ["persistent:a/b.nc", "pod-inbox:x", "a", "x"],
  ["persistent:a/b.nc", "pod-inbox:x/b.nc", "a", "x"],
  ["persistent:a/b.nc", "pod-inbox:b.nc", "a", ""],
  ["persistent:a/b.nc", "pod-inbox:xb.nc", "a", "xb.nc"],
  ["persistent:b.nc", "pod-inbox:", "", ""],
])("%s to %s, as one object, is of the folder %j into the folder %j", (from, to, source, target) => {
  const request = ask(from, to);
  if ("refused" in request) throw new Error(request.refused);
  expect(asObject(request)).toMatchObject({ from: { path: source, only: "b.nc" }, to: { path: target } });
});

test("a whole bucket is no object", () => {
  const request = ask("persistent:", "pod-inbox:x");
  if ("refused" in request) throw new Error(request.refused);
  expect(asObject(request)).toBeUndefined();
});
