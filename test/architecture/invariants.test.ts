// Each of the invariants has tests that are there, and ARCHITECTURE.md says them in the same words and names the same files.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { invariants } from "./invariants.ts";
import { readSource, root } from "./source.ts";

describe.each(invariants.map((invariant, index) => ({ ...invariant, number: index + 1 })))(
  "invariant $number",
  ({ number, says, guards, tests }) => {
    test("has tests, which run and are there by name", () => {
      expect(Object.keys(tests)).not.toEqual([]);
      const wrong = Object.entries(tests).flatMap(([file, names]) => {
        const path = join(root, "test", file);
        if (!/\.(?:test|long)\.ts$/.test(file) || !existsSync(path))
          return [`test/${file} is not there: name the test that took its place`];
        const { texts, code } = readSource(file, readFileSync(path, "utf8"));
        return names
          .filter((name) => !texts.some(({ says, start }) => says === name && isName(code.slice(0, start))))
          .map((name) => `test/${file} has no test "${name}": name the one that took its place`);
      });
      expect(wrong).toEqual([]);
    });

    test("has files that hold it, which are there", () => {
      expect(guards).not.toEqual([]);
      expect(guards.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    });

    test("stands in ARCHITECTURE.md, with its tests", () => {
      const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").replaceAll(/\s+/g, " ");
      const from = text.indexOf(` ${number}. ${says}`);
      expect([says, from !== -1]).toEqual([says, true]);
      const end = text.indexOf(` ${number + 1}. `, from);
      const paragraph = text.slice(from, end === -1 ? text.indexOf("## ", from) : end);
      const named = [...paragraph.matchAll(/`test\/([^`]+)`/g)].map(([, file]) => file);
      expect(named.sort()).toEqual(Object.keys(tests).sort());
    });
  },
);

test("there are ten of them, and ARCHITECTURE.md has no eleventh", () => {
  expect(invariants).toHaveLength(10);
  const [, rest = ""] = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").split("## Invariants");
  expect(rest.split("\n## ")[0]?.match(/^\d+\. /gm)).toHaveLength(10);
});

/** Tells whether what follows is the name of a test or of a group of tests. */
const isName = (before: string): boolean => /(?:\btest|\bdescribe|\bwithRclone|\))\(\s*$/.test(before);
