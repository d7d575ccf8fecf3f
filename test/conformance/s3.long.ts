// rclone as a client of our S3: pages of both listings, uploads in parts, one that is given up, and back again.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { s3FarEnd } from "../../local/s3/far-end.ts";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { openState } from "../../local/wire/state.ts";
import { contents, fill } from "../flows/transfer-tree.ts";
import { saySkipped } from "../skipped.ts";
import { expectCalled } from "./calls.ts";
import { isInstalled, run } from "./programs.ts";

const mine = mkdtempSync(join(tmpdir(), "s3-client-"));
const [bucket, big] = [join(mine, "bucket"), join(mine, "big")];
mkdirSync(bucket);
fill(bucket, 2_600);
writeFileSync(big, Buffer.alloc(12_000_000, "groundcrew"));
const state = openState(":memory:");
const faults = faultStore();
let served: Served;
beforeAll(async () => {
  served = await serveFarEnd(
    s3FarEnd({
      state,
      faults,
      now: () => new Date(),
      buckets: { remote: { folder: bucket, keyId: "key", secret: "secret" } },
    }),
  );
});
afterAll(async () => {
  await served.close();
  state.close();
  rmSync(mine, { recursive: true, force: true });
});

const env = () => ({
  HOME: mine,
  RCLONE_CONFIG_S3_TYPE: "s3",
  RCLONE_CONFIG_S3_PROVIDER: "Ceph",
  RCLONE_CONFIG_S3_ENDPOINT: served.url,
  RCLONE_CONFIG_S3_ACCESS_KEY_ID: "key",
  RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: "secret",
  // As the machines say it: they may not make buckets.
  RCLONE_CONFIG_S3_NO_CHECK_BUCKET: "true",
});
const rclone = async (...parameters: string[]) => run("rclone", parameters, { env: env() });
const parts = ["--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M"];
const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
const names = (): string[] => Object.keys(contents(bucket));
const hasRclone = isInstalled("rclone");
if (!hasRclone) saySkipped("test/conformance/s3.long.ts", "rclone is not installed");

(hasRclone ? describe : describe.skip)("rclone", () => {
  test.each(["1", "2"])("lists thousands of objects by version %s of the listing", async (version) => {
    const listing = ["lsf", "--recursive", "--files-only", "--fast-list", "--s3-list-version", version];
    const { out } = await rclone(...listing, "s3:remote");
    expect(new Set(lines(out))).toEqual(new Set(names()));
    expect(names()).toHaveLength(2_600);
  });

  test("copies a tree here and finds no difference; then one", async () => {
    const copy = join(mine, "copy");
    expect(await rclone("copy", "s3:remote/chunk", copy)).toMatchObject({ code: 0 });
    expect(await rclone("check", copy, "s3:remote/chunk")).toMatchObject({ code: 0 });
    writeFileSync(join(copy, "1", "1.0"), "changed");
    expect(await rclone("check", copy, "s3:remote/chunk")).toMatchObject({ code: 1 });
  });

  test("uploads whole and in parts, reads a part, and deletes", async () => {
    for (const more of [[], parts]) {
      expect(await rclone("copyto", ...more, big, "s3:remote/from-rclone")).toMatchObject({ code: 0 });
      expect(readFileSync(join(bucket, "from-rclone")).equals(readFileSync(big))).toBe(true);
      const part = await rclone("cat", "--offset", "10", "--count", "10", "s3:remote/from-rclone");
      expect(part.out).toBe("groundcrew");
      expect(await rclone("deletefile", "s3:remote/from-rclone")).toMatchObject({ code: 0 });
    }
    expect(names()).not.toContain("from-rclone");
  });

  test("gives up an upload in parts that fails, and leaves nothing", async () => {
    faults.add({ farEnd: "s3", match: "PUT", times: 100, failure: { kind: "status", status: 403 } });
    const tries = ["--retries", "1", "--low-level-retries", "1"];
    const failed = await rclone("copyto", ...parts, ...tries, big, "s3:remote/from-rclone");
    faults.clear();
    expect(failed.code).not.toBe(0);
    expect(names()).not.toContain("from-rclone");
    expect(await rclone("cleanup", "s3:remote")).toMatchObject({ code: 0 });
  });

  afterAll(() => expectCalled("rclone on S3"));
});
