// The team is told of each proposal once, and of each: of a release that was merged, taken back and proposed again, and in another repository.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpHarness, bumpHarness, choice, file, type HubHarness } from "./harness.ts";

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

/** Delivers, and again once a wait is over. */
async function looks(hub: HubHarness): Promise<void> {
  for (let look = 0; look < 3; look += 1) {
    await hub.deliver();
    hub.clock.moveBy(60_000);
  }
}
const told = ({ notices }: HubHarness): number => new Set(notices.map(({ key }) => key)).size;

test("a branch that waits for a person again", async () => {
  const hub = harness.hub({ images: { pullRequest: "branch" } });
  await looks(hub);
  hub.save(choice("2024.06.02"));
  await looks(hub);
  expect(told(hub)).toBe(1);
  hub.save(choice("2024.01.23"));
  await looks(hub);
  expect([told(hub), hub.notices.length]).toEqual([2, 2]);
});

test.each(["open", "branch"] as const)("another upstream repository, by %s", async (pullRequest) => {
  const hub = harness.hub({ images: { pullRequest } });
  await looks(hub);
  Object.assign(hub.settings.hubs[hub.name]?.images ?? {}, { upstream: "operator/other" });
  hub.github.upstream.publish(
    "operator/other",
    new Map([[file, Buffer.from(choice("2024.01.23"))]]),
    "files",
  );
  await looks(hub);
  expect([told(hub), hub.notices.length]).toEqual([2, 2]);
});
