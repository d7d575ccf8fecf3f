// The pace of earlier transfers, as the lines of a list have it.
import { describe, expect, test } from "@jest/globals";
import { betweenOf, earlierIn } from "../../../shared/transfers/pace.ts";
import { lineOf } from "../../../shared/transfers/records.ts";
import { figures, shard, transfer } from "../../functions/run-transfer/samples.ts";

const done = (startedAt: string, change: Parameters<typeof transfer>[1] = {}) =>
  lineOf(
    transfer([shard()], {
      ...{ state: "done", startedAt, from: "persistent:a/b", to: "pod-inbox:a:b" },
      ...{ machines: 2, machineSeconds: 1234.6, figures: figures({ work: { bytes: 5e12, turns: 10.5 } }) },
      ...change,
    }),
  );
const entries = (...lines: Record<string, string>[]) => lines.map((metadata) => ({ metadata }));
const between = betweenOf("persistent", "pod-inbox");
const pace = { bytes: 5e12, turns: 10.5, machineSeconds: 1235, machines: 2 };

test("stands in the line of a transfer that is done, and is read from there", () => {
  expect(earlierIn(entries(done("2026-11-21T10:00:00.000Z")), between)).toEqual([pace]);
});

describe("of", () => {
  test.each([
    ["one that is not done", { state: "incomplete" as const }],
    ["one without machines", { machines: 0 }],
    ["one from elsewhere", { from: "scratch:a" }],
    ["one the other way", { from: "pod-inbox:a", to: "persistent:a" }],
  ])("%s nothing is said", (_, change) => {
    expect(earlierIn(entries(done("2026-11-21T10:00:00.000Z", change)), between)).toEqual([]);
  });

  test("twenty the last count", () => {
    const lines = Array.from({ length: 25 }, (_, day) =>
      done(`2026-10-${String(day + 1).padStart(2, "0")}T10:00:00.000Z`, { machineSeconds: day }),
    );
    const found = earlierIn(entries(...lines), between).map(({ machineSeconds }) => machineSeconds);
    expect(found).toEqual(Array.from({ length: 20 }, (_, index) => 24 - index));
  });

  test("a line that cannot be read nothing follows", () => {
    const { bytes: _, ...cut } = done("2026-11-21T10:00:00.000Z");
    const odd = { ...cut, bytes: "many" };
    expect(earlierIn(entries(cut, odd, { ...done("x"), machines: "0" }), between)).toEqual([]);
  });
});
