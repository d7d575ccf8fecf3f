// The start-up script of a machine, with an rclone of the test's that copies for exactly as long as the test wants: what it
// asks of its machine's metadata server, which lists it takes, what it reports, and that it deletes itself.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "@jest/globals";
import { storageFarEnd } from "../../local/storage/far-end.ts";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { openState, type State } from "../../local/wire/state.ts";
import { ledgerBucket, machineIdentity } from "../../shared/functions.ts";
import { computeHarness, order, project, sampleTransfers } from "../local/compute/harness.ts";
import { until } from "../patience.ts";
import { expectCalled } from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "startup-"));
const ledger = ledgerBucket(project);
const reports = "transfers/sample/t1/reports";
const sum = "0123456789abcdef0123456789abcdef";
const leases = "leases/sample/t1";
const list = "transfers/sample/t1/lists/one.txt";
/** Longer than any test: a machine that is taken away loses its power when the test says so. */
const graceMs = 3_600_000;

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

/** Machines find an rclone that does this when it is to copy. */
function rcloneThat(copies: string): void {
  const programs = join(folder, "programs");
  mkdirSync(programs, { recursive: true });
  const file = join(programs, "rclone");
  const script = `#!/bin/bash\ncase $1 in version) echo "rclone v1.60.1" ;; copy) ${copies} ;; hashsum) sed 's:^/\\(.*\\)/$:${sum}  \\1:' "$5" ;; esac\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  harness.prepareBy(async () => [programs, process.env["PATH"]].join(delimiter));
}

/** An object of the ledger, as a machine writes it. */
async function plant(name: string, body: string): Promise<void> {
  const { token } = harness.identities.mint(machineIdentity(project), []);
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

const file = encodeURIComponent(list);
const flags = "4\t4\t4\t16M\t16M\n";
/** A list of one name, that reads back so many lines of it at the target. */
const line = (key: string, readBack = 0): string =>
  `${key}\t${file}\t1\t-\t0\t-\t0\t${readBack === 0 ? "-" : file}\t${readBack}\t${flags}`;

/** Puts the board where the machine looks, and boots it. */
async function bootOne(board = line("0-1")): Promise<void> {
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

test("one that is to read back leaves a sum and a name a line before its list is done", async () => {
  rcloneThat("exit 0");
  await bootOne(line("0-1", 1));
  await harness.far.idle();
  expect(told()).toEqual(["list-0-1-target.sums", "list-0-1-done.json", "0-1-done.json"]);
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
  rcloneThat(`echo '${copied}' >&2; touch '${join(folder, "copying")}'; exec sleep 600`);
  await bootOne();
  await until(() => existsSync(join(folder, "copying")));
  expect(harness.far.preempt("transfer-sample-t1-0")).toBe(true);
  await harness.far.idle();
  expect(told()).toEqual(["0-1-preempted.json"]);
  expect(await textOf(`${leases}/0-1`)).toBe("left 0-1");
  expect(await textOf(`${leases}/0-1.copied`)).toBe("one\n");
});

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

afterAll(() => expectCalled("the start-up script"));
