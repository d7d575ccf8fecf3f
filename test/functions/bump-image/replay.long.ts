// Three years of releases, as often adopted as real hubs do: never more than one open pull request, and few in all.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bumpHarness, choice, file, release, upstream } from "./harness.ts";

let harness: Awaited<ReturnType<typeof bumpHarness>>;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

test("52 releases of which people merged every fourth", async () => {
  const hub = harness.hub();
  const { upstream: github } = hub.github;
  let most = 0;
  for (let week = 0; week < 52; week += 1) {
    const day = new Date(Date.UTC(2025, 0, 1 + week * 20)).toISOString().slice(0, 10).replaceAll("-", ".");
    hub.publish(release(day));
    hub.clock.moveBy(20 * 24 * 3600 * 1000);
    await hub.deliver();
    most = Math.max(most, github.pulls(upstream).filter(({ state }) => state === "open").length);
    const open = github.pulls(upstream).find(({ state }) => state === "open");
    expect(open?.title).toContain(` to ${day}`);
    if (week % 4 === 3 && open !== undefined) github.merge(upstream, open.number);
  }
  expect(most).toBe(1);
  expect(github.pulls(upstream)).toHaveLength(13);
  expect(github.pulls(upstream).every(({ merged }) => merged)).toBe(true);
  // Told once for each pull request.
  expect(hub.notices).toHaveLength(13);
  expect(github.read(upstream, "main", file)?.replaceAll("2027.10.18", "2024.01.23")).toBe(
    choice("2024.01.23"),
  );
  expect(hub.end().violations).toEqual([]);
});
