// Tests of what a look at the homes waits for, whom it asks, and what it takes for no figures.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type GatherDeps, gather, type Want } from "../../../functions/scan-quotas/gather.ts";
import type { Prometheus } from "../../../shared/prometheus/client.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { at, settings as quotaOf, sheetOf } from "./harness.ts";

const prometheus = { url: "http://prometheus.example.org", namespace: "prod", mountpoint: "/homes" };
const quota = quotaOf({ prometheus });
const home = { __name__: "dirsize_total_size_bytes", directory: "ada" };
const answering: Prometheus = {
  query: async (_, now) => ({
    series: [{ labels: home, at: now.getTime() / 1000, value: 5 }],
    partial: false,
  }),
  queryRange: async () => ({ series: [], partial: false }),
};
const trouble = { kind: "refused", what: "the token is not taken", next: "make another one" };

let stand: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  stand = await ledgerHarness();
});
afterAll(() => stand.close());

let hubs = 0;
const nextHub = (): string => `hub-${++hubs}`;
const on = { flow: "apply", members: fewMembers } as const;

/** Gathers for a hub; `sheetAt` is the pause in which sync-members writes down who is in the sheet. */
async function gathered(
  name: string,
  {
    sheetAt,
    why = "schedule",
    members = on,
    ...more
  }: Partial<Pick<GatherDeps, "prometheus" | "now">> & {
    sheetAt?: number;
    why?: Want["event"]["why"];
    members?: { flow: "apply" | "off"; members?: typeof fewMembers };
  },
) {
  const { flow, ...section } = members;
  const settings = settingsOf({ flows: { "sync-members": flow }, hubs: { [name]: section } });
  const hub = settings.hubs[name];
  if (hub === undefined) throw new Error("no hub");
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
    if (pauses === sheetAt)
      await stand.plant(`head/members/${name}.json`, JSON.stringify(sheetOf(["ada"], at(0).toISOString())));
  };
  const ledger = await stand.ledgerOf("scan-quotas");
  const want = { event: { v: 1, hub: name, why }, hub, quota, state: undefined, anew: false } as const;
  const seen = await gather(want, {
    ledger,
    prometheus: answering,
    now: () => at(0),
    settings,
    pause,
    ...more,
  });
  return { pauses, seen };
}

test("the sheet's people are waited for, for as long as sync-members may need", async () => {
  const { pauses, seen } = await gathered(nextHub(), { sheetAt: 3 });
  expect([pauses, seen]).toMatchObject([3, { owners: { of: new Map([["ada", { login: "ada" }]]) } }]);
  expect(await gathered(nextHub(), {})).toEqual({ pauses: 10, seen: "no-people-yet" });
});

test.each([
  ["a look that goes on", { why: "continue" }],
  ["a hub without members", { members: { flow: "apply" } }],
  ["a flow that is off", { members: { ...on, flow: "off" } }],
] as const)("%s waits for nobody", async (_, given) => {
  const { pauses, seen } = await gathered(nextHub(), given);
  expect([pauses, seen]).toMatchObject([0, { scan: { source: "prometheus" }, sheetInDoubt: false }]);
});

test("without a Prometheus to ask, the figures are those of a report", async () => {
  const given = { why: "continue", prometheus: undefined } as const;
  expect((await gathered(nextHub(), given)).seen).toMatchObject({ trouble: { kind: "no-report" } });
});

test("what Prometheus has no figures for is said in its words", async () => {
  const refusing = { ...answering, query: async () => ({ trouble }) };
  const { seen } = await gathered(nextHub(), { why: "continue", prometheus: refusing });
  expect(seen).toEqual({ trouble });
});

test("figures that are older than they may be are none", async () => {
  const report = { v: 1, measuredAt: at(0).toISOString(), kind: "allocated", directories: [], problems: [] };
  const volume = { bytes: 2, free: 1 };
  const name = nextHub();
  await stand.plant(`reports/${name}/1.json`, JSON.stringify({ ...report, volume }));
  const given = (days: number) => ({ why: "report", sheetAt: 1, now: () => at(days) }) as const;
  expect((await gathered(name, given(1.5))).seen).toMatchObject({ report: `reports/${name}/1.json` });
  expect((await gathered(name, given(1.51))).seen).toMatchObject({
    trouble: { kind: "stale", what: "the newest figures are 36 hours old, and up to 36 count" },
  });
});

test("a report of the future is left out, whichever way it came, and hides no other one", async () => {
  const name = nextHub();
  const report = { v: 1, kind: "allocated", directories: [], problems: [] };
  const plant = (file: string, days: number) =>
    stand.plant(
      `reports/${name}/${file}.json`,
      JSON.stringify({ ...report, volume: { bytes: 9, free: 1 }, measuredAt: at(days).toISOString() }),
    );
  const given = (why: "report" | "schedule") => ({ why, sheetAt: 1, prometheus: undefined }) as const;
  await plant("2027", 365);
  expect((await gathered(name, given("schedule"))).seen).toMatchObject({
    trouble: { kind: "future-report" },
  });
  expect((await gathered(name, given("report"))).seen).toMatchObject({
    nothing: "a report that is dated in the future was left out: set the clock of the machine that measures",
  });
  await plant("2026", 0);
  for (const why of ["schedule", "report"] as const)
    expect((await gathered(name, given(why))).seen).toMatchObject({
      report: `reports/${name}/2026.json`,
      scan: { notes: [expect.stringContaining("in the future")] },
    });
});
