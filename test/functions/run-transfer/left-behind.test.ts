// Counts of what a copy leaves behind, as it is made and told before anything is copied.
import { expect, test } from "@jest/globals";
import { leftBehindBy } from "../../../functions/run-transfer/left-behind.ts";
import { requestOf } from "../../../functions/run-transfer/request.ts";
import { sampleOf, sampler } from "../../../functions/run-transfer/sample.ts";
import { leftBehindText } from "../../../shared/transfers/words.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const namesOf = (count: number) => Array.from({ length: count }, (_, n) => `o${n}`);

function requestFrom(from: string) {
  const request = requestOf({ from, to: "pod-inbox:a" }, sampleTransfers());
  if ("refused" in request) throw new Error(request.refused);
  return request;
}

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
    beside.see({ name: `o${n}`, beside: n % 2 === 0 ? ["content encoding"] : n === 7 ? ["tags"] : [] });
  beside.seeMark("folder/");
  const found = beside.counted();
  expect(found).toEqual({
    looked: 1200,
    kinds: [
      { kind: "content encoding", objects: 600, examples: ["o0", "o2", "o4"] },
      { kind: "tags", objects: 1, examples: ["o7"] },
      { kind: "folder's mark", objects: 1, examples: ["folder/"] },
    ],
  });
  expect(found && leftBehindText(found)).toBe(
    "Stays behind, beside the bytes: content encoding, 600 objects of 1,200 that were looked at have one; tags, 1 object of 1,200 that were looked at has one; folder's mark, 1 object of 1,200 that were looked at has one.",
  );
});

test("nothing is told where nothing stays behind, and of what rclone brings nothing is counted", () => {
  const beside = leftBehindBy(requestFrom("pod-published:a"));
  beside.see({ name: "one", beside: ["content encoding", "own metadata"] });
  expect(beside.counted()).toBeUndefined();
});
