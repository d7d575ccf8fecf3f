// A plan that is larger than may go unasked: it is stored, the team is asked once, and an approval of its hash carries out that plan and
// no other.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { plans } from "../../../functions/console/plans/plans.ts";
import { transfersWaiting } from "../../../functions/console/states.ts";
import { transfers } from "../../../functions/console/transfers/transfers.ts";
import { aboveText } from "../../../functions/run-transfer/approval.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, objectsOf, transferHarness } from "./harness.ts";
import { storesOf } from "./stores.ts";

const hour = 3_600_000;
const day = 24 * hour;
const settings = sampleSettings();
const ofTransfers = settings.hubs["sample"]?.transfers;
if (ofTransfers === undefined) throw new Error("the sample settings have no transfers");
ofTransfers.approveAbove = { objects: 29 };

let on: Awaited<ReturnType<typeof transferHarness>>;
let now: () => Date;
beforeEach(async () => {
  on = await transferHarness({ settings });
  now = on.now;
});
afterEach(() => on.close());

const look = { v: 1, hub: "sample", id: "t1", why: "continue" } as const;
const nothing = { all: async () => new Map() };
async function console() {
  const ledger = await on.served.ledgerOf("console");
  const publish = async () => "1";
  const deps = { ledger, settings, now, publish };
  const waiting = { "sync-members": nothing, "scan-quotas": nothing, "bump-image": nothing };
  return {
    plans: plans(deps, { ...waiting, "run-transfer": transfersWaiting(ledger) }),
    transfers: transfers(deps),
  };
}
const decide = async (verdict: "approved" | "rejected", hash?: string) =>
  (await console()).plans.decide({
    ...{ hub: "sample", verdict, by: "console" },
    hash: hash ?? (await on.state())?.hash ?? "",
  });
const noticed = () => on.published.flatMap(([name, event]) => (name === "notice" ? [event] : []));

describe("what is above", () => {
  const size = { objects: 1000, bytes: 5e9, dollars: 12.5 };
  test.each([
    [{}, undefined],
    [{ objects: 1000, gigabytes: 5, dollars: 12.5 }, undefined],
    [
      { objects: 999 },
      "it copies 1,000 objects, and more than 999 are asked for (transfers.approveAbove.objects)",
    ],
    [
      { gigabytes: 4.9 },
      "it copies 5 GB, and more than 4.9 GB are asked for (transfers.approveAbove.gigabytes)",
    ],
    [{ dollars: 12 }, "it may cost $12.50, and more than $12 is asked for (transfers.approveAbove.dollars)"],
    [
      { dollars: 12, objects: 0 },
      "it may cost $12.50, and more than $12 is asked for (transfers.approveAbove.dollars); it copies 1,000 objects, and more than 0 are asked for (transfers.approveAbove.objects)",
    ],
  ])("%j", (approveAbove, says) => {
    expect(aboveText(size, { approveAbove })).toBe(says);
  });
});

test("it waits with its plan stored and no machine, and the team is asked once, with its figures", async () => {
  const because = "it copies 30 objects, and more than 29 are asked for (transfers.approveAbove.objects)";
  expect(await on.deliver({ ...asked, by: "Mei Dahl" })).toMatchObject({
    outcome: "held",
    told: true,
    title: `transfer t1 waits for approval: ${because}`,
    plan: { actions: [], held: [{ about: "t1", objects: 30, because }] },
  });
  on.moveBy(hour);
  expect(await on.deliver(look)).toMatchObject({ outcome: "held" });
  const state = await on.state();
  expect(state).toMatchObject({ state: "waiting", objects: 30, by: "Mei Dahl" });
  expect([on.made, on.effects]).toEqual([[], []]);
  expect(await on.names("plans/")).toEqual([`plans/sample/${state?.hash}.json`]);
  expect(noticed()).toEqual([
    expect.objectContaining({ to: "team", subject: "Transfer t1 waits for your approval" }),
  ]);
  const [{ text = "" } = {}] = noticed() as { text?: string }[];
  expect(text).toContain("asked for by Mei Dahl (as typed, not proved)");
  expect(text).toContain("30 objects (900 kB) to copy");
  expect(text).toContain(`groundcrew transfer approve ${state?.hash} --hub sample`);
  expect(await (await console()).plans.all()).toMatchObject([
    { state: "waiting", flow: "run-transfer", plan: { hash: state?.hash } },
  ]);
});

test("approved, the stored plan is carried out: nothing is surveyed anew, and what came since is not copied", async () => {
  const grown = objectsOf(30);
  await on.close();
  on = await transferHarness({ settings, source: grown });
  now = on.now;
  await on.deliver(asked);
  const planned = await on.state();
  grown.push({ name: "later", size: 1, md5: "ff" });
  on.listed.splice(0);
  expect(await decide("approved")).toEqual({ said: "approved 1 of 1: it is being done" });
  on.moveBy(2 * hour);
  await on.deliver(look);
  expect(on.listed).toEqual([]);
  const begun = await on.state();
  expect(begun).toMatchObject({ state: "running", sha256: planned?.sha256, parts: planned?.parts });
  expect([begun?.waiting, begun?.waits, begun?.startedAt]).toEqual([
    undefined,
    undefined,
    now().toISOString(),
  ]);
  for (let looks = 0; looks < 20 && (await on.state())?.state === "running"; looks += 1) {
    on.moveBy(60_000);
    await on.deliver(look);
  }
  expect(await on.state()).toMatchObject({ state: "done" });
  expect([...on.target.keys()].sort()).toEqual(
    objectsOf(30)
      .map(({ name }) => name)
      .sort(),
  );
});

test("what the world did to a stored plan meanwhile is found at the end", async () => {
  const stores = storesOf({ copied: () => undefined, listed: () => undefined });
  for (let n = 0; n < 30; n += 1)
    stores.write("source", `object ${n}`, { content: `content ${n}`, kind: "md5" });
  await on.close();
  on = await transferHarness({ settings, stores, source: stores.list("source") });
  now = on.now;
  await on.deliver(asked);
  stores.write("target", "object 3", { content: "others'", kind: "md5" });
  await decide("approved");
  for (
    let looks = 0;
    looks < 30 && ["waiting", "running"].includes((await on.state())?.state ?? "");
    looks += 1
  ) {
    on.moveBy(60_000);
    await on.deliver(look);
  }
  expect(await on.state()).toMatchObject({ state: "incomplete" });
  expect(await on.jsonOf("transfers/sample/t1/receipt.json")).toMatchObject({ changed: ["object 3"] });
});

test("an approval of another hash is refused, and nothing begins", async () => {
  await on.deliver(asked);
  expect(await decide("approved", "0123456789abcdef")).toMatchObject({
    refused: 404,
    explanation: { next: "look it up in Plans" },
  });
  await on.deliver(look);
  expect([(await on.state())?.state, on.made]).toEqual(["waiting", []]);
});

test("a word that is older than it counts begins nothing", async () => {
  await on.deliver(asked);
  await decide("approved");
  on.moveBy(24 * hour + 1);
  expect(await on.deliver(look)).toMatchObject({ outcome: "held" });
  expect(on.made).toEqual([]);
  await decide("approved");
  await on.deliver(look);
  expect((await on.state())?.state).toBe("running");
});

test("after its days it is not begun, the team is told who asked, and an approval then is refused with the cure", async () => {
  await on.deliver({ ...asked, by: "Mei Dahl" });
  const hash = (await on.state())?.hash;
  on.moveBy(7 * day);
  expect(await on.deliver(look)).toMatchObject({ outcome: "blocked", cause: "not-begun", told: true });
  expect(await on.state()).toMatchObject({
    state: "not-begun",
    said: "not begun: it was asked for on 2026-11-21, and may wait to begin for 7 days (transfers.requestDays)",
    endedAt: now().toISOString(),
  });
  expect(noticed().at(-1)).toMatchObject({
    subject: "Transfer t1 was not begun",
    text: expect.stringContaining("asked for by Mei Dahl"),
  });
  expect(await decide("approved", hash)).toMatchObject({
    refused: 409,
    explanation: {
      why: "the transfer does not wait any more: it has begun, was rejected, or has waited too long",
      next: "look at Transfers; what was not begun is asked for again, with another id",
    },
  });
  expect(await on.deliver(look)).toEqual({ outcome: "idle" });
  expect([on.made, await on.receipts()]).toEqual([[], []]);
});

test("rejected, it ends without having begun", async () => {
  await on.deliver(asked);
  await decide("rejected");
  await on.deliver(look);
  expect(await on.state()).toMatchObject({
    state: "not-begun",
    said: "not begun: a person has rejected its plan",
  });
  expect(await on.deliver(asked)).toEqual({ outcome: "idle" });
});

test("cancelled while it waits, it ends so", async () => {
  await on.deliver(asked);
  expect(await (await console()).transfers.cancel("sample", "t1", "console")).toEqual({
    said: "t1 is being cancelled: nothing of it has begun",
  });
  await on.deliver({ ...look, id: "t1", why: "cancel" });
  expect(await on.state()).toMatchObject({ state: "cancelled", said: "cancelled before it began" });
  expect(await (await console()).plans.all()).toMatchObject([{ state: "over" }]);
});

test("a person's word wakes what waits, and so does the clock", async () => {
  await on.deliver(asked);
  on.published.splice(0);
  await on.deliver({ v: 1, hub: "sample", why: "approval" });
  expect(on.published).toEqual([["transfer-request", look]]);
  expect(await on.jsonOf("head/continue/run-transfer/sample/t1.json")).toMatchObject({
    at: "2026-11-28T10:00:00.000Z",
    payload: look,
  });
});

test("two that wait are approved each by its own hash", async () => {
  await on.deliver(asked);
  await on.deliver({ ...asked, id: "t2", to: "pod-inbox:b" });
  expect(await (await console()).plans.all()).toMatchObject([{ state: "waiting" }, { state: "waiting" }]);
  await decide("approved", (await on.state("t2"))?.hash);
  await on.deliver(look);
  await on.deliver({ ...look, id: "t2" });
  expect([(await on.state("t1"))?.state, (await on.state("t2"))?.state]).toEqual(["waiting", "running"]);
});

test("a plan alone says that it would wait, and asks nobody", async () => {
  expect(await on.deliver({ ...asked, dryRun: true })).toMatchObject({
    outcome: "done",
    title: expect.stringContaining("; it would wait for approval, because it copies 30 objects"),
  });
  expect([noticed(), await on.names("plans/"), (await on.state())?.state]).toEqual([[], [], "planned"]);
  await on.deliver(asked);
  await on.deliver({ ...asked, dryRun: true });
  expect((await on.state())?.state).toBe("waiting");
});

test("whoever dies anywhere on the way to asking is followed by somebody who asks once", async () => {
  for (let at = 1; ; at += 3) {
    await on.close();
    let calls = 0;
    on = await transferHarness({
      settings,
      struck:
        (call) =>
        async (...given) => {
          const result = await call(...given);
          calls += 1;
          if (calls === at) throw new Error("struck");
          return result;
        },
    });
    const first = await on.deliver(asked, { messageId: "1" }).catch((error: Error) => error.message);
    if (first !== "struck") break;
    on.moveBy(11 * 60_000);
    await on.deliver(asked, { messageId: "1" });
    const state = await on.state();
    expect([at, state?.state, [...on.notices].length]).toEqual([at, "waiting", 1]);
    expect(Object.keys(state?.waiting?.since ?? {})).toHaveLength(1);
    expect(state?.waiting).not.toHaveProperty("untold");
    expect(await on.names("plans/")).toEqual([`plans/sample/${state?.hash}.json`]);
  }
});
