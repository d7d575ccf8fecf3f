// Whose word counts on what is on hold: the newest one, for its hours, and only if it was given since the plan began to wait.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { wordOn } from "../../../shared/flow/approvals.ts";
import type { OldApproval } from "../../../shared/records.ts";
import { ledgerHarness } from "../ledger-harness.ts";

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  harness = await ledgerHarness();
});
afterAll(() => harness.close());

const since = "2026-03-02T08:00:00.000Z";

test.each<
  [why: string, words: [at: string, verdict: OldApproval["verdict"]][], expected: string | undefined]
>([
  ["nobody has said anything", [], undefined],
  ["approved after it began to wait", [["2026-03-02T08:30:00.000Z", "approved"]], "approved"],
  ["approved before: that was another time", [["2026-03-02T07:59:00.000Z", "approved"]], undefined],
  ["approved more than its hours ago", [["2026-03-02T08:30:00.000Z", "approved"]], undefined],
  [
    "approved, then rejected",
    [
      ["2026-03-02T08:30:00.000Z", "approved"],
      ["2026-03-02T08:40:00.000Z", "rejected"],
    ],
    "rejected",
  ],
])("%s", async (why, words, expected) => {
  const hash = Buffer.from(why).toString("hex").slice(-12);
  const console = await harness.ledgerOf("console");
  for (const [at, verdict] of words)
    await console.create(`approvals/prod/${hash}/${at}.json`, { v: 1, verdict, by: "crew", at });
  const now = new Date(why.includes("hours") ? "2026-03-03T08:30:01.000Z" : "2026-03-02T09:00:00.000Z");
  const ledger = await harness.ledgerOf("scan-quotas");
  expect(await wordOn("prod", { hash, since }, { ledger, now, hours: 24 })).toBe(expected);
});
