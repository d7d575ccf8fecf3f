// Headers and own metadata beside the bytes, with the real rclone and the real mover: they arrive.
import { afterEach, expect } from "@jest/globals";
import { testWithRclone } from "./rclone.ts";
import { type TransferHub, transferHub } from "./transfer-hub.ts";

const withRclone = await testWithRclone("test/flows/transfer-beside.long.ts");
let hub: TransferHub | undefined;
afterEach(() => hub?.close());

const headers = {
  "content-type": "application/json",
  "content-encoding": "gzip",
  "cache-control": "max-age=60",
  "content-disposition": "attachment",
  "content-language": "de",
  "x-amz-meta-station": "7",
};

withRclone("from S3 to S3 headers and own metadata arrive with the bytes", async () => {
  hub = await transferHub();
  const { put, client, at, transfer, posts, receiptOf } = hub;
  await put("pod-published", "set/one.json", "{}", headers);
  expect(await transfer("set", "pod-published:set", "pod-inbox:set")).toMatchObject({ told: [] });
  const answer = await client.fetch(at("pod-inbox", "set/one.json"), { method: "HEAD" });
  const arrived = Object.keys(headers).map((name) => [name, answer.headers.get(name)]);
  expect(Object.fromEntries(arrived)).toEqual(headers);
  expect(posts().filter((subject) => subject === "Transfer set is done")).toHaveLength(1);
  expect((await receiptOf("set"))?.note).toBeUndefined();
});

withRclone(
  "from Cloud Storage they arrive too, and so do odd names and a folder's mark, brought by the mover",
  async () => {
    hub = await transferHub();
    const { putIntoGcs, client, at, transfer, posts, receiptOf } = hub;
    const resource = { contentEncoding: "identity", cacheControl: "no-store", metadata: { station: "7" } };
    await putIntoGcs("persistent", { name: "set/one.json", ...resource }, "{}");
    await putIntoGcs("persistent", { name: "set/two.json", contentLanguage: "de" }, "{}");
    await putIntoGcs("persistent", { name: "set/plain.json" }, "[]");
    await putIntoGcs("persistent", { name: "set/a//b\u0007.json" }, "[7]");
    await putIntoGcs("persistent", { name: "set/folder/" }, "");
    const { end, told } = await transfer("set", "persistent:set", "pod-inbox:set");
    expect([end, told]).toEqual(["transfer set done: 5 objects copied", []]);
    const arrived = async (name: string) => {
      const answer = await client.fetch(at("pod-inbox", `set/${name}`));
      const said = ["content-encoding", "cache-control", "content-language", "x-amz-meta-station"];
      return [await answer.text(), ...said.map((header) => answer.headers.get(header))];
    };
    expect(await arrived("one.json")).toEqual(["{}", "identity", "no-store", null, "7"]);
    expect(await arrived("two.json")).toEqual(["{}", null, null, "de", null]);
    expect(await arrived("plain.json")).toEqual(["[]", null, null, null, null]);
    expect(await arrived("a//b\u0007.json")).toEqual(["[7]", null, null, null, null]);
    expect(await arrived("folder/")).toEqual(["", null, null, null, null]);
    expect(posts().filter((subject) => subject === "Transfer set is done")).toHaveLength(1);
    expect((await receiptOf("set"))?.note).toBeUndefined();
  },
);
