// Headers and own metadata beside the bytes, with the real rclone and the real mover: they arrive.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { AwsClient } from "aws4fetch";
import type { FarEnds } from "../../local/instance/far-ends.ts";
import { readLines } from "../../local/slack/log.ts";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";

const withRclone = await testWithRclone("test/flows/transfer-beside.long.ts");
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

const headers = {
  "content-type": "application/json",
  "content-encoding": "gzip",
  "cache-control": "max-age=60",
  "content-disposition": "attachment",
  "content-language": "de",
  "x-amz-meta-station": "7",
};

withRclone("from S3 to S3 headers and own metadata arrive with the bytes", async () => {
  const { farEnds, runOnce } = await hub.start();
  const { s3Keys } = farEnds.secrets;
  const clientOf = (remote: string) => {
    const { keyId = "", secret = "" } = s3Keys[remote] ?? {};
    return new AwsClient({ accessKeyId: keyId, secretAccessKey: secret, service: "s3", region: "us-east-1" });
  };
  rmSync(join(hub.folder, "requests", "first-copy.yaml"), { force: true });
  const at = (remote: string) => `${farEnds.endpoints.s3}/${remote}/set/one.json`;
  await clientOf("pod-published").fetch(at("pod-published"), { method: "PUT", headers, body: "{}" });
  const request = { from: "pod-published:set", to: "pod-inbox:set" };
  writeFileSync(join(hub.folder, "requests", "set.yaml"), JSON.stringify(request));
  await runOnce();
  const answer = await clientOf("pod-inbox").fetch(at("pod-inbox"), { method: "HEAD" });
  const arrived = Object.keys(headers).map((name) => [name, answer.headers.get(name)]);
  expect(Object.fromEntries(arrived)).toEqual(headers);
  const told = readLines(join(hub.folder, "slack.log"), 1000).posts.map(({ text }) => text);
  expect(told.filter((text) => text.includes("Transfer set is done"))).toHaveLength(1);
  expect(told.join()).not.toContain("Stays behind");
});

/** Puts an object into Cloud Storage with what its owner says of it, as gcloud does. */
async function putIntoGcs({ endpoints, identities }: FarEnds, resource: object, body: string): Promise<void> {
  const { token } = identities.mint(operatorIdentity("sample-hub"), [
    "https://www.googleapis.com/auth/devstorage.read_write",
  ]);
  const parts = [
    ["application/json", JSON.stringify(resource)],
    ["application/json", body],
  ].map(([type, text]) => `--b\r\ncontent-type: ${type}\r\n\r\n${text}\r\n`);
  const answer = await fetch(`${endpoints.storage}/upload/storage/v1/b/persistent/o?uploadType=multipart`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "multipart/related; boundary=b" },
    body: `${parts.join("")}--b--`,
  });
  expect(answer.status).toBe(200);
}

withRclone(
  "from Cloud Storage they arrive too, and so do odd names and a folder's mark, brought by the mover",
  async () => {
    const { farEnds, runOnce } = await hub.start();
    rmSync(join(hub.folder, "requests", "first-copy.yaml"), { force: true });
    const resource = { contentEncoding: "identity", cacheControl: "no-store", metadata: { station: "7" } };
    await putIntoGcs(farEnds, { name: "set/one.json", ...resource }, "{}");
    await putIntoGcs(farEnds, { name: "set/two.json", contentLanguage: "de" }, "{}");
    await putIntoGcs(farEnds, { name: "set/plain.json" }, "[]");
    await putIntoGcs(farEnds, { name: "set/a//b\u0007.json" }, "[7]");
    const request = { from: "persistent:set", to: "pod-inbox:set" };
    writeFileSync(join(hub.folder, "requests", "set.yaml"), JSON.stringify(request));
    await runOnce();
    const { keyId = "", secret = "" } = farEnds.secrets.s3Keys["pod-inbox"] ?? {};
    const client = new AwsClient({
      accessKeyId: keyId,
      secretAccessKey: secret,
      service: "s3",
      region: "us-east-1",
    });
    const arrived = async (name: string) => {
      const answer = await client.fetch(`${farEnds.endpoints.s3}/pod-inbox/set/${name}`);
      const said = ["content-encoding", "cache-control", "content-language", "x-amz-meta-station"];
      return [await answer.text(), ...said.map((header) => answer.headers.get(header))];
    };
    expect(await arrived("one.json")).toEqual(["{}", "identity", "no-store", null, "7"]);
    expect(await arrived("two.json")).toEqual(["{}", null, null, "de", null]);
    expect(await arrived("plain.json")).toEqual(["[]", null, null, null, null]);
    expect(await arrived("a//b%07.json")).toEqual(["[7]", null, null, null, null]);
    const told = readLines(join(hub.folder, "slack.log"), 1000).posts.map(({ text }) => text);
    expect(told.filter((text) => text.includes("Transfer set is done"))).toEqual([
      expect.stringContaining("4 objects copied"),
    ]);
    expect(told.join()).not.toContain("Stays behind");
  },
);
