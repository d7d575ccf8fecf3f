// Tests of how what is at the target is compared with what is to be there: nothing is taken for the same that was not shown to be.
import { describe, expect, test } from "@jest/globals";
import {
  type Compared,
  compare as compareListings,
  settled,
} from "../../../functions/run-transfer/compare.ts";
import type { Evidence } from "../../../shared/transfers/proof.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";

function compare(
  wanted: readonly RemoteObject[],
  target: readonly RemoteObject[],
  evidence: readonly Evidence[],
): Compared {
  const pairs = wanted.map((one) => ({ wanted: one, there: target.find(({ name }) => name === one.name) }));
  return settled(compareListings(pairs), evidence);
}

const [a, b] = ["a", "b"].map((letter) => letter.repeat(32)) as [string, string];
type Sums = Pick<RemoteObject, "md5" | "etag">;
const one = (sums: Sums, size = 1): RemoteObject => ({ name: "one", size, ...sums });
const knows = (by: Evidence["by"], of: { source?: string; target?: string }): Evidence => ({
  by,
  source: new Map(of.source === undefined ? [] : [["one", of.source]]),
  target: new Map(of.target === undefined ? [] : [["one", of.target]]),
});

/** In one word, how an object at the target is taken. */
function taken(source: RemoteObject, target: RemoteObject, evidence: readonly Evidence[] = []): string {
  const { missing, proved, unproved, conflicts } = compare([source], [target], evidence);
  const words = [
    ...proved.map(({ by }) => by),
    ...(unproved.length === 1 ? ["unproved"] : []),
    ...(conflicts.length === 1 ? ["other"] : []),
    ...(missing.length === 1 ? ["missing"] : []),
  ];
  return words.join(", ");
}

describe("by what listings say", () => {
  test.each<[string, Sums, Sums, string]>([
    ["equal MD5s", { md5: a }, { md5: a }, "listed"],
    ["different MD5s", { md5: a }, { md5: b }, "other"],
    ["an ETag that is the source's MD5", { md5: a }, { etag: a }, "listed"],
    ["the MD5 of a source that has this ETag", { etag: a }, { md5: a }, "listed"],
    ["equal ETags of parts", { etag: `${a}-3` }, { etag: `${a}-3` }, "listed"],
    ["an ETag of parts", { md5: a }, { etag: `${a}-2` }, "unproved"],
    ["equal parts in other sizes", { etag: `${a}-3` }, { etag: `${b}-2` }, "unproved"],
    ["an ETag that looks like another MD5, and may be none", { md5: a }, { etag: b }, "unproved"],
    ["a source's ETag that may be none", { etag: a }, { md5: b }, "unproved"],
    ["two ETags that look like MD5s", { etag: a }, { etag: b }, "unproved"],
    ["no sum at the target", { md5: a }, {}, "unproved"],
    ["no sum at the source", {}, { md5: a }, "unproved"],
    ["no sum at all", {}, {}, "unproved"],
  ])("%s", (_, source, target, is) => {
    expect(taken(one(source), one(target))).toBe(is);
    // Another size is another content, whatever sums say; two empty ones are the same.
    expect(taken(one(source), one(target, 2))).toBe("other");
    expect(taken(one(source, 0), one(target, 0))).toBe("listed");
  });

  test("what is not there is missing, and nothing else is", () => {
    const wanted = [one({ md5: a }), { ...one({ md5: a }), name: "two" }, { ...one({}), name: "three" }];
    const there = [one({ md5: b }), { ...one({}), name: "three" }];
    expect(compare(wanted, there, []).missing.map(({ name }) => name)).toEqual(["two"]);
  });
});

describe("by more than listings", () => {
  test.each<[string, [Sums, Sums], Evidence[], string]>([
    ["what a store was asked for", [{ md5: a }, {}], [knows("asked", { target: a })], "asked"],
    ["another sum that a store was asked for", [{ md5: a }, {}], [knows("asked", { target: b })], "other"],
    ["what was read at the target", [{ md5: a }, {}], [knows("read", { target: a })], "read"],
    ["what was read at both ends", [{}, {}], [knows("read", { source: a, target: a })], "read"],
    ["something else at both ends", [{}, {}], [knows("read", { source: a, target: b })], "other"],
    ["only one end that was read", [{}, {}], [knows("read", { source: a })], "unproved"],
    [
      "one end that was asked and one that was read",
      [{}, {}],
      [knows("asked", { source: a }), knows("read", { target: a })],
      "read",
    ],
    [
      "a source that was read, with the ETag of one part",
      [{}, { etag: a }],
      [knows("read", { source: a })],
      "read",
    ],
    [
      "of another object",
      [{ md5: a }, {}],
      [{ ...knows("read", {}), target: new Map([["two", a]]) }],
      "unproved",
    ],
  ])("%s", (_, [source, target], evidence, is) => {
    expect(taken(one(source), one(target), evidence)).toBe(is);
  });
});
