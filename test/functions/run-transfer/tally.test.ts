// Sums of objects and of lists, one by one.
import { expect, test } from "@jest/globals";
import { addList, addObjects, emptyTally, emptyWork } from "../../../functions/run-transfer/tally.ts";

const MiB = 2 ** 20;

test("counts objects and bytes, the largest, and those of each colder class", () => {
  const tally = emptyTally();
  addObjects(tally, [{ size: 0 }, { size: 200 * MiB }]);
  addObjects(tally, [
    { size: 3, storageClass: "coldline" },
    { size: 4, storageClass: "coldline" },
    { size: 500 * MiB, storageClass: "archive" },
  ]);
  expect(tally).toEqual({
    ...{ objects: 5, bytes: 700 * MiB + 7, largest: 500 * MiB },
    byClass: { coldline: { objects: 2, bytes: 7 }, archive: { objects: 1, bytes: 500 * MiB } },
  });
});

test("counts turns by the streams of each list, and what objects in parts take by its parts", () => {
  const work = emptyWork();
  const small = Array.from({ length: 1000 }, () => ({ size: 1 }));
  const large = [{ size: 200 * MiB }, { size: 200 * MiB + 1 }, { size: 320 * MiB }];
  addList(work, {
    copy: small,
    readBack: { source: [], target: small.slice(0, 24) },
    flags: { transfers: 128, chunkMiB: 16 },
  });
  addList(work, {
    copy: large,
    readBack: { source: large.slice(1), target: [] },
    flags: { transfers: 2, chunkMiB: 64 },
  });
  // One list with less than a turn has one.
  addList(work, {
    copy: small.slice(0, 5),
    readBack: { source: [], target: [] },
    flags: { transfers: 128, chunkMiB: 16 },
  });
  expect(work).toMatchObject({
    copy: { objects: 1008 },
    readBack: { source: { objects: 2 }, target: { objects: 24, bytes: 24 } },
    ...{ lists: 3, turns: 1024 / 128 + 5 / 2 + 1 },
    // Each is begun and ended: 200 MiB and one byte are four parts, 320 MiB are five.
    pieces: 2 + 4 + 2 + 5,
  });
});
