// Harness of the tests that kill and fail scan-quotas, and what must stand in the end: written by hand, and always the same.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { scanQuotas } from "../../functions/scan-quotas/handler.ts";
import { readSettings, type WorldFolder } from "../../local/sample/world.ts";
import type { FarEndName } from "../../local/wire/faults.ts";
import type { EventOf } from "../../shared/events.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { QuotaState } from "../../shared/quota/records.ts";
import { scanFolder } from "../../shared/quota/report.ts";
import type { Settings } from "../../shared/settings.ts";
import { sheetOf } from "../functions/scan-quotas/harness.ts";
import { eachHarness, type Fuse, openHarness } from "./harness.ts";

/** Ada is above the limit, Bo above the advice, Cy small; nobody knows Left, who is above the advice too. */
const homes = { ada: 60_000, bo: 30_000, cy: 1000, left: 30_000 };
export const theEnd = {
  mails: [
    "ada@example.org: over the limit",
    "bo@example.org: over the advice",
    "slack: nobody",
    "slack: volume",
  ],
  statuses: { ada: "warned", bo: "advised", cy: "ok", left: "advised" },
  stillToTell: [],
  low: true,
};

const subjects: [RegExp, string][] = [
  [/50 kB is the limit/, "over the limit"],
  [/25 kB is recommended/, "over the advice"],
  [/nobody in the/, "nobody"],
  [/volume is free/, "volume"],
];

type Harness = Awaited<ReturnType<typeof open>>;

/** The homes as they are on the disk, on a volume that they nearly fill. */
function prepare(world: WorldFolder): Settings {
  rmSync(world.homes, { recursive: true });
  for (const [name, bytes] of Object.entries(homes)) {
    mkdirSync(join(world.homes, name), { recursive: true });
    writeFileSync(join(world.homes, name, "data"), Buffer.alloc(bytes, 1));
  }
  const read = readSettings(world);
  const sampleHub = read.hubs["sample"];
  if (sampleHub?.quota === undefined) throw new Error("the sample has a quota section");
  return { ...read, hubs: { sample: { ...sampleHub, quota: { ...sampleHub.quota, volumeSize: "150 kB" } } } };
}

async function open(folder: string) {
  const harness = await openHarness(folder, {
    worker: "scan-quotas",
    secrets: ["metrics-token", "gmail-oauth", "slack-bot-token"],
    topics: ["report-arrived"],
    prepare,
  });
  const { world, settings, far, clock, ledger, secrets } = harness;
  const prometheus = prometheusClient({
    settings: {
      ...settings.hubs["sample"]?.quota?.prometheus,
      url: "",
      namespace: "sample",
      mountpoint: "/shared-volume",
    },
    endpoint: far.endpoints.prometheus,
    token: () => secrets.read("metrics-token"),
  });
  await ledger.create("head/members/sample.json", sheetOf(["ada", "bo", "cy"], "2026-03-02T06:00:00.000Z"));

  return {
    ...harness,
    deliver: (
      messageId: string,
      options: { fuse?: Fuse; event?: Partial<EventOf<"quota-scan-due">> } = {},
    ): Promise<string> =>
      harness.delivered(options.fuse, (through) =>
        scanQuotas(
          { v: 1, hub: "sample", why: "schedule", ...options.event },
          { step: () => undefined, effect: () => undefined },
          { messageId },
          { ...through, prometheus, now: clock.now, settings, pause: async () => undefined },
        ),
      ),
    /** A report as it lies in the bucket, measured so many minutes from now. */
    async report(minutes: number): Promise<string> {
      const now = () => new Date(clock.now().getTime() + minutes * 60_000);
      const name = `reports/sample/${now().toISOString().replace(/[:.]/g, "")}-x.json`;
      await ledger.create(name, scanFolder(world.homes, { now }));
      return name;
    },
    async end() {
      await harness.rest();
      const head = (await ledger.read("head/quota/sample.json", QuotaState))?.value;
      const about = (subject: string) => subjects.find(([pattern]) => pattern.test(subject))?.[1] ?? subject;
      return {
        mails: [
          ...harness.mails().map((text) => {
            const subject = /^Subject: (.*(?:\r?\n .*)*)/m.exec(text)?.[1] ?? "";
            return `${/^To: (.*)$/m.exec(text)?.[1]?.trim()}: ${about(subject)}`;
          }),
          ...harness.posts().map((line) => `slack: ${about(line)}`),
        ].sort(),
        statuses: Object.fromEntries(
          Object.entries(head?.homes ?? {}).map(([name, each]) => [name, each.status]),
        ),
        stillToTell: head?.toTell,
        low: head?.volumeLevel?.mark !== undefined,
      };
    },
  };
}

/** Gives harnesses of a few homes on a small volume, one at a time. */
export const quotaHarness = () => eachHarness(open);

/** Calls of one far end that a delivery makes; each of them fails once, and the end must be the same. */
export async function failAtEachCall(fresh: () => Promise<Harness>, farEnd: FarEndName): Promise<void> {
  const first = await fresh();
  first.far.faults.forget();
  await first.deliver("1");
  const calls = [...first.far.faults.calls()]
    .filter(([name]) => name.startsWith(`${farEnd} `))
    .reduce((sum, [, count]) => sum + count, 0);
  expect(calls).toBeGreaterThan(0);
  for (let at = 1; at <= calls; at += 1) {
    const one = await fresh();
    // A status that the vendors' clients do not try again by themselves: the delivery has to.
    const status = farEnd === "prometheus" ? 503 : 409;
    one.far.faults.add({ farEnd, at, failure: { kind: "status", status } });
    await one.deliver("1");
    await one.deliver("1");
    expect([at, await one.end()]).toEqual([at, theEnd]);
  }
}
