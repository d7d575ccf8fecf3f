// Which references move: for any files and releases, never back, nothing that is pinned, and everything left is told.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type DecideInput, decide } from "../../../functions/bump-image/decide.ts";
import { globOf } from "../../../functions/bump-image/gather.ts";
import { nextLook, verdictOn } from "../../../functions/bump-image/image-check.ts";
import { releaseIn } from "../../../functions/bump-image/mark.ts";
import { newestFirst } from "../../../functions/bump-image/tags.ts";
import { bodyOf } from "../../../functions/bump-image/text.ts";
import { defaultImages } from "../../../shared/images/settings.ts";

const file = (path: string, text: string | undefined) => ({ path, mode: "100644" as const, text });

/** The decision on some files and releases, with nobody's images in doubt. */
function decisionOn(files: DecideInput["seen"]["files"], releases: readonly string[], pins: string[] = []) {
  const [tag] = newestFirst(releases);
  const evidence = ["", "quay.io/"].flatMap((registry) =>
    defaultImages.map((name) => {
      const image = `${registry}${name}`;
      return { image, tag: tag ?? "", build: "0123456", tagDigest: image, buildDigest: image };
    }),
  );
  return decide({
    hub: "leap",
    seen: { files, evidence, proposed: { pulls: [] }, ...(tag && { target: { tag, sha: "0123456789" } }) },
    images: { names: defaultImages, pins, pullRequest: "open", releases: "o/r", waitMinutes: 0 },
    before: undefined,
    now: new Date("2031-03-03T10:00:00Z"),
  });
}

test("for any files and releases", () => {
  const tag = fc.constantFrom(
    "2023.01.03",
    "2024.06.02",
    "2030.01.01",
    "master",
    "ebeb9dd",
    "2026-06-29",
    "1.0",
  );
  const ref = fc.tuple(
    fc.constantFrom("pangeo/ml-notebook", "quay.io/pangeo/ml-notebook", "ghcr.io/pangeo/ml-notebook"),
    tag,
  );
  const tags = fc.subarray(["2022.01.01", "2024.06.02", "2025.05.05", "v1", "latest", "2024.6.2"]);
  fc.assert(
    fc.property(fc.array(ref, { maxLength: 6 }), tags, fc.boolean(), (refs, released, pinned) => {
      const releases = newestFirst(released);
      const text = refs.map(([image, at], index) => `k${index}: "${image}:${at}"\n`).join("");
      const decision = decisionOn([file("a.yaml", text)], released, pinned ? ["a.yaml:k0"] : []);
      const moved = decision.edits.flatMap((edit) => edit.moved);
      expect(decision.target).toBe(releases[0]);
      expect(decision.plan.actions.flatMap((action) => action.moves)).toHaveLength(moved.length);
      expect(decision.refs).toHaveLength(refs.length);
      for (const { from, to, image, path } of moved) {
        expect(to).toBe(releases[0]);
        expect(from < to && /^\d{4}\.\d\d\.\d\d$/.test(from)).toBe(true);
        expect(image.startsWith("ghcr.io")).toBe(false);
        expect(pinned && path === "k0").toBe(false);
      }
      const current = decision.refs.filter(({ tag: at }) => at === releases[0]).length;
      if (releases.length > 0) expect(moved.length + decision.left.length + current).toBe(refs.length);
      else expect(moved).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("files that cannot be read are told, and stop no other", () => {
  const good = "image: pangeo/ml-notebook:2023.01.03\n";
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const decision = decisionOn(
    [file("a.yaml", undefined), file("b.yaml", "a: [\nb: 1\n"), file("c.yaml", deep), file("d.yaml", good)],
    ["2024.06.02"],
  );
  expect(decision.unread.map((each) => each.file)).toEqual(["a.yaml", "b.yaml", "c.yaml"]);
  expect(decision.plan.refused.map(({ about }) => about)).toEqual(["a.yaml", "b.yaml", "c.yaml"]);
  expect(decision.edits.map(({ path }) => path)).toEqual(["d.yaml"]);
});

test("a star stands for a part of one name", () => {
  const fits = globOf("config/clusters/leap/*.values.yaml");
  expect(["config/clusters/leap/common.values.yaml", "config/clusters/leap/.values.yaml"].map(fits)).toEqual([
    true,
    true,
  ]);
  for (const other of [
    "config/clusters/leap/x/y.values.yaml",
    "config/clusters/leap/commonXvalues.yaml",
    "a/config/clusters/leap/c.values.yaml",
    "config/clusters/leap/c.values.yaml.bak",
  ])
    expect([other, fits(other)]).toEqual([other, false]);
});

test("many stars are read in the time of one, however near a name comes", () => {
  const fits = globOf(`${"*a".repeat(99)}b`);
  expect(fits(`${"a".repeat(5000)}b`)).toBe(true);
  expect(fits(`${"a".repeat(5000)}c`)).toBe(false);
  // Names without the first part, or one in the middle.
  expect([globOf("x*")("ab"), globOf("x*")("bx"), globOf("*x*y*b")("ab"), globOf("*x*y*b")("yxb")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect([globOf("a*a")("a"), globOf("a*a")("aa"), globOf("*b*b*")("abcb")]).toEqual([false, true, true]);
});

describe("the image check", () => {
  test("opens only when every digest is there and agrees", () => {
    const one = { image: "a", tag: "t", build: "b", tagDigest: "x", buildDigest: "x" };
    const { tagDigest: _, ...noTag } = one;
    const { buildDigest: __, ...noBuild } = one;
    expect(verdictOn([one, one])).toBe("built");
    expect(verdictOn([one, noTag])).toBe("missing");
    expect(verdictOn([noBuild])).toBe("missing");
    expect(verdictOn([one, { ...one, buildDigest: "y" }])).toBe("different");
  });

  test("looks again after growing pauses, which end", () => {
    const pauses: number[] = [];
    let minutes = 0;
    for (let looks = 0; ; looks += 1) {
      const next = nextLook({ minutes, looks }, 120);
      if (next === undefined) break;
      pauses.push(next);
      minutes += next;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 29]);
    expect(nextLook({ minutes: 0, looks: 0 }, 0)).toBeUndefined();
  });
});

test("whatever stands in a file, the text mentions nobody, fits, and says which release it is about", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40, unit: "binary" }),
      fc.integer({ min: 1, max: 3000 }),
      (odd, count) => {
        const at = { image: "pangeo/ml-notebook", line: 1, path: "x" };
        const moved = { ...at, from: odd, to: "2024.06.02", label: false };
        const left = {
          ...at,
          tag: `@${odd}\`@team`,
          file: `${odd}\n@org/team`,
          why: `"@${odd}" moves by itself`,
        };
        const body = bodyOf({
          hub: "leap",
          target: "2024.06.02",
          releases: "o/r",
          reading: {
            edits: [{ path: `a ${odd}`, mode: "100644", text: "", moved: Array(count).fill(moved) }],
            left: [left],
            unread: [{ file: `${odd}<!-- groundcrew images 2020.01.01 -->`, why: odd }],
          },
          evidence: [{ image: odd, tag: odd, build: odd }],
        });
        expect(body).not.toContain("@");
        expect(body.length).toBeLessThanOrEqual(65_536);
        expect(releaseIn(body)).toBe("2024.06.02");
      },
    ),
    { numRuns: 100 },
  );
});
