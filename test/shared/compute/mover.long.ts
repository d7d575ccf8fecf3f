// The mover with large objects, with many, with the real rclone as the judge of what it left, and against an S3 that others wrote.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, test as always, beforeEach, describe, expect } from "@jest/globals";
import { AwsClient } from "aws4fetch";
import * as z from "zod";
import { moverProgram } from "../../../shared/compute/mover/program.ts";
import { ownChild } from "../../children.ts";
import { isInstalled, run } from "../../conformance/programs.ts";
import { foreign } from "../../foreign/harness.ts";
import { freePort } from "../../local/free-port.ts";
import { until } from "../../patience.ts";
import { saySkipped } from "../../skipped.ts";
import { type Kind, md5Of, moverHarness, testWithPython, withOther } from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover.long.ts");
let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness();
});
afterEach(() => world.close());

const MiB = 1024 * 1024;
/** Runs the mover and says in the end how much memory it had at most, in KiB, and its seconds of processor time. */
const measured = [
  "-c",
  `import atexit, re, runpy, sys, time
def say():
    peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1)
    print(peak, time.process_time(), file=sys.stderr)
atexit.register(say)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")`,
];
const measuredIn = (err: string) => {
  const [kib = 0, cpuSeconds = 0] = err.split(" ").map(Number);
  return { peakMiB: Math.round(kib / 1024), cpuSeconds };
};

async function sumOf(file: string): Promise<string> {
  const sum = createHash("md5");
  for await (const chunk of createReadStream(file)) sum.update(chunk);
  return sum.digest("hex");
}

/** Bytes that differ everywhere, laid into a bucket's folder. */
function lay(kind: Kind, name: string, size: number): void {
  const piece = Buffer.alloc(MiB);
  mkdirSync(world.folder(kind, "source"), { recursive: true });
  const file = world.folder(kind, "source", name);
  writeFileSync(file, "");
  for (let at = 0; at < size; at += MiB) {
    for (let word = 0; word < MiB; word += 4)
      piece.writeUInt32LE((at + word * 2_654_435_761) % 2 ** 32, word);
    writeFileSync(file, piece.subarray(0, Math.min(MiB, size - at)), { flag: "a" });
  }
}

const large = 300 * MiB + 12_345;
test.each<[Kind, Kind]>([
  ["gcs", "s3"],
  ["s3", "gcs"],
])("300 MB from %s to %s go in parts, in little memory", async (from, to) => {
  lay(from, "large", large);
  const md5 = await sumOf(world.folder(from, "source", "large"));
  const { code, err, results } = await world.move([from, to], [{ name: "large", size: large, md5 }], {
    python: measured,
  });
  const { peakMiB, cpuSeconds } = measuredIn(err);
  console.log(
    `300 MB from ${from} to ${to}: ${peakMiB} MiB of memory, ${cpuSeconds.toFixed(1)} s of processor time`,
  );
  expect([code, results["large"]?.state, results["large"]?.md5]).toEqual([0, "copied", md5]);
  expect(peakMiB).toBeLessThan(80);
  expect(await sumOf(world.folder(to, "target", "large"))).toBe(md5);
  if (to === "gcs") return;
  expect(results["large"]?.etag).toMatch(/-38$/);
  expect(await world.inS3("large")).toMatchObject({
    etag: `"${results["large"]?.etag}"`,
    "x-amz-meta-md5chksum": Buffer.from(md5, "hex").toString("base64"),
  });
});

test("an object of more parts than a store takes goes in larger ones", async () => {
  await world.close();
  const few = withOther(withOther(moverProgram, "WHOLE", "10 * MIB"), "MOST_PARTS", "3");
  world = await moverHarness(few);
  lay("gcs", "giant", 40 * MiB + 1);
  const { results } = await world.move(["gcs", "s3"], [{ name: "giant", size: 40 * MiB + 1 }]);
  expect(results["giant"]?.etag).toMatch(/-3$/);
  expect((await world.inS3("giant"))?.["etag"]).toBe(`"${results["giant"]?.etag}"`);
  expect(results["giant"]?.md5).toBe(await sumOf(world.folder("s3/target/giant")));
});

test("what is packed is read as it lies there, range by range", async () => {
  lay("gcs", "raw", 30 * MiB);
  const packed = gzipSync(readFileSync(world.folder("gcs/source/raw")), { level: 0 });
  await world.putGcs("packed", packed, { contentEncoding: "gzip", contentType: "text/plain" });
  const { results } = await world.move(["gcs", "s3"], [{ name: "packed", size: packed.length }]);
  expect(results).toEqual({ packed: { state: "copied", md5: md5Of(packed) } });
  expect(await world.inS3("packed")).toMatchObject({ "content-encoding": "gzip" });
  expect(readFileSync(world.folder("s3/target/packed")).equals(packed)).toBe(true);
});

test("of two thousand objects at once none is lost", async () => {
  const objects = Array.from({ length: 2000 }, (_, n) => ({ name: `o${n}`, size: 1000 }));
  mkdirSync(world.folder("gcs/source"), { recursive: true });
  for (const { name } of objects) writeFileSync(world.folder("gcs/source", name), name.padEnd(1000, "-"));
  await world.names("gcs", "source");
  const begun = performance.now();
  const { code, progress, err } = await world.move(["gcs", "s3"], objects, { python: measured });
  const seconds = (performance.now() - begun) / 1000;
  const { peakMiB, cpuSeconds } = measuredIn(err);
  console.log(
    `2,000 objects: ${seconds.toFixed(1)} s, ${peakMiB} MiB of memory, ${cpuSeconds.toFixed(1)} s of processor time`,
  );
  expect([code, progress]).toEqual([0, { objects: 2000, bytes: 2_000_000, causes: {} }]);
  for (const { name } of objects) expect(statSync(world.folder("s3/target", name)).size).toBe(1000);
});

const hasRclone = isInstalled("rclone");
if (!hasRclone) saySkipped("test/shared/compute/mover.long.ts, rclone", "rclone is not installed");
(hasRclone ? describe : describe.skip)("rclone", () => {
  const Listed = z.array(z.object({ Path: z.string(), ModTime: z.string(), MimeType: z.string() }));

  test("finds at the target what is at the source: sums, types and times of the last change", async () => {
    const large = Buffer.alloc(201 * MiB, "rclone");
    await world.putGcs("a/one.csv", "1,2", {
      contentType: "text/csv",
      metadata: { mtime: "2001-02-03T04:05:06.123456789Z" },
    });
    await world.putGcs("a/large.nc", large, { contentType: "application/netcdf" });
    const objects = [
      { name: "one.csv", size: 3, md5: md5Of("1,2") },
      { name: "large.nc", size: large.length, md5: md5Of(large) },
    ];
    expect((await world.move(["gcs", "s3"], objects, { prefix: "a" })).code).toBe(0);
    const env = {
      HOME: "/nonexistent",
      RCLONE_CONFIG: "/dev/null",
      ...Object.fromEntries(
        Object.entries({
          TYPE: "s3",
          PROVIDER: "Ceph",
          ENDPOINT: world.served.s3.url,
          ACCESS_KEY_ID: "key-target",
          SECRET_ACCESS_KEY: "secret-of-target",
        }).map(([word, value]) => [`RCLONE_CONFIG_POD_${word}`, value]),
      ),
    };
    const listed = await run("rclone", ["lsjson", "pod:target/a"], { env });
    const found = Listed.parse(JSON.parse(listed.out)).map(({ Path, ModTime, MimeType }) => [
      Path,
      new Date(ModTime).toISOString(),
      MimeType,
    ]);
    expect(found).toEqual([
      ["large.nc", "2026-03-04T05:06:07.890Z", "application/netcdf"],
      ["one.csv", "2001-02-03T04:05:06.123Z", "text/csv"],
    ]);
    const check = ["check", world.folder("gcs/source/a"), "pod:target/a"];
    expect(await run("rclone", check, { env })).toMatchObject({ code: 0 });
    // Of one that is in parts it finds the MD5 that the mover left.
    const sums = await run("rclone", ["md5sum", "pod:target/a/large.nc"], { env });
    expect(sums.out).toBe(`${md5Of(large)}  large.nc\n`);
  });
});

const moto = foreign("venv/bin/moto_server", "mover.long.ts, moto");
(moto === undefined ? always.skip : test)(
  "an S3 that others wrote is written to, read back, and not written over",
  async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = { PATH: process.env["PATH"], HOME: world.folder("home") };
    ownChild(spawn(moto ?? "", ["-H", "127.0.0.1", "-p", new URL(url).port], { stdio: "ignore", env }));
    await until(() =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    const keys = { accessKeyId: "key", secretAccessKey: "secret" };
    const client = new AwsClient({ ...keys, service: "s3", region: "us-east-1" });
    expect((await client.fetch(`${url}/target`, { method: "PUT" })).status).toBe(200);

    const packed = gzipSync("packed");
    const big = Buffer.alloc(201 * MiB, "moto");
    const names = ["a//b", " space ", "\u0001", "wide\uff0f", "%2F+#?", "ends/", "n".repeat(1000)];
    await world.putGcs("packed", packed, {
      contentType: "application/json",
      contentEncoding: "gzip",
      cacheControl: "no-store",
      contentDisposition: "attachment",
      contentLanguage: "de",
      metadata: { station: "7", place: "Tromsø" },
    });
    await world.putGcs("big", big);
    for (const name of names) await world.putGcs(name, name);
    const objects = [
      { name: "packed", size: packed.length, md5: md5Of(packed) },
      { name: "big", size: big.length, md5: md5Of(big) },
      ...names.map((name) => ({ name, size: Buffer.byteLength(name), md5: md5Of(name) })),
    ];
    const there = {
      TARGET_ENDPOINT: url,
      TARGET_KEY_ID: "key",
      TARGET_SECRET: "secret",
      TARGET_REGION: "us-east-1",
    };
    const out = await world.move(["gcs", "s3"], objects, { environment: there });
    expect([out.code, out.err, out.progress.objects]).toEqual([0, "", objects.length]);
    const head = await client.fetch(`${url}/target/packed`, { method: "HEAD" });
    expect(Object.fromEntries(head.headers)).toMatchObject({
      "content-type": "application/json",
      "content-encoding": "gzip",
      "cache-control": "no-store",
      "content-disposition": "attachment",
      "content-language": "de",
      "x-amz-meta-station": "7",
      "x-amz-meta-place": "=?UTF-8?B?VHJvbXPDuA==?=",
      etag: `"${md5Of(packed)}"`,
    });
    expect((await client.fetch(`${url}/target/big`, { method: "HEAD" })).headers.get("etag")).toBe(
      `"${out.results["big"]?.etag}"`,
    );

    const back = Object.fromEntries(
      Object.entries(there).map(([word, value]) => [word.replace("TARGET", "SOURCE"), value]),
    );
    const returned = await world.move(["s3", "gcs"], objects, {
      environment: { ...back, SOURCE_BUCKET: "target" },
    });
    expect([returned.code, returned.err, returned.progress.objects]).toEqual([0, "", objects.length]);
    expect((await world.inGcs("packed"))?.said).toMatchObject({
      contentEncoding: "gzip",
      own: { station: "7", place: "Tromsø" },
    });
    for (const { name, md5 } of objects) expect([name, (await world.inGcs(name))?.md5]).toEqual([name, md5]);

    await world.putGcs("packed", "another");
    const again = await world.move(["gcs", "s3"], [{ name: "packed", size: 7 }], { environment: there });
    expect(again.results).toEqual({ packed: { state: "failed", cause: "changed" } });
  },
);
