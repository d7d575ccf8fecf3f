// rclone as a client of our S3 and our Cloud Storage, case by case, judged by the files that lie there afterwards.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, test } from "@jest/globals";
import { takeViolations } from "../../local/wire/called-routes.ts";
import { isInstalled, run } from "../conformance/programs.ts";
import { keyId, secret } from "../local/s3/harness.ts";
import { saySkipped } from "../skipped.ts";
import { expectTable, type Row } from "./harness.ts";
import { casesOf, laid } from "./rclone.cases.ts";
import { rcloneEnds } from "./rclone-ends.ts";

const { here, s3, gcsFolder, gcsEnv } = rcloneEnds("foreign-rclone");
writeFileSync(join(here, "new"), "new");

/** Seconds for one question: a client that tries again for ever tells nothing. */
const patienceSeconds = "10";

const env = () => ({
  HOME: "/nonexistent",
  RCLONE_RETRIES: "1",
  RCLONE_LOW_LEVEL_RETRIES: "1",
  RCLONE_CONFIG_S3_TYPE: "s3",
  RCLONE_CONFIG_S3_PROVIDER: "Ceph",
  RCLONE_CONFIG_S3_ENDPOINT: s3().url,
  RCLONE_CONFIG_S3_ACCESS_KEY_ID: keyId,
  RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: secret,
  RCLONE_CONFIG_S3_NO_CHECK_BUCKET: "true",
  RCLONE_CONFIG_GCS_TYPE: "google cloud storage",
  RCLONE_CONFIG_GCS_BUCKET_POLICY_ONLY: "true",
  ...gcsEnv("GCS"),
});

function lying(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    found.map(({ name, parentPath }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

const ends = [
  { far: "S3", remote: "s3:inbox", folder: () => s3().folder, isS3: true },
  { far: "Cloud Storage", remote: "gcs:remote", folder: gcsFolder, isS3: false },
];
const hasRclone = isInstalled("rclone");
if (!hasRclone) saySkipped("test/foreign/rclone.long.ts", "rclone is not installed");
(hasRclone ? describe : describe.skip)("rclone", () => {
  test.each(ends)("on $far", async ({ far, remote, folder, isS3 }) => {
    const rows: Row[] = [];
    for (const one of casesOf((name) => `${remote}/${name}`, here, isS3)) {
      const own = join(folder(), one.name);
      for (const [name, text] of Object.entries(laid)) {
        mkdirSync(dirname(join(own, name)), { recursive: true });
        writeFileSync(join(own, name), text);
      }
      const { code, out, err } = await run("timeout", [patienceSeconds, "rclone", ...one.asks], {
        env: env(),
      });
      // Removal takes the empty folder too, or leaves it.
      mkdirSync(own, { recursive: true });
      const stands = isDeepStrictEqual(lying(own), one.left);
      const said = one.out === undefined || out.trim().split("\n").sort().join("\n") === one.out;
      const refused = code !== 0 && /\b501\b|not served here/.test(err);
      const got = !stands || !said ? "wrong" : refused ? "501" : "right";
      const says =
        got === one.expect ? "" : `${code} ${out} ${err.slice(-400)} ${JSON.stringify(lying(own))}`;
      rows.push({
        name: one.name,
        asks: one.asks.join(" "),
        vendor: one.vendor,
        expect: one.expect,
        got,
        says,
      });
    }
    takeViolations();
    expectTable(`rclone on ${far}`, rows, 20);
  });
});
