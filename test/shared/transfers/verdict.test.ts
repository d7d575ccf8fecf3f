// Verdicts on an object of a receipt, by what its target lists now.
import { expect, test } from "@jest/globals";
import type { ReceiptLine } from "../../../shared/transfers/receipt-lines.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { verdictBy, verdictOf } from "../../../shared/transfers/verdict.ts";

const [a, b] = ["a".repeat(32), "b".repeat(32)];
const [parts, others] = [`${a}-2`, `${b}-2`];
type Line = Omit<ReceiptLine, "name">;

const copied: Line = { state: "copied", size: 2, md5: a, how: "md5" };
test.each<[what: string, line: Line, there: Omit<RemoteObject, "name"> | undefined, verdict: string]>([
  ["the same sum", copied, { size: 2, md5: a }, "same"],
  ["another sum", copied, { size: 2, md5: b }, "differs"],
  ["another size", copied, { size: 3, md5: a }, "differs"],
  ["no object", copied, undefined, "gone"],
  ["its ETag is the sum", copied, { size: 2, etag: a }, "same"],
  ["another plain ETag, which may be no sum", copied, { size: 2, etag: b }, "untold"],
  ["put in the same parts", { ...copied, how: "read", etag: parts }, { size: 2, etag: parts }, "same"],
  ["put in other parts", { ...copied, how: "asked", etag: parts }, { size: 2, etag: others }, "untold"],
  [
    "the same writing, without any sum",
    { state: "already", size: 2, how: "md5", etag: parts },
    { size: 2, etag: parts },
    "same",
  ],
  ["the same generation", { ...copied, how: "read", generation: "7" }, { size: 2, generation: "7" }, "same"],
  ["another generation", { ...copied, how: "read", generation: "7" }, { size: 2, generation: "8" }, "untold"],
  [
    "never proved, the same writing",
    { ...copied, how: "size", etag: parts },
    { size: 2, etag: parts },
    "unproved",
  ],
  [
    "never proved, and now told by a sum",
    { ...copied, how: "size", etag: parts },
    { size: 2, md5: b },
    "differs",
  ],
  ["empty, as it was", { ...copied, size: 0 }, { size: 0, etag: b }, "same"],
  ["it was missing", { state: "missing", size: 2, md5: a }, undefined, "unclaimed"],
  [
    "it was of another content",
    { state: "conflict", size: 2, md5: a, there: { size: 2 } },
    { size: 2 },
    "unclaimed",
  ],
])("%s: %j, %j: %s", (_, line, there, verdict) => {
  expect(verdictOf({ name: "one", ...line }, there && { name: "one", ...there })).toBe(verdict);
});

test.each<[string | undefined, string | undefined, string]>([
  [a, a, "same"],
  [a, b, "differs"],
  [a, undefined, "untold"],
  [undefined, a, "untold"],
])("a line of MD5 %s, and bytes of %s: %s", (md5, sum, verdict) => {
  const { md5: _, ...line } = copied;
  expect(verdictBy({ name: "one", ...line, ...(md5 === undefined ? {} : { md5 }) }, sum)).toBe(verdict);
});
