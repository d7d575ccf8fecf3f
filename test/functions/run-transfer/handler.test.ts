// Ends of a delivery of a transfer, beside the copying: cancelled early, ended long ago, woken with the others.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, source, transferHarness } from "./harness.ts";
import { carriedOut } from "./planned.ts";

let on: Awaited<ReturnType<typeof transferHarness>>;
beforeEach(async () => {
  on = await transferHarness();
});
afterEach(() => on.close());

const wakeAll = { v: 1, hub: "sample", why: "schedule" } as const;
const cancel = (id: string) =>
  on.books.create(`transfers/sample/${id}/cancel.json`, { v: 1, by: "somebody", at: "2026-11-21T10:00:00Z" });

test("cancelled before it began: nothing is made, and it says so", async () => {
  await cancel("t1");
  expect(await on.deliver(asked)).toEqual({
    outcome: "done",
    title: "transfer t1 was cancelled before it began",
  });
  expect([await on.state(), on.made, on.effects, [...on.notices]]).toEqual([undefined, [], [], []]);
});

test("one that has ended is not begun again", async () => {
  await carriedOut(on);
  const [ended, made, effects] = [await on.state(), [...on.made], [...on.effects]];
  expect(await on.deliver(asked)).toEqual({ outcome: "idle" });
  expect([await on.state(), on.made, on.effects]).toEqual([ended, made, effects]);
});

test("cancelled while it runs: it ends so, and that is a good end", async () => {
  await on.deliver(asked);
  await cancel("t1");
  on.moveBy(60_000);
  await on.deliver({ ...asked, why: "continue" });
  expect([...on.machines.keys()]).toEqual([]);
  // A listing may lag: that none is left is believed at the second look.
  on.moveBy(60_000);
  expect(await on.deliver({ ...asked, why: "continue" })).toMatchObject({
    outcome: "done",
    title: expect.stringMatching(/^transfer t1 cancelled/),
  });
  expect([...on.machines.keys()]).toEqual([]);
});

test("a machine that says badly why it failed keeps no transfer from its end", async () => {
  const name = "transfers/sample/t1/reports/0-1-failed.json";
  await on.served.plant(name, JSON.stringify({ v: 1, state: "failed", why: "x".repeat(70) }));
  await carriedOut(on);
  expect(await on.state()).toMatchObject({ state: "done", shards: [{ errors: 1 }, {}, {}] });
});

test("ended badly: it is blocked, and the team was told by the notice of its end", async () => {
  await on.close();
  on = await transferHarness({ target: [{ name: "object 0", size: 1 }] });
  await on.deliver(asked);
  let last: unknown;
  for (let look = 0; look < 60 && (await on.state())?.state === "running"; look += 1) {
    on.moveBy(60_000);
    last = await on.deliver({ ...asked, why: "continue" });
  }
  expect(last).toMatchObject({
    outcome: "blocked",
    cause: "ended",
    told: true,
    title: "transfer t1 not complete: 29 objects copied, 1 object of another content left alone",
  });
  expect([...on.notices]).toEqual(["transfer/t1/begun", "transfer/t1/ended"]);
});

test.each([
  ["the folder that it comes into", "pod-inbox:a"],
  ["itself at the target", "pod-inbox:a/object 7"],
])("a source that is one object is copied alone, whether the target names %s", async (_, to) => {
  const event = { ...asked, from: "persistent:a/object 7", to };
  await on.deliver(event);
  for (let look = 0; look < 10 && (await on.state())?.state === "running"; look += 1) {
    on.moveBy(60_000);
    await on.deliver({ v: 1, hub: "sample", id: "t1", why: "continue" });
  }
  expect(await on.state()).toMatchObject({ state: "done", from: "persistent:a/object 7", to: "pod-inbox:a" });
  expect([...on.target.keys()]).toEqual(["object 7"]);
  expect(await on.jsonOf("transfers/sample/t1/receipt.json")).toMatchObject({
    target: { path: "a", only: "object 7" },
  });
});

test("a target that turns out to list in another order is listed whole from then on", async () => {
  await on.deliver(asked);
  on.reverseTarget();
  await carriedOut(on);
  expect(await on.state()).toMatchObject({ state: "done", unordered: true });
  expect([...on.target.keys()].sort()).toEqual(source.map(({ name }) => name).sort());
});

test("one that cannot be begun is blocked, and the team is told once", async () => {
  await on.close();
  on = await transferHarness({ source: [] });
  for (const _ of [1, 2])
    expect(await on.deliver(asked)).toMatchObject({
      outcome: "blocked",
      title: "transfer t1 was not begun: the source is empty, or does not exist",
      cause: "not-begun",
      told: true,
    });
  expect([...on.notices]).toEqual([expect.stringMatching(/^transfer\/t1\/refused\//)]);
  expect([await on.state(), on.made]).toEqual([undefined, []]);
});

test("goes on by itself: what is left is asked for at its time", async () => {
  await on.deliver(asked);
  expect(await on.names("head/continue/")).toHaveLength(1);
});

test("a tick wakes the open ones alone, for a plan where a plan was asked for", async () => {
  expect(await on.deliver(wakeAll)).toEqual({ outcome: "idle" });
  await on.close();
  const settings = sampleSettings();
  Object.assign(settings.hubs["sample"] ?? {}, { limits: { machines: 6 } });
  on = await transferHarness({ settings });
  await on.deliver({ ...asked, id: "open", to: "pod-inbox:open" });
  await carriedOut(on, "over");
  expect([(await on.state("open"))?.state, (await on.state("over"))?.state]).toEqual(["running", "done"]);
  on.published.splice(0);
  expect(await on.deliver(wakeAll)).toEqual({ outcome: "done", title: "1 open, each looked at" });
  await on.deliver({ ...wakeAll, dryRun: true });
  const looks = { v: 1, hub: "sample", id: "open", why: "continue" };
  expect(on.published).toEqual([
    ["transfer-request", looks],
    ["transfer-request", { ...looks, dryRun: true }],
  ]);
});

test("an id that makes machines of another hub's names is refused, and only there", async () => {
  const settings = sampleSettings();
  const { sample } = settings.hubs;
  if (sample === undefined) throw new Error("there is no sample hub");
  await on.close();
  on = await transferHarness({ settings: { ...settings, hubs: { sample, "sample-two": sample } } });
  expect(await on.deliver({ ...asked, id: "two-x" })).toMatchObject({
    outcome: "blocked",
    title:
      "transfer two-x was not begun: its machines would have names of those of the hub sample-two; ask with another id",
  });
  expect([await on.state("two-x"), on.made]).toEqual([undefined, []]);
  expect(await on.deliver({ ...asked, id: "x" })).toMatchObject({ outcome: "done" });
});

test("for a hub that is not in the settings is for a person to mend", async () => {
  await expect(on.deliver({ ...asked, hub: "elsewhere" })).rejects.toMatchObject({ name: "Permanent" });
});
