// The other way round: our lister, ledger, walker and scan against servers and programs that others wrote. Each must see in them what
// was laid there by hand. s3-readers.long.ts has the readers of S3.
import { execFileSync, spawn } from "node:child_process";
import { hash } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { ledgerBucket } from "../../shared/functions.ts";
import { ledger } from "../../shared/ledger.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../shared/prometheus/scan.ts";
import { walk } from "../../shared/quota/walk.ts";
import { remoteLister } from "../../shared/remotes/list.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { ownChild } from "../children.ts";
import { freePort } from "../local/free-port.ts";
import { project, storageHarness } from "../local/storage/harness.ts";
import { until } from "../patience.ts";
import { wholeOf } from "../shared/remotes/whole.ts";
import { saySkipped } from "../skipped.ts";
import { foreign } from "./harness.ts";

const mine = mkdtempSync(join(tmpdir(), "foreign-servers-"));
afterAll(() => rmSync(mine, { recursive: true, force: true }));

/** Names that are hard to write in an address, in XML or in a listing, and enough others for two pages. */
const names = [
  ...["a big+one.nc", "100%.nc", "ä & <b>.nc", "'quoted'.nc", "chunk.json"],
  ...Array.from({ length: 1001 }, (_, index) => `chunk/${index}`),
].sort();
const wanted = names.map((name) => ({
  name,
  size: Buffer.byteLength(name),
  md5: hash("md5", name),
}));
const byName = <T extends { name: string }>(found: readonly T[]): T[] =>
  found.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Lays those names under `set/` of a bucket's folder. */
function fill(folder: string): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, "set", name)), { recursive: true });
    writeFileSync(join(folder, "set", name), name);
  }
  writeFileSync(join(folder, "settled"), "of another folder");
}

/** Starts a server and waits until it answers anything at all. */
async function started(program: string, parameters: string[], url: string): Promise<void> {
  ownChild(spawn(program, parameters, { stdio: "ignore", env: { PATH: process.env["PATH"], HOME: mine } }));
  await until(() =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
}

const fakeGcs = foreign("bin/fake-gcs-server", "test/foreign/readers.long.ts, fake-gcs-server");
(fakeGcs === undefined ? describe.skip : describe)("fake-gcs-server", () => {
  async function serve() {
    const [folder, port] = [join(mine, "gcs"), await freePort()];
    fill(join(folder, "remote"));
    const url = `http://127.0.0.1:${port}`;
    const where = ["-scheme", "http", "-host", "127.0.0.1", "-port", String(port)];
    const what = ["-backend", "memory", "-data", folder, "-external-url", url];
    await started(fakeGcs ?? "", [...where, "-public-host", `127.0.0.1:${port}`, ...what], url);
    // Tokens are ours: that server looks at none.
    const ours = await storageHarness();
    await ours.operator();
    return { url, ours, storage: storageClient({ project, endpoints: { storage: url } }) };
  }

  test("the lister, and the ledger's promises", async () => {
    const { url, ours, storage } = await serve();
    const list = remoteLister({ storage, keys: () => Promise.reject(new Error("no key is asked")) });
    expect(byName(await wholeOf(list)("scratch", { kind: "gcs", bucket: "remote" }, "set"))).toEqual(wanted);

    const body = JSON.stringify({ name: ledgerBucket(project) });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${url}/storage/v1/b`, { method: "POST", body, headers })).status).toBe(200);
    const records = ledger({ project, storage });
    const Record = z.object({ n: z.number() });
    expect(await records.create("runs/a", { n: 1 }, { kind: "x" })).toBe("created");
    expect(await records.create("runs/a", { n: 2 })).toBe("exists");
    const read = await records.read("runs/a", Record);
    expect(read?.value).toEqual({ n: 1 });
    // Its 404 has none of Google's words, so nobody is told that the record is not there.
    await expect(records.read("runs/none", Record)).rejects.toMatchObject({
      failure: { service: "storage" },
    });
    const swapped = await records.swap("runs/a", { n: 3 }, read?.generation ?? "");
    expect(swapped).toEqual({ generation: expect.any(String) });
    expect(await records.swap("runs/a", { n: 4 }, read?.generation ?? "")).toBe("changed");
    expect((await records.read("runs/a", Record))?.value).toEqual({ n: 3 });
    await records.create("runs/b", { n: 5 });
    expect((await records.list("runs/")).map(({ name }) => name)).toEqual(["runs/a", "runs/b"]);
    expect((await records.list("runs/", { from: "runs/b" })).map(({ name }) => name)).toEqual(["runs/b"]);
    const generation = (await records.read("runs/a", Record))?.generation ?? "";
    // It heeds no generation where it deletes, so a removal that comes too late is not asked for here.
    expect(await records.remove("runs/a", generation)).toBe("removed");
    expect((await records.list("runs/")).map(({ name }) => name)).toEqual(["runs/b"]);
    await ours.close();
  });
});

test("the walker counts as du does, to the byte", () => {
  const home = join(mine, "home");
  fill(home);
  writeFileSync(join(home, "big"), Buffer.alloc(3_000_001));
  linkSync(join(home, "big"), join(home, "the same"));
  symlinkSync("/", join(home, "out"));
  const du = execFileSync("du", ["-s", "-x", "--block-size=1", home], { encoding: "utf8" });
  expect(walk(home)).toMatchObject({ bytes: Number(du.split("\t")[0]), complete: true });
});

const programs = ["/usr/bin/prometheus", "/usr/bin/prometheus-node-exporter"];
const absent = programs.filter((program) => !existsSync(program));
if (absent.length > 0)
  saySkipped("test/foreign/readers.long.ts, Prometheus", `${absent.join(" and ")} missing`);
/** Starts a Prometheus that asks these exporters each second, and gives its address once it knows both homes. */
async function prometheusOver(exporters: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(mine, "prometheus-"));
  const target = `127.0.0.1:${await freePort()}`;
  const job = {
    job_name: "homes",
    scrape_interval: "1s",
    static_configs: [{ targets: exporters, labels: { namespace: "prod" } }],
  };
  const config = join(folder, "prometheus.json");
  writeFileSync(config, JSON.stringify({ scrape_configs: [job] }));
  const [program = ""] = programs;
  const data = join(folder, "tsdb");
  await started(
    program,
    [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${target}`],
    `http://${target}`,
  );
  const seen = z.looseObject({ data: z.object({ result: z.array(z.unknown()) }) });
  for (const [metric, series] of Object.entries({
    dirsize_last_updated_ns: 2,
    node_filesystem_size_bytes: 1,
  }))
    await until(async () => {
      const answer = await fetch(`http://${target}/api/v1/query?query=${metric}`);
      return answer.ok && seen.parse(await answer.json()).data.result.length >= series;
    });
  return `http://${target}`;
}

/** Starts a node-exporter that tells of the volumes, and of the figures in this folder. */
async function nodeExporter(figures: string): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const collectors = ["--collector.disable-defaults", "--collector.filesystem", "--collector.textfile"];
  const [, program = ""] = programs;
  await started(
    program,
    [...collectors, `--collector.textfile.directory=${figures}`, `--web.listen-address=${address}`],
    `http://${address}`,
  );
  return address;
}

async function scanOf(url: string) {
  const settings = { url: "http://prometheus.example.org", namespace: "prod", mountpoint: "/" };
  const client = prometheusClient({
    settings,
    token: async () => "t",
    fetch: (asked, init) => fetch(String(asked).replace(settings.url, url), init),
  });
  return await scanPrometheus(client, settings, new Date());
}

const folderOf = (name: string): string => {
  const made = join(mine, name);
  mkdirSync(made, { recursive: true });
  return made;
};

(absent.length > 0 ? test.skip : test)(
  "a scan of a real Prometheus that asks a real node-exporter",
  async () => {
    const figures = folderOf("figures");
    const day = Math.floor(Date.now() / 1000);
    const home = (directory: string, bytes: number) =>
      [
        `dirsize_total_size_bytes{directory="${directory}"} ${bytes}`,
        `dirsize_hard_limit_bytes{directory="${directory}"} 100000`,
        `dirsize_last_updated_ns{directory="${directory}"} ${day}`,
      ].join("\n");
    writeFileSync(join(figures, "homes.prom"), `${home("ada", 30_000)}\n${home("bo", 70_000)}\n`);
    const homes = [
      { directory: "ada", bytes: 30_000 },
      { directory: "bo", bytes: 70_000 },
    ];
    const scan = await scanOf(await prometheusOver([await nodeExporter(figures)]));
    expect(scan).toMatchObject({ kind: "allocated", complete: true, homes });
  },
);

const dirsize = foreign("venv/bin/dirsize-exporter", "test/foreign/readers.long.ts, dirsize-exporter");
(absent.length > 0 || dirsize === undefined ? test.skip : test)(
  "a scan of a real Prometheus that asks a real dirsize-exporter",
  async () => {
    const homes = folderOf("homes");
    for (const [name, bytes] of [
      ["ada", 30_000],
      ["bo", 70_000],
    ] as const) {
      mkdirSync(join(homes, name, "deep"), { recursive: true });
      writeFileSync(join(homes, name, "deep", "file"), Buffer.alloc(bytes));
      symlinkSync("deep/file", join(homes, name, "link"));
    }
    const port = await freePort();
    await started(dirsize ?? "", [homes, "10000", "1", "--port", `${port}`], `http://127.0.0.1:${port}`);
    const volumes = await nodeExporter(folderOf("no figures"));
    const scan = await scanOf(await prometheusOver([`127.0.0.1:${port}`, volumes]));
    // It adds up lengths: those of the folders and of the link's words, too.
    const folders = (name: string) =>
      statSync(join(homes, name)).size + statSync(join(homes, name, "deep")).size;
    expect(scan).toMatchObject({
      kind: "apparent",
      complete: true,
      volume: { bytes: expect.any(Number) },
      homes: [
        { directory: "ada", bytes: 30_000 + folders("ada") + "deep/file".length, entries: 4 },
        { directory: "bo", bytes: 70_000 + folders("bo") + "deep/file".length, entries: 4 },
      ],
    });
  },
);
