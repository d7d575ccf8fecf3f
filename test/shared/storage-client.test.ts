// The client of Cloud Storage: one a process, at Google's address unless another is given.
import { expect, test } from "@jest/globals";
import { silenceMs, storageClient } from "../../shared/storage-client.ts";

const addressOf = async (endpoints: { storage?: string }) =>
  (await storageClient({ project: "example-hub-ops", endpoints })()).apiEndpoint;

test("is built once", async () => {
  const client = storageClient({ project: "example-hub-ops", endpoints: {} });
  expect(await client()).toBe(await client());
});

test("calls Google, or the address that it is given", async () => {
  expect(await addressOf({})).toBe("https://storage.googleapis.com");
  expect(await addressOf({ storage: "http://127.0.0.1:1" })).toBe("http://127.0.0.1:1");
});

test("a call that fails slowly ends: all of its tries fit between a function's time and the limit at which nobody is called back", async () => {
  const { retryOptions } = await storageClient({ project: "example-hub-ops", endpoints: {} })();
  const { maxRetries = 0, retryDelayMultiplier = 0, maxRetryDelay = 0, totalTimeout = 0 } = retryOptions;
  const pauses = Array.from({ length: maxRetries }, (_, at) =>
    Math.min(retryDelayMultiplier ** at, maxRetryDelay),
  );
  const longest = pauses.reduce((sum, pause) => sum + pause, ((maxRetries + 1) * silenceMs) / 1000);
  expect([longest < 60, 10 * longest < totalTimeout]).toEqual([true, true]);
});
