// Listings: pages, prefixes, offsets, by the real client; and against a plain model, for all kinds of names.

import type { Bucket } from "@google-cloud/storage";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { objectIndex } from "../../../local/storage/objects.ts";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { openState } from "../../../local/wire/state.ts";
import { ledger, project, storageHarness } from "./harness.ts";

let served: Awaited<ReturnType<typeof storageHarness>>;
let bucket: Bucket;

beforeAll(async () => {
  served = await storageHarness();
  bucket = (await served.operator()).bucket(ledger);
});
afterAll(async () => {
  expect(served.farEnd.violations).toEqual([]);
  await served.close();
});

describe("listing", () => {
  test("1,203 objects come in pages, in order, each once; folders come as prefixes", async () => {
    const names = Array.from(
      { length: 1203 },
      (_, index) => `many/${String(index % 7)}/${String(index).padStart(5, "0")}`,
    );
    for (let at = 0; at < names.length; at += 100)
      await Promise.all(names.slice(at, at + 100).map((name) => put(name, name)));
    served.faults.forget();
    const [files] = await bucket.getFiles({ prefix: "many/" });
    expect(files.map(({ name }) => name)).toEqual([...names].sort());
    expect(served.count("storage", "GET")).toBe(2);

    const [, , answer] = await bucket.getFiles({ prefix: "many/", delimiter: "/", autoPaginate: false });
    expect(answer).toMatchObject({ prefixes: [0, 1, 2, 3, 4, 5, 6].map((folder) => `many/${folder}/`) });
    const [some] = await bucket.getFiles({
      prefix: "many/3/",
      startOffset: "many/3/00010",
      endOffset: "many/3/00025",
    });
    expect(some.map(({ name }) => name)).toEqual(["many/3/00010", "many/3/00017", "many/3/00024"]);
    const [page, next] = await bucket.getFiles({ prefix: "many/", maxResults: 3, autoPaginate: false });
    expect([page.length, next]).toEqual([3, expect.objectContaining({ pageToken: expect.any(String) })]);
  });
});

describe("against a plain model", () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "b", "/", "é", "\ud7ff", "\uffff", "😀"),
    minLength: 1,
    maxLength: 6,
  });
  const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

  test("whatever the names, prefix, delimiter and page size: all pages together are the model's answer", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 30 }),
        fc.oneof(
          fc.constant(""),
          name.map((one) => one.slice(0, 2)).filter((one) => one.isWellFormed()),
        ),
        fc.constantFrom("", "/", "a", "ab"),
        fc.oneof(fc.constant(""), name),
        fc.oneof(fc.constant(""), name),
        fc.integer({ min: 1, max: 8 }),
        (names, prefix, delimiter, startOffset, endOffset, limit) => {
          const state = openState(":memory:");
          const index = objectIndex(state, () => new Date(0));
          for (const one of names)
            index.replace(
              { bucket: "b", name: one, digest: { size: 0, md5: "", crc32c: "" }, attributes: {} },
              () => undefined,
              () => ({ file: one, mtimeMs: 0 }),
            );
          const got: string[] = [];
          let after: string | undefined;
          do {
            const page = index.list("b", { prefix, delimiter, startOffset, endOffset, limit, after });
            expect(page.items.length + page.prefixes.length).toBeLessThanOrEqual(limit);
            got.push(...[...page.items.map((item) => item.name), ...page.prefixes].sort(bytewise));
            after = page.next;
          } while (after !== undefined);
          const inside = names.filter(
            (one) =>
              one.startsWith(prefix) &&
              bytewise(one, startOffset) >= 0 &&
              (endOffset === "" || bytewise(one, endOffset) < 0),
          );
          const shown = inside.map((one) => {
            const cut = delimiter === "" ? -1 : one.indexOf(delimiter, prefix.length);
            return cut === -1 ? one : one.slice(0, cut + delimiter.length);
          });
          state.close();
          expect(got).toEqual([...new Set(shown)].sort(bytewise));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** One request, past the client: a thousand of its uploads would take this test seconds. */
async function put(name: string, body: string): Promise<void> {
  const headers = { authorization: served.tokenOf(operatorIdentity(project)) };
  const path = `/upload/storage/v1/b/${ledger}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const answer = await fetch(`${served.url}${path}`, { method: "POST", body, headers });
  if (!answer.ok) throw new Error(await answer.text());
}
