// Tests of the letters: the runbook's table and the answers have the same ones, with the same words.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { findingLooks } from "../../../../shared/members/findings.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/runbook.md"), "utf8");
const rows = [...page.matchAll(/^\| ([A-Z]) \| ([^|]*) \|/gm)].map(([, letter = "", words = ""]) => ({
  letter,
  words: words.split("; "),
}));

test("the runbook has each letter once, in order, with the words of its answers", () => {
  const looks = Object.values(findingLooks);
  const expected = [...new Set(looks.map(({ letter }) => letter))].sort().map((letter) => ({
    letter,
    words: [...new Set(looks.filter((look) => look.letter === letter).map(({ word }) => word))],
  }));
  expect(rows).toEqual(expected);
});

test("A, C and D are the flowchart's questions, and no answer; what the flowchart lacks has a letter of its own", () => {
  const letters = Object.values(findingLooks).map(({ letter }) => letter);
  expect(letters.filter((letter) => "ACD".includes(letter))).toEqual([]);
  const lacking = letters.filter((letter) => letter > "H");
  expect(lacking).toEqual([...new Set(lacking)]);
});
