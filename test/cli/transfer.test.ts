// `groundcrew transfer`: what each way to stand ends with, and that a word about one transfer reaches that one.
import { describe, expect, test } from "@jest/globals";
import { answers, type TransferLine } from "../../shared/control.ts";
import type { Outcome } from "../../shared/records.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { against, home, run, runPath, runs } from "./console-harness.ts";
import { answer } from "./loopback.ts";

const head = (given: Partial<TransferState>): TransferState => ({
  v: 1,
  hub: "sample",
  id: "first",
  from: "persistent:a",
  to: "scratch:b",
  state: "done",
  hash: "abc",
  sha256: "0",
  objects: 10,
  bytes: 100,
  already: 0,
  conflicts: 0,
  unmovable: 0,
  machineType: "e2-standard-8",
  dollars: 1,
  limitDollars: 2,
  hours: 1,
  limitHours: 2,
  shards: [],
  machines: 1,
  machineSeconds: 60,
  startedAt: "2026-03-01T10:00:00.000Z",
  said: "10 objects copied",
  ...given,
});
const line = (given: Partial<TransferState>): TransferLine => ({
  head: head(given),
  progress: [],
  cancelled: false,
});
const listed = (...lines: TransferLine[]) => ({
  "GET /api/home": home("sample", "other"),
  "GET /api/transfers": answer(answers.transfers, { transfers: lines }),
});

describe("transfer request", () => {
  const request = (outcome: Outcome, ...flags: string[]) => {
    const finished = run({ flow: "run-transfer", event: "transfer-request", outcome, title: "as it went" });
    return against(
      {
        "POST /api/transfers": answer(answers.transferAsked, { hub: "sample", id: "first", messageId: "7" }),
        "GET /api/runs?message=7&flow=run-transfer": runs(finished),
        [`GET ${runPath}`]: answer(answers.run, finished),
      },
      ["transfer", "request", "--from", "persistent:a", "--to", "scratch:b", ...flags],
    );
  };

  test.each([
    ["done", [], 0],
    ["failed", [], 1],
    ["blocked", [], 4],
    ["done", ["--dry-run"], 3],
    ["failed", ["--dry-run"], 1],
    ["blocked", ["--dry-run"], 4],
  ] as const)("whose run is %s, with %j, ends with %i", async (outcome, flags, expected) => {
    const { code, stdout, asked } = await request(outcome, ...flags);
    expect([code, stdout.includes("transfer status first")]).toEqual([expected, expected === 0]);
    expect(asked[0]?.body).toEqual({
      from: "persistent:a",
      to: "scratch:b",
      ...(flags.length > 0 ? { dryRun: true } : {}),
    });
  });
});

describe("transfer status", () => {
  test.each([
    ["planned", 3],
    ["running", 3],
    ["done", 0],
    ["incomplete", 4],
    ["failed", 4],
    ["cancelled", 4],
  ] as const)("of one that is %s ends with %i", async (state, expected) => {
    const { code, stdout } = await against(listed(line({ state })), ["transfer", "status", "first"]);
    expect([code, stdout]).toEqual([
      expected,
      `first  ${state}  persistent:a -> scratch:b  10 objects copied\n${state === "running" ? "  stopped on 2026-03-01 at 12:24 UTC at the latest\n" : ""}`,
    ]);
  });

  test("of none that is known names the nearest", async () => {
    const { code, stderr } = await against(listed(line({})), ["transfer", "status", "frist"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "first"?')]);
  });
});

test("transfer cancel reaches the hub that is named, and nobody's where it is not clear whose is meant", async () => {
  const routes = {
    ...listed(line({}), line({ hub: "other" })),
    "POST /api/transfers/other/first/cancel": answer(answers.done, { ok: true, said: "cancelled" }),
  };
  const unclear = await against(routes, ["transfer", "cancel", "first"]);
  expect([unclear.code, unclear.asked.map(({ call }) => call)]).toEqual([2, ["GET /api/transfers"]]);
  const { code, stdout } = await against(routes, ["transfer", "cancel", "first", "--hub", "other"]);
  expect([code, stdout]).toEqual([0, "cancelled\n"]);
});
