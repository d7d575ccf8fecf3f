// A machine that nobody deletes costs money for ever: three who do not know of each other see to it.
import { describe, expect, test } from "@jest/globals";
import { whyNotNeeded } from "../../functions/sweep-machines/decide.ts";
import { machineBody, outlivesBy } from "../../shared/compute/machine.ts";
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
  expect(startUpScript.indexOf("\ntrap delete_self EXIT\n")).toBeLessThan(
    startUpScript.indexOf("\nfetch_rclone\n"),
  );
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

describe("a machine that nobody would take away is never asked for", () => {
  const body = bodyFor(3600);
  const scheduled = (change: object) => ({ ...body, scheduling: { ...body.scheduling, ...change } });
  const onDisk = (change: object) => ({ ...body, disks: body.disks.map((disk) => ({ ...disk, ...change })) });
  const { hub: _, ...nobodys } = body.labels;

  test("ours is, Spot or standard", () => {
    const standard = machineBody(order({ standard: true }), project, sampleTransfers());
    expect([body, standard].map(outlivesBy)).toEqual([undefined, undefined]);
    expect(standard.scheduling).toMatchObject({
      provisioningModel: "STANDARD",
      instanceTerminationAction: "DELETE",
      maxRunDuration: { seconds: "3600" },
      automaticRestart: false,
    });
  });

  test.each([
    ["it is not deleted at its end", scheduled({ instanceTerminationAction: "STOP" })],
    ["it has no time limit", scheduled({ maxRunDuration: { seconds: "" } })],
    ["it has no time limit", scheduled({ maxRunDuration: { seconds: "29" } })],
    ["it has no time limit", scheduled({ maxRunDuration: { seconds: String(120 * 86_400 + 1) } })],
    ["it is started again", scheduled({ automaticRestart: true })],
    ["it is protected from deletion", { ...body, deletionProtection: true }],
    ["its disk stays", onDisk({ autoDelete: false })],
    ["its disk stays", { ...body, disks: [] }],
    ["it or its disk has no labels to be found by", { ...body, labels: nobodys }],
    [
      "it or its disk has no labels to be found by",
      { ...body, labels: { ...body.labels, groundcrew: "other" } },
    ],
    ["it or its disk has no labels to be found by", { ...body, labels: { ...body.labels, shard: "" } }],
    ["it or its disk has no labels to be found by", onDisk({ initializeParams: { labels: {} } })],
  ])("%s", (why, changed) => {
    expect(outlivesBy(changed)).toBe(why);
  });
});
