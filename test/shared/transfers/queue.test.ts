// The line of transfers: who waits for whom.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { aheadOf, behind, type InLine, isSame, meets } from "../../../shared/transfers/queue.ts";

const folder = (text: string): InLine["to"] => {
  const [bucket = "", path = ""] = text.split(":");
  return { bucket, path };
};
const of = (from: string, to: string, id = "t1", hub = "prod"): InLine => ({
  ...{ hub, id, at: "2026-11-21T08:00:00Z" },
  from: folder(from),
  to: folder(to),
});

describe("the later of two meets the one before", () => {
  test.each([
    ["b:x", "d:y", "target"],
    ["b:x", "d:y/z", "target"],
    ["b:x", "d:", "target"],
    ["b:x", "d:yy", undefined],
    ["b:x", "e:y", undefined],
    ["d:y", "e:", "source"],
    ["d:y/z/w", "e:", "source"],
    ["d:", "e:", "source"],
    // The source of the one before may be read, and added to.
    ["a:", "e:", undefined],
    ["b:x", "a:", undefined],
  ])("a:x to d:y is running, %s to %s is asked for: %s", (from, to, how) => {
    expect(meets(of("a:x", "d:y"), of(from, to, "t2"))).toBe(how);
  });
});

const places = fc.constantFrom("a:", "a:x", "a:x/y", "b:", "b:x");
const lines = fc
  .array(fc.tuple(places, places), { minLength: 1, maxLength: 6 })
  .map((ends) => ends.map(([from, to], n) => of(from, to, `t${n}`)));

test("the first of a line waits for nobody, nobody waits for those after, and whoever is waited for knows it", () => {
  fc.assert(
    fc.property(lines, (line) => {
      const [first] = line;
      if (first !== undefined) expect(aheadOf(line, first)).toEqual([]);
      for (const [n, one] of line.entries()) {
        const ahead = aheadOf(line, one);
        for (const other of ahead) {
          expect(line.indexOf(other)).toBeLessThan(n);
          expect(behind(line, other).some((each) => isSame(each, one))).toBe(true);
        }
        for (const other of behind(line, one)) expect(aheadOf(line, other)).toContain(one);
      }
    }),
  );
});

test("of transfers that go on at the same time no two copy into one place", () => {
  fc.assert(
    fc.property(lines, (line) => {
      const going = line.filter((one) => aheadOf(line, one).length === 0);
      for (const a of going) for (const b of going) if (a !== b) expect(meets(a, b)).not.toBe("target");
    }),
  );
});

test("one of another hub of the same id is another one", () => {
  const line = [of("a:", "b:"), of("a:", "b:", "t1", "other")];
  expect(aheadOf(line, of("a:", "b:", "t1", "other"))).toEqual([line[0]]);
});
