// Tests of the images that registries are asked about, and of when nobody but the repositories is asked.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { gather } from "../../../functions/bump-image/gather.ts";
import { evidenceOf } from "../../../functions/bump-image/image-check.ts";
import { ImagesSettings } from "../../../shared/images/settings.ts";
import { type BumpHarness, bumpHarness, file, upstream } from "./harness.ts";

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

const images = ImagesSettings.parse({
  upstream,
  files: file,
  names: ["o/newest", "o/other", "o/pinned", "o/stuck", "o/behind"],
  pins: [`${file}:pinned.image`],
});
const stays = `newest:
  image: o/newest:2024.06.02
other:
  image: o/other:1.0
pinned:
  image: o/pinned:2024.01.23
stuck: |
  image: o/stuck:2024.01.23
`;
const behind = "behind:\n  image: o/behind:2024.01.23\n";

test("of those alone that may move and are behind", async () => {
  const hub = harness.hub({ text: stays + behind });
  expect(await gather({ hub: hub.name, images }, hub.deps)).toMatchObject({
    evidence: [{ image: "o/behind", tag: "2024.06.02" }],
  });
});

test("nobody is asked about an image of a registry that is not on the list", async () => {
  const digestOf = () => Promise.reject(new Error("asked"));
  expect(await evidenceOf(["ghcr.io/o/x"], { tag: "2024.06.02", sha: "1234567" }, { digestOf })).toEqual([]);
});

test("where none is behind, neither the registries nor the fork are asked", async () => {
  const hub = harness.hub({ text: stays });
  const asked = () => Promise.reject(new Error("asked"));
  const deps = { ...hub.deps, registry: { digestOf: asked }, forks: { ...hub.deps.forks, find: asked } };
  expect(await gather({ hub: hub.name, images }, deps)).toMatchObject({
    target: { tag: "2024.06.02" },
    evidence: [],
    proposed: { pulls: [] },
  });
});
