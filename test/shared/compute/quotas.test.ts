// Quotas against what a hub's settings may want of them, by table.
import { expect, test } from "@jest/globals";
import { type TooSmall, tooSmall } from "../../../shared/compute/quotas.ts";

const e2 = { type: "e2-standard-8", vcpus: 8 };
const quotas = (limits: Record<string, number>) =>
  Object.entries(limits).map(([metric, limit]) => ({ metric, limit, usage: 1 }));
const enough = {
  CPUS: 100,
  E2_CPUS: 100,
  INSTANCES: 24,
  SSD_TOTAL_GB: 500,
  IN_USE_ADDRESSES: 8,
  PREEMPTIBLE_CPUS: 0,
};
const small = (metric: string, limit: number, wanted: number): TooSmall => ({
  metric,
  limit,
  usage: 1,
  wanted,
});

test.each<[string, Record<string, number>, Partial<Parameters<typeof tooSmall>[1]>, TooSmall[]]>([
  ["all are enough", {}, {}, []],
  ["processors of the type's family", { E2_CPUS: 31 }, {}, [small("E2_CPUS", 31, 32)]],
  ["exactly enough", { E2_CPUS: 32 }, {}, []],
  ["a quota for Spot machines is theirs alone", { E2_CPUS: 0, PREEMPTIBLE_CPUS: 32 }, {}, []],
  [
    "one for Spot machines that is too small",
    { PREEMPTIBLE_CPUS: 8 },
    {},
    [small("PREEMPTIBLE_CPUS", 8, 32)],
  ],
  [
    "a family without a quota of its own takes of all processors",
    { CPUS: 31 },
    { types: [{ type: "n1-standard-8", vcpus: 8 }] },
    [small("CPUS", 31, 32)],
  ],
  [
    "of several types the one that wants most",
    { CPUS: 31 },
    {
      types: [
        { type: "n1-standard-8", vcpus: 8 },
        { type: "n1-standard-16", vcpus: 16 },
      ],
    },
    [small("CPUS", 31, 64)],
  ],
  [
    "each type's own",
    { E2_CPUS: 8, CPUS: 8 },
    { types: [e2, { type: "n1-standard-8", vcpus: 8 }] },
    [small("E2_CPUS", 8, 32), small("CPUS", 8, 32)],
  ],
  ["machines", { INSTANCES: 3 }, {}, [small("INSTANCES", 3, 4)]],
  ["their disks of 20 GB", { SSD_TOTAL_GB: 79 }, {}, [small("SSD_TOTAL_GB", 79, 80)]],
  ["their addresses", { IN_USE_ADDRESSES: 3 }, {}, [small("IN_USE_ADDRESSES", 3, 4)]],
  ["no addresses where both ends are Google's", { IN_USE_ADDRESSES: 0 }, { reachesOut: false }, []],
])("%s", (_, change, wanted, found) => {
  const all = quotas({ ...enough, ...change });
  expect(tooSmall(all, { machines: 4, types: [e2], reachesOut: true, ...wanted })).toEqual(found);
});

test("what a region does not list is no quota", () => {
  expect(tooSmall([], { machines: 4, types: [e2], reachesOut: true })).toEqual([]);
});
