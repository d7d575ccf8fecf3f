// sync-members dies before or after each of its writes, and is delivered again; delivered twice, late and out of order.
import { describe, expect, test } from "@jest/globals";
import { stand, theEnd } from "./crash-stand.ts";

describe("sync-members", () => {
  test("ends the same whether delivered once, twice, late or out of order", async () => {
    const standing = await stand();
    expect(await standing.deliver("1")).toBe("done");
    expect(await standing.end()).toEqual(theEnd);
    for (const [message, why] of [
      ["1", "edit"],
      ["3", "schedule"],
      ["2", "edit"],
      ["1", "schedule"],
    ] as const)
      expect(["done", "idle"]).toContain(await standing.deliver(message, { why }));
    expect(await standing.end()).toEqual(theEnd);
    expect(standing.far.violations()).toEqual([]);
  });

  test("of many deliveries at once one works and the others leave it to that one", async () => {
    const standing = await stand();
    const { deliver, end } = standing;
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, index) => deliver(String(index))));
    expect(outcomes.filter((outcome) => outcome !== "idle").length).toBeGreaterThan(0);
    expect(await end()).toEqual(theEnd);
  });

  test("ends the same when killed before or after any write, and is delivered again", async () => {
    const standing = await stand();
    await standing.deliver("1");
    const writes = standing.writesMade();
    await standing.close();
    expect(writes).toBeGreaterThan(8);
    // The world after one write is the world before the next.
    const cuts = Array.from({ length: writes }, (_, index) => ({ at: index + 1, when: "after" as const }));
    for (const { at, when } of [{ at: 1, when: "before" as const }, ...cuts]) {
      const one = await stand();
      expect([at, when, await one.deliver("1", { fuse: { at, when } })]).toEqual([at, when, "killed"]);
      // Somebody else's event comes first: it finds the lease held, and leaves a mark.
      await one.deliver("2");
      await one.deliver("1");
      expect([at, when, await one.end()]).toEqual([at, when, theEnd]);
      await one.close();
    }
  });
});
