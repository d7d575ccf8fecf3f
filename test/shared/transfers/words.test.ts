// Words on a plan and of dollars, wherever it is shown.
import { describe, expect, test } from "@jest/globals";
import { costLines, dollarsForText, figuresLines, hoursText } from "../../../shared/transfers/words.ts";
import { figures } from "../../functions/run-transfer/samples.ts";

test("a plan: objects, dollars by kind with the day of their prices, hours and machines, and its notes", () => {
  const of = figures({
    ...{ objects: 1_000_400, bytes: 1.5e12, already: 2000, compared: 3, differ: 1, notCarried: 4 },
    dollars: { egress: 167.64, retrieval: 0, operations: 5.5, machines: 1.32 },
    ...{ hours: [3.49, 11.71], machines: 2, requests: 5_003_001, earlier: 7, notes: ["A note."] },
  });
  expect(figuresLines(of)).toEqual([
    "1,000,400 objects (1.5 TB) to copy, 2,000 there already, 3 of the same size there, to be compared by reading, 1 of another content there, left alone, 4 of a name that cannot be copied",
    "At most $174.46 by prices of 2026-11-01: egress $167.64, requests $5.50, machines $1.32",
    "3.5 to 11.7 hours with 2 machines, and 5,003,001 requests to the stores; by 7 earlier transfers between these remotes",
    "A note.",
  ]);
});

test("a small plan", () => {
  const dollars = { egress: 0, retrieval: 0, operations: 0, machines: 0 };
  const of = figures({ ...{ objects: 1, bytes: 5, dollars, hours: [0, 0], machines: 0, requests: 4 } });
  expect(costLines({ dollars: 0, hours: 0, bytes: 5, figures: { ...of, earlier: 1, machines: 1 } })).toEqual([
    "1 object (5 B) to copy",
    "At most $0.0000 by prices of 2026-11-01: nothing",
    "at most a minute with 1 machine, and 4 requests to the stores; by 1 earlier transfer between these remotes",
  ]);
});

describe("what a plan costs", () => {
  test("is two numbers in one of before", () => {
    expect(costLines({ dollars: 1.5, hours: 2, bytes: 10 })).toEqual(["At most $1.50, in at most 2.0 hours"]);
  });

  test("is nothing in one of another flow", () => {
    expect(costLines(undefined)).toEqual([]);
  });
});

test.each([
  [[0.01, 0.05], "1 to 3 minutes"],
  [[0.049, 0.05], "3 minutes"],
  [[0, 0.01], "at most a minute"],
  [[0.5, 0.999], "30 to 60 minutes"],
  [[0.5, 1], "0.5 to 1.0 hours"],
] as const)("hours %j are %s", (range, text) => {
  expect(hoursText([...range])).toBe(text);
});

test("dollars by kind leave out what took none", () => {
  expect(dollarsForText({ egress: 0, retrieval: 12, operations: 0.002, machines: 0 })).toBe(
    "retrieval $12.00, requests $0.0020",
  );
});
