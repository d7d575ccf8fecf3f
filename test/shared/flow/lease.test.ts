// One worker at a time, over the real client: who gets the lease, who takes it over, and what the old holder is told.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { type HeldLease, takeLease } from "../../../shared/flow/lease.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { Lease } from "../../../shared/records.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
let records: Ledger;
const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));

beforeAll(async () => {
  harness = await ledgerHarness();
  records = await harness.ledgerOf("sync-members");
});
afterAll(() => harness.close());

const take = (hub: string, holder: string) =>
  takeLease({ ledger: records, now: clock.now }, { function: "sync-members", hub, holder, seconds: 600 });
/** Gives the end of a lease that is taken now. */
const inTenMinutes = () => new Date(clock.now().getTime() + 600_000).toISOString();
const stored = (hub: string) => harness.jsonOf(`head/lease/sync-members/${hub}.json`);

async function held(hub: string, holder: string): Promise<HeldLease> {
  const lease = await take(hub, holder);
  if (lease === "busy") throw new Error("busy");
  return lease;
}
const lost = "the lease was lost to another delivery, which goes on with the work";

describe("who gets it", () => {
  test("of 50 that come at once one holds it, the others go, and it is marked dirty", async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => take("fifty", `m${index}`)));
    const winners = outcomes.flatMap((outcome, index) => (outcome === "busy" ? [] : [index]));
    expect(winners).toHaveLength(1);
    expect(await stored("fifty")).toEqual({
      v: 1,
      epoch: 1,
      holder: `m${winners[0]}`,
      until: inTenMinutes(),
      dirty: true,
    });
  });

  test("one hub's lease is not another's", async () => {
    await held("one", "m1");
    await held("two", "m2");
    expect([await stored("one"), await stored("two")]).toMatchObject([{ holder: "m1" }, { holder: "m2" }]);
  });

  test("the same message come again takes over at once, with the next number, and the old holder may not go on", async () => {
    const first = await held("again", "m1");
    await first.check();
    const second = await held("again", "m1");
    await expect(first.check()).rejects.toThrow(lost);
    await expect(first.letGo()).rejects.toThrow(lost);
    await expect(first.abandon()).rejects.toThrow(lost);
    await second.check();
    expect(await stored("again")).toMatchObject({
      epoch: 2,
      holder: "m1",
      until: inTenMinutes(),
    });
  });

  test("a holder whose time is up is followed by the next, and may do nothing more", async () => {
    const first = await held("expiry", "m1");
    clock.moveBy(599_000);
    expect(await take("expiry", "m2")).toBe("busy");
    clock.moveBy(1000);
    await expect(first.check()).rejects.toThrow(lost);
    const second = await held("expiry", "m3");
    expect(await stored("expiry")).toMatchObject({ epoch: 2, holder: "m3" });
    await expect(first.letGo()).rejects.toThrow(lost);
    await second.check();
  });
});

describe("a holder at work", () => {
  test("prolongs its lease when half of it is over, and not before", async () => {
    const first = await held("long", "m1");
    const until = async () => (await records.read("head/lease/sync-members/long.json", Lease))?.value.until;
    const begun = await until();
    clock.moveBy(299_000);
    await first.check();
    expect(await until()).toBe(begun);
    clock.moveBy(2000);
    await first.check();
    expect(Date.parse((await until()) ?? "") - Date.parse(begun ?? "")).toBe(301_000);
    clock.moveBy(590_000);
    await first.check();
    expect(await take("long", "m2")).toBe("busy");
  });
});

describe("how it ends", () => {
  test("nobody came: free, and the next one holds it at once", async () => {
    const first = await held("free", "m1");
    expect(await first.letGo()).toBe("free");
    await expect(first.check()).rejects.toThrow(lost);
    await held("free", "m2");
    expect(await stored("free")).toMatchObject({ epoch: 2, holder: "m2" });
  });

  test("somebody came: again, still held, then free", async () => {
    const first = await held("dirty", "m1");
    expect([await take("dirty", "m2"), await take("dirty", "m3")]).toEqual(["busy", "busy"]);
    expect(await first.letGo()).toBe("again");
    expect(await stored("dirty")).toMatchObject({ epoch: 1, dirty: false });
    await first.check();
    expect(await take("dirty", "m4")).toBe("busy");
    expect(await first.letGo()).toBe("again");
    expect(await first.letGo()).toBe("free");
  });

  test("whoever comes at the very end is never left with nobody to look", async () => {
    for (let round = 0; round < 5; round += 1) {
      const hub = `end${round}`;
      const first = await held(hub, "m1");
      const [end, ...comers] = await Promise.all([first.letGo(), take(hub, "m2"), take(hub, "m3")]);
      const follows = comers.some((comer) => comer !== "busy");
      expect([end, follows]).not.toEqual(["free", false]);
    }
  });

  test("abandoned: free for the next, whoever came meanwhile", async () => {
    const first = await held("left", "m1");
    expect(await take("left", "m2")).toBe("busy");
    await first.abandon();
    expect(await stored("left")).toMatchObject({ epoch: 1, dirty: false, until: clock.now().toISOString() });
    await held("left", "m3");
    expect(await stored("left")).toMatchObject({ epoch: 2, holder: "m3" });
  });

  test("abandoned while others come: nobody waits for a holder that is gone", async () => {
    for (let round = 0; round < 5; round += 1) {
      const hub = `gone${round}`;
      const first = await held(hub, "m1");
      const [comer] = await Promise.all([take(hub, "m2"), first.abandon()]);
      expect((await take(hub, "m3")) === "busy").toBe(comer !== "busy");
    }
  });
});

test("a damaged lease is told, not overwritten", async () => {
  await harness.plant("head/lease/sync-members/damaged.json", "{");
  await expect(take("damaged", "m1")).rejects.toMatchObject({ name: "Permanent" });
  expect(await harness.names("head/lease/sync-members/damaged")).toHaveLength(1);
});
