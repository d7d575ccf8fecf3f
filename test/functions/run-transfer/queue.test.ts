// Transfers that would copy into the same place: one after the other, in the order in which they were asked for, whatever is lost on the way.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { plans } from "../../../functions/console/plans/plans.ts";
import { transfersWaiting } from "../../../functions/console/states.ts";
import { isOpen } from "../../../shared/transfers/phase.ts";
import { TransferQueue } from "../../../shared/transfers/queue.ts";
import { TransferState } from "../../../shared/transfers/records.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, transferHarness } from "./harness.ts";

/** Two hubs, of which the second calls the first one's target otherwise. */
function settingsOf(approveAbove = {}) {
  const settings = sampleSettings();
  const { sample } = settings.hubs;
  const inbox = sample?.transfers?.remotes["pod-inbox"];
  if (sample?.transfers === undefined || inbox === undefined) throw new Error("the sample has no transfers");
  Object.assign(sample, { limits: { ...sample.limits, machines: 20 } });
  sample.transfers.approveAbove = approveAbove;
  const remotes = { ...sample.transfers.remotes, "their-name": inbox };
  settings.hubs["other"] = { ...sample, transfers: { ...sample.transfers, remotes } };
  return settings;
}

let on: Awaited<ReturnType<typeof transferHarness>>;
beforeEach(async () => {
  on = await transferHarness({ settings: settingsOf() });
});
afterEach(() => on.close());

const second = { ...asked, id: "t2" } as const;
const lookAt = (id: string, hub = "sample") => ({ v: 1, hub, id, why: "continue" }) as const;
const stateOf = async (id: string, hub = "sample") =>
  (await on.books.read(`head/transfers/${hub}/${id}.json`, TransferState))?.value;
const line = async () =>
  (await on.books.read("head/transfer-queue.json", TransferQueue))?.value.entries.map(
    ({ hub, id }) => `${hub}/${id}`,
  );
async function toItsEnd(id: string, hub = "sample") {
  for (let look = 0; look < 30 && isOpen((await stateOf(id, hub))?.state); look += 1) {
    on.moveBy(60_000);
    await on.deliver(lookAt(id, hub));
  }
  return (await stateOf(id, hub))?.state;
}
const woken = () =>
  on.published.flatMap(([name, event]) => (name === "transfer-request" && "id" in event ? [event.id] : []));

test("the later waits, says for whom, and looks at nothing; when the first has ended it is woken and goes on", async () => {
  await on.deliver(asked);
  on.listed.splice(0);
  const says = "transfer t1, which was asked for before and copies into the same place";
  expect(await on.deliver(second)).toEqual({ outcome: "done", title: `transfer t2 waits for ${says}` });
  expect(await stateOf("t2")).toMatchObject({ state: "waiting", waits: { for: says }, shards: [] });
  expect([on.listed, await line()]).toEqual([[], ["sample/t1", "sample/t2"]]);
  on.moveBy(60_000);
  await on.deliver(lookAt("t2"));
  expect(await stateOf("t2")).toMatchObject({
    state: "waiting",
    waits: { since: "2026-11-21T10:00:00.000Z" },
  });
  expect(woken()).toEqual([]);
  expect(await toItsEnd("t1")).toBe("done");
  expect(woken()).toEqual(["t2"]);
  await on.deliver(lookAt("t2"));
  // All is there by then.
  expect(await stateOf("t2")).toMatchObject({ state: "done", already: 30 });
  expect(await line()).toEqual([]);
});

test("another place is not waited for", async () => {
  await on.deliver(asked);
  await on.deliver({ ...second, to: "pod-inbox:ab" });
  expect((await stateOf("t2"))?.state).toBe("running");
});

test("one that reads what another still writes waits", async () => {
  await on.deliver(asked);
  await on.deliver({ ...second, from: "pod-inbox:a/x", to: "persistent:c" });
  expect(await stateOf("t2")).toMatchObject({
    state: "waiting",
    waits: { for: "transfer t1, which was asked for before and copies into what it reads" },
  });
});

test("hubs wait for each other, by whatever name each calls the bucket", async () => {
  await on.deliver(asked);
  await on.deliver({ ...second, hub: "other", to: "their-name:a" });
  expect(await stateOf("t2", "other")).toMatchObject({
    state: "waiting",
    waits: {
      for: "transfer t1 of the hub sample, which was asked for before and copies into the same place",
    },
  });
  await toItsEnd("t1");
  expect(on.published).toContainEqual(["transfer-request", lookAt("t2", "other")]);
});

test("of two that come at the same moment one goes and one waits", async () => {
  await Promise.all([on.deliver(asked), on.deliver(second)]);
  expect([(await stateOf("t1"))?.state, (await stateOf("t2"))?.state].sort()).toEqual(["running", "waiting"]);
});

test("one that ended and died before it left is left out by whoever waits", async () => {
  await on.deliver(asked);
  await on.deliver(second);
  const before = await on.jsonOf("head/transfer-queue.json");
  await toItsEnd("t1");
  await on.served.plant("head/transfer-queue.json", JSON.stringify(before));
  await on.deliver(lookAt("t2"));
  expect((await stateOf("t2"))?.state).toBe("done");
});

test("one of which nothing has become is waited for as long as its event is tried, and no longer", async () => {
  on.refuseLists(new Error("the store is away"));
  await expect(on.deliver(asked)).rejects.toThrow("the store is away");
  on.refuseLists(undefined);
  await on.deliver(second);
  expect((await stateOf("t2"))?.state).toBe("waiting");
  on.moveBy(26 * 3_600_000);
  await on.deliver(lookAt("t2"));
  expect((await stateOf("t2"))?.state).toBe("waiting");
  on.moveBy(3_600_000);
  await on.deliver(lookAt("t2"));
  expect((await stateOf("t2"))?.state).toBe("running");
});

test.each([
  ["is damaged", '{"v":1,"entries":[{"hub"'],
  ["says what nobody understands", '{"v":1,"entries":[{"hub":7}]}'],
])("a line that %s is made anew from how each stands, and it is said", async (_, damage) => {
  await on.deliver(asked);
  await on.deliver(second);
  await on.served.plant("head/transfer-queue.json", damage);
  await on.deliver(lookAt("t2"));
  expect(on.steps).toContain(
    "the line of transfers could not be read: it was made anew from how each stands",
  );
  expect((await stateOf("t2"))?.state).toBe("waiting");
  expect(await line()).toEqual(["sample/t1", "sample/t2"]);
  await on.served.plant("head/transfer-queue.json", damage);
  expect(await toItsEnd("t1")).toBe("done");
  expect(await toItsEnd("t2")).toBe("done");
});

test("a transfer that an earlier version began is waited for", async () => {
  await on.deliver(asked);
  const books = on.books;
  const found = await books.read("head/transfer-queue.json", TransferQueue);
  await books.remove("head/transfer-queue.json", found?.generation ?? "0");
  await on.deliver(second);
  expect([(await stateOf("t2"))?.state, await line()]).toEqual(["waiting", ["sample/t1", "sample/t2"]]);
});

test("one that waits for approval keeps its place, and rejected it lets the next one go", async () => {
  await on.close();
  const settings = settingsOf({ objects: 29 });
  on = await transferHarness({ settings });
  await on.deliver(asked);
  await on.deliver(second);
  expect((await stateOf("t1"))?.waiting).toBeDefined();
  expect([(await stateOf("t2"))?.state, (await stateOf("t2"))?.parts]).toEqual(["waiting", undefined]);
  const ledger = await on.served.ledgerOf("console");
  const nothing = { all: async () => new Map() };
  const waiting = { "sync-members": nothing, "scan-quotas": nothing, "bump-image": nothing };
  const deps = { ledger, settings, now: on.now, publish: async () => "1" };
  await plans(deps, { ...waiting, "run-transfer": transfersWaiting(ledger) }).decide({
    ...{ hub: "sample", verdict: "rejected", by: "console" },
    hash: (await stateOf("t1"))?.hash ?? "",
  });
  await on.deliver(lookAt("t1"));
  expect([(await stateOf("t1"))?.state, woken()]).toEqual(["not-begun", ["t2"]]);
  await on.deliver(lookAt("t2"));
  expect((await stateOf("t2"))?.waiting).toBeDefined();
});

test("cancelled in the line, it ends there, and nobody waits for it", async () => {
  await on.deliver(asked);
  await on.deliver(second);
  await on.deliver({ ...asked, id: "t3" });
  await on.books.create("transfers/sample/t2/cancel.json", {
    v: 1,
    by: "console",
    at: "2026-11-21T10:00:00Z",
  });
  await on.deliver(lookAt("t2"));
  expect([(await stateOf("t2"))?.state, await line()]).toEqual(["cancelled", ["sample/t1", "sample/t3"]]);
});

test("a plan alone stands in no line", async () => {
  await on.deliver(asked);
  expect(await on.deliver({ ...second, dryRun: true })).toMatchObject({
    outcome: "done",
    plan: { actions: [{}] },
  });
  expect(await line()).toEqual(["sample/t1"]);
});

test("one that cannot be begun leaves the line", async () => {
  await on.close();
  on = await transferHarness({ source: [], settings: settingsOf() });
  await on.deliver(asked);
  expect(await line()).toEqual([]);
});

test("struck at any call, the two still go one after the other to their ends", async () => {
  for (let at = 2; at < 60; at += 22) {
    await on.close();
    let calls = 0;
    on = await transferHarness({
      settings: settingsOf(),
      struck:
        (call) =>
        async (...given) => {
          const result = await call(...given);
          calls += 1;
          if (calls === at) throw new Error("struck");
          return result;
        },
    });
    const tries: [string, typeof asked | typeof second][] = [
      ["1", asked],
      ["2", second],
    ];
    for (const [messageId, event] of tries) {
      await on.deliver(event, { messageId }).catch(() => undefined);
      on.moveBy(11 * 60_000);
      await on.deliver(event, { messageId }).catch(() => undefined);
      const states = [(await stateOf("t1"))?.state, (await stateOf("t2"))?.state];
      expect([at, states.filter((state) => state === "running").length]).not.toEqual([at, 2]);
    }
    calls = 1000;
    expect([at, await toItsEnd("t1"), await toItsEnd("t2")]).toEqual([at, "done", "done"]);
  }
});
