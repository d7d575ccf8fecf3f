// Tests of the word that was perhaps meant.
import { expect, test } from "@jest/globals";
import { nearest } from "../../shared/nearest.ts";

const known = ["persistent", "scratch", "pod-inbox"];

test.each([
  ["persistant", "persistent"],
  ["PERSISTENT", "persistent"],
  ["scrtch", "scratch"],
  ["pod_inbox", "pod-inbox"],
  ["home", undefined],
  ["", undefined],
])("%j was perhaps %j", (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test("of no words none is near", () => {
  expect(nearest("a", [])).toBeUndefined();
});
