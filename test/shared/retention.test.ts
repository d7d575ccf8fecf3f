// The table of retention: it speaks of every folder that anybody may touch, and nothing is deleted that somebody may still ask for.
import { expect, test } from "@jest/globals";
import { hoursOf } from "../../shared/delivery/time-budget.ts";
import { eventNames } from "../../shared/events.ts";
import { functionNames, ledgerBucket, rowOf } from "../../shared/functions.ts";
import { machineGrants } from "../../shared/grants.ts";
import { retention, retentionOf } from "../../shared/retention.ts";
import { settingsSchema } from "../../shared/settings/schema.ts";

const daysOf = (prefix: string): number => {
  const days = retentionOf(prefix)?.days;
  return typeof days === "number" ? days : Number.POSITIVE_INFINITY;
};

test("every folder that a function or a machine may touch has a row; the whole bucket is no folder", () => {
  const ofBucket = `buckets/${ledgerBucket("p")}/objects/`;
  const granted = [
    ...functionNames.flatMap((name) => rowOf(name).ledger.map(({ prefix }) => prefix)),
    ...machineGrants("p", []).flatMap(({ on }) => (on.startsWith(ofBucket) ? on.slice(ofBucket.length) : [])),
  ].filter((prefix) => prefix !== "");
  expect(granted.length).toBeGreaterThan(40);
  expect(granted.filter((prefix) => retentionOf(prefix) === undefined)).toEqual([]);
  expect(retention.filter(({ prefix }) => !granted.some((each) => each.startsWith(prefix)))).toEqual([]);
});

test("each folder has one row, of its own", () => {
  const folders = retention.map(({ prefix }) => prefix);
  expect(new Set(folders).size).toBe(folders.length);
  for (const folder of folders) expect(folder).toMatch(/^[a-z]+\/$/);
  for (const { why } of retention) expect(why).not.toBe("");
});

test("what keeps a message from being sent twice outlives all that may send it: its event, and a person's replay", () => {
  expect(daysOf("notices/")).toBeGreaterThan(hoursOf("notice") / 24 + daysOf("undelivered/"));
});

test("a record of a run outlives every event, whose last run says why it failed", () => {
  for (const name of eventNames) expect(daysOf("runs/")).toBeGreaterThan(hoursOf(name) / 24);
});

test("what a person did about an event outlives the event: it never waits again", () => {
  expect(daysOf("resolved/")).toBeGreaterThan(daysOf("undelivered/") + 1);
});

test("a word outlives the longest time for which it may count, a report the longest age of figures", () => {
  const text = JSON.stringify(JSON.parse(settingsSchema()));
  const most = (field: string): number =>
    Math.max(
      ...[...text.matchAll(new RegExp(`"${field}":\\{[^{}]*?"maximum":(\\d+)`, "g"))].map(([, n]) =>
        Number(n),
      ),
    );
  expect([most("approvalHours"), most("maximumAgeHours")]).toEqual([168, 720]);
  expect(daysOf("approvals/") * 24).toBeGreaterThan(most("approvalHours"));
  expect(daysOf("reports/") * 24).toBeGreaterThan(most("maximumAgeHours"));
});

test("what flows remember, what proves a transfer, and what its machines run, is never deleted", () => {
  expect(retention.filter(({ days }) => days === "kept").map(({ prefix }) => prefix)).toEqual([
    "head/",
    "transfers/",
    "tools/",
  ]);
});
