// Tests of whose word counts on what is on hold: the newest one, for its hours, and only if it was given since the action began to wait.
import { expect, test } from "@jest/globals";
import { approvals, verdicts } from "../../../shared/flow/approvals.ts";
import type { Approval } from "../../../shared/records.ts";

const since = "2026-03-02T08:00:00.000Z";
const word = (at: string, verdict: Approval["verdict"], items = ["one"]): Approval => ({
  v: 1,
  verdict,
  by: "crew",
  at: `2026-03-0${at}:00.000Z`,
  plan: "shown",
  items,
});

const list = async () => [{ name: "approvals/prod/bump-image/1.json", generation: "1", metadata: {} }];
const of = { hub: "prod", flow: "bump-image", waiting: { one: since } };

test("where nothing waits, nobody is asked", async () => {
  const read = () => Promise.reject(new Error("read"));
  expect(await approvals({ list: read, read }, { ...of, waiting: {} })).toEqual([]);
});

test("a word that goes away while it is read is none", async () => {
  expect(await approvals({ list, read: async () => undefined }, of)).toEqual([]);
});

test.each<[why: string, words: Approval[], now: string, expected: Record<string, string>]>([
  ["nobody has said anything", [], "2T09:00", {}],
  ["approved after it began to wait", [word("2T08:30", "approved")], "2T09:00", { one: "approved" }],
  ["approved before: that was another time", [word("2T07:59", "approved")], "2T09:00", {}],
  ["approved its hours ago", [word("2T08:30", "approved")], "3T08:30", { one: "approved" }],
  ["approved more than its hours ago", [word("2T08:30", "approved")], "3T08:31", {}],
  [
    "approved, then rejected",
    [word("2T08:40", "rejected"), word("2T08:30", "approved")],
    "2T09:00",
    { one: "rejected" },
  ],
  [
    "rejected, and one of the two taken back",
    [word("2T08:30", "rejected", ["one", "two"]), word("2T08:40", "approved", ["two"])],
    "2T09:00",
    { one: "rejected", two: "approved" },
  ],
  ["said of another action", [word("2T08:30", "approved", ["three"])], "2T09:00", {}],
])("%s", (_, words, now, expected) => {
  const given = verdicts({ one: since, two: since }, words, {
    now: new Date(`2026-03-0${now}:00.000Z`),
    hours: 24,
  });
  expect(Object.fromEntries(given)).toEqual(expected);
});
