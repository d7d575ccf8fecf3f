// Refusals of the compute far end: machines that would be left behind, that Google refuses, or that have what nothing here acts on. None is made.
import { afterAll, afterEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { machineBody, requestIdOf } from "../../../shared/compute/machine.ts";
import { identityOf } from "../../../shared/functions.ts";
import { Begun, computeHarness, order, Page, project, sampleTransfers } from "./harness.ts";

const harness = await computeHarness();
afterEach(async () => {
  for (const { zone: place, name: machine } of harness.far.machines())
    await call(`zones/${place}/instances/${machine}`, { method: "DELETE" });
  await harness.far.idle();
});
afterAll(() => harness.close());

const settings = sampleTransfers();
const zone = "us-central1-a";
const name = "transfer-sample-t1-0";

/** A call of a path of the project, by the operator or by a function. */
const call = (path: string, request: RequestInit = {}, as?: "run-transfer"): Promise<Response> => {
  const email = as === undefined ? operatorIdentity(project) : identityOf(as, project);
  const { token } = harness.identities.mint(email, ["https://www.googleapis.com/auth/cloud-platform"]);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(`${harness.url}/compute/v1/projects/${project}/${path}`, { ...request, headers });
};

type Body = ReturnType<typeof machineBody>;
type Change = (body: Body) => object;
const region = "projects/sample-hub/regions/us-central1/subnetworks";
const scheduled = (body: Body, change: object) => ({
  ...body,
  scheduling: { ...body.scheduling, ...change },
});
const onDisk = (body: Body, change: object) => ({
  ...body,
  disks: body.disks.map((disk) => ({ ...disk, ...change })),
});
const initialized = (body: Body, change: object) => ({
  ...body,
  disks: body.disks.map((disk) => ({
    ...disk,
    initializeParams: { ...disk.initializeParams, ...change },
  })),
});
const inSubnetwork = (body: Body, subnetwork: string) => ({ ...body, networkInterfaces: [{ subnetwork }] });
const addressed = (type: string) => (network: object) => ({ ...network, accessConfigs: [{ type }] });

/** Asks for a machine; gives the status of the answer. */
const post = async (body: object, requestId = ""): Promise<Response> =>
  call(
    `zones/${zone}/instances${requestId === "" ? "" : `?requestId=${requestId}`}`,
    {
      method: "POST",
      body: JSON.stringify(body),
    },
    "run-transfer",
  );

test.each<[string, Change]>([
  [
    "no deletion at its end",
    (body) => ({ ...body, scheduling: { ...body.scheduling, instanceTerminationAction: "STOP" } }),
  ],
  [
    "no time limit",
    ({ scheduling: { maxRunDuration: _, ...scheduling }, ...body }) => ({ ...body, scheduling }),
  ],
  [
    "a disk that stays",
    (body) => ({ ...body, disks: body.disks.map((disk) => ({ ...disk, autoDelete: false })) }),
  ],
  ["no labels", ({ labels: _, ...body }) => body],
  ["another identity", (body) => ({ ...body, serviceAccounts: [{ email: "default", scopes: [] }] })],
  ["a machine for a reservation", (body) => scheduled(body, { provisioningModel: "RESERVATION_BOUND" })],
  [
    "a standard machine that is not deleted at its end",
    (body) => scheduled(body, { provisioningModel: "STANDARD", instanceTerminationAction: "STOP" }),
  ],
  ["a life after it was stopped", (body) => scheduled(body, { automaticRestart: true })],
  ["no labels of its disk", (body) => initialized(body, { labels: {} })],
  ["protection from deletion", (body) => ({ ...body, deletionProtection: true })],
  ["a life after maintenance", (body) => scheduled(body, { onHostMaintenance: "MIGRATE" })],
  ["no type", ({ machineType: _, ...body }) => body],
  ["a type of another zone", (body) => ({ ...body, machineType: "zones/us-east1-b/machineTypes/e2-small" })],
  ["no network", (body) => ({ ...body, networkInterfaces: [] })],
  ["a network of another region", (body) => inSubnetwork(body, `${region.replace("central1", "east1")}/x`)],
  ["a network that is not there", (body) => inSubnetwork(body, `${region}/none`)],
  ["nothing to boot from", (body) => onDisk(body, { boot: false })],
  ["two boot disks", (body) => ({ ...body, disks: [...body.disks, ...body.disks] })],
  ["a disk without an image", (body) => onDisk(body, { initializeParams: { diskSizeGb: "20" } })],
  ...["0", "-5", "65537"].map((diskSizeGb): [string, Change] => [
    `a disk of ${diskSizeGb} GB`,
    (body) => initialized(body, { diskSizeGb }),
  ]),
  [
    "a disk type of another zone",
    (body) => initialized(body, { diskType: "zones/us-east1-b/diskTypes/pd-balanced" }),
  ],
  [
    "a key of its metadata twice",
    (body) => ({ ...body, metadata: { items: [...body.metadata.items, { key: "shard", value: "9" }] } }),
  ],
  ["a field that Google does not know", (body) => ({ ...body, termination: "never" })],
])("a machine with %s is not let in", async (what, change) => {
  expect((await post(change(machineBody(order(), project, settings)))).status).toBe(400);
  expect(harness.far.violations.splice(0)).toHaveLength(what.includes("Google") ? 1 : 0);
  expect(harness.far.machines()).toEqual([]);
});

test.each<[string, Change]>([
  ["guestAccelerators", (body) => ({ ...body, guestAccelerators: [{ acceleratorCount: 1 }] })],
  ["canIpForward", (body) => ({ ...body, canIpForward: true })],
  [
    "scheduling.terminationTime",
    (body) => ({ ...body, scheduling: { ...body.scheduling, terminationTime: "x" } }),
  ],
  ["disks.source", (body) => ({ ...body, disks: body.disks.map((disk) => ({ ...disk, source: "x" })) })],
])("a machine with %s, which nothing here acts on, is not made", async (field, change) => {
  expect((await post(change(machineBody(order(), project, settings)))).status).toBe(501);
  expect(harness.far.violations.splice(0)).toEqual([expect.stringContaining(`the field ${field} of`)]);
  expect(harness.far.machines()).toEqual([]);
});

test.each<[string, Change]>([
  ["machineType", (body) => ({ ...body, machineType: "e2-small" })],
  ["machineType", (body) => ({ ...body, machineType: `zones/${zone}/machineTypes/e2-standrad-8` })],
  ["disks.initializeParams.sourceImage", (body) => initialized(body, { sourceImage: "family/debian-12" })],
  ["disks.initializeParams.diskType", (body) => initialized(body, { diskType: "pd-balanced" })],
  ["networkInterfaces.subnetwork", (body) => inSubnetwork(body, "default")],
  [
    "networkInterfaces.accessConfigs",
    (body) => ({ ...body, networkInterfaces: body.networkInterfaces.map(addressed("DIRECT_IPV6")) }),
  ],
  [
    "disks or networkInterfaces beyond the first",
    (body) => ({ ...body, networkInterfaces: [...body.networkInterfaces, ...body.networkInterfaces] }),
  ],
  [
    "serviceAccounts.scopes",
    (body) => ({ ...body, serviceAccounts: body.serviceAccounts.map(({ email }) => ({ email })) }),
  ],
  [
    "serviceAccounts.scopes",
    (body) => ({ ...body, serviceAccounts: body.serviceAccounts.map((one) => ({ ...one, scopes: [] })) }),
  ],
])("a machine with a value of %s that nothing here acts on is not made", async (field, change) => {
  expect((await post(change(machineBody(order(), project, settings)))).status).toBe(501);
  expect(harness.far.violations.splice(0)).toEqual([expect.stringContaining(`this value of ${field} of`)]);
  expect(harness.far.machines()).toEqual([]);
});

test("labels may have letters of any language", async () => {
  const body = machineBody(order(), project, settings);
  expect((await post({ ...body, labels: { ...body.labels, größe: "süß" } })).status).toBe(200);
});

test("a machine is found by its id, and all that a filter asks for must hold", async () => {
  await harness.adapter.make(order(), settings);
  const [machine] = harness.far.machines();
  const of = `zones/${zone}/instances/${machine?.id}`;
  expect(z.object({ name: z.string() }).parse(await (await call(of)).json())).toEqual({ name });
  const asking = async (filter: string) =>
    Object.values(
      Page.parse(await (await call(`aggregated/instances?filter=${encodeURIComponent(filter)}`)).json())
        .items,
    ).flatMap(({ instances }) => instances);
  expect(await asking("(labels.hub = sample) (labels.shard = 0)")).toHaveLength(1);
  expect(await asking("(labels.hub = other) (labels.hub = sample)")).toEqual([]);
  expect((await call(of, { method: "DELETE" }, "run-transfer")).status).toBe(200);
  await harness.far.idle();
});

test("a request id stands for one request: it is answered again, and for another it is not served", async () => {
  const id = requestIdOf(order({ attempt: 7 }));
  const body = machineBody(order(), project, settings);
  const made = Begun.parse(await (await post(body, id)).json());
  expect(Begun.parse(await (await post(body, id)).json()).name).toBe(made.name);
  const second = post({ ...body, name: "transfer-sample-t1-7" }, id);
  expect((await second).status).toBe(501);
  const remove = (requestId: string, of = name) =>
    call(`zones/${zone}/instances/${of}?requestId=${requestId}`, { method: "DELETE" });
  expect([(await remove(id)).status, (await remove("soon")).status]).toEqual([501, 400]);
  expect(harness.far.violations.splice(0)).toHaveLength(2);
  expect(harness.far.machines().map((machine) => machine.name)).toEqual([name]);
  const other = requestIdOf(order({ attempt: 9 }));
  const removed = Begun.parse(await (await remove(other)).json());
  await harness.far.idle();
  expect(Begun.parse(await (await remove(other)).json()).name).toBe(removed.name);
  expect((await remove(requestIdOf(order({ attempt: 8 })))).status).toBe(404);
});

test("a project in the query that is not the path's is not served", async () => {
  expect((await call(`aggregated/instances?project=${project}`)).status).toBe(200);
  expect((await call("aggregated/instances?project=another")).status).toBe(501);
  expect(harness.far.violations.splice(0)).toHaveLength(1);
});

test("a zone that can be none is said to be unknown, and nothing is in it", async () => {
  const body = machineBody(order({ zone: "mars" }), project, settings);
  const made = call("zones/mars/instances", { method: "POST", body: JSON.stringify(body) });
  expect((await made).status).toBe(400);
  expect((await call("zones/mars/instances/x")).status).toBe(400);
  expect(harness.far.machines()).toEqual([]);
});

test("a filter that Google takes and that is not served is not said to be wrong", async () => {
  for (const filter of ["status = RUNNING", "(labels.hub = )", "labels.hub:*"]) {
    const answer = await call(`aggregated/instances?filter=${encodeURIComponent(filter)}`);
    expect(answer.status).toBe(501);
    expect(harness.far.violations.splice(0)).toHaveLength(1);
  }
});
