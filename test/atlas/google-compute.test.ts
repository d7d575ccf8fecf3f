// Transfer machines by their production adapter: what Compute Engine has been seen to answer, and answers that are none.
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { machines } from "../../shared/compute/machines.ts";
import { failureIn } from "../../shared/failure.ts";
import { order, sampleTransfers } from "../local/compute/harness.ts";
import { atlas, cutAnywhere, type Recorded } from "./entry.ts";
import { apiary, errorPage, google, html, json, silence, thrown } from "./google-bodies.ts";
import { type ComputeCall, computeEntries } from "./google-compute.ts";
import { expectedEntries, operationEntries, unknownOperation } from "./google-operations.ts";

let far: Awaited<ReturnType<typeof google>>;
let noToken: Recorded | undefined;
beforeAll(async () => {
  far = await google(() => noToken);
  adapter = make(far.url);
});
afterEach(() => {
  noToken = undefined;
});
afterAll(() => far.close());

const make = (url: string, patience = {}) =>
  machines({ project: "example-hub", endpoints: { compute: url }, ...patience });
let adapter: ReturnType<typeof make>;
const calls: Record<ComputeCall, () => Promise<unknown>> = {
  async make() {
    const made = await adapter.make(order(), sampleTransfers());
    if (typeof made === "object") throw made.failed;
    return made;
  },
  list: () => adapter.list(),
  remove: () => adapter.remove({ id: "1", zone: "us-central1-a", name: "transfer-sample-t1-0" }),
};
/** Asks again and again, with little patience. Time helps against whatever was seen of this call. */
const hasty = (url: string) => thrown(make(url, { patienceMs: 300 }).list());

async function send({ call, ...recorded }: { call: ComputeCall } & Recorded) {
  far.answers(recorded);
  return thrown(calls[call]());
}

atlas([...computeEntries, ...operationEntries], send);
cutAnywhere(computeEntries, send, 30);

test.each(expectedEntries)("$is is to be expected, and no failure: $status", async ({ is, ...recorded }) => {
  far.answers(recorded);
  expect(await calls.make()).toBe(is);
});

test.each([
  [400, "lasting", "400-never-seen"],
  [403, "settling", "forbidden"],
  [412, "transient", "412-never-seen"],
  [503, "transient", "503-never-seen"],
])("an operation that ended in a code of no table, with %d: %s", async (status, lasts, cause) => {
  const error = await send({ call: "make", ...unknownOperation(status) });
  expect(failureIn(error)).toMatchObject({ service: "compute", lasts, cause });
});

test("a machine that has gone is gone; a page of somebody else's says nothing of it, nor does a missing token", async () => {
  const missing =
    "The resource 'projects/example-hub/zones/us-central1-a/instances/transfer-sample-t1-0' was not found";
  far.answers(apiary(404, "notFound", missing));
  expect(await calls.remove()).toBe("gone");
  expect(failureIn(await send({ call: "remove", ...errorPage(404, "Not Found") }))?.cause).toBe("404");
  noToken = { ...errorPage(404, "Not Found"), headers: { "metadata-flavor": "Google" } };
  adapter = make(far.url);
  expect(failureIn(await send({ call: "remove", ...apiary(404, "notFound", missing) }))).toMatchObject({
    service: "metadata",
    cause: "no-identity",
  });
  adapter = make(far.url);
});

test("a zone that says nothing is no zone without machines", async () => {
  const warning = { code: "UNREACHABLE", message: "The zone is unreachable." };
  const error = await send({ call: "list", ...json(200, { items: { "zones/us-central1-a": { warning } } }) });
  expect(failureIn(error)).toMatchObject({
    service: "compute",
    cause: "zone-unreachable",
    lasts: "transient",
  });
});

test.each<[string, Recorded]>([
  ["a page of HTML", html(200, "<html>")],
  ["nothing", { status: 200, body: "" }],
  ["half of a page", { ...json(200, {}), body: '{"items":{"zones/us-' }],
  ["an object of another kind", json(200, {})],
  ["an error told with 200", json(200, { error: { code: 503, status: "UNAVAILABLE", message: "m" } })],
  ["a mark and no more", { ...json(200, {}), body: "\ufeff{}" }],
  ["no content", { status: 204, body: "" }],
  ["an outage", json(503, { error: { code: 503, message: "The service is currently unavailable." } })],
])("%s is no list of machines", async (_, recorded) => {
  far.answers(recorded);
  expect(failureIn(await hasty(far.url))).toMatchObject({ service: "compute", lasts: "transient" });
});

test("a server that never answers is given up on, by name", async () => {
  const silent = await silence();
  const error = await hasty(silent.url);
  silent.close();
  expect(failureIn(error)).toMatchObject({ service: "compute", cause: "no-answer", lasts: "transient" });
});
