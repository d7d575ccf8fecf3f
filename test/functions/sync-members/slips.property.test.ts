// Slips of the hand, generated: each of nine kinds is called by its name in 99 of 100 sheets.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readSlip, type SlipKind } from "../../../functions/sync-members/slips.ts";
import { keysOf } from "../../../shared/closed.ts";
import { type Made, makers, numberedRows } from "./slips-harness.ts";

const seeds = 200;

test.each(keysOf(makers))("%s", (kind) => {
  const wrong: string[] = [];
  let tried = 0;
  const check = ({ before, now, left }: Made) => {
    tried += 1;
    const found = readSlip(numberedRows(before), numberedRows(now), (login) => left.has(login)).kind;
    if (found !== (kind as SlipKind)) wrong.push(`${found}\n${JSON.stringify({ before, now })}`);
  };
  for (const made of fc.sample(makers[kind], { seed: 20261129, numRuns: seeds })) check(made);
  expect(tried).toBe(seeds);
  expect(wrong.slice(0, 1)).toEqual(
    wrong.length > seeds / 100 ? ["no more than two wrong names"] : wrong.slice(0, 1),
  );
});
