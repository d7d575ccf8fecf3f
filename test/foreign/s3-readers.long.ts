// Our readers of S3 stores against servers that others wrote: what they list, what they tell of an object, and the uploads that they end must
// be what was laid there by hand, or be refused aloud.
import { hash } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { describer, sumsAsker } from "../../shared/remotes/heads.ts";
import { remoteLister } from "../../shared/remotes/list.ts";
import { type EndUploads, type OursOf, uploadEnder } from "../../shared/remotes/uploads.ts";
import type { Remote } from "../../shared/settings.ts";
import { md5Of, putInParts, rcloneSum } from "../local/s3/parts.ts";
import { wholeOf } from "../shared/remotes/whole.ts";
import { fortyNames, namesBesideFolders } from "./odd-names.ts";
import { addressOf, keys, type S3Server, type S3ServerName, s3Server } from "./s3-servers.ts";

const remote: Extract<Remote, { kind: "s3" }> = {
  kind: "s3",
  bucket: "inbox",
  endpoint: "https://pod.example.org",
  provider: "Ceph",
  region: "us-east-1",
};
const whole = Buffer.alloc(6 * 1024 * 1024, "whole");

type Expected = {
  /** Listing that is right: of names in the order of their bytes, over three pages; or in any order, of one page alone. */
  lists: "in order" | "one page";
  /** Kind of the ETag of an object in parts. */
  etagOfParts: "MD5 of all" | "of parts";
  /** End of a look at the uploads that are open. */
  uploads: { ended: number; left: number } | "refused";
};
const expected: Record<S3ServerName, Expected> = {
  radosgw: { lists: "in order", etagOfParts: "of parts", uploads: { ended: 3, left: 1 } },
  // Walks its folders in their own order, and goes on after a name: on further pages some names come again, and others never.
  s3rver: { lists: "one page", etagOfParts: "MD5 of all", uploads: "refused" },
  "rclone serve s3": { lists: "in order", etagOfParts: "MD5 of all", uploads: { ended: 3, left: 1 } },
  // Says of each upload that it was begun in 2010: before any transfer.
  moto: { lists: "in order", etagOfParts: "of parts", uploads: { ended: 0, left: 4 } },
};

let server: S3Server | undefined;
afterEach(() => server?.close());

describe.each(Object.keys(expected) as S3ServerName[])("%s", (name) => {
  const start = s3Server(name, "test/foreign/s3-readers.long.ts");
  const testHere = start === undefined ? test.skip : test;

  async function started() {
    server = await start?.({ buckets: [remote.bucket] });
    if (server === undefined) throw new Error("it was to be skipped");
    const { url, client } = server;
    const deps = { keys: async () => `pod ${keys.keyId} ${keys.secret}`, s3Endpoint: url };
    const at = (key: string) => addressOf(url, remote.bucket, key);
    return {
      at,
      client,
      deps,
      async put(key: string, body: string, headers: Record<string, string> = {}): Promise<void> {
        const answer = await client.fetch(at(key), { method: "PUT", body, headers });
        expect([key, answer.status]).toEqual([key, 200]);
      },
    };
  }

  testHere(`lists forty odd names (${expected[name].lists}), and nothing of other folders`, async () => {
    const { put, deps } = await started();
    const rounds = expected[name].lists === "in order" ? 700 : 100;
    const many = namesBesideFolders(rounds);
    const names = [...fortyNames, ...many];
    for (const one of names) await put(`set/${one}`, `of ${one}`);
    await put("settled", "of another folder");
    const list = remoteLister({ ...deps, storage: () => Promise.reject(new Error("nobody is asked")) });
    const found = await wholeOf(list)("pod", remote, "set");
    const wanted = names.map((one) => ({
      name: one,
      size: Buffer.byteLength(`of ${one}`),
      etag: md5Of(`of ${one}`),
    }));
    const byBytes = (objects: typeof wanted) =>
      objects.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    if (expected[name].lists === "in order") expect(found).toEqual(byBytes(wanted));
    else expect(new Set(found)).toEqual(new Set(wanted));
  });

  testHere("asks for the MD5 of objects, and believes no ETag of parts", async () => {
    const { at, put, client, deps } = await started();
    await put("set/in one piece", "in one piece");
    await putInParts(client, at("set/rclone's"), { whole, headers: rcloneSum(md5Of(whole)) });
    await putInParts(client, at("set/somebody's"), { whole });
    const names = ["in one piece", "rclone's", "somebody's", "not there"];
    const sums = await sumsAsker(deps)("pod", remote, { path: "set", names });
    expect(Object.fromEntries(sums)).toEqual({
      "in one piece": md5Of("in one piece"),
      "rclone's": md5Of(whole),
      ...(expected[name].etagOfParts === "MD5 of all" ? { "somebody's": md5Of(whole) } : {}),
    });
    const read = await (await client.fetch(at("set/somebody's"))).arrayBuffer();
    expect(hash("sha256", Buffer.from(read))).toBe(hash("sha256", whole));
  });

  testHere("tells what stands beside the bytes", async () => {
    const { put, deps } = await started();
    await put("set/bare", "bare", { "x-amz-meta-mtime": "1700000000.5" });
    await put("set/dressed", "dressed", {
      "content-encoding": "gzip",
      "cache-control": "max-age=60",
      "content-disposition": "attachment",
      "content-language": "de",
      "x-amz-meta-station": "7",
    });
    const told = await describer(deps)("pod", remote, { path: "set", names: ["bare", "dressed"] });
    expect(Object.fromEntries(told.map((one) => [one.name, one.beside]))).toEqual({
      bare: [],
      dressed: [
        "content encoding",
        "cache control",
        "content disposition",
        "content language",
        "own metadata",
      ],
    });
  });

  testHere("ends the uploads of a transfer's names, and no others", async () => {
    const { at, client, deps } = await started();
    const begin = async (key: string): Promise<void> => {
      const answer = await client.fetch(`${at(key)}?uploads=`, { method: "POST" });
      expect([key, answer.status]).toEqual([key, 200]);
    };
    const since = new Date(Date.now() - 1000);
    const until = new Date(Date.now() + 60_000);
    for (const key of ["set/a big+one.nc", "set/a big+one.nc", "set/☂.nc", "set/other.nc", "settled"])
      await begin(key);
    const names = new Set(["a big+one.nc", "☂.nc"]);
    const ours: OursOf = async (asked) => new Set(asked.filter((one) => names.has(one)));
    const end: EndUploads = uploadEnder(deps);
    expect(await end("pod", remote, { path: "set", since, until, ours })).toEqual(expected[name].uploads);
    const { uploads } = expected[name];
    if (uploads === "refused" || uploads.ended === 0) return;
    expect(await end("pod", remote, { path: "set", since, until, ours })).toEqual({ ended: 0, left: 1 });
    const left = await (await client.fetch(`${at("")}?uploads=`)).text();
    expect([...left.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key).sort()).toEqual([
      "set/other.nc",
      "settled",
    ]);
  });
});
