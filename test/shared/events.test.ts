// Tests of what may cross a topic, and of what a table of functions may say of it.
import { describe, expect, test } from "@jest/globals";
import { deadLetterTopic, eventNames, events, isEventName } from "../../shared/events.ts";
import { flowNames, functionNames, rowOf } from "../../shared/functions.ts";
import { grantsOf } from "../../shared/grants.ts";
import { notifications } from "../../shared/notifications.ts";
import { runNow } from "../../shared/run-now.ts";
import { schedules } from "../../shared/schedules.ts";

const notice = { v: 1, hub: "prod", key: "a/b", to: "team", subject: "s", text: "t" };

describe("events", () => {
  test.each<[keyof typeof events, unknown]>([
    ["sheet-changed", { v: 1, hub: "prod", why: "edit" }],
    ["sheet-changed", { v: 1, hub: "prod", why: "person", dryRun: true }],
    ["notice", notice],
    ["notice", { ...notice, to: { mail: ["ada@example.org"] }, again: 1 }],
    ["continue-due", { v: 1 }],
    ["watch-due", { v: 1, hub: "a" }],
  ])("%s takes %j", (name, event) => {
    expect(events[name].safeParse(event).success).toBe(true);
  });

  test.each<[keyof typeof events, unknown]>([
    ["sheet-changed", { v: 2, hub: "prod", why: "edit" }],
    ["sheet-changed", { hub: "prod", why: "edit" }],
    ["sheet-changed", { v: 1, hub: "prod", why: "because" }],
    ["sheet-changed", { v: 1, hub: "prod", why: "edit", rows: [] }],
    ...["", "Prod", "1prod", "prod/x", "..", "-", "p".repeat(21), "prod\n"].map(
      (hub): [keyof typeof events, unknown] => ["watch-due", { v: 1, hub }],
    ),
    ...["", "A", "a b", "a\n", "a@b", "/a", "a".repeat(201)].map((key): [keyof typeof events, unknown] => [
      "notice",
      { ...notice, key },
    ]),
    ["notice", { ...notice, to: "ada@example.org" }],
    ["notice", { ...notice, to: { mail: [] } }],
    ["notice", { ...notice, to: { mail: ["ada"] } }],
    ["notice", { ...notice, to: { mail: Array.from({ length: 51 }, () => "a@example.org") } }],
    ["notice", { ...notice, subject: "s".repeat(201) }],
    ["notice", { ...notice, text: "" }],
    ["notice", { ...notice, again: 0 }],
    ["continue-due", { v: 1, at: "now" }],
    ["continue-due", null],
  ])("%s refuses %j", (name, event) => {
    expect(events[name].safeParse(event).success).toBe(false);
  });

  test("a name is a topic's or it is not", () => {
    expect(eventNames.every(isEventName)).toBe(true);
    expect(["", deadLetterTopic, "constructor", "__proto__", "Notice"].filter(isEventName)).toEqual([]);
  });
});

describe("the table of functions agrees with them", () => {
  test("every topic is heard by exactly one worker, the dead letters too", () => {
    const heard = functionNames.map((name) => rowOf(name).hears).filter((topic) => topic !== undefined);
    expect(heard.sort()).toEqual([...eventNames, deadLetterTopic].sort());
  });

  test("every topic is published by a function, a schedule, a bucket or a person", () => {
    const published = new Set([
      ...functionNames.flatMap((name) => rowOf(name).publishes),
      ...Object.values(schedules).map(({ publishes }) => publishes),
      ...Object.values(notifications).map(({ publishes }) => publishes),
    ]);
    expect([...published].sort()).toEqual([...eventNames].sort());
  });

  test("what schedules and presses publish fits its topic", () => {
    const scheduled = Object.values(schedules).map(({ publishes, payload }) => ({
      topic: publishes,
      payload: payload("prod"),
    }));
    for (const { topic, payload } of [...scheduled, ...flowNames.map((flow) => runNow(flow, "prod"))])
      expect(events[topic].safeParse(payload)).toMatchObject({ success: true });
  });

  test("doors hear no topic, workers do; ack deadlines are what Pub/Sub allows", () => {
    for (const name of functionNames) {
      const row = rowOf(name);
      expect([name, row.hears !== undefined]).toEqual([name, row.kind === "worker"]);
      expect(row.timeoutSeconds).toBeGreaterThanOrEqual(10);
      expect(row.timeoutSeconds).toBeLessThanOrEqual(600);
    }
  });

  test("every worker may write the record of its runs, but the one that records dead letters", () => {
    const without = functionNames.filter((name) => {
      const row = rowOf(name);
      const create = { permission: "storage.objects.create", on: "buckets/p-ledger/objects/runs/" };
      return (
        row.kind === "worker" &&
        !grantsOf(row, "p").some((grant) => grant.on === create.on && grant.permission === create.permission)
      );
    });
    expect(without).toEqual(["record-dead-letter"]);
  });
});
