// The script of a receipt: nothing that a person or an installation has typed gets out of its quotes.
import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkScript, sumLine } from "../../../shared/transfers/check-script.ts";
import type { ReceiptLine } from "../../../shared/transfers/receipt-lines.ts";
import type { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";

const receipt: TransferReceipt = {
  ...{ v: 1, id: "t1", from: "a:x", to: "b:y", state: "done", said: "done", objects: 1, bytes: 1, copied: 1 },
  ...{ already: 0, missing: 0, verified: { md5: 1, size: 0 }, manifestSha256: "s", rclone: [], machines: 1 },
  ...{ preemptions: 0, errors: 0, machineHours: 1, dollars: 1, notThere: [], conflicts: [], unmovable: [] },
  ...{ startedAt: "2026-11-21T08:00:00Z", endedAt: "2026-11-21T09:00:00Z" },
};

test("whatever the path has in it, rclone is given it as one word, and nothing else runs", () => {
  const text = fc.string({ unit: "grapheme" }).map((path) => path.replaceAll("\0", ""));
  fc.assert(
    fc.property(text, text, (path, region) => {
      const target = { kind: "s3", bucket: "b", endpoint: "https://pod.example.org", region, path };
      const script = checkScript({ ...receipt, target }) ?? "";
      const told = `rclone() { printf '%s\\0' "$@" "$RCLONE_CONFIG_TARGET_REGION"; }\n`;
      const { stdout, status } = spawnSync("sh", ["-s", "--", "/dev/null", "--download"], {
        input: told + script.replace("exec rclone", "rclone"),
        env: { PATH: process.env["PATH"] },
      });
      const where = path === "" ? "target:b" : `target:b/${path}`;
      expect([status, stdout.toString().split("\0")]).toEqual([
        0,
        ["checksum", "md5", "/dev/null", where, "--one-way", "--download", region, ""],
      ]);
    }),
    { numRuns: 20 },
  );
});

const bare: ReceiptLine = { name: "a b", state: "copied", size: 1 };
const line: ReceiptLine = { ...bare, md5: "a".repeat(32), how: "md5" };

test.each<[ReceiptLine, string | undefined]>([
  [line, `${"a".repeat(32)}  a b\n`],
  [{ ...bare, state: "missing", md5: "a".repeat(32) }, undefined],
  [{ ...line, how: "size" }, undefined],
  [{ ...bare, how: "md5" }, undefined],
  [{ ...line, name: "a//b" }, undefined],
  [{ ...line, name: "a\nb" }, undefined],
])("%j", (one, expected) => {
  expect(sumLine(one)).toBe(expected);
});
