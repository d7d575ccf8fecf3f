// A machine that nobody deletes costs money for ever: three who do not know of each other see to it.
import { expect, test } from "@jest/globals";
import { whyNotNeeded } from "../../functions/sweep-machines/decide.ts";
import { machineBody } from "../../shared/compute/machine.ts";
import { startUpScript } from "../../shared/compute/startup.ts";
import { rowOf } from "../../shared/functions.ts";
import { machineGrants, machinesOf } from "../../shared/grants.ts";
import { schedules } from "../../shared/schedules.ts";
import { order, project, sampleTransfers } from "../local/compute/harness.ts";

const bodyFor = (maximumSeconds: number) =>
  machineBody(order({ maximumSeconds }), project, sampleTransfers());

test("the first: its own script, which may delete it and do nothing else with machines", () => {
  expect(startUpScript).toMatch(/^trap delete_self EXIT$/m);
  // Before anything that can fail.
  expect(startUpScript.indexOf("\ntrap delete_self EXIT\n")).toBeLessThan(startUpScript.indexOf("\nrclone="));
  const compute = machineGrants("p", ["b"]).filter(({ permission }) => /^(?:compute|iam)\./.test(permission));
  expect(compute).toEqual([{ permission: "compute.instances.delete", on: machinesOf("p") }]);
  expect(machinesOf("p")).toMatch(/\/instances\/transfer-\*$/);
});

test("the second: the sweep, of every machine that nobody needs", () => {
  expect(Object.values(schedules).filter(({ publishes }) => publishes === "sweep-due")).toHaveLength(1);
  expect(rowOf("sweep-machines").machines).toEqual(["look", "delete"]);
  const now = new Date("2026-11-21T12:00:00Z");
  const machine = (hoursOld: number, status = "RUNNING") => ({
    id: "1",
    name: "transfer-prod-a-1",
    zone: "z",
    status,
    createdAt: Number.isNaN(hoursOld) ? "" : new Date(now.getTime() - hoursOld * 3_600_000).toISOString(),
    labels: { hub: "prod", transfer: "a", shard: "1", attempt: "1" },
  });
  const swept = (hoursOld: number, status?: string) =>
    whyNotNeeded(machine(hoursOld, status), undefined, { now, maximumHours: 18 });
  expect([swept(0.01), swept(1), swept(19), swept(0.01, "TERMINATED"), swept(Number.NaN)]).toEqual([
    undefined,
    "no transfer knows it",
    "it is older than a transfer may last",
    "it was stopped",
    "it is older than a transfer may last",
  ]);
});

test("the third: the platform, after a time that is always there", () => {
  for (const [asked, given] of [
    [3600, "3600"],
    [0, "30"],
    [-5, "30"],
    [1e12, String(120 * 86_400)],
  ] as const) {
    const { scheduling, disks } = bodyFor(asked);
    expect([scheduling.maxRunDuration.seconds, scheduling.instanceTerminationAction]).toEqual([
      given,
      "DELETE",
    ]);
    expect([scheduling.automaticRestart, disks.map(({ autoDelete }) => autoDelete)]).toEqual([false, [true]]);
  }
});
