// The worker from event to pull request: what comes of releases, images and files as they are; twice, late, out of order.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ImagesHead } from "../../../shared/records.ts";
import { bumpStand, choice, file, fork, proposed, release, releasesOf, upstream } from "./stand.ts";

let stand: Awaited<ReturnType<typeof bumpStand>>;
beforeAll(async () => {
  stand = await bumpStand();
});
afterAll(() => stand.close());

describe("one pull request", () => {
  test("twice, late, out of order: the same end", async () => {
    const scene = stand.scene();
    await scene.deliver({ tag: "2024.01.23" });
    await scene.deliver({ tag: "2024.06.02" });
    await scene.deliver({ tag: "2019.01.01", why: "schedule" });
    expect(scene.end()).toEqual(proposed(scene));
    expect(scene.effects).toEqual(["write-branch", "open-pull-request"]);
    expect(scene.notices).toHaveLength(1);
  });

  test("five at once: the same end", async () => {
    const scene = stand.scene();
    await Promise.all(Array.from({ length: 5 }, () => scene.deliver()));
    expect(scene.end()).toEqual(proposed(scene));
    expect(scene.effects).toEqual(["write-branch", "open-pull-request"]);
  });

  test("a newer release, then an upstream change, go into the same one; its branch starts from upstream anew", async () => {
    const scene = stand.scene();
    await scene.deliver();
    scene.publish(release("2024.10.01"));
    await scene.deliver();
    expect(scene.end()).toEqual(proposed(scene, "2024.10.01"));
    scene.save(`${choice("2024.01.23")}c: 1\n`);
    await scene.deliver();
    expect(scene.end().text).toBe(`${proposed(scene, "2024.10.01").text}c: 1\n`);
    expect(scene.effects.filter((effect) => effect === "open-pull-request")).toHaveLength(1);
    const head = scene.github.upstream.head(fork, scene.branch) ?? "";
    expect(scene.github.upstream.parentsOf(fork, head)).toEqual([
      scene.github.upstream.head(upstream, "main"),
    ]);
  });

  test("never back: newer references, older releases and other tags stay", async () => {
    const scene = stand.scene({ text: choice("2024.09.09") });
    expect(await scene.deliver()).toMatchObject({ outcome: "done", title: "nothing to change" });
    expect(scene.end()).toMatchObject({ pulls: [], told: [] });
    const pinned = stand.scene({
      text: choice("ebeb9dd").replace("pangeo-notebook:ebeb9dd", "pangeo-notebook:master"),
    });
    expect(await pinned.deliver()).toMatchObject({ title: "nothing to change" });
    const head = (await stand.ledger.read(`head/images/${pinned.hub}.json`, ImagesHead))?.value;
    expect(head?.refs.map(({ left }) => left)).toEqual([
      '"master" moves by itself',
      "it is pinned to a commit",
    ]);
  });

  test("closed unmerged means no to that release, and to no other", async () => {
    const scene = stand.scene();
    await scene.deliver();
    scene.github.upstream.close(upstream, 1);
    await scene.deliver();
    expect(scene.end().pulls.map(({ state }) => state)).toEqual(["closed"]);
    scene.publish(release("2024.10.01"));
    await scene.deliver();
    expect(scene.end().pulls.map(({ number, state }) => [number, state])).toEqual([
      [2, "open"],
      [1, "closed"],
    ]);
  });

  test("merged, and then undone upstream by hand: proposed anew", async () => {
    const scene = stand.scene();
    await scene.deliver();
    scene.github.upstream.merge(upstream, 1);
    expect(await scene.deliver()).toMatchObject({ title: "nothing to change" });
    scene.save(choice("2024.01.23"));
    await scene.deliver();
    expect(scene.end().pulls.map(({ number, state }) => [number, state])).toEqual([
      [2, "open"],
      [1, "closed"],
    ]);
  });

  test("a commit of somebody else on the branch stops it, and the team hears of it once", async () => {
    const scene = stand.scene();
    await scene.deliver();
    const theirs = scene.github.upstream.commit(fork, scene.branch, {
      path: file,
      text: "x: 1\n",
      author: "reviewer",
    });
    scene.publish(release("2024.10.01"));
    expect(await scene.deliver()).toMatchObject({ outcome: "held" });
    await scene.deliver();
    expect(scene.github.upstream.head(fork, scene.branch)).toBe(theirs);
    expect(scene.end().told).toEqual(["images-proposed/1", "images-hands-off/2024.10.01"]);
  });

  test("by setting, the branch and a link, and no pull request", async () => {
    const scene = stand.scene({ images: { pullRequest: "branch" } });
    await scene.deliver();
    await scene.deliver();
    expect(scene.end()).toMatchObject({
      pulls: [],
      told: ["images-branch/2024.06.02"],
      text: proposed(scene).text,
    });
    expect(scene.notices).toHaveLength(1);
    expect(scene.notices[0]?.text).toContain(
      `https://github.com/operator/infrastructure/compare/main...ground-crew:infrastructure:${scene.branch}?expand=1&title=`,
    );
  });

  test("a plan changes nothing, in no ledger either", async () => {
    const scene = stand.scene();
    expect(await scene.deliver({ dryRun: true })).toEqual({
      outcome: "done",
      title: "plan: 2 references to 2024.06.02",
      pending: 2,
    });
    expect(scene.end()).toMatchObject({ pulls: [], text: undefined, told: [] });
    expect(await stand.ledger.read(`head/images/${scene.hub}.json`, ImagesHead)).toBeUndefined();
  });
});

describe("images that are not as they should be", () => {
  test("waited for with growing pauses, then the team is told once with the digests; healed, one pull request", async () => {
    const scene = stand.scene({ images: { waitMinutes: 10 } });
    scene.publish(release("2024.10.01", "stale"));
    const outcomes: string[] = [];
    for (let minute = 0; minute <= 12; minute += 1) {
      const result = await scene.deliver({ why: "continue" });
      outcomes.push(result.outcome);
      scene.clock.moveBy(60_000);
    }
    expect(outcomes).toEqual([...Array(10).fill("blocked"), "held", "held", "held"]);
    expect(scene.end()).toMatchObject({ pulls: [], text: undefined });
    expect(new Set(scene.notices.map(({ key }) => key)).size).toBe(1);
    expect(scene.notices[0]?.text).toMatch(
      /2024\.10\.01: sha256:[0-9a-f]{64}\n {4}[0-9a-f]{7} \(its build\): sha256:/,
    );
    rmSync(join(scene.folder, "quay.io"), { recursive: true });
    expect(await scene.deliver()).toMatchObject({
      outcome: "held",
      title: "2024.10.01 is on hold: its images are not all there",
    });
  });

  test("three of four published is not enough", async () => {
    const scene = stand.scene();
    rmSync(join(scene.folder, "quay.io", "pangeo", "ml-notebook.yaml"));
    expect(await scene.deliver()).toMatchObject({ outcome: "held" });
    expect(scene.end()).toMatchObject({ pulls: [], text: undefined });
  });
});

test("the releases' repository is another one than upstream, and is only read", async () => {
  const scene = stand.scene();
  const before = scene.github.upstream.head(releasesOf, "main");
  await scene.deliver();
  expect(scene.github.upstream.head(releasesOf, "main")).toBe(before);
  expect(scene.github.upstream.read(upstream, "main", file)).toBe(choice("2024.01.23"));
});
