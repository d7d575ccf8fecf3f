// The atlas as a whole: how much of the world it knows, that each of its answers has a public source, and that it names nobody.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { services } from "../../shared/failure.ts";

const Entry = z.object({
  source: z.string(),
  call: z.string(),
  status: z.number(),
  body: z.string(),
  reads: z.object({ service: z.string(), lasts: z.string() }),
});
type Entry = z.infer<typeof Entry>;

/** Every list of entries that a file of this folder has, so that nobody forgets to write one down here. */
async function everyEntry(): Promise<Entry[]> {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const modules = await Promise.all(
    files.map(async (file): Promise<Record<string, unknown>> => import(join(import.meta.dirname, file))),
  );
  return modules.flatMap((module) =>
    Object.values(module).flatMap((value) => {
      const list = z.array(Entry).min(1).safeParse(value);
      return list.success ? list.data : [];
    }),
  );
}

/** Mail addresses that an entry may have: nobody's, or a vendor's own desk. */
const nobodys =
  /@(?:[\w-]+\.)*(?:example\.(?:org|com|net)|wasabi\.com|docker\.com|slack\.com|github\.com|google\.com|gserviceaccount\.com)\b/;

test("it has at least 350 bodies, of every service that we call", async () => {
  const entries = await everyEntry();
  expect(entries.length).toBeGreaterThanOrEqual(350);
  const known = new Set(entries.map(({ reads }) => reads.service));
  expect([...known].sort()).toEqual(Object.keys(services).sort());
});

test("no answer is written down twice, and each has a public source", async () => {
  const entries = await everyEntry();
  const seen = entries.map(({ reads, call, status, body }) => [reads.service, call, status, body].join("\n"));
  expect(seen.filter((one, index) => seen.indexOf(one) !== index)).toEqual([]);
  expect(entries.filter(({ source }) => !/^https:\/\/[\w.-]+\/\S+$/.test(source))).toEqual([]);
});

test("it names nobody", async () => {
  const entries = await everyEntry();
  const addresses = entries.flatMap(({ body }) => body.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? []);
  expect(addresses.filter((address) => !nobodys.test(address))).toEqual([]);
  // Addresses of machines, but those of documentation (RFC 5737) and of one's own machine.
  const machines = entries.flatMap(({ body }) => body.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? []);
  expect(machines.filter((one) => !/^(?:192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0)\./.test(one))).toEqual(
    [],
  );
});
