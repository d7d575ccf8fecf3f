// The script of a receipt, run by a real rclone against both kinds of stores, with nothing of ours but the two files that were saved.
// What was changed since is found. Skips, loudly, where there is no rclone.
import { hash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect } from "@jest/globals";
import { checkScript, sumLine } from "../../shared/transfers/check-script.ts";
import type { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { run } from "../conformance/programs.ts";
import { rcloneEnds } from "../foreign/rclone-ends.ts";
import { keyId, remote, secret } from "../local/s3/harness.ts";
import { testWithRclone } from "./rclone.ts";

const test = await testWithRclone("test/flows/receipt-check.long.ts");
const { here, s3, gcsFolder, gcsEnv } = rcloneEnds("receipt-check");

const names = [
  "plain",
  "a/b c",
  " begins with a blank",
  "*star",
  "ümlaut/\u{1f600}",
  'it\'s "quoted" $HOME',
  "100%+#?.nc",
];
const contentOf = (name: string): string => `content of ${name}`;

const receipt: TransferReceipt = {
  ...{ v: 1, id: "t1", from: "a:x", to: "b:y", state: "done", said: "done", objects: 1, bytes: 1, copied: 1 },
  ...{ already: 0, missing: 0, verified: { md5: 1, size: 0 }, manifestSha256: "s", rclone: [], machines: 1 },
  ...{ preemptions: 0, errors: 0, machineHours: 1, dollars: 1, notThere: [], conflicts: [], unmovable: [] },
  ...{ startedAt: "2026-11-21T08:00:00Z", endedAt: "2026-11-21T09:00:00Z" },
};

const stores = {
  s3: {
    folder: () => join(s3().folder, "it's a set"),
    target: () => ({ ...remote, endpoint: s3().url, path: "it's a set" }),
    env: () => ({ AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret }),
  },
  "Cloud Storage": {
    folder: () => join(gcsFolder(), "it's a set"),
    target: () => ({ kind: "gcs", bucket: "remote", path: "it's a set" }),
    env: () => gcsEnv("TARGET"),
  },
};

describe.each(Object.entries(stores))("at %s", (kind, { folder, target, env }) => {
  const put = (name: string, content: string): void => {
    mkdirSync(dirname(join(folder(), name)), { recursive: true });
    writeFileSync(join(folder(), name), content);
  };
  const own = join(here, kind);
  async function check(...args: string[]): Promise<{ code: number | null; err: string }> {
    const { code, err } = await run("sh", [join(own, "check.sh"), join(own, "sums.txt"), ...args], {
      env: { HOME: "/nonexistent", PATH: process.env["PATH"] ?? "", RCLONE_RETRIES: "1", ...env() },
    });
    return { code, err };
  }

  test("finds all as it was, then each of three changes, by sums and by reading", async () => {
    mkdirSync(own, { recursive: true });
    for (const name of names) put(name, contentOf(name));
    put("of nobody's receipt", "x");
    writeFileSync(join(own, "check.sh"), checkScript({ ...receipt, target: target() }) ?? "");
    const sums = names.map((name) =>
      sumLine({ name, state: "copied", size: 1, how: "md5", md5: hash("md5", contentOf(name)) }),
    );
    writeFileSync(join(own, "sums.txt"), sums.join(""));

    const good = await check();
    expect(good).toMatchObject({ code: 0, err: expect.stringContaining("7 objects to check") });
    expect(good.err).toContain("7 matching files");
    expect(await check("--download")).toMatchObject({ code: 0 });

    rmSync(join(folder(), "plain"));
    put("*star", contentOf("*star").toUpperCase());
    put("a/b c", "shorter");
    for (const args of [[], ["--download"]]) {
      const bad = await check(...args);
      expect(bad.code).not.toBe(0);
      expect(bad.err).toContain("3 differences found");
      for (const name of ["plain", "*star", "a/b c"]) expect(bad.err).toContain(name);
    }
  });
});
