// The start-up script of a machine, with an rclone of the test's that copies for exactly as long as the test wants: what it
// asks of its machine's metadata server, what it reports, and that it deletes itself.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "@jest/globals";
import { storageFarEnd } from "../../local/storage/far-end.ts";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { openState, type State } from "../../local/wire/state.ts";
import { ledgerBucket, machineIdentity } from "../../shared/functions.ts";
import { computeHarness, order, project, sampleTransfers } from "../local/compute/harness.ts";
import { expectCalled } from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "startup-"));
const ledger = ledgerBucket(project);
const reports = "transfers/sample/t1/reports";
const sum = "0123456789abcdef0123456789abcdef";
const list = "transfers/sample/t1/lists/0-1.txt";
/** Longer than any test: a machine that is taken away loses its power when the test says so. */
const graceMs = 3_600_000;

let harness: Awaited<ReturnType<typeof computeHarness>>;
let state: State;
let store: Served;
let written: string[] = [];
let heard: () => void = () => undefined;

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
          heard();
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
  const script = `#!/bin/sh\ncase $1 in version) echo "rclone v1.60.1" ;; copy) ${copies} ;; hashsum) sed 's:^/\\(.*\\)/$:${sum}  \\1:' "$5" ;; esac\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  harness.prepareBy(async () => [programs, process.env["PATH"]].join(delimiter));
}

/** Puts the machine's list where it looks, and boots it; it reads back so many lines of that list at the target. */
async function bootOne(readBack = 0): Promise<void> {
  const { token } = harness.identities.mint(machineIdentity(project), []);
  const place = `${store.url}/upload/storage/v1/b/${ledger}/o?uploadType=media&name=${encodeURIComponent(list)}`;
  const put = await fetch(place, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
    body: "one\n",
  });
  expect(put.status).toBe(200);
  const parameters = {
    "storage-url": store.url,
    "compute-url": harness.url,
    "secrets-url": store.url,
    ledger,
    reports,
    list: encodeURIComponent(list),
    "list-lines": "1",
    "source-back": "",
    "source-back-lines": "0",
    "target-back": encodeURIComponent(list),
    "target-back-lines": String(readBack),
    shard: "0",
    attempt: "1",
    // Never, within a test.
    "progress-seconds": "3600",
    transfers: "4",
    checkers: "4",
    buffer: "16M",
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

/** Settled when the machine has reported so. */
const reported = (word: string) =>
  new Promise<void>((resolve) => {
    heard = () => written.includes(`${reports}/0-1-${word}.json`) && resolve();
    heard();
  });

test("one that has copied reports it and deletes itself", async () => {
  rcloneThat("exit 0");
  await bootOne();
  await harness.far.idle();
  expect(written).toEqual([list, `${reports}/0-1-done.json`]);
  expect([harness.far.machines(), harness.far.made(), harness.far.violations]).toEqual([[], 1, []]);
});

test("one that is to read back leaves a sum and a name a line before it is done", async () => {
  rcloneThat("exit 0");
  await bootOne(1);
  await harness.far.idle();
  expect(written).toEqual([list, `${reports}/0-1-target.sums`, `${reports}/0-1-done.json`]);
  const { token } = harness.identities.mint(machineIdentity(project), []);
  const place = `${store.url}/storage/v1/b/${ledger}/o/${encodeURIComponent(`${reports}/0-1-target.sums`)}?alt=media`;
  const read = await fetch(place, { headers: { authorization: `Bearer ${token}` } });
  expect([read.status, await read.text()]).toEqual([200, `${sum}  one\n`]);
});

test("one whose list to read back is cut has failed, and is not done", async () => {
  rcloneThat("exit 0");
  await bootOne(2);
  await harness.far.idle();
  expect(written).toEqual([list, `${reports}/0-1-failed.json`]);
});

test("one that is taken away while it copies reports that, and goes on for as long as it has power", async () => {
  rcloneThat("while :; do sleep 60; done");
  await bootOne();
  expect(harness.far.preempt("transfer-sample-t1-0")).toBe(true);
  await reported("preempted");
  expect(written).toEqual([list, `${reports}/0-1-preempted.json`]);
  expect(harness.far.machines()).toHaveLength(1);
});

test("one whose rclone fails reports how it ended and deletes itself", async () => {
  rcloneThat("exit 5");
  await bootOne();
  await harness.far.idle();
  expect(written).toEqual([list, `${reports}/0-1-failed.json`]);
});

afterAll(() => expectCalled("the start-up script"));
