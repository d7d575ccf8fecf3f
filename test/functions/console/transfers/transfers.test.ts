// A transfer that was only planned, as people see it: nothing runs, nothing can be cancelled, and it is no transfer that ended.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { View } from "../../../../functions/console/frame/frame.ts";
import { transfersPage } from "../../../../functions/console/transfers/page.ts";
import { transfers } from "../../../../functions/console/transfers/transfers.ts";
import { decide } from "../../../../functions/run-transfer/decide.ts";
import { requestOf } from "../../../../functions/run-transfer/request.ts";
import { limitsOf } from "../../../../shared/settings/limits.ts";
import { sampleTransfers } from "../../../local/compute/harness.ts";
import { sampleSettings } from "../../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../../shared/ledger-harness.ts";
import { asked, transferHarness } from "../../run-transfer/harness.ts";
import { surveyOf } from "../../run-transfer/samples.ts";

const now = new Date("2026-11-21T10:00:00Z");
let harness: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  harness = await ledgerHarness();
});
afterAll(() => harness.close());

test("it is shown with its cost and no machine, and whoever cancels it is told that nothing runs", async () => {
  const settings = sampleTransfers();
  const request = requestOf({ from: "persistent:a", to: "pod-inbox:a" }, settings);
  const survey = await surveyOf({ source: [{ name: "one", size: 100, md5: "aa" }] });
  const limits = limitsOf(sampleSettings().hubs["sample"]);
  const { draft } = decide(
    { hub: "sample", id: "t1", request, transfer: undefined, survey, now, limits },
    settings,
  );
  const worker = await harness.ledgerOf("run-transfer");
  await worker.create("head/transfers/sample/t1.json", draft?.transfer);

  const published: unknown[] = [];
  const ledger = await harness.ledgerOf("console");
  const publish = async (...message: unknown[]) => String(published.push(message));
  const store = transfers({ ledger, settings: sampleSettings(), publish, now: () => now });
  const lines = await store.all();
  expect(lines).toMatchObject([{ head: { id: "t1", state: "planned" }, progress: [], cancelled: false }]);

  const view: View = { installation: "Sample hub", organisations: [], csrf: "csrf", now, sample: true };
  const seen = { lines, machines: undefined, remotes: store.remotes(), oldRclone: false };
  const page = String(transfersPage(view, seen, {}).main);
  expect(page).toContain("No transfer runs, and no machine costs anything.");
  expect(page).toContain("only planned");
  expect(page).not.toMatch(/Cancel|waits for a machine|begun/);

  expect(await store.cancel("sample", "t1", "somebody")).toMatchObject({
    refused: 409,
    explanation: { why: "the transfer was only planned" },
  });
  expect([published, await harness.names("transfers/")]).toEqual([[], []]);
});

/** A worker whose transfers of 30 objects wait for approval. */
async function approvedAbove29() {
  const served = await ledgerHarness();
  const settings = sampleSettings();
  const ofTransfers = settings.hubs["sample"]?.transfers;
  if (ofTransfers === undefined) throw new Error("the sample settings have no transfers");
  ofTransfers.approveAbove = { objects: 29 };
  return { served, settings, on: await transferHarness({ served, settings }) };
}

test("a report that a machine wrote badly is left out, and hides no transfer", async () => {
  const served = await ledgerHarness();
  const on = await transferHarness({ served });
  await on.deliver(asked);
  const leases = "leases/sample/t1";
  await served.plant(`${leases}/machine-0-1.json`, JSON.stringify({ v: 1, state: "halfway" }));
  const word = { v: 1, state: "progress", list: "2-1", bytes: 5 };
  await served.plant(`${leases}/machine-1-1.json`, JSON.stringify(word));
  const ledger = await served.ledgerOf("console");
  const publish = async () => "";
  const shown = await transfers({ ledger, settings: sampleSettings(), publish, now: () => now }).all();
  expect(shown).toMatchObject([{ head: { id: "t1" }, progress: [{ shard: 1, list: "2-1", bytes: 5 }] }]);
  await served.close();
});

test("one that waits is shown with who asked, for what it waits, and a plan to approve; in the line it has no cost yet", async () => {
  const { served, settings, on } = await approvedAbove29();
  await on.deliver({ ...asked, by: "Mei Dahl" });
  await on.deliver({ ...asked, id: "t2" });
  const ledger = await served.ledgerOf("console");
  const store = transfers({ ledger, settings, publish: async () => "", now: () => now });
  const lines = await store.all();
  const view: View = { installation: "Sample hub", organisations: [], csrf: "csrf", now, sample: true };
  const seen = { lines, machines: undefined, remotes: store.remotes(), oldRclone: false };
  const page = String(transfersPage(view, seen, {}).main);
  const hash = lines.find(({ head }) => head.id === "t1")?.head.hash;
  const [item] = Object.keys((await on.state())?.waiting?.since ?? {});
  const cardOf = (id: string): string =>
    new RegExp(`<article[^>]* id="t-sample-${id}".*?</article>`, "s").exec(page)?.[0] ?? "";
  expect(cardOf("t1")).toContain("asked for by Mei Dahl (as typed, not proved)");
  expect(cardOf("t1")).toContain(
    "It waits for approval, because it copies 30 objects, and more than 29 are asked for (transfers.approveAbove.objects), since 2026-11-21 at 10:00 UTC; it is not begun any more after 2026-11-28 at 10:00 UTC.",
  );
  expect(cardOf("t1")).toContain("At most $");
  for (const word of ["approve", "reject"])
    expect(cardOf("t1")).toMatch(
      new RegExp(`action="/plans/sample/${hash}/${word}">.*?name="only" value="${item}"`, "s"),
    );
  expect(cardOf("t2")).toContain("It waits for transfer t1, which was asked for before");
  expect(cardOf("t2")).not.toMatch(/Approve|Cost|At most/);
  for (const id of ["t1", "t2"]) expect(cardOf(id)).toContain(`/transfers/sample/${id}/cancel`);
  expect(page).toMatch(/<label>Your name <input name="by"/);
  await served.close();
});

test("one that was cancelled before a machine was made is not said to have begun", async () => {
  const { served, settings, on } = await approvedAbove29();
  await on.deliver(asked);
  const ledger = await served.ledgerOf("console");
  const store = transfers({ ledger, settings, publish: async () => "", now: () => now });
  await store.cancel("sample", "t1", "somebody");
  await on.deliver({ v: 1, hub: "sample", id: "t1", why: "cancel" });
  const view: View = { installation: "Sample hub", organisations: [], csrf: "csrf", now, sample: true };
  const seen = { lines: await store.all(), machines: undefined, remotes: [], oldRclone: false };
  const page = String(transfersPage(view, seen, {}).main);
  expect(page).toMatch(/cancelled before it began · planned /);
  expect(page).not.toContain("Machines of t1");
  await served.close();
});
