// Ranges of a remote's names, over the wire: what is little is one, what is much is cut between its folders.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { rangeFinder } from "../../../shared/remotes/ranges.ts";
import type { Remote } from "../../../shared/settings.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "../../local/s3/harness.ts";
import { storageHarness } from "../../local/storage/harness.ts";

let s3: S3Harness;
let gcs: Awaited<ReturnType<typeof storageHarness>>;
beforeAll(async () => {
  [s3, gcs] = [await s3Harness(), await storageHarness()];
  for (const bucket of [s3.folder, join(gcs.folder, "remote")]) {
    for (const [folder, count] of [
      ["much/only/a", 400],
      ["much/only/a-b", 400],
      ["much/only/c", 400],
      ["little/a", 3],
      ["little/b", 3],
    ] as const) {
      mkdirSync(join(bucket, folder), { recursive: true });
      for (let n = 0; n < count; n += 1) writeFileSync(join(bucket, folder, `${n}`), "x");
    }
  }
});
afterAll(async () => {
  await s3.close();
  await gcs.close();
});

describe.each<["S3" | "Cloud Storage", () => Remote]>([
  ["S3", () => remote],
  ["Cloud Storage", () => ({ kind: "gcs", bucket: "remote" })],
])("in %s", (_, store) => {
  const rangesOf = (path: string, inAnyOrder = false) =>
    rangeFinder({ storage: gcs.operator, keys: async () => `pod ${keyId} ${secret}`, s3Endpoint: s3.url })(
      "pod",
      store(),
      { path, inAnyOrder },
    );

  test("two pages are cut between their folders; for stores of any order, where all agree", async () => {
    const borders = ["only/a-b0", "only/a0"];
    const [first, second] = borders;
    expect(await rangesOf("much")).toEqual([
      { through: first },
      { after: first, through: second },
      { after: second },
    ]);
    // Between "a-b" and "a" they do not.
    expect(await rangesOf("much", true)).toEqual([{ through: second }, { after: second }]);
  });

  test("a page is one, whatever folders it has, and so is nothing", async () => {
    expect(await rangesOf("little")).toEqual([{}]);
    expect(await rangesOf("nothing")).toEqual([{}]);
  });
});
