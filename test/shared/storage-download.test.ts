// A record is read through a short trouble of Cloud Storage's, and a longer one is named; neither ends the process.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { failureIn } from "../../shared/failure.ts";
import { ledger } from "../../shared/ledger.ts";
import { storageClient } from "../../shared/storage-client.ts";
import type { Recorded } from "../atlas/entry.ts";
import { google, html, json, thrown } from "../atlas/google-bodies.ts";

let far: Awaited<ReturnType<typeof google>>;
let answers: Recorded[] = [];
let asked = 0;
beforeAll(async () => {
  far = await google(undefined, () => {
    asked += 1;
    return answers.length > 1 ? answers.shift() : answers[0];
  });
});
afterAll(() => far.close());

async function storage() {
  const client = await storageClient({ project: "p", endpoints: { storage: far.url } })();
  client.retryOptions.maxRetryDelay = 0.001;
  return client;
}
const read = () => ledger({ project: "p", storage }).read("head/a.json", z.object({ v: z.number() }));
const record = json(200, { v: 1 }, { "x-goog-generation": "7" });

test.each([503, 500, 429, 408])(
  "one answer of %d, and the record comes at the second try",
  async (status) => {
    answers = [html(status, "x"), record];
    expect(await read()).toEqual({ value: { v: 1 }, generation: "7" });
  },
);

test("a longer trouble is named after as many tries as every other call has", async () => {
  [answers, asked] = [[html(503, "x")], 0];
  expect(failureIn(await thrown(read()))).toMatchObject({
    service: "storage",
    cause: "503",
    lasts: "transient",
  });
  expect(asked).toBe(5);
});

test("what time does not mend is asked once", async () => {
  [answers, asked] = [[html(404, "No such object: p-ledger/head/a.json")], 0];
  expect(await read()).toBeUndefined();
  expect(asked).toBe(1);
});
