// The worker from event to pull request: what comes of releases, images and files as they are; twice, late, out of order.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type BumpHarness,
  bumpHarness,
  choice,
  file,
  fork,
  proposed,
  release,
  releasesOf,
  upstream,
} from "./harness.ts";

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

describe("one pull request", () => {
  test("twice, late, out of order: the same end", async () => {
    const hub = harness.hub();
    await hub.deliver({ tag: "2024.01.23" });
    await hub.deliver({ tag: "2024.06.02" });
    await hub.deliver({ tag: "2019.01.01", why: "schedule" });
    expect(hub.end()).toEqual(proposed(hub));
    expect(hub.effects).toEqual(["write-branch", "open-pull-request"]);
    expect(hub.notices).toHaveLength(1);
  });

  test("five at once: the same end", async () => {
    const hub = harness.hub();
    await Promise.all(Array.from({ length: 5 }, () => hub.deliver()));
    expect(hub.end()).toEqual(proposed(hub));
    expect(hub.effects).toEqual(["write-branch", "open-pull-request"]);
  });

  test("a newer release, then an upstream change, go into the same one; its branch starts from upstream anew", async () => {
    const hub = harness.hub();
    await hub.deliver();
    hub.publish(release("2024.10.01"));
    await hub.deliver();
    expect(hub.end()).toEqual(proposed(hub, "2024.10.01"));
    hub.save(`${choice("2024.01.23")}c: 1\n`);
    await hub.deliver();
    expect(hub.end().text).toBe(`${proposed(hub, "2024.10.01").text}c: 1\n`);
    expect(hub.effects.filter((effect) => effect === "open-pull-request")).toHaveLength(1);
    const head = hub.github.upstream.head(fork, hub.branch) ?? "";
    expect(hub.github.upstream.parentsOf(fork, head)).toEqual([hub.github.upstream.head(upstream, "main")]);
  });

  test("never back: newer references, older releases and other tags stay", async () => {
    const hub = harness.hub({ text: choice("2024.09.09") });
    expect(await hub.deliver()).toMatchObject({ outcome: "done", title: "nothing to change" });
    expect(hub.end()).toMatchObject({ pulls: [], told: [] });
    const pinned = harness.hub({
      text: choice("ebeb9dd").replace("pangeo-notebook:ebeb9dd", "pangeo-notebook:master"),
    });
    expect(await pinned.deliver()).toMatchObject({ title: "nothing to change" });
    expect((await pinned.state())?.refs.map(({ left }) => left)).toEqual([
      '"master" moves by itself',
      "it is pinned to a commit",
    ]);
  });

  test("closed unmerged means no to that release, and to no other", async () => {
    const hub = harness.hub();
    await hub.deliver();
    hub.github.upstream.close(upstream, 1);
    await hub.deliver();
    expect(hub.end().pulls.map(({ state }) => state)).toEqual(["closed"]);
    hub.publish(release("2024.10.01"));
    await hub.deliver();
    expect(hub.end().pulls.map(({ number, state }) => [number, state])).toEqual([
      [2, "open"],
      [1, "closed"],
    ]);
  });

  test("merged, and then undone upstream by hand: proposed anew", async () => {
    const hub = harness.hub();
    await hub.deliver();
    hub.github.upstream.merge(upstream, 1);
    expect(await hub.deliver()).toMatchObject({ title: "nothing to change" });
    hub.save(choice("2024.01.23"));
    // The files may only be older than the merge: nothing is proposed twice on one look.
    expect(await hub.deliver()).toMatchObject({ outcome: "blocked" });
    hub.clock.moveBy(59_000);
    await hub.deliver();
    expect(hub.end().pulls.map(({ number }) => number)).toEqual([1]);
    hub.clock.moveBy(1000);
    await hub.deliver();
    expect(hub.end().pulls.map(({ number, state }) => [number, state])).toEqual([
      [2, "open"],
      [1, "closed"],
    ]);
  });

  test("a commit of somebody else on the branch stops it, and the team hears of it once, each time", async () => {
    const hub = harness.hub();
    await hub.deliver();
    const theirs = hub.github.upstream.commit(fork, hub.branch, {
      path: file,
      text: "x: 1\n",
      author: "reviewer",
    });
    hub.publish(release("2024.10.01"));
    expect(await hub.deliver()).toMatchObject({ outcome: "blocked" });
    expect(hub.end().told).toEqual(["images-proposed/operator/infrastructure/1"]);
    hub.clock.moveBy(60_000);
    expect(await hub.deliver()).toMatchObject({ outcome: "held" });
    const { calls } = hub.publishing;
    expect(await hub.deliver()).toMatchObject({ outcome: "held" });
    expect(hub.publishing.calls).toBe(calls);
    expect(hub.github.upstream.head(fork, hub.branch)).toBe(theirs);
    const handsOff = () => hub.end().told.filter((key) => key.startsWith("images-hands-off/2024.10.01/"));
    expect(handsOff()).toHaveLength(1);
    expect(hub.notices.at(-1)?.text).toContain(`the branch ${fork}:${hub.branch} of the fork`);

    // Closing the pull request ends the care for the branch, as the message says; and somebody may come back to it.
    hub.github.upstream.close(upstream, 1);
    expect(await hub.deliver()).toMatchObject({ outcome: "done" });
    expect(hub.end()).toMatchObject({ pulls: [{ number: 2, state: "open" }, { number: 1 }] });
    hub.github.upstream.commit(fork, hub.branch, { path: file, text: "x: 2\n", author: "reviewer" });
    await hub.deliver();
    hub.clock.moveBy(60_000);
    expect(await hub.deliver()).toMatchObject({ outcome: "held" });
    expect(handsOff()).toHaveLength(2);
  });

  test("by setting, the branch and a link, and no pull request", async () => {
    const hub = harness.hub({ images: { pullRequest: "branch" } });
    await hub.deliver();
    await hub.deliver();
    expect(hub.end()).toMatchObject({
      pulls: [],
      told: [expect.stringMatching(/^images-branch\/2024\.06\.02\/[0-9a-f]{12}$/)],
      text: proposed(hub).text,
    });
    expect(hub.notices).toHaveLength(1);
    expect(hub.notices[0]?.text).toContain(
      `https://github.com/operator/infrastructure/compare/main...ground-crew:infrastructure:${hub.branch}?expand=1&title=`,
    );
  });

  test("a dry run says what it would move, changes nothing, and leaves the page what it saw", async () => {
    const hub = harness.hub();
    expect(await hub.deliver({ dryRun: true })).toMatchObject({
      outcome: "done",
      title: "plan: 2 references to 2024.06.02",
      plan: {
        actions: [
          {
            do: "bump",
            about: "2024.06.02",
            why: "the files are on 2024.01.23",
            at: `${file}:4,6`,
            moves: [
              `${file} a.kubespawner_override.image: pangeo/pangeo-notebook 2024.01.23 -> 2024.06.02, with its label`,
              `${file} b.image: quay.io/pangeo/ml-notebook 2024.01.23 -> 2024.06.02`,
            ],
          },
        ],
        held: [],
      },
    });
    expect([hub.effects, hub.notices, hub.github.upstream.pulls(upstream)]).toEqual([[], [], []]);
    expect(await hub.state()).toMatchObject({ status: "planned", sentence: "2 references to 2024.06.02" });
    await hub.deliver();
    expect(await hub.deliver({ dryRun: true })).toMatchObject({ plan: { actions: [] } });
    expect(await hub.state()).toMatchObject({ status: "proposed", proposal: { number: 1 } });
  });
});

describe("images that are not as they should be", () => {
  test("waited for with growing pauses, then the team is told once with the digests; healed, one pull request", async () => {
    const hub = harness.hub({ images: { waitMinutes: 10 } });
    hub.publish(release("2024.10.01", "stale"));
    const outcomes: string[] = [];
    for (let minute = 0; minute <= 12; minute += 1) {
      const result = await hub.deliver({ why: "continue" });
      outcomes.push(result.outcome);
      hub.clock.moveBy(60_000);
    }
    expect(outcomes).toEqual([...Array(10).fill("blocked"), "held", "held", "held"]);
    expect(hub.end()).toMatchObject({ pulls: [], text: undefined });
    expect(new Set(hub.notices.map(({ key }) => key)).size).toBe(1);
    expect(hub.notices[0]?.text).toMatch(
      /2024\.10\.01: sha256:[0-9a-f]{64}\n {4}[0-9a-f]{7} \(its build\): sha256:/,
    );
    rmSync(join(hub.folder, "quay.io"), { recursive: true });
    expect(await hub.deliver()).toMatchObject({
      outcome: "held",
      title: "2024.10.01 is on hold: its images are not all there",
    });
  });

  test("three of four published is not enough", async () => {
    const hub = harness.hub();
    rmSync(join(hub.folder, "quay.io", "pangeo", "ml-notebook.yaml"));
    expect(await hub.deliver()).toMatchObject({ outcome: "held" });
    expect(hub.end()).toMatchObject({ pulls: [], text: undefined });
  });
});

test("the releases' repository is another one than upstream, and is only read", async () => {
  const hub = harness.hub();
  const before = hub.github.upstream.head(releasesOf, "main");
  await hub.deliver();
  expect(hub.github.upstream.head(releasesOf, "main")).toBe(before);
  expect(hub.github.upstream.read(upstream, "main", file)).toBe(choice("2024.01.23"));
});
