// The real compute client against the far end: what it is asked for, what it answers, and what is never let in.
import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { reachesGoogle, usualGround } from "../../../local/compute/ground.ts";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { machineBody, requestIdOf } from "../../../shared/compute/machine.ts";
import { startUpScript } from "../../../shared/compute/startup.ts";
import { identityOf, machineIdentity } from "../../../shared/functions.ts";
import { Begun, computeHarness, order, Page, project, sampleTransfers } from "./harness.ts";

let harness: Awaited<ReturnType<typeof computeHarness>>;
beforeEach(async () => {
  harness = await computeHarness();
});
afterEach(() => harness.close());

const settings = sampleTransfers();
const zone = "us-central1-a";
const name = "transfer-sample-t1-0";

/** A raw request, as somebody with a token and no client of ours could send it. */
function insertion(
  body: unknown,
  { as = identityOf("run-transfer", project), requestId = "" } = {},
): Request {
  const { token } = harness.identities.mint(as, ["https://www.googleapis.com/auth/cloud-platform"]);
  const query = requestId === "" ? "" : `?requestId=${requestId}`;
  return new Request(`${harness.url}/compute/v1/projects/${project}/zones/${zone}/instances${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
const post = async (body: unknown, as?: string): Promise<number> =>
  (await fetch(insertion(body, as === undefined ? {} : { as }))).status;

describe("machines", () => {
  test("one is made, found by its labels, and deleted", async () => {
    expect(await harness.adapter.make(order(), settings)).toBe("made");
    const [machine, ...others] = await harness.adapter.list({ hub: "sample", transfer: "t1" });
    expect(others).toEqual([]);
    expect(machine).toMatchObject({
      name,
      zone,
      status: "RUNNING",
      labels: { groundcrew: "transfer", shard: "0", attempt: "1" },
    });
    expect(await harness.adapter.list({ hub: "another" })).toEqual([]);
    const listed = { id: machine?.id ?? "", zone, name };
    // One of its name that was there before: a listing may show it still.
    expect(await harness.adapter.remove({ ...listed, id: "1" })).toBe("gone");
    expect(harness.far.machines()).toHaveLength(1);
    expect(await harness.adapter.remove(listed)).toBe("asked");
    await harness.far.idle();
    expect(await harness.adapter.list()).toEqual([]);
    expect(await harness.adapter.remove(listed)).toBe("gone");
    expect(harness.far.violations).toEqual([]);
  });

  test("a list comes in pages, each machine once, and our client reads them all", async () => {
    for (const shard of [0, 1, 2, 3, 4])
      await harness.adapter.make(order({ shard, name: `transfer-sample-t1-${shard}` }), settings);
    const all = (await harness.adapter.list()).map((machine) => machine.name);
    const { token } = harness.identities.mint(operatorIdentity(project), [
      "https://www.googleapis.com/auth/cloud-platform",
    ]);
    const ask = (query: string) =>
      fetch(`${harness.url}/compute/v1/projects/${project}/aggregated/instances?${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
    const paged: string[] = [];
    for (let page: string | undefined = ""; page !== undefined; ) {
      const answer = Page.parse(await (await ask(`maxResults=2&pageToken=${page}`)).json());
      paged.push(...Object.values(answer.items).flatMap(({ instances }) => instances.map((one) => one.name)));
      page = answer.nextPageToken;
    }
    expect([paged.toSorted(), all.length]).toEqual([all.toSorted(), 5]);
    for (const wrong of ["maxResults=501", "pageToken=x"]) expect((await ask(wrong)).status).toBe(400);
    expect(harness.far.violations).toEqual([]);
  });

  test("the same request makes one machine, another attempt's name is taken, a full zone and no quota are values", async () => {
    expect(await harness.adapter.make(order(), settings)).toBe("made");
    expect(await harness.adapter.make(order(), settings)).toBe("made");
    expect(harness.far.made()).toBe(1);
    expect(await harness.adapter.make(order({ attempt: 2 }), settings)).toBe("already-there");
    harness.far.exhaust("us-central1-b", "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS");
    harness.far.exhaust("us-central1-c", "QUOTA_EXCEEDED");
    expect(
      await harness.adapter.make(
        order({ shard: 1, name: "transfer-sample-t1-1", zone: "us-central1-b" }),
        settings,
      ),
    ).toBe("no-capacity");
    expect(
      await harness.adapter.make(
        order({ shard: 2, name: "transfer-sample-t1-2", zone: "us-central1-c" }),
        settings,
      ),
    ).toBe("quota");
    expect(harness.far.machines().map((machine) => machine.name)).toEqual([name]);
  });

  test("a request is taken, and fails later: the operation that is waited for says why", async () => {
    harness.far.exhaust(zone, "ZONE_RESOURCE_POOL_EXHAUSTED");
    const requestId = requestIdOf(order());
    const taken = await fetch(insertion(machineBody(order(), project, settings), { requestId }));
    const begun = Begun.parse(await taken.json());
    expect([taken.status, begun.status, begun.error]).toEqual([200, "RUNNING", undefined]);
    const { token } = harness.identities.mint(operatorIdentity(project), [
      "https://www.googleapis.com/auth/cloud-platform",
    ]);
    const wait = (inProject: string) =>
      fetch(`${harness.url}/compute/v1/projects/${inProject}/zones/${zone}/operations/${begun.name}/wait`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      });
    // It has the room again meanwhile: this operation has failed all the same.
    harness.far.exhaust(zone);
    const failed = Begun.parse(await (await wait(project)).json());
    expect([failed.status, failed.error?.errors]).toEqual([
      "DONE",
      [expect.objectContaining({ code: "ZONE_RESOURCE_POOL_EXHAUSTED" })],
    ]);
    expect((await wait("another-project")).status).toBe(404);
    expect([harness.far.made(), harness.far.machines()]).toEqual([0, []]);
    expect(harness.far.violations).toEqual([]);
  });

  test("another type and a standard machine are made as they are asked for", async () => {
    expect(await harness.adapter.make(order({ type: "n2-standard-8", standard: true }), settings)).toBe(
      "made",
    );
    expect(harness.far.machines()).toMatchObject([{ name, zone }]);
    // Google takes no standard machine away.
    expect(harness.far.preempt(name)).toBe(false);
  });

  test("an answer that is lost makes no second machine", async () => {
    harness.faults.add({ farEnd: "compute", match: "POST", failure: { kind: "lost-answer" } });
    // The vendor's client may ask again by itself.
    await harness.adapter.make(order(), settings).catch(() => undefined);
    expect(await harness.adapter.make(order(), settings)).toBe("made");
    expect(harness.far.made()).toBe(1);
  });

  test("what was asked of a process that is no more is over for the next one, and its machine is gone", async () => {
    harness.prepareBy(() => new Promise(() => undefined));
    const asked = () =>
      insertion(machineBody(order(), project, settings), { requestId: requestIdOf(order()) });
    const statusOf = async (answer: Response | Promise<Response>) =>
      z.object({ status: z.string() }).parse(await (await answer).json()).status;
    expect(await statusOf(harness.far.fetch(asked()))).toBe("RUNNING");
    const next = harness.restart();
    expect(await statusOf(next.fetch(asked()))).toBe("DONE");
    expect(next.machines()).toEqual([]);
  });

  test("one that cannot be prepared finds no room, and leaves nothing", async () => {
    harness.prepareBy(() => Promise.reject(new Error("no more files may be open")));
    expect(await harness.adapter.make(order(), settings)).toBe("no-capacity");
    await harness.far.idle();
    expect(harness.far.machines()).toEqual([]);
  });

  test("a machine may delete itself and make none; others may do neither", async () => {
    const body = machineBody(order(), project, settings);
    expect(await post(body, machineIdentity(project))).toBe(403);
    expect(await post(body, identityOf("send-notice", project))).toBe(403);
    expect(await post({ ...body, name: "another-name" })).toBe(403);
  });

  test("one that nobody could find again is not asked for", async () => {
    await expect(harness.adapter.make(order({ hub: "" }), settings)).rejects.toMatchObject({
      name: "Permanent",
      failure: { service: "compute", cause: "unbounded" },
    });
    expect(harness.far.violations).toEqual([]);
  });

  test("what runs for longer than it may is taken away", async () => {
    await harness.adapter.make(order({ maximumSeconds: 3600 }), settings);
    harness.clock.moveBy(3601 * 1000);
    await harness.adapter.list();
    await harness.far.idle();
    expect(harness.far.machines()).toEqual([]);
  });
});

test("the request id differs by attempt, round and place, and is a UUID of version 5", () => {
  const ids = [
    order(),
    order({ attempt: 2 }),
    order({ round: 1 }),
    order({ zone: "us-central1-b" }),
    order({ type: "n2-standard-8" }),
    order({ standard: true }),
    order({ shard: 1 }),
  ].map(requestIdOf);
  expect(new Set(ids).size).toBe(7);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a machine reaches Google by an address of its own, or from a subnetwork that lets it", () => {
  const reached = (reachesOut: boolean, lets: boolean) => {
    const body = z.record(z.string(), z.json()).parse(machineBody(order({ reachesOut }), project, settings));
    const at = { id: "1", zone, name, status: "RUNNING", createdAt: "", pid: 0, preempted: 0 };
    const subnetworks = { "regions/us-central1/subnetworks/groundcrew-transfers": lets };
    return reachesGoogle({ ...at, body }, { ...usualGround, subnetworks });
  };
  expect([reached(true, false), reached(false, true), reached(false, false)]).toEqual([true, true, false]);
});

test("the start-up script is bash, and never powers a machine off", () => {
  execFileSync("bash", ["-n"], { input: startUpScript });
  expect(startUpScript).not.toMatch(/poweroff|shutdown|halt\b|init 0|systemctl/);
});
