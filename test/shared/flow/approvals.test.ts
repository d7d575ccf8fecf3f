// Which word counts on what is on hold: the newest one, for its hours, and only if it was given since the action began to wait.
import { expect, test } from "@jest/globals";
import { type Verdict, verdicts } from "../../../shared/flow/approvals.ts";

const since = "2026-03-02T08:00:00.000Z";
const said = (time: string, verdict: Verdict, items = ["a"]) => ({
  v: 1 as const,
  verdict,
  by: "crew",
  at: `2026-03-02T${time}.000Z`,
  plan: "shown",
  items,
});

test.each([
  ["nobody has said anything", "02T09:00:00", [], undefined],
  ["approved after it began to wait", "02T09:00:00", [said("08:30:00", "approved")], "approved"],
  ["approved before: that was another time", "02T09:00:00", [said("07:59:00", "approved")], undefined],
  ["approved more than its hours ago", "03T08:30:01", [said("08:30:00", "approved")], undefined],
  [
    "approved, then rejected",
    "02T09:00:00",
    [said("08:40:00", "rejected"), said("08:30:00", "approved")],
    "rejected",
  ],
  ["a word on another action", "02T09:00:00", [said("08:30:00", "approved", ["b"])], undefined],
] as const)("%s", (_, now, words, expected) => {
  const options = { now: new Date(`2026-03-${now}.000Z`), hours: 24 };
  expect(verdicts({ a: since }, [...words], options).get("a")).toBe(expected);
});
