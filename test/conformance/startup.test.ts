// The start-up script of a machine, with an rclone of the test's that copies for exactly as long as the test wants: what it
// asks of its machine's metadata server, which lists it takes, what it reports, and that it deletes itself.
import { execFileSync, spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { storageFarEnd } from "../../local/storage/far-end.ts";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { openState, type State } from "../../local/wire/state.ts";
import { ledgerBucket, machineIdentity } from "../../shared/functions.ts";
import { MachineReport } from "../../shared/transfers/records.ts";
import { computeHarness, order, project, sampleTransfers } from "../local/compute/harness.ts";
import { until } from "../patience.ts";
import { saySkipped } from "../skipped.ts";
import { expectCalled } from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "startup-"));
const ledger = ledgerBucket(project);
const reports = "transfers/sample/t1/reports";
const sum = "0123456789abcdef0123456789abcdef";
const leases = "leases/sample/t1";
const list = "transfers/sample/t1/lists/one.txt";
/** Longer than any test: a machine that is taken away loses its power when the test says so. */
const graceMs = 3_600_000;

/** Programs that the start-up script uses of its image. */
const used =
  "awk base64 cat chmod curl cut date df env grep head mktemp printenv sed sh sleep sort tail tr uniq wc".split(
    " ",
  );

let harness: Awaited<ReturnType<typeof computeHarness>>;
let state: State;
let store: Served;
let written: string[] = [];

beforeEach(async () => {
  written = [];
  harness = await computeHarness("run-transfer", { graceMs });
  state = openState(":memory:");
  const farEnd = storageFarEnd({
    state,
    identities: harness.identities,
    faults: harness.faults,
    now: harness.clock.now,
    buckets: {
      [ledger]: {
        folder: join(folder, "ledger"),
        layout: "opaque",
        onChange: ({ name }) => {
          written.push(name);
        },
      },
    },
  });
  store = await serveFarEnd(farEnd);
});
afterEach(async () => {
  await harness.close();
  await store.close();
  state.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasPython = spawnSync("python3", ["-c", "import zipfile"]).status === 0;
if (!hasPython) saySkipped("startup.test.ts: what a machine does with Python", "python3 is not there");
const withPython = hasPython ? test : test.skip;

/** An rclone that does this when it is to copy, and that before it reads back, in a folder of its own. */
function rcloneIn(programs: string, copies: string, reads = "true"): void {
  mkdirSync(programs, { recursive: true });
  const file = join(programs, "rclone");
  const script = `#!/bin/bash\ncase $1 in version) echo "rclone v1.60.1" ;; copy) ${copies} ;; hashsum) ${reads}; sed 's:^/\\(.*\\)/$:${sum}  \\1:' "$5" ;; esac\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
}

/** Machines find such an rclone on their image. */
function rcloneThat(copies: string, reads?: string): void {
  const programs = join(folder, "programs");
  rcloneIn(programs, copies, reads);
  harness.prepareBy(async () => [programs, process.env["PATH"]].join(delimiter));
}

/** An object of the ledger, as a machine writes it, or somebody else. */
async function plant(
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
  as = machineIdentity(project),
): Promise<void> {
  const { token } = harness.identities.mint(as, []);
  const place = `${store.url}/upload/storage/v1/b/${ledger}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const put = await fetch(place, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
    body,
  });
  expect(put.status).toBe(200);
}

/** An object of the ledger; undefined where there is none. */
async function textOf(name: string): Promise<string | undefined> {
  const { token } = harness.identities.mint(machineIdentity(project), []);
  const place = `${store.url}/storage/v1/b/${ledger}/o/${encodeURIComponent(name)}?alt=media`;
  const read = await fetch(place, { headers: { authorization: `Bearer ${token}` } });
  return read.ok ? read.text() : undefined;
}

const reportOf = async (word: string) =>
  MachineReport.parse(JSON.parse((await textOf(`${reports}/0-1-${word}.json`)) ?? "null"));

const file = encodeURIComponent(list);
const flags = "4\t4\t4\t16M\t16M\n";
/** A list of one name, that reads back so many lines of it at the target. */
const line = (key: string, readBack = 0): string =>
  `${key}\t${file}\t1\t-\t0\t-\t0\t${readBack === 0 ? "-" : file}\t${readBack}\t${flags}`;

/** Puts the board where the machine looks, and boots it. */
async function bootOne(board = line("0-1"), more: Record<string, string> = {}): Promise<void> {
  await plant(list, "one\n");
  await plant(`${leases}/board.tsv`, board);
  written = [];
  const parameters = {
    "storage-url": store.url,
    "compute-url": harness.url,
    "secrets-url": store.url,
    ledger,
    reports,
    leases,
    shard: "0",
    attempt: "1",
    // Never, within a test.
    "progress-seconds": "3600",
    "lease-seconds": "3600",
    "buffer-memory": "100M",
    "source-remote": "persistent",
    "source-path": "persistent/a",
    "source-kind": "gcs",
    "source-endpoint": `${store.url}/storage/v1/`,
    "target-remote": "scratch",
    "target-path": "scratch/a",
    "target-kind": "gcs",
    "target-endpoint": `${store.url}/storage/v1/`,
    "rclone-from": "image",
    ...more,
  };
  expect(await harness.adapter.make(order({ parameters }), sampleTransfers())).toBe("made");
}

/** Reports that machines have written, in their order. */
const told = (): string[] =>
  written.filter((name) => name.startsWith(reports)).map((name) => name.slice(reports.length + 1));

test("one takes list after list, tells how each has ended, and deletes itself when there is none", async () => {
  rcloneThat("exit 0");
  await bootOne(`${line("0-1")}${line("3-2")}`);
  await harness.far.idle();
  expect(told()).toEqual(["list-0-1-done.json", "list-3-2-done.json", "0-1-done.json"]);
  expect([await textOf(`${leases}/0-1`), await textOf(`${leases}/3-2`)]).toEqual(["ended 0-1", "ended 0-1"]);
  expect([harness.far.machines(), harness.far.made(), harness.far.violations]).toEqual([[], 1, []]);
});

test("one with nothing to take copies nothing, and deletes itself", async () => {
  rcloneThat("exit 0");
  await bootOne("");
  await harness.far.idle();
  expect(told()).toEqual(["0-1-done.json"]);
});

test.each([
  ["that another machine has ended with", "ended 1-1", false],
  ["that another machine works on", "taken 1-1 9999999999", false],
  ["of which another machine has said nothing for too long", "taken 1-1 1700000000", true],
  ["that another machine has left", "left 1-1", true],
  ["that the machine before it had, of the same name", "taken 0-0 9999999999", true],
])("a list %s", async (_, lease, takes) => {
  rcloneThat("exit 0");
  await plant(`${leases}/0-1`, lease);
  // It has one to begin with, and so does not wait for what others have.
  await bootOne(`${line("7-1")}${line("0-1")}`);
  await harness.far.idle();
  expect(told()).toEqual(["list-7-1-done.json", ...(takes ? ["list-0-1-done.json"] : []), "0-1-done.json"]);
  expect(await textOf(`${leases}/0-1`)).toBe(takes ? "ended 0-1" : lease);
});

withPython("one that is to read back leaves a sum and a name a line before its list is done", async () => {
  rcloneThat("exit 0");
  await bootOne(line("0-1", 1));
  await harness.far.idle();
  expect(told()).toEqual([
    "list-0-1-target.writings",
    "list-0-1-target.sums",
    "list-0-1-done.json",
    "0-1-done.json",
  ]);
  expect(await textOf(`${reports}/list-0-1-target.sums`)).toBe(`${sum}  one\n`);
});

test("one whose list to read back is cut has failed, and is not done", async () => {
  rcloneThat("exit 0");
  await bootOne(line("0-1", 2));
  await harness.far.idle();
  expect(told()).toEqual(["0-1-failed.json"]);
});

test("one that is taken away while it copies tells that, leaves its list and what it has copied of it, and goes", async () => {
  const copied = '{"level":"info","msg":"Copied (new)","object":"one","objectType":"*s3.Object"}';
  const stats = '{"level":"notice","msg":"x","stats":{"bytes":4711,"transfers":1}}';
  rcloneThat(`echo '${copied}' >&2; echo '${stats}' >&2; touch '${join(folder, "copying")}'; exec sleep 600`);
  await bootOne();
  await until(() => existsSync(join(folder, "copying")));
  expect(harness.far.preempt("transfer-sample-t1-0")).toBe(true);
  await harness.far.idle();
  expect(told()).toEqual(["0-1-preempted.json"]);
  expect(await textOf(`${leases}/0-1`)).toBe("left 0-1");
  expect(await textOf(`${leases}/0-1.copied`)).toBe("one\n");
  // Bytes that were sent in vain cost as well, and are counted by their list.
  expect(JSON.parse((await textOf(`${reports}/0-1-preempted.json`)) ?? "")).toMatchObject({
    ...{ list: "0-1", bytes: 4711, objects: 1 },
  });
});

withPython(
  "one that is taken away while it reads back leaves no half of the sums in the way of the next one",
  async () => {
    rcloneThat("exit 0", `touch '${join(folder, "reading")}'; exec sleep 600`);
    await bootOne(line("0-1", 1));
    await until(() => existsSync(join(folder, "reading")));
    expect(harness.far.preempt("transfer-sample-t1-0")).toBe(true);
    await harness.far.idle();
    expect(told()).toEqual(["list-0-1-target.writings", "0-1-preempted.json"]);
    expect(await textOf(`${leases}/0-1`)).toBe("left 0-1");
  },
);

test("what a machine before has copied of a list is not looked at again", async () => {
  // Nothing is left of the list: rclone is not run at all.
  rcloneThat("exit 5");
  await plant(`${leases}/0-1.copied`, "one\n");
  await bootOne();
  await harness.far.idle();
  expect(told()).toEqual(["list-0-1-done.json", "0-1-done.json"]);
});

test("one whose rclone fails with all of a list tells how it ended, takes no other, and deletes itself", async () => {
  rcloneThat("exit 5");
  await bootOne(`${line("0-1")}${line("1-1")}`);
  await harness.far.idle();
  expect(told()).toEqual(["list-0-1-failed.json", "0-1-failed.json"]);
  expect(await textOf(`${leases}/0-1`)).toBe("ended 0-1");
});

test("one whose rclone fails with some of a list goes on with the next one", async () => {
  const copied = '{"level":"info","msg":"Copied (new)","object":"one","objectType":"*s3.Object"}';
  rcloneThat(`echo '${copied}' >&2; exit 5`);
  await bootOne(`${line("0-1")}${line("1-1")}`);
  await harness.far.idle();
  expect(told()).toEqual(["list-0-1-failed.json", "list-1-1-failed.json", "0-1-done.json"]);
});

test("one says with its word how its memory, network and disk are", async () => {
  if (!existsSync("/proc/meminfo")) return saySkipped("startup.test.ts", "this system has no /proc");
  rcloneThat("exit 0");
  await bootOne();
  await harness.far.idle();
  const { ops } = await reportOf("done");
  const memoryMB = totalmem() / 1e6;
  expect(ops?.memoryMB).toBeCloseTo(memoryMB, -2);
  expect(ops?.memoryUsedMB).toBeLessThan(memoryMB);
  expect(ops?.memoryUsedMB).toBeGreaterThan(0);
  expect(ops?.diskFreeMB).toBeGreaterThan(0);
});

test("one whose image has no rclone says so", async () => {
  const programs = join(folder, "bare");
  mkdirSync(programs, { recursive: true });
  for (const program of ["bash", ...used]) {
    const found = execFileSync("bash", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
    if (!existsSync(join(programs, program))) symlinkSync(found, join(programs, program));
  }
  harness.prepareBy(async () => programs);
  await bootOne();
  await harness.far.idle();
  expect(await reportOf("failed")).toMatchObject({ exit: 127, why: "rclone-missing" });
});

describe("one whose settings name a release of rclone", () => {
  const object = "tools/rclone-v1.75.1-linux-amd64.zip";
  const zip = join(folder, "rclone.zip");
  let sha256 = "";

  beforeEach(async () => {
    // Never the one of the image.
    rcloneThat("exit 5");
    if (!hasPython) return;
    const release = join(folder, "rclone-v1.75.1-linux-amd64");
    rcloneIn(release, "exit 0");
    execFileSync("sed", ["-i", "s/v1.60.1/v1.75.1/", join(release, "rclone")]);
    execFileSync("python3", ["-m", "zipfile", "-c", zip, release]);
    const bytes = readFileSync(zip);
    sha256 = hash("sha256", bytes);
    await plant(object, new Uint8Array(bytes), operatorIdentity(project));
  });
  const bootWith = (sum: string) =>
    bootOne(line("0-1"), { "rclone-from": encodeURIComponent(object), "rclone-sha256": sum });

  withPython("fetches it from our own bucket, and copies with it", async () => {
    await bootWith(sha256);
    await harness.far.idle();
    expect(await reportOf("done")).toMatchObject({ exit: 0, rclone: "rclone v1.75.1" });
  });

  withPython("runs nothing that is not what they name", async () => {
    await bootWith("0".repeat(64));
    await harness.far.idle();
    const { why, rclone } = await reportOf("failed");
    expect([why, rclone]).toEqual(["rclone-other", "unknown"]);
  });
});

afterAll(() => expectCalled("the start-up script"));
