// Harshness of Cloud Storage that a plain store has not: objects of which no MD5 is known, and one write a second of each.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { ledger, project, storageHarness } from "./harness.ts";

let served: Awaited<ReturnType<typeof storageHarness>>;
afterEach(() => served.close());
const ask = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  fetch(`${served.url}${path}`, {
    method,
    headers: { authorization: served.tokenOf(operatorIdentity(project)), ...headers },
    ...(body !== undefined && { body }),
  });
const insert = (name: string, query = "") =>
  ask("POST", `/upload/storage/v1/b/${ledger}/o?uploadType=media&name=${name}${query}`, "text");

test("an object that was composed has no MD5: in a listing, by itself, and where it is downloaded", async () => {
  served = await storageHarness();
  const remote = join(served.folder, "remote");
  mkdirSync(join(remote, ".groundcrew"), { recursive: true });
  writeFileSync(join(remote, "whole.nc"), "bytes");
  writeFileSync(join(remote, "parts.nc"), "bytes");
  writeFileSync(join(remote, ".groundcrew/composed"), "parts.nc\n");
  const objects = "/storage/v1/b/remote/o";
  const listed = async () =>
    (await ask("GET", `${objects}?fields=items(name,md5Hash,crc32c,componentCount)`)).json();
  const md5Hash = "SzpiGLs+OnMD6KFxpg/Pkg==";
  const [parts, whole] = [
    { name: "parts.nc", componentCount: 2 },
    { name: "whole.nc", md5Hash },
  ];
  expect(await listed()).toMatchObject({ items: [parts, whole] });
  expect((await ask("GET", `${objects}/parts.nc?alt=media`)).headers.get("x-goog-hash")).not.toContain("md5");
  expect(await (await ask("GET", `${objects}/parts.nc`)).json()).not.toHaveProperty("md5Hash");
  // Written anew as a whole, it has one.
  rmSync(join(remote, ".groundcrew/composed"));
  expect(await listed()).toMatchObject({ items: [{ name: "parts.nc", md5Hash }, whole] });
  expect(served.farEnd.violations).toEqual([]);
});

test("fields cut the answer of every way to write", async () => {
  served = await storageHarness();
  expect(await (await insert("k", "&fields=name")).json()).toEqual({ name: "k" });
  const begin = await ask(
    "POST",
    `/upload/storage/v1/b/${ledger}/o?uploadType=resumable&fields=name,size`,
    JSON.stringify({ name: "l" }),
    { "content-type": "application/json" },
  );
  const { pathname, search } = new URL(z.string().parse(begin.headers.get("location")));
  const ended = await ask("PUT", `${pathname}${search}`, "12345", { "content-range": "bytes 0-4/5" });
  expect(await ended.json()).toEqual({ name: "l", size: "5" });
  expect(served.farEnd.violations).toEqual([]);
});

test("one object is written once a second in such weather, by the movable clock", async () => {
  const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
  served = await storageHarness({ clock });
  expect([(await insert("k")).status, (await insert("k")).status]).toEqual([200, 200]);
  served.weather.begin("storage-writes");
  const remove = async () => (await ask("DELETE", `/storage/v1/b/${ledger}/o/k`)).status;
  expect((await insert("k")).status).toBe(200);
  const refused = await insert("k");
  expect([refused.status, await refused.json()]).toEqual([
    429,
    {
      error: expect.objectContaining({
        errors: [expect.objectContaining({ reason: "rateLimitExceeded" })],
      }),
    },
  ]);
  expect(await remove()).toBe(429);
  // A condition that does not hold changes nothing, and counts for nothing.
  expect((await insert("k", "&ifGenerationMatch=0")).status).toBe(412);
  expect((await insert("l")).status).toBe(200);
  clock.moveBy(1000);
  expect(await remove()).toBe(204);
});
