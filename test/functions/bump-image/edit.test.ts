// The edit engine: what it moves, what it leaves and why, and that it touches nothing else. Then all of the real bumps that are
// at hand.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import * as z from "zod";
import { type Edit, type EditRequest, edit } from "../../../functions/bump-image/edit.ts";
import { sameImage } from "../../../functions/bump-image/refs.ts";
import { kindOf } from "../../../functions/bump-image/tags.ts";
import { defaultImages } from "../../../shared/images/settings.ts";
import { saySkipped } from "../../skipped.ts";

const request: EditRequest = { images: defaultImages, tag: "2024.06.02", move: "releases" };
const done = (text: string, more: Partial<EditRequest> = {}): Edit => {
  const result = edit(text, { ...request, ...more });
  if ("problem" in result) throw new Error(result.problem.message);
  return result;
};

describe("what moves", () => {
  const cases: [string, string, string][] = [
    ["plain", "image: pangeo/ml-notebook:2023.01.03\n", "image: pangeo/ml-notebook:2024.06.02\n"],
    [
      "in quotes",
      `image: "pangeo/ml-notebook:2023.01.03"\ni: 'quay.io/pangeo/ml-notebook:2023.01.03'\n`,
      `image: "pangeo/ml-notebook:2024.06.02"\ni: 'quay.io/pangeo/ml-notebook:2024.06.02'\n`,
    ],
    [
      "name and tag",
      "image:\n  name: pangeo/ml-notebook\n  tag: 2023.01.03 # why\n",
      "image:\n  name: pangeo/ml-notebook\n  tag: 2024.06.02 # why\n",
    ],
    [
      "tag first, in a flow",
      '{tag: "2023.01.03", name: docker.io/pangeo/ml-notebook}',
      '{tag: "2024.06.02", name: docker.io/pangeo/ml-notebook}',
    ],
    [
      "CRLF and a byte order mark",
      "\uFEFFa:\r\n  image: pangeo/ml-notebook:2023.01.03\r\n",
      "\uFEFFa:\r\n  image: pangeo/ml-notebook:2024.06.02\r\n",
    ],
    [
      "an anchor, once",
      "a: &x pangeo/ml-notebook:2023.01.03\nimage: *x\nb: {image: *x}\n",
      "a: &x pangeo/ml-notebook:2024.06.02\nimage: *x\nb: {image: *x}\n",
    ],
    [
      "a tag by its anchor",
      "t: &t 2023.01.03\nimage: {name: pangeo/ml-notebook, tag: *t}\n",
      "t: &t 2024.06.02\nimage: {name: pangeo/ml-notebook, tag: *t}\n",
    ],
    [
      "several documents, no last line end",
      "---\nimage: pangeo/ml-notebook:2023.01.03\n---\nimage: pangeo/ml-notebook:2023.01.03",
      "---\nimage: pangeo/ml-notebook:2024.06.02\n---\nimage: pangeo/ml-notebook:2024.06.02",
    ],
    [
      "the label of the same choice, and no other",
      "x: {display_name: ML (2023.01.03)}\nc:\n  display_name: 'ML (2023.01.03)' # 2023.01.03\n  kubespawner_override: {image: pangeo/ml-notebook:2023.01.03}\n",
      "x: {display_name: ML (2023.01.03)}\nc:\n  display_name: 'ML (2024.06.02)' # 2023.01.03\n  kubespawner_override: {image: pangeo/ml-notebook:2024.06.02}\n",
    ],
  ];
  test.each(cases)("%s", (_, before, after) => {
    expect(done(before).text).toBe(after);
  });

  test("a tag that would be read as a number is quoted where it stands alone", () => {
    const before = "image: {name: pangeo/ml-notebook, tag: 2023.01.03}\ni: pangeo/ml-notebook:2023.01.03\n";
    for (const tag of ["1234567", "12e4567", "0o17", "2024.06", "1_000", "true", "null"])
      expect(parse(done(before, { tag, move: "pinned" }).text)).toEqual({
        image: { name: "pangeo/ml-notebook", tag },
        i: `pangeo/ml-notebook:${tag}`,
      });
  });
});

describe("what is left, and why", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const cases: [string, string, string][] = [
    ["a tag that moves by itself", "pangeo/ml-notebook:latest", '"latest" moves by itself'],
    ["a commit", "pangeo/ml-notebook:ebeb9dd", "it is pinned to a commit"],
    ["what is no release", "pangeo/ml-notebook:2026-06-29", '"2026-06-29" is not the name of a release'],
    ["a newer one", "pangeo/ml-notebook:2030.01.01", "it is newer"],
    ["a digest", `pangeo/ml-notebook:2023.01.03@${digest}`, "it is pinned by its digest"],
    ["a digest alone", `pangeo/ml-notebook@${digest}`, "it is pinned by its digest"],
    ["no tag", "pangeo/ml-notebook", "it has no tag"],
  ];
  test.each(cases)("%s", (_, image, why) => {
    const text = `image: "${image}"\n`;
    const result = done(text);
    expect(result).toMatchObject({ text, moved: [], left: [{ line: 1, path: "image", why }] });
  });

  test("text blocks are told; comments, other images and what a user fills in are nobody's business", () => {
    const text =
      "# pangeo/ml-notebook:2023.01.03\na: |\n  docker run pangeo/ml-notebook:2023.01.03 #\nb: quay.io/2i2c/pangeo-notebook:2023.01.03\nimage: '{value}'\nc: my/pangeo/ml-notebook:2023.01.03\nd: pangeo/ml-notebook:2023.01.03-v1x y\n";
    expect(done(text)).toMatchObject({
      text,
      moved: [],
      current: 0,
      left: [
        {
          image: "pangeo/ml-notebook",
          tag: "2023.01.03",
          line: 3,
          path: "a",
          why: "it stands in a text block",
        },
      ],
    });
  });

  test("a tag that two images share by an anchor", () => {
    const text =
      "a: {name: pangeo/ml-notebook, tag: &t 2023.01.03}\nb: {name: pangeo/pytorch-notebook, tag: *t}\n";
    expect(done(text, { images: ["pangeo/ml-notebook"] }).moved).toHaveLength(1);
    expect(done(text)).toMatchObject({ text, moved: [], left: [{ line: 1 }] });
  });

  test("a person's request moves what is pinned, everything if it is said, and only what is on a tag", () => {
    const text =
      "- pangeo/ml-notebook:ebeb9dd\n- pangeo/ml-notebook:master\n- pangeo/ml-notebook:2030.01.01\n";
    const tags = (more: Partial<EditRequest>) => done(text, more).moved.map(({ from }) => from);
    expect(tags({ move: "pinned" })).toEqual(["ebeb9dd", "2030.01.01"]);
    expect(tags({ move: "everything" })).toEqual(["ebeb9dd", "master", "2030.01.01"]);
    expect(tags({ move: "everything", from: "master" })).toEqual(["master"]);
  });

  test("what is no YAML, with its place", () => {
    for (const text of [
      "a: [1\nb: 2\n",
      "a: {{- .Values.x }}\n",
      "a: 1\n\tb: 2\n",
      "<<<<<<< ours\na: 1\n=======\n",
    ])
      expect(edit(text, request)).toEqual({
        problem: { line: expect.any(Number), column: expect.any(Number), message: expect.any(String) },
      });
  });
});

test("an image is itself in any registry, unless it names one", () => {
  for (const [written, image, same] of [
    ["quay.io/pangeo/ml-notebook", "pangeo/ml-notebook", true],
    ["localhost:5000/pangeo/ml-notebook", "pangeo/ml-notebook", true],
    ["docker.io/pangeo/ml-notebook", "pangeo/ml-notebook", true],
    ["pangeo/ml-notebook", "docker.io/pangeo/ml-notebook", true],
    ["quay.io/pangeo/ml-notebook", "docker.io/pangeo/ml-notebook", false],
    ["my/pangeo/ml-notebook", "pangeo/ml-notebook", false],
    ["pangeo/ml-notebook-x", "pangeo/ml-notebook", false],
  ] as const)
    expect([written, sameImage(written, image)]).toEqual([written, same]);
});

test("a name as long as a file may be is read in the time of a short one, however many dots it has", () => {
  for (const part of [".", ".-", "a:"])
    expect(sameImage(part.repeat(1_048_576 / part.length), "pangeo/ml-notebook")).toBe(false);
});

test("an edit is done once: a second one finds nothing, and only tags have changed", () => {
  const tag = fc.constantFrom("2023.01.03", "2022.09.21", "master", "ebeb9dd", "2024.06.02");
  const quoteOf = fc.constantFrom("", "'", '"');
  const eol = fc.constantFrom("\n", "\r\n");
  const ref = fc.tuple(fc.constantFrom(...defaultImages, "other/image"), tag, quoteOf, fc.boolean());
  fc.assert(
    fc.property(fc.array(ref, { maxLength: 8 }), eol, (refs, end) => {
      const text = refs
        .map(([image, from, quote, pair], index) =>
          pair
            ? `k${index}: # ${from}${end}  name: ${image}${end}  tag: ${quote}${from}${quote}${end}`
            : `k${index}: ${quote}${image}:${from}${quote} # ${from}${end}`,
        )
        .join("");
      const once = done(text);
      expect(done(once.text)).toMatchObject({ text: once.text, moved: [] });
      const ours = refs.filter(([image]) => image !== "other/image");
      expect(once.moved).toHaveLength(
        ours.filter(([, from]) => kindOf(from) === "release" && from !== request.tag).length,
      );
      expect(once.moved.length + once.left.length + once.current).toBe(ours.length);
      expect(once.text.length).toBe(text.length);
    }),
    { numRuns: 200 },
  );
});

describe("real bumps", () => {
  const folder = process.env["GROUNDCREW_CORPUS"] ?? join(import.meta.dirname, "../../../../shared/corpus");
  const Record = z.looseObject({
    cls: z.string().optional(),
    path: z.string(),
    changed: z.array(z.looseObject({ image: z.string(), new: z.string(), path: z.string() })),
    before: z.string(),
    after: z.string(),
  });
  type Bump = z.infer<typeof Record>;
  const records = (name: string): Bump[] => {
    const file = join(folder, name);
    if (!existsSync(file)) {
      saySkipped(
        `test/functions/bump-image/edit.test.ts, ${name}`,
        "not at hand; GROUNDCREW_CORPUS names its folder",
      );
      return [];
    }
    return readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => Record.parse(JSON.parse(line)));
  };

  test("each that moved all references of a file comes out byte for byte", () => {
    for (const { cls, path, changed, before, after } of records("image-bumps.jsonl")) {
      if (cls !== "pure") continue;
      expect([path, done(before, { tag: changed[0]?.new ?? "", move: "pinned" }).text]).toEqual([
        path,
        after,
      ]);
    }
  });

  test("left alone by people: no tag that moves by itself is moved", () => {
    for (const { before } of records("image-bumps.jsonl")) {
      const moved = done(before, { tag: "2099.01.01", move: "pinned" }).moved.map(({ from }) => kindOf(from));
      expect(moved).not.toContain("moving");
    }
  });

  test("of any image: told which tag goes where, byte for byte", () => {
    for (const { path, changed, before, after } of records("any-image-edits.jsonl")) {
      const text = changed.reduce(
        (whole, { image, new: tag, path: at }) =>
          done(whole, {
            images: [image],
            tag,
            move: "everything",
            leave: (ref) => (ref.path === at ? undefined : "not asked for"),
          }).text,
        before,
      );
      expect([path, text]).toEqual([path, after]);
    }
  });
});
