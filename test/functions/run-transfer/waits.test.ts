// Waits of a transfer with no machine: for what, since when, and what its people are told meanwhile.
import { afterEach, describe, expect, test } from "@jest/globals";
import { besideOf, roomWait, storeWait } from "../../../functions/run-transfer/waits.ts";
import type { Lasts, Service } from "../../../shared/failure.ts";
import { failed } from "../../../shared/failure.ts";
import { waitsText } from "../../../shared/transfers/words.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, transferHarness } from "./harness.ts";
import { shard, transfer } from "./samples.ts";
import { preempted } from "./story.ts";
import { parametersOf, worker } from "./worker.ts";

const { machine } = sampleTransfers();
const now = new Date("2026-11-21T10:30:00Z");
const since = "2026-11-21T10:00:00.000Z";
const short = { of: "room", since } as const;

describe("a transfer for which no zone has room", () => {
  const waiting = shard({ notBefore: "2026-11-21T10:33:00.000Z" });

  test("waits since the first round that found none, and is looked at again with the next round", () => {
    const waits = roomWait(transfer([waiting, shard({ n: 1, state: "done" })], { short }), machine, now);
    expect(waits).toEqual({
      for: "room for a machine, which none of us-central1-a, us-central1-b, us-central1-c, us-central1-f has",
      next: "nothing at first: each zone is asked again every five minutes. For a machine sooner, add zones or types (transfers.machine.otherTypes), or approve standard machines (transfers.machine.standard)",
      since,
      until: "2026-11-21T10:33:00.000Z",
    });
    if (waits === undefined) throw new Error("it does not wait");
    expect(waitsText(waits)).toBe(
      "waits for room for a machine, which none of us-central1-a, us-central1-b, us-central1-c, us-central1-f has, since 2026-11-21 at 10:00 UTC; it is looked at again on 2026-11-21 at 10:33 UTC",
    );
  });

  test("is offered only what it does not have", () => {
    const rich = {
      ...machine,
      otherTypes: [{ type: "t", vcpus: 1, memoryGB: 1, dollarsPerHour: 1 }],
      standard: { dollarsPerHour: 1 },
    };
    expect(roomWait(transfer([waiting], { short }), rich, now)?.next).toBe(
      "nothing at first: each zone is asked again every five minutes. For a machine sooner, add zones",
    );
  });

  test("that waited for something else before has waited since then", () => {
    const waits = { for: "dollars", since: "2026-11-21T09:00:00.000Z", until: since };
    expect(roomWait(transfer([waiting], { short, waits }), machine, now)?.since).toBe(waits.since);
  });

  test.each([
    ["one of its machines copies", transfer([waiting, shard({ n: 1, state: "running" })], { short })],
    ["it is being stopped", transfer([waiting], { short, stopping: "enough" })],
    ["nothing is left to copy", transfer([shard({ state: "done" })], { short })],
    ["nothing is short", transfer([waiting])],
  ])("does not wait where %s", (_, one) => {
    expect(roomWait(one, machine, now)).toBeUndefined();
  });
});

test("a quota that is used up is somebody's to raise", () => {
  const waits = roomWait(transfer([shard()], { short: { of: "quota", since } }), machine, now);
  expect(waits).toMatchObject({
    for: "the project's quota of machines, which is used up",
    next: expect.stringMatching(/^the project's owner asks for a higher quota/),
  });
});

describe("a store that refuses what it has allowed before", () => {
  const refusal = (service: Service, lasts: Lasts) =>
    failed({
      service,
      cause: "c",
      lasts,
      explanation: {
        what: "w",
        why: "the S3 store does not know the remote's access key",
        next: "write it anew; then replay the event under Undelivered",
      },
    });

  test("is waited for, and a person is asked at once where only one helps", () => {
    const waits = {
      for: "a store: the S3 store does not know the remote's access key",
      since: now.toISOString(),
    };
    expect(storeWait(refusal("s3", "lasting"), {}, now)).toEqual({
      ...waits,
      next: "write it anew; it then goes on by itself",
      lasting: true,
      refused: true,
      until: "2026-11-21T10:35:00.000Z",
    });
    const settling = storeWait(refusal("secret-manager", "settling"), {}, now);
    expect([settling?.for, settling?.lasting]).toEqual([waits.for, undefined]);
  });

  test.each([
    ["what time mends in a moment", refusal("s3", "transient")],
    ["another service", refusal("compute", "lasting")],
    ["no vendor at all", new Error("a mistake")],
  ])("is none where it is %s", (_, error) => {
    expect(storeWait(error, {}, now)).toBeUndefined();
  });
});

describe("what its people are told", () => {
  const waits = { for: "a thing", since, until: since };

  test("is what it waits for, since when, and what they can do", () => {
    expect(
      besideOf(transfer([shard()], { waits: { ...waits, next: "do it", lasting: true } }), machine, now),
    ).toEqual([
      {
        cause: "waits",
        reason: {
          what: "transfer t1 has no machine",
          why: "it waits for a thing, since 2026-11-21 at 10:00 UTC",
          next: "do it",
        },
        lasting: true,
      },
    ]);
    expect(besideOf(transfer([shard()], { waits: { ...waits, told: true } }), machine, now)).toMatchObject([
      { lasting: false, told: true, reason: { next: "nothing: it goes on by itself" } },
    ]);
  });

  test("is the offer of standard machines where Spot ones are taken away again and again", () => {
    const takenAway = [5, 4, 3, 2, 1].map((minute) => `2026-11-21T10:2${minute}:00.000Z`);
    const often = transfer([shard()], { takenAway });
    expect(besideOf(often, machine, now)).toMatchObject([
      {
        cause: "taken-away",
        lasting: false,
        reason: { next: expect.stringContaining("set transfers.machine.standard") },
      },
    ]);
    expect(besideOf(often, { standard: { dollarsPerHour: 1 } }, now)).toEqual([]);
  });

  test("is nothing of one that has ended", () => {
    expect(besideOf(transfer([], { waits, state: "cancelled" }), machine, now)).toEqual([]);
  });
});

describe("played to its end", () => {
  let on: Awaited<ReturnType<typeof transferHarness>>;
  afterEach(() => on.close());
  const again = { v: 1, hub: "sample", id: "t1", why: "continue" } as const;

  const keyUnknown = failed({
    service: "s3",
    cause: "key-unknown",
    lasts: "lasting",
    explanation: { what: "w", why: "the store does not know the key", next: "write it anew" },
  });

  async function look(minutes: number) {
    on.moveBy(minutes * 60_000);
    return on.deliver(again);
  }

  test("full zones for longer than its hours cost it none of them: it waits, says so, and copies", async () => {
    on = await transferHarness({ fullMinutes: 300 });
    const said = [await on.deliver(asked)];
    for (let looks = 0; looks < 4; looks += 1) said.push(await look(60));
    expect((await on.state())?.waits).toMatchObject({
      since,
      for: expect.stringMatching(/^room for a machine/),
    });
    expect(said.map((one) => "beside" in one && one.beside?.map(({ cause }) => cause))).toEqual(
      said.map(() => ["waits"]),
    );
    const hours = sampleTransfers().limits.hours;
    expect(hours).toBe(2);
    for (let looks = 0; looks < 20 && (await on.state())?.state === "running"; looks += 1) await look(30);
    const { state, short: left, waits } = (await on.state()) ?? {};
    expect([state, left, waits]).toEqual(["done", undefined, undefined]);
  });

  test("machines that Google takes away are remembered, by when", async () => {
    on = await transferHarness({ preempt: preempted });
    await on.deliver(asked);
    for (let looks = 0; looks < 20 && (await on.state())?.state === "running"; looks += 1) await look(1);
    const { state, takenAway } = (await on.state()) ?? {};
    expect([state, takenAway?.length]).toEqual(["done", 3]);
  });

  test("a key that dies midway is said with since when, and it goes on by itself once there is another", async () => {
    const settings = sampleSettings();
    on = await transferHarness({ settings });
    await on.deliver(asked);
    on.refuseLists(keyUnknown);
    // Its machines end by the second look, and nobody can count what they have left.
    for (let looks = 0; looks < 4; looks += 1) await look(1);
    const said = await look(1);
    expect(await on.state()).toMatchObject({
      state: "running",
      waits: { for: "a store: the store does not know the key", lasting: true },
    });
    expect(said).toMatchObject({ outcome: "done", beside: [{ cause: "waits", lasting: true }] });
    const waitsSince = (await on.state())?.waits?.since;
    await look(60);
    expect((await on.state())?.waits?.since).toBe(waitsSince);
    on.refuseLists(undefined);
    for (let looks = 0; looks < 20 && (await on.state())?.state === "running"; looks += 1) await look(1);
    expect((await on.state())?.state).toBe("done");
  });

  test("what machines said of a store that refused everything counts for nothing once it does not", async () => {
    on = await transferHarness({ settings: sampleSettings() });
    await on.deliver(asked);
    const machine = worker(on.books, parametersOf("sample", "t1"));
    for (let list = await machine.take(); list !== undefined; list = await machine.take())
      await machine.end(list, "failed", { why: "rclone", causes: { denied: 10 }, objects: 0 });
    on.refuseLists(keyUnknown);
    for (let looks = 0; looks < 3; looks += 1) await look(10);
    expect(await on.state()).toMatchObject({ state: "running", waits: { lasting: true } });
    on.refuseLists(undefined);
    for (let looks = 0; looks < 20 && (await on.state())?.state === "running"; looks += 1) await look(1);
    expect(await on.state()).toMatchObject({ state: "done", objects: 30 });
  });

  test("a target's bucket that is gone for good ends it, with a receipt that says so", async () => {
    on = await transferHarness({ settings: sampleSettings() });
    await on.deliver(asked);
    on.refuseLists(
      failed({
        service: "s3",
        cause: "no-such-bucket",
        lasts: "lasting",
        explanation: { what: "w", why: "the store has no bucket of that name", next: "compare it" },
      }),
    );
    for (let looks = 0; looks < 40 && (await on.state())?.state === "running"; looks += 1) await look(1);
    expect(await on.state()).toMatchObject({ state: "failed", stopping: "the target's bucket is gone" });
    const [receipt = ""] = await on.receipts();
    expect(await on.jsonOf(receipt)).toMatchObject({ state: "failed", missing: 30, copied: 0 });
    expect([...on.machines.keys()]).toEqual([]);
  });
});
