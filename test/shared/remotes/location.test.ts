// Places of buckets, over the wire: as a function that may list them, and do nothing else, learns it.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { locator } from "../../../shared/remotes/location.ts";
import { storageHarness } from "../../local/storage/harness.ts";

const places = { iowa: "US-CENTRAL1", pair: "NAM4", wide: "EU" };
let store: Awaited<ReturnType<typeof storageHarness>>;
beforeAll(async () => {
  store = await storageHarness({ places });
});
afterAll(() => store.close());

const gcs = (bucket: string) => ({ kind: "gcs", bucket }) as const;

test.each([
  ["a region", "iowa", { name: "US-CENTRAL1", regions: ["US-CENTRAL1"] }],
  ["two regions that have a name", "pair", { name: "NAM4", regions: ["US-CENTRAL1", "US-EAST1"] }],
  ["a multi-region", "wide", { name: "EU", regions: [] }],
])("%s", async (_, bucket, location) => {
  expect(await locator({ storage: store.operator })(gcs(bucket), "a")).toEqual(location);
});

test("two regions that a team has chosen, as Google spells them", async () => {
  const storage = await store.operator();
  const layout = {
    ...{ location: "us", locationType: "dual-region" },
    customPlacementConfig: { dataLocations: ["us-central1", "US-WEST1"] },
  };
  const bucket = Object.assign(storage.bucket("iowa"), { request: async () => [layout] });
  const locate = locator({ storage: async () => Object.assign(storage, { bucket: () => bucket }) });
  expect(await locate(gcs("iowa"), "")).toEqual({ name: "US", regions: ["US-CENTRAL1", "US-WEST1"] });
});

test("nothing outside Google, without a question", async () => {
  const s3 = { kind: "s3", bucket: "b", endpoint: "https://s3.example.org", region: "r" } as const;
  const storage = () => Promise.reject(new Error("nobody is asked"));
  expect(await locator({ storage })({ ...s3, provider: "Other" }, "a")).toBeUndefined();
});

test("a bucket that is not there, and one that may not be listed, are told with their cure", async () => {
  const nowhere = locator({ storage: store.operator })(gcs("nowhere"), "");
  await expect(nowhere).rejects.toMatchObject({ failure: { service: "storage", cause: "no-bucket" } });
  const denied = locator({ storage: () => store.client("send-notice") })(gcs("iowa"), "");
  await expect(denied).rejects.toMatchObject({ failure: { cause: "permission" } });
  const worker = locator({ storage: () => store.client("run-transfer") });
  await expect(worker(gcs("iowa"), "")).rejects.toMatchObject({ failure: { cause: "permission" } });
});
