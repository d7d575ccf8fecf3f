// Dollars of a receipt against a meter at the far ends: what really went over the wire, and what was really asked, by the same prices.
// With machines taken away half-way, too, which send in vain.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import type { FarEnds } from "../../local/instance/far-ends.ts";
import { ledgerWindow } from "../../local/instance/ledger-window.ts";
import { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { MachineReport } from "../../shared/transfers/records.ts";
import { patienceMs, until } from "../patience.ts";
import { type Meter, openMeter } from "./meter.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer-cost.long.ts");
const hub = sample({ only: "run-transfer" });
let meter: Meter;
afterEach(async () => {
  meter.close();
  await hub.close();
});
const bucket = (path: string) => join(hub.folder, "buckets", path);

const GiB = 2 ** 30;
/** Prices of the sample hub: those that were looked up. */
const prices = { internetGiB: 0.12, classA: 0.005 / 1000, classB: 0.0004 / 1000 };

/** Asks for a copy of everything in one folder, and carries it out. */
async function carriedOut(prepare: (farEnds: FarEnds) => void): Promise<FarEnds> {
  meter = openMeter();
  const { farEnds, runOnce } = await hub.start();
  writeFileSync(join(hub.folder, "requests", "first-copy.yaml"), "");
  prepare(farEnds);
  const request = { from: "persistent:set", to: "pod-inbox:set" };
  writeFileSync(join(hub.folder, "requests", "set.yaml"), JSON.stringify(request));
  await runOnce();
  expect(contents(bucket("pod-inbox/set"))).toEqual(contents(bucket("persistent/set")));
  return farEnds;
}

/** Holds the receipt's dollars against those of the meter; gives the egress of both. */
async function held(farEnds: FarEnds) {
  const { endpoints } = farEnds;
  const sent = meter.bytesTo(endpoints.s3);
  const lists = meter.callsTo(endpoints.storage, /^GET \/storage\/v1\/b\/persistent\/o\?/);
  const reads = meter.callsTo(endpoints.storage, /^GET .*\/b\/persistent\/o\/./);
  const metered = {
    egress: (sent / GiB) * prices.internetGiB,
    operations: lists * prices.classA + reads * prices.classB,
  };
  const window = ledgerWindow({ ...farEnds, project: "sample-hub" });
  const receipt = await window.read("transfers/sample/set/receipt.json", TransferReceipt);
  const { dollarsFor } = receipt ?? {};
  for (const kind of ["egress", "operations"] as const) {
    expect((dollarsFor?.[kind] ?? 0) / metered[kind]).toBeGreaterThan(0.9);
    expect((dollarsFor?.[kind] ?? 0) / metered[kind]).toBeLessThan(1.1);
  }
  return { metered: metered.egress, receipt: dollarsFor?.egress ?? 0 };
}

withRclone("dollars of what goes smoothly are those of the meter", async () => {
  const farEnds = await carriedOut(() => fill(bucket("persistent/set"), 300, 150_000));
  const { metered, receipt } = await held(farEnds);
  console.info(`egress: $${receipt.toFixed(6)} in the receipt, $${metered.toFixed(6)} by the meter`);
});

withRclone("what a machine that was taken away has sent in vain is counted", async () => {
  let taken = 0;
  const part = 16 * 2 ** 20;
  const size = 14.5 * part;
  const farEnds = await carriedOut((ends) => {
    const { compute, faults } = ends;
    mkdirSync(bucket("persistent/set"), { recursive: true });
    writeFileSync(bucket("persistent/set/large"), Buffer.alloc(size, "large"));
    // The last of its parts takes for ever: all others are lost with the machine, once it has said that it has sent them.
    const failure = { kind: "delay", milliseconds: patienceMs } as const;
    faults.add({ farEnd: "s3", match: "partNumber=15", times: 1000, failure });
    const window = ledgerWindow({ ...ends, project: "sample-hub" });
    const hasSaid = async (): Promise<boolean> =>
      ((await window.read("leases/sample/set/machine-0-1.json", MachineReport))?.bytes ?? 0) >= 14 * part;
    until(hasSaid).then(() => {
      for (const { name } of compute.machines()) if (compute.preempt(name)) taken += 1;
      faults.clear();
    }, console.error);
  });
  expect(taken).toBe(1);
  const { metered, receipt } = await held(farEnds);
  console.info(`egress: $${receipt.toFixed(6)} in the receipt, $${metered.toFixed(6)} by the meter`);
  expect(receipt).toBeGreaterThan(1.9 * (size / GiB) * prices.internetGiB);
});
