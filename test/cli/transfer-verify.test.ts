// `groundcrew transfer verify` against a store on loopback, by keys in the environment: what was changed since is found, and named.
import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ReceiptLine, receiptLine } from "../../shared/transfers/receipt-lines.ts";
import type { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { keyId, remote, type S3Harness, s3Harness, secret } from "../local/s3/harness.ts";
import { command } from "./in-process.ts";

let store: S3Harness;
let folder: string;
beforeEach(async () => {
  store = await s3Harness();
  folder = mkdtempSync(join(tmpdir(), "verify-"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const names = ["a/one", "a/two words", "z", "é"];
const contentOf = (name: string): string => `content of ${name}`;
const put = (name: string, content: string): void => {
  const file = join(store.folder, "set", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

/** Leaves an object whose ETag is no MD5 of its bytes. */
async function putInParts(name: string, content: string): Promise<void> {
  const at = `${store.url}/inbox/set/${name.split("/").map(encodeURIComponent).join("/")}`;
  const begun = await (await store.client.fetch(`${at}?uploads`, { method: "POST" })).text();
  const upload = /<UploadId>([^<]+)</.exec(begun)?.[1] ?? "";
  const part = await store.client.fetch(`${at}?partNumber=1&uploadId=${upload}`, {
    method: "PUT",
    body: content,
  });
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.get("etag")}</ETag></Part></CompleteMultipartUpload>`;
  const ended = await store.client.fetch(`${at}?uploadId=${upload}`, { method: "POST", body });
  expect(ended.status).toBe(200);
  await ended.text();
}

function saved(lines: readonly ReceiptLine[], change: Partial<TransferReceipt> = {}): string {
  const text = lines.map(receiptLine).join("");
  const receipt: TransferReceipt = {
    ...{ v: 1, id: "t1", from: "a:x", to: "pod:set", state: "done", said: "done", objects: lines.length },
    ...{ bytes: 1, copied: 1, already: 0, missing: 0, verified: { md5: 1, size: 0 }, manifestSha256: "s" },
    ...{ rclone: [], machines: 1, preemptions: 0, errors: 0, machineHours: 1, dollars: 1 },
    ...{ startedAt: "2026-11-21T08:00:00Z", endedAt: "2026-11-21T09:00:00Z" },
    ...{ notThere: [], conflicts: [], unmovable: [], target: { ...remote, path: "set" } },
    whole: [{ file: "0.ndjson.gz", lines: lines.length, sha256: hash("sha256", text) }],
    ...change,
  };
  const file = join(folder, "lines.ndjson.gz");
  // Packed piece by piece, as it comes from the ledger.
  const head = gzipSync(`${JSON.stringify({ receipt })}\n`);
  writeFileSync(file, Buffer.concat([head, gzipSync(text)]));
  return file;
}

const lineOf = (name: string): ReceiptLine => {
  const md5 = hash("md5", contentOf(name));
  return { name, state: "copied", size: Buffer.byteLength(contentOf(name)), md5, how: "md5", etag: md5 };
};
const keys = { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret };
const verify = (file: string, args: string[] = [], env: Record<string, string> = keys) =>
  command(["transfer", "verify", "t1", "--receipt", file, ...args], {
    cwd: folder,
    env: { AWS_ENDPOINT_URL_S3: store.url, ...env },
  });

describe("of a target", () => {
  beforeEach(() => {
    for (const name of names) put(name, contentOf(name));
    put("of nobody's receipt", "x");
  });

  test("that is as it was: good, and nothing is written", async () => {
    const { code, stdout } = await verify(saved(names.map(lineOf)));
    expect([code, stdout]).toEqual([0, "4 objects as they were proved to be\n"]);
  });

  test("of which one is gone, one was written over in the same size and one has not arrived: each is named", async () => {
    rmSync(join(store.folder, "set", "z"));
    put("é", contentOf("é").replace("content", "CONTENT"));
    const missing: ReceiptLine = { name: "b", state: "missing", size: 1 };
    const [one, two, ...rest] = names.map(lineOf);
    const lines = [one, two, missing, ...rest].filter((line) => line !== undefined);
    const { code, stdout } = await verify(saved(lines.toSorted((a, b) => (a.name < b.name ? -1 : 1))));
    expect([code, stdout.split("\n").sort()]).toEqual([
      4,
      [
        "",
        "  differs: é",
        "  gone: z",
        "1 object not there any more",
        "1 object of another content now",
        "1 object that had not arrived, by the receipt itself",
        "2 objects as they were proved to be",
      ],
    ]);
  });

  test("which only reading tells: not told without, and told with --read", async () => {
    const lines = names.map(
      (name): ReceiptLine => ({ ...lineOf(name), how: "read", etag: `${"0".repeat(32)}-9` }),
    );
    for (const name of names) await putInParts(name, contentOf(name));
    const without = await verify(saved(lines));
    expect([without.code, without.stdout]).toEqual([
      4,
      `4 objects of which nothing short of reading tells (--read)\n${names.map((name) => `  untold: ${name}\n`).join("")}`,
    ]);
    await putInParts("z", contentOf("z").replace("content", "CONTENT"));
    const { code, stdout } = await verify(saved(lines), ["--read", "--json"]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      4,
      { good: false, counts: { same: 3, differs: 1, untold: 0 }, names: { differs: ["z"] } },
    ]);
  });

  test("whose parts are as they were: told by the ETag, and read back all the same with --read", async () => {
    await putInParts("z", contentOf("z"));
    const etag = `${hash("md5", hash("md5", contentOf("z"), "buffer"))}-1`;
    const line: ReceiptLine = { ...lineOf("z"), how: "read", etag };
    expect((await verify(saved([line]))).code).toBe(0);
    // The receipt's sum is of other bytes: only reading finds it.
    const wrong = saved([{ ...line, md5: "0".repeat(32) }]);
    expect([(await verify(wrong)).code, (await verify(wrong, ["--read"])).code]).toEqual([0, 4]);
  });
});

describe("nothing is verified", () => {
  const whole = () => saved([lineOf("a/one")]);
  test.each<[string, () => string, Record<string, string>, number, string]>([
    ["without keys", whole, {}, 2, "there are no keys for the target"],
    ["of another transfer", () => saved([], { id: "t2" }), keys, 2, "the file is another transfer's receipt"],
    ["of a receipt of before", () => saved([], { whole: undefined }), keys, 1, "of an earlier version"],
    ["of no file", () => join(folder, "none"), keys, 2, "there is no such file"],
    [
      "of lines that were changed",
      () => {
        const [first, other] = [lineOf("a/one"), lineOf("z")];
        const file = saved([first]);
        const head = readFileSync(file).subarray(0, -gzipSync(receiptLine(first)).length);
        writeFileSync(file, Buffer.concat([head, gzipSync(receiptLine(other))]));
        return file;
      },
      keys,
      1,
      "its lines are not those that the receipt names",
    ],
    [
      "of a file that was cut",
      () => {
        const file = whole();
        writeFileSync(file, readFileSync(file).subarray(0, -20));
        return file;
      },
      keys,
      1,
      "is no receipt, or is damaged",
    ],
  ])("%s", async (_, file, env, code, why) => {
    const said = await verify(file(), [], env);
    expect([said.code, said.stderr]).toEqual([code, expect.stringContaining(why)]);
    expect(said.stdout).toBe("");
  });
});
