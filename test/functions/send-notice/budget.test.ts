// The hub's mails a day: what is beyond them waits until tomorrow and is one incident; the team is told all the same.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Budgets } from "../../../shared/flow/budgets.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { isOpen } from "../../../shared/flow/incidents.ts";
import type { Settings } from "../../../shared/settings.ts";
import { noticeHarness, noticeOf, settings } from "./harness.ts";

let harness: Awaited<ReturnType<typeof noticeHarness>>;
beforeEach(async () => {
  harness = await noticeHarness();
});
afterEach(() => harness.close());

const few: Settings = {
  ...settings,
  hubs: Object.fromEntries(
    Object.entries(settings.hubs).map(([name, hub]) => [name, { ...hub, limits: { mailsPerDay: 2 } }]),
  ),
};

test("the third mail of a day waits until midnight, with no claim; one incident, and a message to the team goes out", async () => {
  const mails = harness.mailsBy(few);
  for (const n of [1, 2, 3, 4]) await harness.deliver(noticeOf(`welcome/${n}`), `m${n}`, 1, few, mails);
  expect(harness.mails()).toHaveLength(2);
  expect(await harness.names("notices/prod/welcome/3/")).toEqual([]);
  const waits = await harness.waits();
  expect(waits.map(({ at, topic, service, once }) => ({ at, topic, service, once }))).toEqual(
    Array(2).fill({ at: "2026-11-22T00:00:00.000Z", topic: "notice", service: "gmail", once: true }),
  );
  const told = harness.notices();
  expect(told.map(({ key, to }) => [key.slice(0, 41), to])).toEqual([
    ["incident/send-notice/mails-used-up-people", "team"],
  ]);
  for (const notice of told) await harness.deliver(notice, "told", 1, few, mails);
  expect(harness.mails()).toHaveLength(3);
  const { incidents } = Incidents.parse(await harness.jsonOf("head/incidents/prod.json"));
  expect(Object.values(incidents).map((one) => [one.cause, isOpen(one)])).toEqual([
    ["mails-used-up-people", true],
  ]);
});

test("a burst is counted after its first mail, its second, and each fifth; what was not sent is given back", async () => {
  const mails = harness.mailsBy(settings);
  harness.faults.add({
    farEnd: "google",
    match: "messages/send",
    failure: { kind: "status", status: 503 },
    times: 1,
  });
  const counted: number[] = [];
  for (let n = 1; n <= 12; n += 1) {
    await harness.deliver(noticeOf(`burst/${n}`), `b${n}`, 1, settings, mails);
    const { mails: kept } = Budgets.parse(await harness.jsonOf("head/budgets/prod.json"));
    counted.push(...Object.values(kept.blocks).map(({ used }) => used));
  }
  // Of twelve one failed.
  expect(counted).toEqual([1, 1, 2, 2, 2, 2, 2, 7, 7, 7, 7, 7]);
});

test("a message to the team that fails gives nothing back, for it has taken nothing", async () => {
  const mails = harness.mailsBy(few);
  await harness.deliver(noticeOf("welcome/1"), "m1", 1, few, mails);
  harness.faults.add({ farEnd: "google", match: "POST", failure: { kind: "status", status: 503 }, times: 1 });
  await harness.deliver({ ...noticeOf("news"), to: "team" }, "m2", 1, few, mails);
  for (const n of [3, 4]) await harness.deliver(noticeOf(`welcome/${n}`), `m${n}`, 1, few, mails);
  expect(harness.mails()).toHaveLength(2);
  expect(await harness.names("notices/prod/welcome/4/")).toEqual([]);
});

test("instances that die one after another leave the day's mails to others", async () => {
  const take = () => harness.mailsBy(few).take("prod");
  const none = { until: new Date("2026-11-22T00:00:00.000Z") };
  for (const _ of [1, 2]) {
    expect([await take(), await take()]).toEqual(["new-block", none]);
    harness.clock.moveBy(10 * 60_000);
  }
  expect(await take()).toEqual(none);
});
