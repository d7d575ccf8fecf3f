// Budgets of transfers, in numbers that were worked out by hand: machines, requests, dollars by kind, and the limits.
import { describe, expect, test } from "@jest/globals";
import { budgetOf, machinesFor, overLimit, priceWarning } from "../../../functions/run-transfer/budget.ts";
import { classOf } from "../../../functions/run-transfer/dollars.ts";
import { addList, addObjects, emptyTally, emptyWork } from "../../../functions/run-transfer/tally.ts";
import type { StorageClass } from "../../../shared/remotes/classes.ts";
import { Prices } from "../../../shared/settings/prices.ts";
import type { Remote } from "../../../shared/settings.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { iowa } from "./samples.ts";

const GiB = 2 ** 30;
const sample = sampleTransfers();
const settings = {
  ...{ ...sample, gigabytesPerMachine: 1000, prices: Prices.parse({}) },
  machine: { ...sample.machine, dollarsPerHour: 2 },
  limits: { ...sample.limits, machines: 4, gigabytes: 5, dollars: 10, hours: 1 },
};
const gcs: Remote = { kind: "gcs", bucket: "a" };
const s3: Remote = {
  ...{ kind: "s3", bucket: "b", endpoint: "https://s3.example.org", region: "r", provider: "Other" },
};
const charging: Remote = { ...s3, prices: { outGiB: 0.09, readsPer1000: 0.4, writesPer1000: 5 } };
const europe = { name: "EU", regions: [] };

const objects = (count: number, size: number, storageClass?: StorageClass) =>
  Array.from({ length: count }, () => ({ size, ...(storageClass === undefined ? {} : { storageClass }) }));
type Objects = ReturnType<typeof objects>;

/** A budget with one machine and one list of eight streams, between places in Iowa unless it is said otherwise. */
function budget(of: {
  from: Remote;
  to: Remote;
  copy: Objects;
  back?: { source?: Objects; target?: Objects };
  there?: Objects;
  source?: typeof europe;
  target?: typeof europe;
  machine?: typeof settings.machine;
}) {
  const { from, to, copy, back = {}, there = [] } = of;
  const place = ({ kind }: Remote, other: typeof europe | undefined) =>
    kind === "gcs" ? (other ?? iowa) : undefined;
  const tally = emptyWork();
  const { source = [], target = [] } = back;
  addList(tally, { copy, readBack: { source, target }, flags: { transfers: 8, chunkMiB: 16 } });
  const pages = { source: Math.ceil(copy.length / 1000), target: 1 };
  Object.assign(tally, { pages, parts: 1 });
  addObjects(tally.there, there);
  return budgetOf(tally, {
    request: { from: { remote: "a", path: "", store: from }, to: { remote: "b", path: "", store: to } },
    circumstances: { source: place(from, of.source), target: place(to, of.target), earlier: [] },
    ...{ settings: { ...settings, machine: of.machine ?? settings.machine }, machines: 1 },
  });
}

test("one object of 2 GiB out of Google: egress, requests, and a machine by the slowest pace", () => {
  // Two reads and three listings; two looks, 128 parts, the beginning and the end of them, the object, and three listings.
  const { requests, dollars, hours, work, slowest } = budget({
    from: gcs,
    to: s3,
    copy: objects(1, 2 * GiB),
  });
  expect(requests).toBe(4 + 3 + 130 + 1 + 3);
  // To begin 62 and 190 s, bytes 2.454 and 15.339 s, a turn 0.1 and 0.25 s.
  expect(hours).toEqual([expect.closeTo(64.454 / 3600, 6), expect.closeTo(205.589 / 3600, 6)]);
  expect(work).toEqual({ bytes: 2 * GiB, turns: 1 });
  expect(slowest).toEqual({ bytesPerSecond: 140e6, turnSeconds: 0.25 });
  expect(dollars).toEqual({
    egress: expect.closeTo(0.24, 9),
    retrieval: 0,
    operations: expect.closeTo((2 * 0.0004 + 3 * 0.005) / 1000, 12),
    machines: expect.closeTo((2 * 205.589) / 3600, 5),
  });
});

test("machines are reckoned at the price of the dearest that the settings approve", () => {
  const machine = { ...settings.machine, standard: { dollarsPerHour: 5 } };
  const dear = budget({ from: gcs, to: s3, copy: objects(1, 2 * GiB), machine });
  expect(dear.dollars.machines).toBeCloseTo((5 * 205.589) / 3600, 5);
});

describe("egress", () => {
  const copy = objects(2, GiB / 2);
  test.each([
    ["within a region", { from: gcs, to: gcs }, 0],
    ["out of Google", { from: gcs, to: s3 }, 0.12],
    [
      "out of Google, from a bucket in Europe to a machine in Iowa",
      { from: gcs, to: s3, source: europe },
      0.17,
    ],
    ["into Google", { from: s3, to: gcs }, 0],
    ["into Google, to Europe, which keeps it twice", { from: s3, to: gcs, target: europe }, 0.07],
    ["out of a store that charges", { from: charging, to: gcs }, 0.09],
    ["into a store that charges", { from: gcs, to: charging }, 0.12],
    ["read twice at a bucket in Europe", { from: gcs, to: s3, source: europe, back: { source: copy } }, 0.22],
    ["read back out of a store that charges", { from: gcs, to: charging, back: { target: copy } }, 0.21],
  ])("%s", (_, of, dollars) => {
    expect(budget({ ...of, copy }).dollars.egress).toBeCloseTo(dollars, 9);
  });
});

describe("retrieval", () => {
  const cold = [
    ...objects(2, GiB / 2, "nearline"),
    ...objects(1, GiB, "coldline"),
    ...objects(1, GiB, "archive"),
    ...objects(1, GiB),
  ];
  test.each([
    ["of each class", { from: gcs, to: s3, copy: cold }, 0.08],
    ["once more where it is read back", { from: gcs, to: s3, copy: cold, back: { source: cold } }, 0.16],
    ["none at an S3 store", { from: s3, to: gcs, copy: objects(1, GiB, "glacier") }, 0],
    [
      "of a target whose objects are in a colder class",
      {
        ...{ from: s3, to: gcs, copy: objects(1, GiB), there: objects(3, 1, "coldline") },
        back: { target: objects(1, GiB) },
      },
      0.02,
    ],
  ])("%s", (_, of, dollars) => {
    expect(budget(of).dollars.retrieval).toBeCloseTo(dollars, 9);
  });
});

describe("requests and their dollars", () => {
  test("reads at the price of each class, writes at that of most of the target, twice in many regions", () => {
    const copy = [...objects(1000, 1, "nearline"), ...objects(1000, 1, "archive"), ...objects(2000, 1)];
    const there = [...objects(6, 1, "coldline"), ...objects(4, 1)];
    const { requests, dollars } = budget({ from: gcs, to: gcs, copy, there, target: europe });
    // 2,000 reads at 0.001, 2,000 at 0.05, 4,000 at 0.0004, 1 + 4 + 4 listings; 4,000 writes, and 1 + 5 + 5 listings at twice 0.02.
    const source = (2000 * 0.001 + 2000 * 0.05 + 4000 * 0.0004 + 9 * 0.005) / 1000;
    expect(dollars.operations).toBeCloseTo(source + (4011 * 0.04) / 1000, 9);
    // With 4,000 looks for what is not there yet, which cost nothing.
    expect(requests).toBe(8000 + 9 + 4000 + 11 + 4000);
  });

  test("of an S3 store, as far as the settings say that it takes something", () => {
    const copy = objects(1000, 1);
    expect(budget({ from: s3, to: s3, copy }).dollars.operations).toBe(0);
    // Three reads, and three listings; two looks, a write, and three listings.
    const reads = (3000 * 0.4 + 3 * 5) / 1000;
    expect(budget({ from: charging, to: s3, copy }).dollars.operations).toBeCloseTo(reads, 9);
    const writes = (2000 * 0.4 + 1003 * 5) / 1000;
    expect(budget({ from: s3, to: charging, copy }).dollars.operations).toBeCloseTo(writes, 9);
  });
});

test.each<[string, Objects, StorageClass | undefined]>([
  ["nothing", [], undefined],
  ["most of what is there", [...objects(2, 1, "archive"), ...objects(1, 1)], "archive"],
  ["half of it, which is no more than the rest", [...objects(1, 1, "archive"), ...objects(1, 1)], undefined],
])("the class of a target, from %s", (_, there, is) => {
  const tally = emptyTally();
  addObjects(tally, there);
  expect(classOf(tally)).toBe(is);
});

describe("machines", () => {
  /** Of lists of so many objects of a size, with so many streams. */
  const machines = (...lists: [count: number, size: number, transfers: number][]) => {
    const tally = emptyWork();
    for (const [count, size, transfers] of lists)
      addList(tally, {
        copy: objects(count, size),
        readBack: { source: [], target: [] },
        flags: { transfers, chunkMiB: 16 },
      });
    return machinesFor(tally, settings);
  };
  const times = (count: number, list: Parameters<typeof machines>[0]) =>
    Array.from({ length: count }, () => list);

  test.each([
    ["none for nothing", [], 0],
    ["as many as the bytes need", times(3, [1, 900e9, 8]), 3],
    ["no more than the limit", times(9, [1, 1000e9, 8]), 4],
    [
      "no more than the largest object lets work at once",
      [...times(1, [1, 2000e9, 8]), ...times(3, [1, 200e9, 8])],
      2,
    ],
    ["no more than there are lists", [[1000, 5e9, 8]], 1],
    ["one for what is empty", [[1, 0, 128]], 1],
    // A million objects are 7,813 turns of 128 streams.
    ["as many as the objects need, however small they are", times(100, [10_000, 1000, 128]), 4],
    ["one where they are few", times(20, [10_000, 1000, 128]), 1],
  ] as [string, Parameters<typeof machines>, number][])("%s", (_, lists, count) => {
    expect(machines(...lists)).toBe(count);
  });
});

describe("limits", () => {
  const dollars = { egress: 4, retrieval: 3, operations: 2, machines: 1 };
  const plan = { dollars, hours: [1, 5] as [number, number], bytes: 5e9 };
  const hub = { dollarsPerDay: 10, dollarsPerMonth: 10 };

  test("what is just within every limit is within it", () => {
    expect(overLimit(plan, settings, hub)).toBeUndefined();
  });

  test.each([
    ["bytes", { bytes: 5e9 + 1 }, {}, /the limit is 5 GB$/],
    ["dollars of all kinds together", { dollars: { ...dollars, retrieval: 3.01 } }, {}, /the limit is \$10$/],
    ["hours at best", { hours: [1.2, 5] as [number, number] }, {}, /1\.2 hours at best and the limit is 1$/],
    ["dollars of a day", {}, { dollarsPerDay: 9 }, /all transfers of the hub may cost \$9 a day$/],
    ["dollars of a month", {}, { dollarsPerMonth: 9 }, /all transfers of the hub may cost \$9 a month$/],
  ])("%s", (_, more, ofHub, says) => {
    expect(overLimit({ ...plan, ...more }, settings, { ...hub, ...ofHub })).toMatch(says);
  });
});

test("prices are old after ninety days", () => {
  const prices = { asOf: "2026-01-01" };
  expect(priceWarning(prices, new Date("2026-04-01T00:00:00.000Z"))).toBeUndefined();
  expect(priceWarning(prices, new Date("2026-04-01T00:00:00.001Z"))).toMatch(/of 2026-01-01/);
});
