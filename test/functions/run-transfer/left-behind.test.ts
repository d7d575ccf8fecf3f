// Counts of what a copy leaves behind, as it is made and told before anything is copied.
import { expect, test } from "@jest/globals";
import { leftBehindBy, leftBehindIn } from "../../../functions/run-transfer/left-behind.ts";
import { sampleOf, sampler } from "../../../functions/run-transfer/sample.ts";
import { leftBehindText } from "../../../shared/transfers/words.ts";
import { requestFor } from "./samples.ts";

const namesOf = (count: number) => Array.from({ length: count }, (_, n) => `o${n}`);

const requestFrom = (from: string) => requestFor({ from, to: "pod-inbox:a" });

test("a thousand objects that lie evenly stand for all; of fewer each is looked at", () => {
  expect(sampleOf(namesOf(3))).toEqual(["o0", "o1", "o2"]);
  expect(sampleOf([])).toEqual([]);
  const sample = sampleOf(namesOf(2_500_000));
  expect([sample.length, sample.at(0), sample.at(1), sample.at(-1)]).toEqual([
    1000,
    "o0",
    "o2500",
    "o2497500",
  ]);
  expect(new Set(sampleOf(namesOf(1500))).size).toBe(1000);
});

test("of names that come one after the other some are taken, evenly, however many come", () => {
  const takenOf = (count: number): readonly string[] => {
    const sample = sampler();
    for (const name of namesOf(count)) sample.add(name);
    return sample.taken();
  };
  expect(takenOf(1999)).toEqual(namesOf(1999));
  const some = takenOf(50_000);
  expect(some.slice(0, 3)).toEqual(["o0", "o32", "o64"]);
  expect([some.length, some.at(-1)]).toEqual([1563, "o49984"]);
});

test("each kind is counted, with three names that stand for the others, and told in a sentence", () => {
  const beside = leftBehindBy(requestFrom("persistent:a"));
  for (let n = 0; n < 1200; n += 1)
    beside.see({ name: `o${n}`, beside: n % 2 === 0 ? ["hold or retention"] : n === 7 ? ["tags"] : [] });
  const found = leftBehindIn([beside.looked()]);
  expect(found).toEqual({
    looked: 1200,
    kinds: [
      { kind: "hold or retention", objects: 600, examples: ["o0", "o2", "o4"] },
      { kind: "tags", objects: 1, examples: ["o7"] },
    ],
  });
  expect(found && leftBehindText(found)).toBe(
    "Stays behind, beside the bytes: hold or retention, 600 objects of 1,200 that were looked at have one; tags, 1 object of 1,200 that were looked at has one.",
  );
});

test("nothing is told where nothing stays behind: of what rclone brings, and of what the mover carries, nothing is counted", () => {
  const beside = leftBehindBy(requestFrom("pod-published:a"));
  beside.see({ name: "one", beside: ["content encoding", "own metadata"] });
  expect(leftBehindIn([beside.looked()])).toBeUndefined();
  const carried = leftBehindBy(requestFrom("persistent:a"));
  carried.see({ name: "one", beside: ["content encoding", "custom time"] });
  expect([leftBehindIn([carried.looked()]), carried.kinds()]).toEqual([
    undefined,
    ["content encoding", "custom time"],
  ]);
});

test("a thousand objects are looked at in the first part, and some in each later one", () => {
  const beside = leftBehindBy(requestFrom("persistent:a"));
  expect(beside.left()).toBe(1000);
  for (let n = 0; n < 970; n += 1) beside.see({ name: `o${n}`, beside: [] });
  expect(beside.left()).toBe(50);
});
