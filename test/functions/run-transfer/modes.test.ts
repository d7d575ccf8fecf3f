// Transfers by which the target loses something: nothing goes that the plan has not named, that nobody has approved, or before all else is done.
import { afterEach, expect, test } from "@jest/globals";
import { plans } from "../../../functions/console/plans/plans.ts";
import { transfersWaiting } from "../../../functions/console/states.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, transferHarness } from "./harness.ts";
import { planIn } from "./planned.ts";
import { storesOf } from "./stores.ts";

const object = (name: string, md5: string, size = 100): RemoteObject => ({ name, size, md5 });
const source = [object("changed", "new"), object("new", "new"), object("same", "same")];
const target = [
  object("changed", "old", 70),
  object("folder/", "", 0),
  object("more", "old", 50),
  object("same", "same"),
];

/** Settings in which the target may lose objects. */
function settings() {
  const made = sampleSettings();
  const inbox = made.hubs["sample"]?.transfers?.remotes["pod-inbox"];
  if (inbox === undefined) throw new Error("the sample has no remote pod-inbox");
  inbox.replaceable = true;
  return made;
}

let on: Awaited<ReturnType<typeof transferHarness>>;
afterEach(() => on.close());
const begin = async (of: Parameters<typeof transferHarness>[0] = {}) => {
  on = await transferHarness({ source, target, settings: settings(), ...of });
};

async function approve(): Promise<void> {
  const ledger = await on.served.ledgerOf("console");
  const nothing = { all: async () => new Map() };
  const deps = { ledger, settings: settings(), now: on.now, publish: async () => "1" };
  const waiting = { "sync-members": nothing, "scan-quotas": nothing, "bump-image": nothing };
  const hash = (await on.state())?.hash ?? "";
  await plans(deps, { ...waiting, "run-transfer": transfersWaiting(ledger) }).decide({
    ...{ hub: "sample", verdict: "approved", by: "console", hash },
  });
}

async function look(): Promise<void> {
  on.moveBy(60_000);
  await on.deliver({ v: 1, hub: "sample", id: "t1", why: "continue" });
}
async function toItsEnd(): Promise<void> {
  for (let looks = 0; looks < 30 && (await on.state())?.state === "running"; looks += 1) await look();
}
const there = () => Object.fromEntries([...on.target.values()].map(({ name, md5 }) => [name, md5]));
const receipt = async () => on.jsonOf((await on.receipts())[0] ?? "");

test("without a mode what differs is left alone, and nothing is deleted", async () => {
  await begin();
  await on.deliver(asked);
  await toItsEnd();
  expect(there()).toEqual({ changed: "old", "folder/": "", more: "old", new: "new", same: "same" });
});

test("update names what is replaced, waits for approval, and then replaces just that", async () => {
  await begin();
  const plan = planIn(await on.deliver({ ...asked, mode: "update" }));
  expect(plan?.held).toMatchObject([
    {
      ...{ mode: "update", objects: 2, replaces: { objects: 1, bytes: 70 }, loses: ["replaced: changed"] },
      because: "it replaces 1 object (70 B) at the target",
    },
  ]);
  expect([await on.state(), on.made]).toMatchObject([{ state: "waiting" }, []]);
  await approve();
  await look();
  await toItsEnd();
  expect(there()).toEqual({ changed: "new", "folder/": "", more: "old", new: "new", same: "same" });
  expect(await receipt()).toMatchObject({ state: "done", copied: 2, replaced: 1, already: 1, conflicts: [] });
});

test("sync deletes what the target alone has, and is done with all else before", async () => {
  await begin();
  const plan = planIn(await on.deliver({ ...asked, mode: "sync" }));
  expect(plan?.held).toMatchObject([
    {
      ...{ objects: 2, bytes: 200, replaces: { objects: 1, bytes: 70 }, deletes: { objects: 1, bytes: 50 } },
      loses: ["replaced: changed", "deleted: more"],
    },
  ]);
  await approve();
  await look();
  const seen: string[][] = [];
  for (let looks = 0; looks < 30 && (await on.state())?.state === "running"; looks += 1) {
    await look();
    seen.push([...on.target.keys()]);
  }
  expect(there()).toEqual({ changed: "new", "folder/": "", new: "new", same: "same" });
  expect(seen.every((names) => names.includes("more") || names.includes("new"))).toBe(true);
  expect(await receipt()).toMatchObject({ state: "done", copied: 2, replaced: 1, deleted: 1 });
});

test("what somebody writes after the plan is neither replaced nor deleted, and the receipt says so", async () => {
  await begin();
  await on.deliver({ ...asked, mode: "sync" });
  await approve();
  on.target.set("changed", object("changed", "somebody", 70));
  on.target.set("more", object("more", "somebody", 50));
  on.target.set("another", object("another", "somebody", 50));
  await look();
  await toItsEnd();
  expect(there()).toEqual({
    ...{
      another: "somebody",
      changed: "somebody",
      "folder/": "",
      more: "somebody",
      new: "new",
      same: "same",
    },
  });
  expect(await receipt()).toMatchObject({ state: "incomplete", changed: ["changed"], kept: ["more"] });
});

test("where something is not brought, nothing is deleted", async () => {
  await begin();
  await on.deliver({ ...asked, mode: "sync" });
  await approve();
  on.forget("new");
  await look();
  await toItsEnd();
  expect(there()).toMatchObject({ changed: "new", more: "old" });
  expect(await receipt()).toMatchObject({
    ...{ state: "incomplete", gone: 1, kept: ["more"] },
    since: { deleted: { names: ["new"] } },
  });
});

test.each([
  ["of another content is replaced, though no sum had told it", undefined, "content", 1],
  ["of another content that somebody has written since stays", "somebody", "somebody", undefined],
  ["of the same content stays as it is", "same", "same", undefined],
])("what is read first and is %s", async (what, since, expected, replaced) => {
  const stores = storesOf({ copied: () => undefined, listed: () => undefined });
  const content = (text: string) => ({ content: text.padEnd(20), kind: "parts" }) as const;
  stores.write("source", "one", {
    ...content(what.startsWith("of the same") ? "same" : "content"),
    kind: "md5",
  });
  stores.write("target", "one", content(since === "same" ? "same" : "another"));
  await begin({ stores, source: [], target: [] });
  const plan = planIn(await on.deliver({ ...asked, mode: "update" }));
  expect(plan?.held).toMatchObject([{ mode: "update" }]);
  if (since === "somebody") stores.write("target", "one", content(since));
  await approve();
  await look();
  await toItsEnd();
  expect(stores.ends.target.get("one")?.content.trim()).toBe(expected);
  const made = TransferReceipt.parse(await receipt());
  expect([made.state, made.replaced]).toEqual([since === "somebody" ? "incomplete" : "done", replaced]);
});

test("a sync that would delete more than is deleted at a time is refused, with what to do", async () => {
  const many = Array.from({ length: 100_001 }, (_, n) => object(`more/${n}`, "old"));
  await begin({ target: many });
  expect(await on.deliver({ ...asked, mode: "sync" })).toMatchObject({
    outcome: "blocked",
    title:
      "transfer t1 was not begun: it would delete more than 100,000 objects at the target: ask without the mode sync, or folder by folder",
  });
  expect([on.made, on.target.size]).toEqual([[], 100_001]);
  await on.close();
  await begin({ target: many.slice(1) });
  expect(planIn(await on.deliver({ ...asked, mode: "sync" }))?.held).toMatchObject([
    { deletes: { objects: 100_000 } },
  ]);
});

test("a target that may lose nothing refuses the modes, with what to do", async () => {
  await begin({ settings: sampleSettings() });
  expect(await on.deliver({ ...asked, mode: "sync" })).toMatchObject({
    outcome: "blocked",
    title:
      "transfer t1 was not begun: objects in pod-inbox are only ever added, and the mode sync takes some away: ask without a mode, or have the settings say transfers.remotes.pod-inbox.replaceable, and deploy",
  });
  expect(there()).toMatchObject({ changed: "old", more: "old" });
});

test("an empty source deletes nothing", async () => {
  await begin({ source: [] });
  expect(await on.deliver({ ...asked, mode: "sync" })).toMatchObject({ outcome: "blocked" });
  expect([there()["more"], on.made]).toEqual(["old", []]);
});
