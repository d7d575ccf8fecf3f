// The state of a hub's images as earlier versions have left it.
import { expect, test } from "@jest/globals";
import { ImagesState } from "../../../shared/images/records.ts";

const stored = {
  v: 1,
  at: "2026-06-05T10:00:00.000Z",
  status: "held",
  sentence: "2026.06.04 is on hold: its images are not all there",
  releases: ["2026.06.04"],
  refs: [{ file: "a.yaml", line: 4, image: "pangeo/ml-notebook", tag: "2026.03.12" }],
  unread: [],
  evidence: [{ image: "pangeo/ml-notebook", tag: "2026.06.04", build: "0123456" }],
  branch: { sha: "abc", edit: "def" },
  proposal: { tag: "2026.03.12", url: "https://github.com/o/r/pull/1", number: 1 },
};
const wait = { tag: "2026.06.04", since: "2026-06-04T10:00:00.000Z", looks: 9 };

test("the wait for a registry, from before a release on hold could be approved, is no question to a person", () => {
  expect(ImagesState.parse({ ...stored, waiting: wait })).toEqual({ ...stored, registryWait: wait });
});

test("today's form is read as it is", () => {
  const today = { ...stored, registryWait: wait, waiting: { plan: "0f", since: { "1e": stored.at } } };
  expect(ImagesState.parse(today)).toEqual(today);
});
