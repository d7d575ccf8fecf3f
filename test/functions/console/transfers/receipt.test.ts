// Receipts as people keep them: a page, a text and all lines, for as long as the records are there, whatever else is gone.
import { hash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TransferReceipt } from "../../../../shared/transfers/receipt-records.ts";
import { asker, openConsole } from "../harness.ts";
import { textOf } from "../pages-harness.ts";

let on: Awaited<ReturnType<typeof openConsole>>;
const { ask, page } = asker(() => on.app);

const line = (name: string, state: string): string => {
  const how = state === "copied" ? { how: "md5" } : {};
  return `${JSON.stringify({ name, state, size: 1, md5: "a".repeat(32), ...how })}\n`;
};
const parts = [line("a", "copied") + line("b", "missing"), line("c <b>", "copied")];
const fileOf = (at: number): string => `transfers/prod/t1/receipt/${at}-0.ndjson.gz`;

const before: TransferReceipt = {
  ...{ v: 1, id: "t0", from: "a:x", to: "b:y", state: "incomplete", said: "not complete: 2 objects copied" },
  ...{ objects: 4, bytes: 4000, copied: 2, already: 0, missing: 1, verified: { md5: 2, size: 0 } },
  ...{
    manifestSha256: "feed",
    rclone: ["v1.60.1"],
    machines: 3,
    preemptions: 2,
    errors: 1,
    machineHours: 0.5,
  },
  ...{ dollars: 1.5, startedAt: "2026-11-21T08:00:00Z", endedAt: "2026-11-21T09:00:00Z" },
  ...{ notThere: ["b"], conflicts: ["<script>"], unmovable: [], note: "Look at the keys." },
};
const now: TransferReceipt = {
  ...before,
  id: "t1",
  by: "Ann Example",
  verified: { md5: 3, asked: 4, read: 5, size: 6 },
  dollarsFor: { egress: 1, retrieval: 0, operations: 0.25, machines: 0.25 },
  target: {
    kind: "s3",
    bucket: "inbox",
    endpoint: "https://pod.example.org",
    region: "us-east-1",
    path: "y",
  },
  others: { changed: 1200, conflicts: 1, unmovable: 0 },
  whole: parts.map((text, at) => ({
    file: fileOf(at),
    lines: text.split("\n").length - 1,
    sha256: hash("sha256", text),
  })),
};

beforeAll(async () => {
  on = await openConsole();
  for (const receipt of [before, now])
    await on.records.create(`transfers/prod/${receipt.id}/receipt.json`, receipt);
  for (const [at, text] of parts.entries())
    await on.records.keep(fileOf(at), gzipSync(text), "application/gzip");
});
afterAll(() => on.close());

describe("the page", () => {
  test("counts objects by what is known of them, with a picture of each share", async () => {
    const shown = await page("/transfers/prod/t1/receipt");
    const rows = [
      ...shown.matchAll(
        /<tr><th scope="row">([^<]+)<\/th><td><svg.*?width="([\d.]+)" height="8" rx="2"><\/rect><\/svg><\/td><td class="number">([^<]+)</g,
      ),
    ];
    expect(rows.map(([, word, width, count]) => [word, width, count])).toEqual([
      ["proved by the sums of both stores", "1.0", "3"],
      ["proved by a sum that a store was asked for", "1.0", "4"],
      ["proved by reading back", "1.0", "5"],
      ["there, not proved", "1.0", "6"],
      ["copied and not as at the source", "98.4", "1,200"],
      ["of another content, left alone", "1.0", "1"],
      ["not there", "1.0", "1"],
      ["deleted at the source before they were copied", "0.0", "0"],
      ["changed at the source before they were copied", "0.0", "0"],
      ["of a name that cannot be copied", "0.0", "0"],
      ["egress", "66.7", "$1.00"],
      ["retrieval from colder classes", "0.0", "$0.0000"],
      ["requests to the stores", "16.7", "$0.2500"],
      ["machines", "16.7", "$0.2500"],
    ]);
  });

  test("tells machines, rclone, where the target is, sums and names, and shows no markup of names", async () => {
    const shown = await page("/transfers/prod/t1/receipt");
    for (const says of [
      "It is not complete: 2 objects copied.",
      "Look at the keys.",
      "3 made, 2 taken away by Google, 1 error, 0.50 hours; all are deleted",
      "v1.60.1",
      "s3://inbox/y at https://pod.example.org",
      "Ann Example (as typed, not proved)",
      "feed",
      hash("sha256", parts[0] ?? ""),
    ])
      expect(textOf(shown)).toContain(says);
    expect(shown).toContain("<code>&lt;script&gt;</code>");
    expect(shown).not.toContain("<code><script>");
  });

  test("of before: without what was not known by then", async () => {
    const shown = await page("/transfers/prod/t0/receipt");
    expect(textOf(shown)).toContain("1 object not there");
    expect(textOf(shown)).toContain("the receipt is of an earlier version");
    expect(shown).not.toMatch(/ndjson|<h2>Dollars/);
  });

  test("saved, it needs nothing of ours", async () => {
    const answer = await ask("/transfers/prod/t1/receipt.html");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="receipt-t1.html"');
    const text = await answer.text();
    expect(text).toContain("Receipt of transfer t1");
    expect(text).not.toMatch(/<link|<script|src=|href=|url\(/);
  });
});

test("as text: what the page says, in columns", async () => {
  const text = await page("/transfers/prod/t1/receipt.txt");
  expect(text.split("\n").slice(0, 12)).toEqual([
    "Receipt of transfer t1",
    "",
    "It is not complete: 2 objects copied.",
    "",
    "From                     a:x",
    "To                       b:y (s3://inbox/y at https://pod.example.org)",
    "Asked for by             Ann Example (as typed, not proved)",
    "Begun and ended          2026-11-21 at 08:00 UTC, 2026-11-21 at 09:00 UTC",
    "In all                   4 objects, 4 kB",
    "Machines                 3 made, 2 taken away by Google, 1 error, 0.50 hours; all are deleted",
    "rclone                   v1.60.1",
    "Dollars                  about $1.50",
  ]);
  expect(text).toContain("         1,200  copied and not as at the source\n");
  expect(text).toContain('not there:\n  "b"\n');
});

test("the lines of all objects are one packed text, which begins with the receipt", async () => {
  const answer = await ask("/transfers/prod/t1/receipt.ndjson.gz");
  expect(answer.headers.get("content-type")).toBe("application/gzip");
  const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString();
  const [head = "", ...lines] = text.split("\n");
  expect(JSON.parse(head)).toEqual({ receipt: now });
  expect(lines.join("\n")).toBe(parts.join(""));
});

test("the sums have what was proved to have arrived, and the script says where", async () => {
  expect(await page("/transfers/prod/t1/sums.txt")).toBe(`${"a".repeat(32)}  a\n${"a".repeat(32)}  c <b>\n`);
  const script = await page("/transfers/prod/t1/check.sh");
  expect(script).toContain("rclone checksum md5 \"$sums\" 'target:inbox/y' --one-way");
  expect((await ask("/transfers/prod/t0/check.sh")).status).toBe(404);
});

test("for programs: the record, and the same lines", async () => {
  expect(await (await ask("/api/transfers/prod/t1/receipt")).json()).toEqual({ receipt: now });
  const linesAt = async (at: string) =>
    Buffer.from(await (await ask(`${at}/transfers/prod/t1/receipt.ndjson.gz`)).arrayBuffer());
  expect(await linesAt("/api")).toEqual(await linesAt(""));
  expect((await ask("/api/transfers/prod/none/receipt")).status).toBe(404);
});

test("a file that is missing breaks the download off", async () => {
  const file = { file: "transfers/prod/t2/receipt/9-9.ndjson.gz", lines: 1, sha256: "s" };
  await on.records.create("transfers/prod/t2/receipt.json", { ...now, id: "t2", whole: [file] });
  const answer = await ask("/transfers/prod/t2/receipt.ndjson.gz");
  await expect(answer.arrayBuffer()).rejects.toThrow("missing from the ledger");
});

test.each([
  "/transfers/prod/nobody/receipt",
  "/transfers/prod/..%2f/receipt.txt",
  "/transfers/No/t1/receipt.html",
])("%s: there is no such receipt", async (path) => {
  const answer = await ask(path);
  expect([answer.status, textOf(await answer.text())]).toEqual([
    404,
    expect.stringContaining("There is no such receipt"),
  ]);
});
