// The words of a proposal, as people read them.
import { expect, test } from "@jest/globals";
import { bodyOf, type Proposal, proposedNotice, titleOf } from "../../../functions/bump-image/text.ts";

const moved = {
  ...{ image: "pangeo/ml-notebook", line: 4, path: "x" },
  ...{ from: "2024.01.23", to: "2024.06.02", label: true },
};
const edit = { path: "a.yaml", mode: "100644" as const, text: "", moved: [moved] };
const evidence = { image: "pangeo/ml-notebook", tag: "2024.06.02", build: "1234567" };
const digest = "sha256:aa";
const proposal = (reading: Partial<Proposal["reading"]> = {}, given: Partial<Proposal> = {}): Proposal => ({
  ...{ hub: "leap", target: "2024.06.02", releases: "o/r", evidence: [] },
  reading: { edits: [edit], left: [], unread: [], ...reading },
  ...given,
});

test("a title says from which release, where it is one", () => {
  const two = { ...edit, moved: [moved, { ...moved, from: "2023.12.01" }] };
  expect([titleOf(proposal()), titleOf(proposal({ edits: [two] }))]).toEqual([
    "[leap] Bump images from 2024.01.23 to 2024.06.02",
    "[leap] Bump images to 2024.06.02",
  ]);
});

test("a text says what moves, what stays and why, and what shows that the images are right", () => {
  const at = { image: "pangeo/base", line: 7, path: "y" };
  const left = [
    { ...at, file: "a.yaml", tag: "main", why: "it moves by itself" },
    { ...at, file: "b.yaml", tag: "", why: "it has no tag" },
  ];
  const unread = [{ file: "c.yaml", why: "it is no YAML" }];
  const built = { ...evidence, tagDigest: digest, buildDigest: digest };
  expect(
    bodyOf(proposal({ left, unread }, { evidence: [built, { ...evidence, tagDigest: digest }] })),
  ).toBe(`Moves the images that are on an older release to \`2024.06.02\`, and the labels that name it. Nothing else in these files is touched.

### What moves

- \`a.yaml\`
  - line 4: \`pangeo/ml-notebook\` \`2024.01.23\` → \`2024.06.02\`, with its label

### What was left as it is

- \`a.yaml:7\`: \`pangeo/base:main\`, because it moves by itself
- \`b.yaml:7\`: \`pangeo/base\`, because it has no tag
- \`c.yaml\` as a whole, because it is no YAML

### Evidence

- \`pangeo/ml-notebook:2024.06.02\` is the build of the tagged commit (\`1234567\`): both are \`sha256:aa\`
- \`pangeo/ml-notebook:2024.06.02\` is **not** shown to be the build of the tagged commit: it is \`sha256:aa\`, and the build (\`1234567\`) is \`not there, or not public\`. The hub's team has approved it as it is

What has changed in the images: https://github.com/o/r/compare/2024.01.23...2024.06.02

This branch is written anew when a newer release comes or the files change; a commit of somebody else on it stops that. Closing this without merging means no to \`2024.06.02\`.

<!-- groundcrew images 2024.06.02 -->`);
});

test("a part that is empty has no heading, and one that is long ends with how many lines more there are", () => {
  const unread = (count: number) =>
    Array.from({ length: count }, () => ({ file: "c.yaml", why: "it is cut" }));
  const of = (count: number) => bodyOf(proposal({ unread: unread(count) }));
  expect([of(0).includes("What was left"), of(150).includes("more lines")]).toEqual([false, false]);
  expect(of(152)).toContain("it is cut\n- and 2 more lines\n");
});

test("a text is cut where GitHub takes no more, and not before", () => {
  const of = (length: number) => bodyOf(proposal({ unread: [{ file: "c".repeat(length), why: "" }] }));
  const fits = 65_536 - of(0).length;
  expect([of(fits).length, of(fits).includes("(cut)")]).toEqual([65_536, false]);
  expect(of(fits + 1)).toMatch(/\n\n\(cut\)\n\n<!-- groundcrew images 2024\.06\.02 -->$/);
});

test("the team is told what is proposed, or what a person is to press", () => {
  const of = { hub: "leap", key: "k", url: "https://github.test/1", target: "2024.06.02" };
  const opened = proposedNotice({ ...of, count: 1, byHand: false });
  expect(opened.subject).toBe("leap: images 2024.06.02 are proposed");
  expect(opened.text).toContain("one reference moves to 2024.06.02. The pull request:\n");
  const ready = proposedNotice({ ...of, count: 2, byHand: true });
  expect(ready.subject).toBe("leap: images 2024.06.02 are ready to be proposed");
  expect(ready.text).toContain("2 references move to 2024.06.02. Open this address");
});
