// Sources that others work in while a transfer runs: what they do there is named as that, and not as lost on the way.
import { afterEach, expect, test } from "@jest/globals";
import { failed, type Lasts } from "../../../shared/failure.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { asked, source, transferHarness } from "./harness.ts";
import { carriedOut } from "./planned.ts";

let on: Awaited<ReturnType<typeof transferHarness>>;
afterEach(() => on.close());

const receipt = async () => TransferReceipt.parse(await on.jsonOf("transfers/sample/t1/receipt.json"));
const refusal = (cause: string, lasts: Lasts): Error =>
  failed({
    service: "s3",
    cause,
    lasts,
    explanation: { what: "what lies there cannot be learnt", why: "it is so", next: "mend it" },
  });

test("objects that are gone before they are copied are not looked for twice, and named with those that were added", async () => {
  on = await transferHarness();
  await on.deliver(asked);
  for (const { name } of source.slice(0, 10)) on.forget(name);
  on.offer({ name: "object 99", size: 1, md5: "9".repeat(32) });
  await carriedOut(on);
  const names = source.slice(0, 10).map(({ name }) => name);
  const found = await receipt();
  expect(found).toMatchObject({
    state: "incomplete",
    said: "not complete: 20 objects copied, 10 objects deleted at the source since the plan",
    ...{ copied: 20, missing: 0, gone: 10, machines: 3 },
    since: { added: { objects: 1, names: ["object 99"] }, changed: { objects: 0, names: [] } },
  });
  expect(found.since?.deleted.names.toSorted()).toEqual(names.toSorted());
  expect(found.notThere).toEqual([]);
});

test("one that is another by now is told from one that was damaged on the way", async () => {
  on = await transferHarness();
  await on.deliver(asked);
  // Machines copy what is there: of two other objects at the target, the source has one.
  on.offer({ name: "object 1", size: 30_000, md5: "e".repeat(32) });
  on.copy("object 1");
  on.target.set("object 2", { name: "object 2", size: 30_000, md5: "f".repeat(32) });
  await carriedOut(on);
  expect(await receipt()).toMatchObject({
    state: "incomplete",
    ...{ copied: 28, overtaken: 1, changed: ["object 2"] },
    since: { changed: { objects: 1, names: ["object 1"] }, deleted: { objects: 0 }, added: { objects: 0 } },
  });
});

test("a source whose bucket is gone ends it without a second machine, and says so", async () => {
  on = await transferHarness();
  await on.deliver(asked);
  for (const { name } of source) on.forget(name);
  on.refuseLists(refusal("no-such-bucket", "settling"), "persistent");
  await carriedOut(on);
  expect(await receipt()).toMatchObject({
    state: "failed",
    said: "failed, because the source cannot be listed any more: it is so: 0 objects copied, 30 objects not there",
    machines: 3,
  });
});

test("what is proved is done, though the source wants to be listed by nobody any more", async () => {
  on = await transferHarness();
  await on.deliver(asked);
  on.refuseLists(refusal("forbidden", "lasting"), "persistent");
  await carriedOut(on);
  const found = await receipt();
  expect(found).toMatchObject({ state: "done", copied: 30, since: { unseen: "it is so" } });
  expect(found.note).toMatch(/^Nobody knows what was deleted, changed or added/);
});

test("trouble that passes is waited out, and for no longer than a quarter of an hour", async () => {
  on = await transferHarness();
  await on.deliver(asked);
  on.refuseLists(refusal("unavailable", "transient"), "persistent");
  const look = { v: 1, hub: "sample", id: "t1", why: "continue" } as const;
  let minutes = 0;
  for (; (await on.receipts()).length === 0 && minutes < 60; minutes += 1) {
    on.moveBy(60_000);
    await on.deliver(look).catch(() => undefined);
  }
  expect(await receipt()).toMatchObject({ state: "done", since: { unseen: "it is so" } });
  expect(minutes).toBeGreaterThan(15);
  expect(minutes).toBeLessThan(30);
});
