// boto3 as a client of our S3, case by case: right, refused with 501, or an error as the vendor gives; nothing wrong in silence.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "@jest/globals";
import { s3FarEnd } from "../../local/s3/far-end.ts";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { openState } from "../../local/wire/state.ts";
import { expectTable, foreign, rowsOf } from "./harness.ts";

const python = foreign("venv/bin/python", "test/foreign/boto3.long.ts");
const mine = mkdtempSync(join(tmpdir(), "foreign-s3-"));
const folder = join(mine, "remote");
mkdirSync(folder);
const state = openState(":memory:");
let served: Served;
beforeAll(async () => {
  served = await serveFarEnd(
    s3FarEnd({
      state,
      faults: faultStore(),
      now: () => new Date(),
      buckets: { remote: { folder, keyId: "key", secret: "secret" } },
    }),
  );
});
afterAll(async () => {
  await served.close();
  state.close();
  rmSync(mine, { recursive: true, force: true });
});

(python === undefined ? test.skip : test)("boto3 on S3", async () => {
  const program = join(import.meta.dirname, "boto3_cases.py");
  const rows = await rowsOf(python ?? "", [program], { ENDPOINT: served.url, FOLDER: folder });
  expectTable("boto3 on S3", rows, 110);
});
