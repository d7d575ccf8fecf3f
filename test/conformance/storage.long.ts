// gcloud and rclone as clients of our Cloud Storage: what Google's own tool and an independent one take for a bucket must be
// one, with pages, folders, resumable uploads and preconditions.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { contents, fill } from "../flows/transfer-tree.ts";
import { project, storageHarness } from "../local/storage/harness.ts";
import { saySkipped } from "../skipped.ts";
import { expectCalled } from "./calls.ts";
import { gcloudEnv, isInstalled, run } from "./programs.ts";

const objects = 2_600;
const mine = mkdtempSync(join(tmpdir(), "storage-clients-"));
let served: Awaited<ReturnType<typeof storageHarness>>;
let [bucket, bearer] = ["", ""];
const [big, small, token] = [join(mine, "big"), join(mine, "small"), join(mine, "token")];
// More than the 8 MiB at which both programs turn to resumable uploads.
writeFileSync(big, Buffer.alloc(20_000_000, "groundcrew"));
writeFileSync(small, "small");
beforeAll(async () => {
  served = await storageHarness();
  bucket = join(served.folder, "remote");
  fill(bucket, objects);
  bearer = served.tokenOf(operatorIdentity(project)).replace("Bearer ", "");
  writeFileSync(token, bearer);
});
afterAll(async () => {
  await served.close();
  rmSync(mine, { recursive: true, force: true });
});

const pagesOf = () => served.count("storage", "GET /storage/v1/b/remote/o");
const resumable = () => served.count("storage", "PUT /upload/storage/v1/b/remote/o");
const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
/** The names in the bucket, as its folder has them. */
const names = (): string[] => Object.keys(contents(bucket));

const gcloud = async (...parameters: string[]) =>
  run("gcloud", ["storage", ...parameters], {
    env: gcloudEnv({
      folder: join(mine, "gcloud"),
      project,
      tokenFile: token,
      services: { storage: `${served.url}/storage/v1/` },
    }),
  });
const hasGcloud = isInstalled("gcloud");
if (!hasGcloud) saySkipped("test/conformance/storage.long.ts, gcloud", "it is not installed");

(hasGcloud ? describe : describe.skip)("gcloud storage", () => {
  test("lists thousands of objects in pages, and one level by the delimiter", async () => {
    served.faults.forget();
    const all = await gcloud("ls", "gs://remote/**");
    expect(new Set(lines(all.out))).toEqual(new Set(names().map((name) => `gs://remote/${name}`)));
    expect(names()).toHaveLength(objects);
    expect(pagesOf()).toBe(3);
    const top = await gcloud("ls", "gs://remote/");
    expect(new Set(lines(top.out))).toEqual(
      new Set(names().map((name) => `gs://remote/${name.split("/")[0]}/`)),
    );
  });

  test("uploads in one piece and resumably, says the same of both, and gets them back", async () => {
    served.faults.forget();
    for (const [file, name] of [
      [small, "small"],
      [big, "big"],
    ] as const) {
      expect(await gcloud("cp", file, `gs://remote/${name}`)).toMatchObject({ code: 0 });
      expect(readFileSync(join(bucket, name)).equals(readFileSync(file))).toBe(true);
    }
    expect(resumable()).toBeGreaterThan(0);
    expect(await gcloud("cp", "gs://remote/big", join(mine, "back"))).toMatchObject({ code: 0 });
    expect(readFileSync(join(mine, "back")).equals(readFileSync(big))).toBe(true);
    const said = await gcloud("objects", "describe", "gs://remote/small", "--format=json");
    expect(JSON.parse(said.out)).toMatchObject({ bucket: "remote", name: "small", size: 5 });
    expect((await gcloud("buckets", "describe", "gs://remote", "--format=value(name)")).out.trim()).toBe(
      "remote",
    );
  });

  test("is held by generations, and deletes", async () => {
    const Said = z.object({ generation: z.string() });
    const describeIt = await gcloud("objects", "describe", "gs://remote/small", "--format=json");
    const { generation } = Said.parse(JSON.parse(describeIt.out));
    const again = await gcloud("cp", "--if-generation-match=0", big, "gs://remote/small");
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("412")]);
    const late = await gcloud("rm", "--if-generation-match=1", "gs://remote/small");
    expect([late.code, late.err]).toEqual([1, expect.stringContaining("412")]);
    expect(readFileSync(join(bucket, "small"), "utf8")).toBe("small");
    const gone = await gcloud("rm", `--if-generation-match=${generation}`, "gs://remote/small");
    expect(gone).toMatchObject({ code: 0 });
    expect(names()).not.toContain("small");
  });

  afterAll(() => expectCalled("gcloud storage"));
});

const rcloneEnv = () => ({
  HOME: mine,
  RCLONE_CONFIG_GCS_TYPE: "google cloud storage",
  RCLONE_CONFIG_GCS_ENDPOINT: `${served.url}/storage/v1/`,
  RCLONE_CONFIG_GCS_BUCKET_POLICY_ONLY: "true",
  RCLONE_CONFIG_GCS_TOKEN: JSON.stringify({ access_token: bearer, expiry: "2100-01-01T00:00:00Z" }),
});
const rclone = async (...parameters: string[]) => run("rclone", parameters, { env: rcloneEnv() });
const hasRclone = isInstalled("rclone");
if (!hasRclone) saySkipped("test/conformance/storage.long.ts, rclone", "it is not installed");

(hasRclone ? describe : describe.skip)("rclone", () => {
  test("lists thousands of objects in pages, and one level by the delimiter", async () => {
    served.faults.forget();
    const all = await rclone("lsf", "--recursive", "--files-only", "--fast-list", "gcs:remote");
    expect(new Set(lines(all.out))).toEqual(new Set(names()));
    expect(pagesOf()).toBe(3);
    const top = await rclone("lsf", "--dirs-only", "gcs:remote/chunk");
    expect(lines(top.out).toSorted()).toEqual(
      [...new Set(names().flatMap((name) => /^chunk\/(\d+)\//.exec(name)?.[1] ?? []))]
        .map((folder) => `${folder}/`)
        .toSorted(),
    );
  });

  test("copies a tree here, and finds no difference by its checksums; then one", async () => {
    const copy = join(mine, "copy");
    mkdirSync(copy);
    expect(await rclone("copy", "gcs:remote/chunk", copy)).toMatchObject({ code: 0 });
    expect(await rclone("check", copy, "gcs:remote/chunk")).toMatchObject({ code: 0 });
    writeFileSync(join(copy, "1", "1.0"), "changed");
    const check = await rclone("check", copy, "gcs:remote/chunk");
    expect([check.code, check.err]).toEqual([1, expect.stringContaining("1 differences found")]);
  });

  test("uploads resumably, reads a part, and deletes", async () => {
    served.faults.forget();
    expect(await rclone("copyto", big, "gcs:remote/from-rclone")).toMatchObject({ code: 0 });
    // The beginning, and chunks of 16 MiB.
    expect(served.count("storage", "POST /upload/storage/v1/b/remote/o")).toBe(3);
    expect(readFileSync(join(bucket, "from-rclone")).equals(readFileSync(big))).toBe(true);
    const part = await rclone("cat", "--offset", "10", "--count", "10", "gcs:remote/from-rclone");
    expect(part.out).toBe("groundcrew");
    expect(await rclone("deletefile", "gcs:remote/from-rclone")).toMatchObject({ code: 0 });
    expect(names()).not.toContain("from-rclone");
  });

  afterAll(() => expectCalled("rclone on Cloud Storage"));
});
