// Objects that lie at the target already, of the size that they have at the source, and of which no listing tells whether they are the
// same: their store is asked, or a machine reads them back with the real rclone. None is taken for the same without that.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { AwsClient } from "aws4fetch";
import { ledgerWindow } from "../../local/instance/ledger-window.ts";
import { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { md5Of, putInParts, rcloneSum } from "../local/s3/parts.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";

const withRclone = await testWithRclone("test/flows/transfer-proof.long.ts");
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

const file = (path: string) => join(hub.folder, path);
const bytes = (letter: string) => Buffer.alloc(6 * 1024 * 1024, letter);

function save(path: string, content: Buffer | string): void {
  mkdirSync(join(file(path), ".."), { recursive: true });
  writeFileSync(file(path), content);
}

withRclone("an object of the same size is asked for or read back, at both ends", async () => {
  const { farEnds, runOnce } = await hub.start();
  save("requests/first-copy.yaml", "");
  for (const name of ["stale", "stale of somebody", "same", "same of somebody"])
    save(`buckets/persistent/set/${name}`, bytes("s"));
  // Made of parts at Google: of these no MD5 is known at the source.
  save("buckets/persistent/set/composite", "of parts");
  save("buckets/persistent/set/composite, there", "of parts");
  save("buckets/persistent/.groundcrew/composed", "set/composite\nset/composite, there\n");
  save("buckets/pod-inbox/set/composite, there", "of Parts");

  const keys = farEnds.secrets.s3Keys["pod-inbox"] ?? { keyId: "", secret: "" };
  const client = new AwsClient({
    accessKeyId: keys.keyId,
    secretAccessKey: keys.secret,
    service: "s3",
    region: "us-east-1",
  });
  const put = (name: string, whole: Buffer, headers: Record<string, string> = {}) =>
    putInParts(client, `${farEnds.endpoints.s3}/pod-inbox/set/${encodeURIComponent(name)}`, {
      whole,
      headers,
    });
  await put("stale", bytes("o"), rcloneSum(md5Of(bytes("o"))));
  await put("stale of somebody", bytes("o"));
  await put("same", bytes("s"), rcloneSum(md5Of(bytes("s"))));
  await put("same of somebody", bytes("s"));

  save("requests/set.yaml", JSON.stringify({ from: "persistent:set", to: "pod-inbox:set" }));
  const runs = await runOnce();
  const last = runs.filter(({ title }) => title.includes("transfer set")).at(-1);
  expect(last?.title).toBe(
    "transfer set not complete: 1 object copied, 2 objects there already, 3 objects of another content left alone",
  );
  const window = ledgerWindow({ ...farEnds, project: "sample-hub" });
  const receipt = await window.read("transfers/sample/set/receipt.json", TransferReceipt);
  expect(receipt).toMatchObject({
    conflicts: ["composite, there", "stale", "stale of somebody"],
    verified: { md5: 0, asked: 1, read: 2, size: 0 },
    changed: [],
    unproved: [],
  });
  expect(readFileSync(file("buckets/pod-inbox/set/composite"), "utf8")).toBe("of parts");
  expect(readFileSync(file("buckets/pod-inbox/set/stale of somebody")).equals(bytes("o"))).toBe(true);
  expect(farEnds.compute.machines()).toEqual([]);
  expect(farEnds.violations()).toEqual([]);
});
