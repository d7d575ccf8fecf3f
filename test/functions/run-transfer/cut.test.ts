// Lists that a transfer's work is cut into: whole, bounded, and of objects that want the same flags.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { cutLists, sizeOf } from "../../../functions/run-transfer/cut.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const GB = 1e9;
const settings = { ...sampleTransfers(), gigabytesPerMachine: 2000 };
const objectsOf = (sizes: readonly number[], of = "o"): RemoteObject[] =>
  sizes.map((size, n) => ({ name: `${of}${n}`, size }));
const cut = (copied: RemoteObject[], unproved: RemoteObject[] = [], on = settings) =>
  cutLists({ copied, moved: [], unproved }, on)?.map((one) => [one.copied.length, one.unproved.length]);

test("a list has ten thousand objects at most, or 200 GB, or what one machine is made for", () => {
  expect(cut(objectsOf(Array<number>(25_000).fill(1000)))).toEqual([
    [10_000, 0],
    [10_000, 0],
    [5000, 0],
  ]);
  expect(cut(objectsOf(Array<number>(9).fill(50 * GB)))).toEqual([
    [4, 0],
    [4, 0],
    [1, 0],
  ]);
  expect(cut(objectsOf([0.5 * GB, 0.5 * GB, 0.5 * GB]), [], { ...settings, gigabytesPerMachine: 1 })).toEqual(
    [
      [2, 0],
      [1, 0],
    ],
  );
  // An object that is larger than a list may be has one of its own.
  expect(cut(objectsOf([300 * GB, 300 * GB]))).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(cut([])).toEqual([]);
});

test("small objects and large ones share no list: each has flags of its own", () => {
  const cuts = cutLists(
    { copied: objectsOf([1000, 5 * GB, 2000, 3 * GB]), moved: [], unproved: [] },
    settings,
  );
  expect(cuts?.map(({ copied, flags }) => [copied.map(({ size }) => size), flags.transfers])).toEqual([
    [[5 * GB, 3 * GB], 8],
    [[1000, 2000], 128],
  ]);
});

test("flags fit the smallest type of machine that may take a list", () => {
  const otherTypes = [{ type: "n2-standard-4", vcpus: 4, memoryGB: 16, dollarsPerHour: 1 }];
  const machine = { ...settings.machine, otherTypes };
  const cuts = cutLists(
    { copied: objectsOf([1000, 2000]), moved: [], unproved: [] },
    { ...settings, machine },
  );
  expect(cuts?.map(({ flags }) => flags.transfers)).toEqual([64]);
});

test("what is read back fills lists as what is copied does, and is counted apart", () => {
  const work = { copied: objectsOf([10, 20]), moved: objectsOf([7], "m"), unproved: objectsOf([5], "u") };
  expect(cut(work.copied, work.unproved)).toEqual([[2, 1]]);
  expect(sizeOf(work)).toEqual({ objects: 4, bytes: 42, copyBytes: 37 });
  expect(sizeOf({ ...work, unproved: [] })).toEqual({ objects: 3, bytes: 37 });
});

test("nothing is cut where an object fits into no memory", () => {
  const small = { ...settings, machine: { ...settings.machine, memoryGB: 0.1 } };
  expect(cut(objectsOf([1, 5 * GB]), [], small)).toBeUndefined();
});

test("each object is in one list, in the order of names", () => {
  const sizes = fc.array(fc.constantFrom(1, 1000, 0.3 * GB, 90 * GB, 250 * GB), { maxLength: 80 });
  fc.assert(
    fc.property(sizes, sizes, sizes, (...drawn) => {
      const [copied = [], moved = [], unproved = []] = drawn.map((each, n) => objectsOf(each, "cmr"[n]));
      const cuts = cutLists({ copied, moved, unproved }, settings) ?? [];
      const all = (kind: "copied" | "moved" | "unproved") =>
        cuts.flatMap((one) => one[kind]).sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)));
      expect([all("copied"), all("moved"), all("unproved")]).toEqual([copied, moved, unproved]);
      for (const one of cuts) expect(sizeOf(one).objects).toBeGreaterThan(0);
    }),
  );
});
