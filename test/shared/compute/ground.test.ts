// Ground that machines stand on, and what they leave, by the real client against the far end.
import { afterEach, describe, expect, test } from "@jest/globals";
import { usualGround } from "../../../local/compute/ground.ts";
import { type MachineOrder, machineBody } from "../../../shared/compute/machine.ts";
import { failureIn } from "../../../shared/failure.ts";
import { type FunctionName, identityOf } from "../../../shared/functions.ts";
import { computeHarness, order, project, sampleTransfers } from "../../local/compute/harness.ts";

let harness: Awaited<ReturnType<typeof computeHarness>>;
afterEach(() => harness.close());
const open = async (as: FunctionName) => {
  const subnetworks = { ...usualGround.subnetworks, "regions/us-central1/subnetworks/default": false };
  harness = await computeHarness(as, { ground: { ...usualGround, subnetworks } });
  return harness.ground;
};
/** Another function makes machines. */
async function make(one: MachineOrder): Promise<void> {
  const { token } = harness.identities.mint(identityOf("run-transfer", project), []);
  const place = `${harness.url}/compute/v1/projects/${project}/zones/${one.zone}/instances`;
  const answer = await fetch(place, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(machineBody(one, project, sampleTransfers())),
  });
  expect(answer.status).toBe(200);
}
const failureOf = async (asked: Promise<unknown>) =>
  failureIn(await asked.then(() => undefined).catch((error: unknown) => error));

test("a subnetwork lets machines reach Google, or does not, or is not there", async () => {
  const ground = await open("run-transfer");
  const at = (name: string) => ground.subnetwork(`regions/us-central1/subnetworks/${name}`);
  expect([await at("groundcrew-transfers"), await at("default"), await at("none")]).toEqual([
    "reaches-google",
    "shut-in",
    "missing",
  ]);
  expect(harness.far.violations).toEqual([]);
});

describe("for the look at what transfers need", () => {
  test("quotas are those of the region, with what is used of them", async () => {
    const ground = await open("check-transfers");
    const quotas = async () =>
      Object.fromEntries(
        (await ground.quotas("us-central1")).map(({ metric, limit, usage }) => [metric, [limit, usage]]),
      );
    const all = { CPUS: [200, 0], E2_CPUS: [200, 0], IN_USE_ADDRESSES: [64, 0], INSTANCES: [640, 0] };
    expect(await quotas()).toEqual({ ...all, PREEMPTIBLE_CPUS: [0, 0], SSD_TOTAL_GB: [500, 0] });
    await make(order());
    await make(order({ name: "transfer-sample-t1-1", shard: 1, standard: true, reachesOut: false }));
    expect(await quotas()).toEqual({
      CPUS: [200, 16],
      E2_CPUS: [200, 16],
      IN_USE_ADDRESSES: [64, 1],
      INSTANCES: [640, 2],
      PREEMPTIBLE_CPUS: [0, 8],
      SSD_TOTAL_GB: [500, 40],
    });
    expect(await failureOf(ground.quotas("us-east1"))).toMatchObject({
      service: "compute",
      cause: "not-found",
    });
    expect(harness.far.violations).toEqual([]);
  });

  test("disks are those of transfers' machines, with their labels and whether they are in use", async () => {
    const ground = await open("check-transfers");
    expect(await ground.disks()).toEqual([]);
    await make(order({ attempt: 3 }));
    expect(await ground.disks()).toEqual([
      {
        name: "transfer-sample-t1-0",
        zone: "us-central1-a",
        labels: { groundcrew: "transfer", hub: "sample", transfer: "t1", shard: "0", attempt: "3" },
        isAttached: true,
      },
    ]);
    expect(harness.far.violations).toEqual([]);
  });
});

test("a function that has no such right is refused, by the name of the right", async () => {
  const ground = await open("send-notice");
  expect(await failureOf(ground.subnetwork("regions/us-central1/subnetworks/default"))).toMatchObject({
    cause: "permission",
    explanation: { why: "the function's service account lacks the permission compute.subnetworks.get" },
  });
});
