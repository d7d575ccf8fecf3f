// Lines of a receipt: what is said of an object by how it came out.
import { expect, test } from "@jest/globals";
import { compare, settled } from "../../../functions/run-transfer/compare.ts";
import type { Planned } from "../../../functions/run-transfer/manifest.ts";
import { linesOf } from "../../../functions/run-transfer/receipt-lines.ts";
import type { Evidence } from "../../../shared/transfers/proof.ts";
import type { ReceiptLine } from "../../../shared/transfers/receipt-lines.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { noneSince } from "./samples.ts";

const a = "a".repeat(32);
const b = "b".repeat(32);
const parts = `${"c".repeat(32)}-3`;

type Case = [
  what: string,
  source: Omit<Planned, "name">,
  target: Omit<RemoteObject, "name"> | undefined,
  evidence: { by: Evidence["by"]; source?: string; target?: string } | undefined,
  line: Omit<ReceiptLine, "name">,
];

const cases: Case[] = [
  [
    "copied, with sums in both listings",
    { size: 2, md5: a, was: "missing" },
    { size: 2, md5: a },
    undefined,
    { state: "copied", size: 2, md5: a, how: "md5" },
  ],
  [
    "there before, from a source that knows no sum, equal by its ETag",
    { size: 2, etag: a, was: "same" },
    { size: 2, md5: a },
    undefined,
    { state: "already", size: 2, md5: a, how: "md5" },
  ],
  [
    "there before in the same parts: an ETag of parts is no MD5",
    { size: 2, etag: parts, was: "same" },
    { size: 2, etag: parts },
    undefined,
    { state: "already", size: 2, how: "md5", etag: parts },
  ],
  [
    "copied in parts, whose sum the store was asked for",
    { size: 2, md5: a, was: "missing" },
    { size: 2, etag: parts },
    { by: "asked", target: a },
    { state: "copied", size: 2, md5: a, how: "asked", etag: parts },
  ],
  [
    "read back at both ends: the sum is known from then on",
    { size: 2, was: "missing" },
    { size: 2, generation: "7" },
    { by: "read", source: b, target: b },
    { state: "copied", size: 2, md5: b, how: "read", generation: "7" },
  ],
  [
    "not proved",
    { size: 2, md5: a, was: "missing" },
    { size: 2, etag: parts },
    undefined,
    { state: "copied", size: 2, md5: a, how: "size", etag: parts },
  ],
  [
    "copied, and another content",
    { size: 2, md5: a, was: "missing" },
    { size: 3, md5: b },
    undefined,
    { state: "changed", size: 2, md5: a, there: { size: 3, md5: b } },
  ],
  [
    "left alone",
    { size: 2, md5: a, was: "other" },
    { size: 2, etag: parts },
    { by: "read", target: b },
    { state: "conflict", size: 2, md5: a, etag: parts, there: { size: 2 } },
  ],
  [
    "not there",
    { size: 2, md5: a, was: "missing" },
    undefined,
    undefined,
    { state: "missing", size: 2, md5: a },
  ],
];

const noneLost = { deleted: [], kept: [] };

test.each(cases)("%s", (_, source, target, evidence, line) => {
  const name = "one";
  const wanted: Planned = { name, ...source };
  const there = target && { name, ...target };
  const mapOf = (sum: string | undefined) => new Map(sum === undefined ? [] : [[name, sum]]);
  const known = evidence === undefined ? [] : [evidence];
  const compared = settled(
    compare([{ wanted, there }]),
    known.map(({ by, ...of }) => ({ by, source: mapOf(of.source), target: mapOf(of.target) })),
  );
  const brought = { copied: new Set<string>(), left: new Map() };
  expect(linesOf([wanted], { compared: { ...compared, ...noneLost }, brought, since: noneSince })).toEqual([
    { name, ...line },
  ]);
});

test("what the target could not be told beside the bytes stands with its object", () => {
  const wanted: Planned = { name: "one", size: 0, was: "missing" };
  const compared = compare([{ wanted, there: { name: "one", size: 0 } }]);
  const brought = { copied: new Set<string>(), left: new Map([["one", ["tags"]]]) };
  expect(linesOf([wanted], { compared: { ...compared, ...noneLost }, brought, since: noneSince })).toEqual([
    { name: "one", state: "copied", size: 0, how: "md5", left: ["tags"] },
  ]);
});

const writing = (sum: string, size: number) => ({ name: "one", size, md5: sum, etag: sum });

test.each<[string, Planned["was"], ReadonlySet<string>, boolean]>([
  ["was to be replaced", "replace", new Set(), true],
  ["was read first, and found to differ", "unproved", new Set(["one"]), true],
  ["was read first, and found to be the same", "unproved", new Set(), false],
])("one that %s says what it has replaced, if it has", (_, was, copied, isReplaced) => {
  const wanted: Planned = { name: "one", size: 2, md5: a, was, old: writing(b, 7) };
  const compared = compare([{ wanted, there: { name: "one", size: 2, md5: a } }]);
  const brought = { copied, left: new Map() };
  const lines = linesOf([wanted], { compared: { ...compared, ...noneLost }, brought, since: noneSince });
  expect(lines).toEqual([
    {
      ...{ name: "one", state: isReplaced ? "copied" : "already", size: 2, md5: a, how: "md5" },
      ...(isReplaced ? { was: { size: 7, md5: b, etag: b } } : {}),
    },
  ]);
});

test("what was deleted says which writing that was; what is there still is named", () => {
  const [deleted, kept] = [
    { ...writing(a, 3), name: "gone" },
    { ...writing(b, 4), name: "here" },
  ];
  const planned = [deleted, kept].map((one): Planned => ({ ...one, was: "delete", old: one }));
  const ended = { ...compare([]), deleted: [deleted], kept: [kept] };
  const brought = { copied: new Set<string>(), left: new Map() };
  // Of what the target alone had, the source says nothing.
  const since = { ...noneSince, deleted: new Set(["gone", "here"]) };
  expect(linesOf(planned, { compared: ended, brought, since })).toEqual([
    { name: "gone", state: "deleted", size: 3, md5: a, etag: a },
    { name: "here", state: "not-deleted", size: 4, md5: b },
  ]);
});

test("what was deleted or changed at the source says so, whatever came of it at the target", () => {
  const planned = ["copied", "lost", "other"].map(
    (name): Planned => ({ name, size: 2, md5: a, was: "missing" }),
  );
  const there = [{ name: "copied", size: 2, md5: a }, undefined, { name: "other", size: 2, md5: b }];
  const compared = { ...compare(planned.map((wanted, at) => ({ wanted, there: there[at] }))), ...noneLost };
  const brought = { copied: new Set<string>(), left: new Map() };
  const since = { ...noneSince, deleted: new Set(["copied", "lost"]), changed: new Set(["other"]) };
  expect(linesOf(planned, { compared, brought, since })).toEqual([
    { name: "copied", state: "copied", size: 2, md5: a, how: "md5", since: "deleted" },
    { name: "lost", state: "missing", size: 2, md5: a, since: "deleted" },
    { name: "other", state: "changed", size: 2, md5: a, there: { size: 2, md5: b }, since: "changed" },
  ]);
});
