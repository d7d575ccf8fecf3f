// A sample hub deletes by itself what the bucket's rules delete in the cloud: at its start, and once a day of the movable clock.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type LedgerWindow, ledgerWindow } from "../../../local/instance/ledger-window.ts";
import { type RetentionSweep, startRetention } from "../../../local/instance/retention.ts";
import { storageFarEnd } from "../../../local/storage/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { type MovableClock, stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { ledgerBucket } from "../../../shared/functions.ts";

const project = "sample-hub-1";
const day = 86_400_000;
let folder: string;
let clock: MovableClock;
let window: LedgerWindow;
let write: (name: string) => Promise<void>;
let close: () => void;
let sweeps: RetentionSweep[];
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retention-"));
  clock = stoppedClock(new Date("2026-01-01T00:00:00Z"));
  const state = openState(join(folder, "state.db"));
  const known = identities({ state, project });
  const bucket = ledgerBucket(project);
  const storage = storageFarEnd({
    state,
    identities: known,
    faults: faultStore(),
    now: clock.now,
    buckets: { [bucket]: { folder: join(folder, "ledger"), layout: "opaque" } },
  });
  window = ledgerWindow({ storage, identities: known, project });
  write = async (name) => {
    const { token } = known.mint(operatorIdentity(project), [
      "https://www.googleapis.com/auth/devstorage.read_write",
    ]);
    const url = `http://storage/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const { ok } = await storage.fetch(new Request(url, { method: "POST", headers, body: "{}" }));
    expect(ok).toBe(true);
  };
  close = () => state.close();
  sweeps = [];
  lines = [];
});
afterEach(async () => {
  for (const sweep of sweeps) await sweep.close();
  close();
  rmSync(folder, { recursive: true });
});

const names = async (): Promise<string[]> => (await window.list("")).map(({ name }) => name);
async function start(over: LedgerWindow = window): Promise<RetentionSweep> {
  const sweep = startRetention({ window: over, clock, log: (line) => lines.push(line) });
  sweeps.push(sweep);
  await sweep.idle();
  return sweep;
}

test("a start deletes what is older than its folder's days; heads and transfers stay whatever their age", async () => {
  const old = [
    "head/members/prod.json",
    "history/1",
    "notices/1",
    "runs/1",
    "transfers/prod/t1/request.json",
    "undelivered/1",
  ];
  for (const name of old) await write(name);
  clock.moveBy(90 * day);
  await write("runs/2");
  await start();
  expect(await names()).toEqual([...old.filter((name) => name !== "runs/1"), "runs/2"].sort());
  clock.moveBy(90 * day - 1);
  await start();
  expect(await names()).toContain("undelivered/1");
  clock.moveBy(1);
  await start();
  expect(await names()).toEqual([
    "head/members/prod.json",
    "history/1",
    "notices/1",
    "transfers/prod/t1/request.json",
  ]);
});

test("it sweeps again when a day of the movable clock is over, and not before", async () => {
  await write("runs/1");
  const sweep = await start();
  clock.moveBy(90 * day - 1);
  await sweep.idle();
  expect(await names()).toEqual(["runs/1"]);
  clock.moveBy(day - 1);
  await sweep.idle();
  expect(await names()).toEqual(["runs/1"]);
  clock.moveBy(1);
  await sweep.idle();
  expect(await names()).toEqual([]);
});

test("what is written anew meanwhile is not deleted: its days begin again", async () => {
  await write("runs/1");
  clock.moveBy(100 * day);
  const writing: LedgerWindow = {
    ...window,
    async list(prefix) {
      const found = await window.list(prefix);
      for (const { name } of found) await write(name);
      return found;
    },
  };
  await start(writing);
  expect(await names()).toEqual(["runs/1"]);
});

test("a sweep that fails says so, and the next day's goes on", async () => {
  await write("runs/1");
  clock.moveBy(100 * day);
  let fails = true;
  const failing: LedgerWindow = {
    ...window,
    list: async (prefix) => {
      if (fails) throw new Error("the disk is full");
      return window.list(prefix);
    },
  };
  const sweep = await start(failing);
  expect(lines).toEqual(["what is older than its retention could not be deleted: the disk is full"]);
  fails = false;
  clock.moveBy(day);
  await sweep.idle();
  expect(await names()).toEqual([]);
});
