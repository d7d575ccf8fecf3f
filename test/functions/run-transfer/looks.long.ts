// A transfer on the real compute client and far end, whose listings lag, or whose zones are full: as many machines as there are
// shards, and none deleted that copies.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { patienceMs } from "../../patience.ts";
import { asked } from "./harness.ts";
import { fullZones, openLooks } from "./looks-harness.ts";

let on: Awaited<ReturnType<typeof openLooks>>;
beforeEach(async () => {
  on = await openLooks();
});
afterEach(() => on.close());

describe("listings that lag", () => {
  test.each([1, 70])("by %d seconds: one machine a shard, and none deleted", async (seconds) => {
    on.lag(seconds * 1000);
    await on.deliver(asked);
    for (let looks = 0; looks < 5; looks += 1) await on.look();
    expect([on.compute.far.machines().length, on.compute.far.made(), on.deleted()]).toEqual([3, 3, []]);
    await on.finish();
    for (let looks = 0; looks < 40 && (await on.state())?.state === "running"; looks += 1) {
      await on.look();
    }
    expect([(await on.state())?.state, on.compute.far.made(), on.deleted()]).toEqual(["done", 3, []]);
  });

  test("one that is taken away without a word is replaced once, and its successor is not taken for it", async () => {
    await on.deliver(asked);
    await on.look();
    on.compute.far.preempt("transfer-sample-t1-0");
    on.lag(45_000);
    for (let looks = 0; looks < 8; looks += 1) await on.look();
    expect((await on.state())?.shards.map(({ attempt, state }) => [attempt, state])).toEqual([
      [2, "running"],
      [1, "running"],
      [1, "running"],
    ]);
    expect([on.compute.far.machines().length, on.compute.far.made()]).toEqual([3, 4]);
  });

  test("cancelled while no listing has its machines yet: none is left", async () => {
    on.lag(70_000);
    await on.deliver(asked);
    await on.books.create("transfers/sample/t1/cancel.json", {
      v: 1,
      by: "somebody",
      at: on.clock.now().toISOString(),
    });
    for (let looks = 0; looks < 40 && (await on.state())?.state === "running"; looks += 1) await on.look();
    expect([(await on.state())?.state, on.compute.far.machines(), on.deleted().length]).toEqual([
      "cancelled",
      [],
      3,
    ]);
  });
});

test(
  "zones full for 90 minutes: machines come with the next round once there is room, one a shard, also delivered twice",
  () => fullZones(on, 90),
  3 * patienceMs,
);
