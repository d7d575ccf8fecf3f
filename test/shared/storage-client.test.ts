// The client of Cloud Storage: one a process, at Google's address unless another is given.
import { expect, test } from "@jest/globals";
import { storageClient } from "../../shared/storage-client.ts";

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
