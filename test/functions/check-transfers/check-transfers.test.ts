// The daily look at what transfers need, over the real ledger: what it writes down, and of what people are told.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type CheckDeps, checkTransfers } from "../../../functions/check-transfers/handler.ts";
import { failed } from "../../../shared/failure.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { openIn } from "../../../shared/flow/incidents.ts";
import type { Settings } from "../../../shared/settings.ts";
import { TransferCheck } from "../../../shared/transfers/check-records.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { flowHarness } from "../flow-harness.ts";

const transfers = {
  remotes: {
    ours: { kind: "gcs", bucket: "ours" },
    pod: { kind: "s3", bucket: "pod", endpoint: "https://pod.example.org" },
  },
  prices: { asOf: "2026-11-01" },
} as const;
const settings: Settings = settingsOf({
  hubs: { prod: { transfers: { ...transfers, rclone: { from: "image" } } } },
});

let harness: Awaited<ReturnType<typeof flowHarness<"check-transfers">>>;
beforeAll(async () => {
  harness = await flowHarness("check-transfers");
});
beforeEach(() => harness.fresh());
afterAll(() => harness.close());

async function look(change: Partial<CheckDeps> = {}) {
  const deps: CheckDeps = {
    ledger: await harness.ledgerOf("check-transfers"),
    probe: async () => undefined,
    machines: { list: async () => [] },
    ground: {
      subnetwork: async () => "reaches-google",
      quotas: async () => [],
      disks: async () => [],
    },
    settings,
    now: harness.deps.now,
    ...change,
  };
  return harness.deliver((event, run) => checkTransfers(event, run, deps), { v: 1, hub: "prod" });
}
const kept = async () => TransferCheck.parse(await harness.jsonOf("head/transfer-check/prod.json"));
const open = async () => openIn(Incidents.parse(await harness.jsonOf("head/incidents/prod.json")));
const dead = failed({
  service: "s3",
  cause: "key-unknown",
  lasts: "lasting",
  explanation: { what: "w", why: "the store does not know the key", next: "write it anew" },
});
const refusing = async (name: string) => {
  if (name === "pod") throw dead;
};

test("all is well: each thing has a line, and nobody is told anything", async () => {
  const { result } = await look();
  expect(result).toMatchObject({
    outcome: "done",
    title: "transfers: 6 things that they need looked at, none is wrong",
  });
  const { at, lines } = await kept();
  expect(at).toBe(harness.deps.now().toISOString());
  expect(lines.map(({ about, state }) => `${about}: ${state}`)).toEqual([
    "remote ours: ok",
    "remote pod: ok",
    "rclone: unchecked",
    "network us-central1: ok",
    "quotas of us-central1: ok",
    "left behind: ok",
  ]);
  expect(harness.notices()).toEqual([]);
});

test("a key that has died is told at once, with the cure, and is over with the next good look", async () => {
  await look({ probe: refusing });
  expect(harness.notices().map(({ subject }) => subject)).toEqual(["Transfers need a hand: remote pod"]);
  expect(harness.notices()[0]?.text).toContain("write it anew");
  expect((await open()).map(({ key }) => key)).toEqual(["run-transfer/remote-pod"]);
  expect((await kept()).lines.find(({ about }) => about === "remote pod")).toEqual({
    about: "remote pod",
    state: "fail",
    says: "the store does not know the key",
    next: "write it anew",
  });
  harness.clock.moveBy(86_400_000);
  await look();
  expect(await open()).toEqual([]);
});

test("what only passes is written down, and no trouble", async () => {
  const busy = failed({
    service: "compute",
    cause: "busy",
    lasts: "transient",
    explanation: { what: "w", why: "Compute Engine is busy", next: "n" },
  });
  const { result } = await look({ machines: { list: () => Promise.reject(busy) } });
  expect(result).toMatchObject({ outcome: "done", beside: [] });
  expect((await kept()).lines.at(-1)).toMatchObject({ about: "left behind", state: "unchecked" });
});

test("a mistake of our own is no line", async () => {
  const { thrown } = await look({ probe: () => Promise.reject(new Error("a mistake")) });
  expect(thrown).toMatchObject({ message: "a mistake" });
});

test("the rclone that the settings name is read as it lies in the bucket", async () => {
  const named = settingsOf({ hubs: { prod: { transfers } } });
  await look({ settings: named });
  const lineOf = async () => (await kept()).lines.find(({ about }) => about === "rclone");
  expect((await lineOf())?.says).toMatch(/1\.75\.1, which the settings name, is not in Groundcrew's bucket/);
  await harness.plant("tools/rclone-v1.75.1-linux-amd64.zip", "another");
  await look({ settings: named });
  expect((await lineOf())?.says).toMatch(/is not the rclone 1\.75\.1 that the settings name/);
});

test("machines of a transfer that runs are none that was left behind", async () => {
  const machine = (transfer: string) => ({
    id: transfer,
    name: `transfer-prod-${transfer}-0`,
    zone: "us-central1-a",
    status: "RUNNING",
    labels: { hub: "prod", transfer },
    createdAt: new Date(harness.deps.now().getTime() - 86_400_000).toISOString(),
  });
  await harness.plant("head/transfers/prod/open.json", "{}", { state: "running" });
  await harness.plant("head/transfers/prod/over.json", "{}", { state: "done" });
  await look({ machines: { list: async () => [machine("open"), machine("over")] } });
  expect((await kept()).lines.at(-1)?.says).toMatch(/: the machine transfer-prod-over-0 in us-central1-a$/);
});

test("a hub without transfers has none to look at", async () => {
  const { thrown } = await look({ settings: settingsOf() });
  expect(thrown).toMatchObject({ name: "Permanent" });
});
