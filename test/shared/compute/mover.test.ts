// The mover between stores of both kinds: what stands beside the bytes arrives, and what cannot is named.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import { type Kind, md5Of, moverHarness, testWithPython } from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover.test.ts");
let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness();
});
afterEach(() => world.close());

const packed = gzipSync('{"depth": [5, 10, 25]}', { level: 1 });
const one = { name: "a/one.json", size: packed.length };
const sum = md5Of(packed);
const copied = { code: 0, err: "", results: { "one.json": { state: "copied", md5: sum } } };
const move = (way: readonly [Kind, Kind], md5?: string) =>
  world.move(way, [{ name: "one.json", size: packed.length, ...(md5 === undefined ? {} : { md5 }) }], {
    prefix: "a",
  });

const inGcs = {
  contentType: "application/json",
  contentEncoding: "gzip",
  cacheControl: "public, max-age=60",
  contentDisposition: 'attachment; filename="one.json"',
  contentLanguage: "de, en",
};
const inS3 = {
  "content-type": "application/json",
  "content-encoding": "gzip",
  "cache-control": "public, max-age=60",
  "content-disposition": 'attachment; filename="one.json"',
  "content-language": "de, en",
};

describe("what stands beside the bytes", () => {
  test("arrives in S3 from Cloud Storage: headers, own metadata, times", async () => {
    await world.putGcs(one.name, packed, {
      ...inGcs,
      customTime: "2020-02-03T04:05:06Z",
      metadata: {
        station: "7",
        "Cruise-Leg": "two",
        empty: "",
        place: "Tromsø, 69° N",
        lines: "one\ntwo",
        spaces: "  two  spaces  ",
        end: "space ",
        words: "=?utf-8?q?no=20word?=",
        mtime: "2001-02-03T04:05:06.123456789Z",
        "goog-reserved-file-mtime": "981173106",
        md5chksum: "AAAAAAAAAAAAAAAAAAAAAA==",
      },
    });
    expect(await move(["gcs", "s3"], sum)).toMatchObject(copied);
    const {
      etag,
      date,
      connection,
      "keep-alive": alive,
      "last-modified": made,
      ...said
    } = (await world.inS3(one.name)) ?? {};
    expect(said).toEqual({
      ...inS3,
      "accept-ranges": "bytes",
      "content-length": String(packed.length),
      "x-amz-meta-station": "7",
      "x-amz-meta-cruise-leg": "two",
      "x-amz-meta-empty": "",
      "x-amz-meta-place": "=?UTF-8?B?VHJvbXPDuCwgNjnCsCBO?=",
      "x-amz-meta-lines": "=?UTF-8?B?b25lCnR3bw==?=",
      "x-amz-meta-spaces": "=?UTF-8?B?ICB0d28gIHNwYWNlcyAg?=",
      "x-amz-meta-end": "=?UTF-8?B?c3BhY2Ug?=",
      "x-amz-meta-words": "=?UTF-8?B?PT91dGYtOD9xP25vPTIwd29yZD89?=",
      "x-amz-meta-mtime": "981173106.123456789",
      "x-amz-meta-goog-custom-time": "2020-02-03T04:05:06Z",
    });
    expect(etag).toBe(`"${sum}"`);
    expect(readFileSync(world.folder("s3/target/a/one.json"))).toEqual(packed);
  });

  test("arrives in Cloud Storage from S3", async () => {
    await world.putS3(one.name, packed, {
      ...inS3,
      "x-amz-meta-station": "7",
      "x-amz-meta-empty": "",
      "x-amz-meta-place": "=?UTF-8?B?VHJvbXPDuCwgNjnCsCBO?=",
      "x-amz-meta-lines": "=?utf-8?Q?one=0A?= =?utf-8?Q?two?=",
      "x-amz-meta-mixed": "plain =?iso-8859-1?q?=FC?= plain",
      "x-amz-meta-none": "=?no-charset?q?x?=",
      "x-amz-meta-mtime": "981173106.123456789",
      "x-amz-meta-md5chksum": Buffer.from(sum, "hex").toString("base64"),
    });
    expect(await move(["s3", "gcs"])).toMatchObject(copied);
    expect(await world.inGcs(one.name)).toEqual({
      size: packed.length,
      md5: sum,
      said: {
        ...inGcs,
        own: {
          station: "7",
          empty: "",
          place: "Tromsø, 69° N",
          lines: "one\ntwo",
          mixed: "plain ü plain",
          none: "=?no-charset?q?x?=",
          mtime: "2001-02-03T04:05:06.123456789Z",
          "goog-reserved-file-mtime": "981173106",
        },
      },
    });
    expect(readFileSync(world.folder("gcs/target/a/one.json"))).toEqual(packed);
  });

  test("arrives in Cloud Storage from Cloud Storage, with the custom time", async () => {
    const own = {
      Station: "7",
      place: "Tromsø",
      mtime: "2001-02-03T06:05:06+02:00",
      "goog-reserved-posix-mode": "0644",
    };
    await world.putGcs(one.name, packed, { ...inGcs, customTime: "2020-02-03T04:05:06Z", metadata: own });
    expect(await move(["gcs", "gcs"], sum)).toMatchObject(copied);
    expect((await world.inGcs(one.name))?.said).toEqual({
      ...inGcs,
      customTime: "2020-02-03T04:05:06Z",
      own: { ...own, mtime: "2001-02-03T04:05:06Z", "goog-reserved-file-mtime": "981173106" },
    });
    expect(readFileSync(world.folder("gcs/target/a/one.json"))).toEqual(packed);
  });

  test("arrives in S3 from S3, with the time of expiry", async () => {
    const said = { ...inS3, expires: "Thu, 01 Jan 2032 00:00:00 GMT", "x-amz-meta-station": "7" };
    await world.putS3(one.name, packed, { ...said, "x-amz-meta-mtime": "-1.5" });
    expect(await move(["s3", "s3"])).toMatchObject(copied);
    expect(await world.inS3(one.name)).toMatchObject({ ...said, "x-amz-meta-mtime": "-1.5" });
  });

  test("is the time at which the source got it, where nobody says another", async () => {
    await world.putGcs(one.name, packed);
    await world.putGcs("a/two", "2", { metadata: { "goog-reserved-file-mtime": "981173106" } });
    await world.move(
      ["gcs", "s3"],
      [
        { name: "one.json", size: packed.length },
        { name: "two", size: 1 },
      ],
      { prefix: "a" },
    );
    expect((await world.inS3(one.name))?.["x-amz-meta-mtime"]).toBe("1772600767.89");
    expect((await world.inS3("a/two"))?.["x-amz-meta-mtime"]).toBe("981173106");
    await world.putS3("b/one.json", packed);
    await world.move(["s3", "gcs"], [{ name: "one.json", size: packed.length }], { prefix: "b" });
    expect((await world.inGcs("b/one.json"))?.said.own).toEqual({
      mtime: "2026-03-04T05:06:07Z",
      "goog-reserved-file-mtime": "1772600767",
    });
  });

  test("of a folder is its mark, which has no bytes", async () => {
    await world.putGcs("a/", "", { contentType: "application/x-directory" });
    await world.putGcs("a/b/", "", { metadata: { owner: "sea" } });
    const marks = [
      { name: "", size: 0 },
      { name: "b/", size: 0 },
    ];
    const { code, progress } = await world.move(["gcs", "s3"], marks, { prefix: "a" });
    expect([code, progress]).toEqual([0, { objects: 2, bytes: 0, causes: {} }]);
    expect(await world.names("s3")).toEqual(["a/", "a/b/"]);
    const clean = {
      prefix: "a",
      environment: {
        SOURCE_BUCKET: "target",
        SOURCE_KEY_ID: "key-target",
        SOURCE_SECRET: "secret-of-target",
      },
    };
    expect((await world.move(["s3", "gcs"], marks, clean)).code).toBe(0);
    expect((await world.inGcs("a/"))?.said.contentType).toBe("application/x-directory");
    expect((await world.inGcs("a/b/"))?.said.own).toMatchObject({ owner: "sea" });
  });

  test("is named where the target cannot be told, and the object is copied", async () => {
    const long = "x".repeat(1000);
    await world.putGcs("a/long", "1", {
      metadata: { one: long, two: long, three: long },
      cacheControl: "no-store",
    });
    await world.putGcs("a/twice", "2", { metadata: { Key: "1", key: "2", "no token": "3" } });
    await world.putGcs("a/header", "3", {
      contentDisposition: 'attachment; filename="Tromsø"',
      contentLanguage: "no",
    });
    const objects = ["long", "twice", "header"].map((name) => ({ name, size: 1 }));
    const { code, results } = await world.move(["gcs", "s3"], objects, { prefix: "a" });
    expect([code, results]).toEqual([
      0,
      {
        long: { state: "copied", md5: md5Of("1"), left: ["own metadata"] },
        twice: { state: "copied", md5: md5Of("2"), left: ["own metadata"] },
        header: { state: "copied", md5: md5Of("3"), left: ["content disposition"] },
      },
    ]);
    expect(await world.inS3("a/long")).toMatchObject({
      "cache-control": "no-store",
      "x-amz-meta-mtime": "1772600767.89",
    });
    expect(await world.inS3("a/twice")).toMatchObject({ "x-amz-meta-key": "1" });
    expect(await world.inS3("a/header")).toMatchObject({ "content-language": "no" });

    await world.putS3("b/expires", "4", { expires: "Thu, 01 Jan 2032 00:00:00 GMT" });
    const back = await world.move(["s3", "gcs"], [{ name: "expires", size: 1 }], { prefix: "b" });
    expect(back.results).toEqual({ expires: { state: "copied", md5: md5Of("4"), left: ["expiry"] } });
  });
});

test.each(["gcs", "s3"] as const)(
  "names the writings in %s of what is to be read: another one has another name",
  async (kind) => {
    const put = (text: string, name = "a/one") =>
      kind === "gcs" ? world.putGcs(name, text, {}, "target") : world.putS3(name, text, {}, "target");
    const odd = " ü#%;?";
    await put("before");
    await put("odd", `a/${odd}`);
    const before = await world.writings(kind, ["one", odd, "none"]);
    await put("since it");
    const since = await world.writings(kind, ["one", odd, "none"]);
    expect([before.code, before.err, Object.keys(before.named).sort()]).toEqual([0, "", [odd, "one"].sort()]);
    expect([since.named[odd], since.named["one"] === before.named["one"]]).toEqual([
      before.named[odd],
      false,
    ]);
    if (kind === "s3") expect(since.named["one"]).toBe(md5Of("since it"));
    else expect(since.named["one"]).toMatch(/^[0-9]+$/);
  },
);
