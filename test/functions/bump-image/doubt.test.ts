// Reads that lag behind a write, by table and on the far end: nobody is taken for somebody else, and nothing is proposed twice.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { isSure, lacksRelease, lagsIn } from "../../../functions/bump-image/doubt.ts";
import type { Pull } from "../../../shared/github/fork.ts";
import type { ImagesState } from "../../../shared/images/records.ts";
import { type BumpHarness, bumpHarness, proposed, release } from "./harness.ts";

const pull = (number: number, change: Partial<Pull> = {}): Pull => ({
  number,
  url: "",
  state: "open",
  merged: false,
  title: "",
  body: "",
  sha: "ours",
  ...change,
});
const before = (change: Partial<ImagesState> = {}): ImagesState => ({
  v: 1,
  at: "2031-03-03T10:00:00.000Z",
  status: "proposed",
  sentence: "",
  releases: ["2024.06.02"],
  refs: [],
  unread: [],
  evidence: [],
  branch: { sha: "ours", edit: "edit" },
  proposal: { tag: "2024.06.02", url: "", number: 1 },
  ...change,
});

test.each<[string, { pulls: Pull[]; branch?: string }, ImagesState | undefined, string | undefined]>([
  ["as it was left", { pulls: [pull(1)], branch: "ours" }, before(), undefined],
  ["nothing before", { pulls: [] }, undefined, undefined],
  ["an older commit", { pulls: [pull(1)], branch: "older" }, before(), "branch"],
  ["a branch that we do not know", { pulls: [], branch: "theirs" }, undefined, "branch"],
  [
    "what was about to be pushed",
    { pulls: [pull(1)], branch: "new" },
    before({ branch: { sha: "ours", edit: "", pushing: "new" } }),
    undefined,
  ],
  ["no branch, which can be made only once", { pulls: [pull(1)] }, before(), undefined],
  ["its pull request is not listed", { pulls: [pull(7)], branch: "ours" }, before(), "pull-request"],
  [
    "merged, and the files are as before",
    { pulls: [pull(1, { state: "closed", merged: true })], branch: "ours" },
    before(),
    "merged",
  ],
  [
    "merged, and another change is due",
    { pulls: [pull(1, { state: "closed", merged: true })], branch: "ours" },
    before({ branch: { sha: "ours", edit: "another" } }),
    undefined,
  ],
])("%s", (_, seen, state, lags) => {
  expect(lagsIn(seen, state, { edit: "edit", pullRequest: "open" })).toBe(lags);
});

test("two looks count as two a minute apart, and a newer release that was seen is not forgotten", () => {
  const doubt = { what: "branch", since: "2031-03-03T10:00:00.000Z" } as const;
  expect(["10:00:59", "10:01:00"].map((at) => isSure(doubt, new Date(`2031-03-03T${at}Z`)))).toEqual([
    false,
    true,
  ]);
  expect(["2024.06.02", "2024.01.23", undefined].map((newest) => lacksRelease(newest, before()))).toEqual([
    false,
    true,
    true,
  ]);
});

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

test("a branch and a list of pull requests that lag: one pull request, and nobody is told of somebody else", async () => {
  const hub = harness.hub();
  await hub.deliver();
  const older = hub.github.upstream.head("ground-crew/infrastructure", hub.branch);
  hub.publish(release("2024.10.01"));
  await hub.deliver();
  const { branch, pulls } = hub.deps.forks;
  hub.deps.forks.branch = async () => older;
  expect(await hub.deliver()).toMatchObject({ outcome: "blocked" });
  hub.deps.forks.branch = branch;
  hub.deps.forks.pulls = async () => [];
  expect(await hub.deliver()).toMatchObject({ outcome: "blocked" });
  hub.deps.forks.pulls = pulls;
  hub.clock.moveBy(60_000);
  expect(await hub.deliver()).toMatchObject({ outcome: "done" });
  expect(hub.end()).toEqual(proposed(hub, "2024.10.01"));
  expect(hub.effects).toEqual(["write-branch", "open-pull-request", "write-branch", "update-pull-request"]);
});
