// Forgetting in a hub with many records: it goes through all of them, each a few times, and few at once.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { forgetPeople } from "../../../functions/forget-person/handler.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { forgetFolder } from "../../../shared/members/records.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { usedLedger } from "./used-ledger.ts";

const gone = { login: "mei-dahl", name: "Mei Dahl", email: "mei.dahl@example.org" };
const stays = { login: "bo-vega", name: "Bo Vega", email: "bo.vega@example.org" };
const count = 2100;
const nameOf = (n: number): string => `runs/2026-11-22/${String(n).padStart(5, "0")}.json`;

let hub: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  hub = await ledgerHarness();
  for (const { name, value, metadata } of usedLedger([gone, stays]))
    await hub.plant(name, JSON.stringify(value), metadata);
});
afterAll(() => hub.close());

/** The real ledger with so many runs more, which lie in memory: to store each takes a test too long. */
function withRuns(ledger: Ledger, runs: Map<string, unknown>) {
  const seen = { reads: 0, under: 0, atOnce: 0 };
  const large: Ledger = {
    ...ledger,
    list: async (prefix, options) => [
      ...(await ledger.list(prefix, options)),
      ...[...runs.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => ({ name, generation: "1", metadata: { hub: "prod" } })),
    ],
    read: async (name, schema) => {
      seen.reads += 1;
      seen.under += 1;
      seen.atOnce = Math.max(seen.atOnce, seen.under);
      await Promise.resolve();
      const found = runs.has(name)
        ? { value: schema.parse(runs.get(name)), generation: "1" }
        : await ledger.read(name, schema);
      seen.under -= 1;
      return found;
    },
    swap: async (name, value, ...rest) => {
      if (!runs.has(name)) return ledger.swap(name, value, ...rest);
      runs.set(name, value);
      return { generation: "2" };
    },
  };
  return { large, seen };
}

test("a login that only the last of 2,100 runs tells is forgotten in the first of them", async () => {
  const runs = new Map<string, unknown>(
    Array.from({ length: count }, (_, n) => [nameOf(n), { v: 1, hub: "prod", title: `look ${n}` }]),
  );
  runs.set(nameOf(0), { v: 1, hub: "prod", steps: [{ what: "mei-before was invited" }] });
  runs.set(nameOf(count - 1), { v: 1, hub: "prod", about: gone.login, before: "mei-before" });
  const { large, seen } = withRuns(await hub.ledgerOf("forget-person"), runs);
  const at = "2026-11-29T08:00:00.000Z";
  const wish = { v: 1, at, login: gone.login, also: [] };
  await hub.plant(`${forgetFolder("prod")}${at}.json`, JSON.stringify(wish));
  const steps: string[] = [];
  const run = { step: (what: string) => void steps.push(what), effect: () => undefined };
  expect(await forgetPeople("prod", run, { ledger: large })).toMatchObject({
    outcome: "done",
    title: "forget one person: 15 records changed",
  });
  expect(JSON.stringify([...runs.values()])).not.toMatch(/mei-/);
  expect(runs.get(nameOf(7))).toEqual({ v: 1, hub: "prod", title: "look 7" });
  expect(steps).toEqual(expect.arrayContaining([expect.stringMatching(/^out of reach: GitHub's audit log/)]));
  // Twice to find out by what they are known, for the first time told a new login, and once to take it out.
  expect(seen.reads).toBeLessThan(3 * (count + 100));
  expect(seen.atOnce).toBeLessThanOrEqual(16);
});
