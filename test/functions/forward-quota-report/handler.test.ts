// Tests of a bucket's word about a new object: it sets the scan going for the right hub, and for no other object.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { forwardQuotaReport } from "../../../functions/forward-quota-report/handler.ts";
import { notifier } from "../../../local/storage/notifications.ts";
import { settings } from "../console/harness.ts";
import { flowHarness } from "../flow-harness.ts";

const bucket = "sample-hub-1-ledger";

let harness: Awaited<ReturnType<typeof flowHarness<"forward-quota-report">>>;
beforeAll(async () => {
  harness = await flowHarness("forward-quota-report");
});
beforeEach(() => harness.fresh());
afterAll(() => harness.close());

/** Lists what a bucket's message sets going. */
async function taken(object: object): Promise<unknown[]> {
  const { status } = await harness.deliver(
    (arrived, run) => forwardQuotaReport(arrived, run, { ...harness.deps, settings, bucket }),
    object,
  );
  expect(status).toBe(204);
  return harness.events();
}

/** Lists what our bucket publishes about an object. */
async function toldOf(name: string): Promise<{ topic: string; body: object; attributes: unknown }[]> {
  const told: { topic: string; body: object; attributes: unknown }[] = [];
  const publish = async (topic: string, data: string | Uint8Array, attributes?: Record<string, string>) => {
    told.push({ topic, body: JSON.parse(String(data)), attributes });
    return "1";
  };
  notifier({ pubsub: { publish }, now: () => new Date("2026-03-02T06:00:00Z") })({
    bucket,
    name,
    generation: 7,
  });
  return told;
}

describe("a report's arrival", () => {
  test("is told as Cloud Storage tells it, and wakes the hub's scan", async () => {
    const [told, ...more] = await toldOf("reports/prod/2026-x.json");
    expect([told?.topic, more]).toEqual(["report-arrived", []]);
    expect(told?.attributes).toMatchObject({
      eventType: "OBJECT_FINALIZE",
      bucketId: bucket,
      objectId: "reports/prod/2026-x.json",
      objectGeneration: "7",
      payloadFormat: "JSON_API_V1",
    });
    expect(await taken(told?.body ?? {})).toEqual([
      {
        topic: "quota-scan-due",
        event: { v: 1, hub: "prod", why: "report", report: "reports/prod/2026-x.json" },
      },
    ]);
    expect(await harness.runs()).toEqual([]);
  });

  test("of other objects is not told", async () => {
    expect(await toldOf("runs/2026-03-02/x.json")).toEqual([]);
    expect(await toldOf("head/reports/x.json")).toEqual([]);
  });

  test.each([
    ["another bucket", { kind: "storage#object", bucket: "elsewhere", name: "reports/prod/x.json" }],
    ["another folder", { kind: "storage#object", bucket, name: "runs/prod/x.json" }],
    ["an unknown hub", { kind: "storage#object", bucket, name: "reports/nowhere/x.json" }],
    ["what is no hub's name", { kind: "storage#object", bucket, name: "reports/../x.json" }],
    ["a property of every object", { kind: "storage#object", bucket, name: "reports/constructor/x.json" }],
    ["no file", { kind: "storage#object", bucket, name: "reports/prod" }],
  ])("%s wakes nothing, and the run says so", async (_, object) => {
    expect(await taken(object)).toEqual([]);
    expect(await harness.runs()).toMatchObject([{ outcome: "done", title: "an object that is no report" }]);
  });
});
