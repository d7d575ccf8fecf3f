// `groundcrew transfer`: what each way to stand ends with, and that a word about one transfer reaches that one.
import { describe, expect, test } from "@jest/globals";
import { answers, type TransferLine } from "../../shared/control.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import type { Outcome } from "../../shared/records.ts";
import type { Figures } from "../../shared/transfers/figures.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { against, home, plan, run, runPath, runs } from "./console-harness.ts";
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

const figures: Figures = {
  ...{ objects: 30, bytes: 9e5, already: 12, compared: 0, differ: 2, notCarried: 1, requests: 1234 },
  dollars: { egress: 0.5, retrieval: 0, operations: 0.25, machines: 0.25 },
  ...{ pricesOf: "2026-01-01", hours: [0.5, 1.5], machines: 2, earlier: 0 },
  ...{ work: { bytes: 1, turns: 1 }, slowest: { bytesPerSecond: 1, turnSeconds: 1 } },
  notes: ["Every byte that is read costs."],
};
const action = { do: "transfer", about: "first", why: "a person asked for it" };
const cost = { dollars: 1, hours: 1.5, bytes: 9e5, figures };
const differs = { about: "a/x", why: "another content lies at the target: it is left alone" };
const goes = plan({ hash: "0123456789abcdef", actions: [action], refused: [differs], cost });
const because = "it copies 30 objects, and more than 29 are asked for";
const waits = plan({ ...goes, actions: [], held: [{ ...action, hash: "1".repeat(16), because }] });

const asks = (outcome: Outcome, given: StoredPlan | undefined, args: string[]) => {
  const finished = run({
    ...{ flow: "run-transfer", event: "transfer-request", outcome, title: "as it went" },
    ...(given === undefined ? {} : { plan: given }),
  });
  return against(
    {
      "GET /api/home": home("sample", "other"),
      "POST /api/transfers": answer(answers.transferAsked, { hub: "sample", id: "first", messageId: "7" }),
      "GET /api/runs?message=7&flow=run-transfer": runs(finished),
      [`GET ${runPath}`]: answer(answers.run, finished),
      "GET /api/transfers/sample/first": answer(answers.transfer, line({})),
    },
    ["transfer", ...args],
  );
};
const ends = ["--from", "persistent:a", "--to", "scratch:b"];

describe("transfer request", () => {
  test.each([
    ["done", goes, [], 0],
    ["failed", undefined, [], 1],
    ["blocked", undefined, [], 4],
    ["held", waits, [], 4],
    ["done", goes, ["--dry-run"], 3],
    ["done", waits, ["--dry-run"], 4],
    ["done", undefined, ["--dry-run"], 0],
    ["failed", undefined, ["--dry-run"], 1],
    ["blocked", undefined, ["--dry-run"], 4],
  ] as const)(
    "whose run is %s with the plan %j and %j ends with %i",
    async (outcome, given, flags, expected) => {
      const { code, stdout, asked } = await asks(outcome, given, ["request", ...ends, ...flags]);
      const isAsked = flags.length === 0 && (outcome === "done" || outcome === "held");
      expect([code, stdout.includes("transfer status first")]).toEqual([expected, isAsked]);
      expect(asked[0]?.body).toEqual({
        ...{ from: "persistent:a", to: "scratch:b" },
        ...(flags.length > 0 ? { dryRun: true } : {}),
      });
    },
  );

  test("sends who asks, the id and the hub", async () => {
    const { asked } = await asks("done", goes, [
      ...["request", ...ends],
      ...["--by", "Mei Dahl", "--id", "first", "--hub", "sample"],
    ]);
    expect(asked.find(({ call }) => call === "POST /api/transfers")?.body).toEqual({
      ...{ hub: "sample", from: "persistent:a", to: "scratch:b", by: "Mei Dahl", id: "first" },
    });
  });

  test("that waits for approval says with which hash, and waits for its end where that is asked for", async () => {
    const says = "groundcrew transfer approve 0123456789abcdef";
    expect((await asks("held", waits, ["request", ...ends])).stdout).toContain(says);
    const { code, stdout, stderr } = await asks("held", waits, ["request", ...ends, "--wait"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("10 objects copied")]);
    expect(stderr).toContain(says);
  });
});

describe("transfer plan", () => {
  test("says what it would do and cost, names what it leaves out, and how to begin just that", async () => {
    const { code, stdout, asked } = await asks("done", goes, ["plan", ...ends, "--by", "Mei's"]);
    expect(code).toBe(3);
    expect(stdout.split("\n")).toEqual([
      "persistent:a -> scratch:b",
      "  to copy            30 objects, 900 kB",
      "  already there      12",
      "  would differ       2, of another content there, left alone",
      "  cannot be carried  1",
      "  requests           1,234",
      "  dollars            at most $1.00: egress $0.5000, requests $0.2500, machines $0.2500",
      "  hours              0.5 to 1.5 hours",
      "  machines           2",
      "  Every byte that is read costs.",
      "  a/x  another content lies at the target: it is left alone",
      "  plan 0123456789abcdef",
      "begin it: groundcrew transfer request --from persistent:a --to scratch:b --by 'Mei'\\''s' --id first",
      "",
    ]);
    expect(asked[0]?.body).toMatchObject({ dryRun: true, by: "Mei's" });
  });

  test("says that it would wait for approval, and why", async () => {
    const { code, stdout } = await asks("done", waits, ["plan", ...ends]);
    expect([code, stdout]).toEqual([4, expect.stringContaining(`  because ${because}\n`)]);
  });

  test("of a request that cannot be carried out says why", async () => {
    const { code, stdout } = await asks("blocked", plan({ refused: [{ about: "first", why: "no" }] }), [
      ...["plan", ...ends],
    ]);
    expect([code, stdout]).toEqual([4, "as it went\n"]);
  });
});

describe("transfer ls", () => {
  test("lists them a line each, of a hub where one is named", async () => {
    const routes = listed(line({}), line({ hub: "other", id: "second", state: "running" }));
    const { code, stdout } = await against(routes, ["transfer", "ls"]);
    expect([code, stdout.split("\n").map((row) => row.slice(0, 16).trim())]).toEqual([
      0,
      ["first   done", "second  running", ""],
    ]);
    expect((await against(routes, ["transfer", "ls", "--hub", "other"])).stdout).toMatch(/^second .*\n$/);
    expect((await against(listed(), ["transfer", "ls"])).stdout).toBe("No transfers yet.\n");
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
    ["waiting", 4],
    ["not-begun", 4],
  ] as const)("of one that is %s ends with %i", async (state, expected) => {
    const { code, stdout } = await against(listed(line({ state })), ["transfer", "status", "first"]);
    expect([code, stdout]).toEqual([
      expected,
      `first  ${state}  persistent:a -> scratch:b  10 objects copied\n${state === "running" ? "  stopped on 2026-03-01 at 12:24 UTC at the latest\n" : ""}`,
    ]);
  });

  test("of one that waits says for what, since when, who asked, and what people can do", async () => {
    const waits = {
      ...{ for: "transfer t0, which was asked for before", since: "2026-03-01T10:00:00.000Z" },
      ...{ until: "2026-03-01T10:05:00.000Z", next: "cancel that one" },
    };
    const routes = listed(line({ state: "waiting", by: "Mei Dahl", waits }));
    const { stdout } = await against(routes, ["transfer", "status", "first"]);
    expect(stdout).toContain(
      "waits for transfer t0, which was asked for before, since 2026-03-01 at 10:00 UTC",
    );
    expect(stdout).toContain(
      "\n  asked for by Mei Dahl (as typed, not proved)\n  what you can do: cancel that one\n",
    );
  });

  const shard = { attempt: 1, round: 0, full: [], preemptions: 0, errors: 0 };
  const shards = (["waiting", "starting", "running", "done"] as const).map((state, n) => ({
    ...shard,
    n,
    state,
  }));
  test.each([
    ["planned", []],
    [
      "running",
      ["0  waits for a machine", "1  machine is being made", "2  copying", "3  no list left for it"],
    ],
    [
      "cancelled",
      [
        "0  had no machine",
        "1  its machine was being made",
        "2  its machine was stopped",
        "3  no list left for it",
      ],
    ],
  ] as const)("of one that is %s says how its machines stand or stood", async (state, expected) => {
    const { stdout } = await against(listed(line({ state, shards })), ["transfer", "status", "first"]);
    expect([...stdout.matchAll(/^ {2}machine (.*)$/gm)].map(([, said]) => said?.trim())).toEqual(expected);
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
