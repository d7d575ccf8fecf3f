// Tests of flows that are off: nothing that only they need is there. Several hubs share what they can and nothing else.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { apisOf } from "../../infra/ground.ts";
import { bindingsOf } from "../../infra/permissions.ts";
import { deployedBy } from "../../shared/deployed.ts";
import { events } from "../../shared/events.ts";
import type { FlowName } from "../../shared/functions.ts";
import { type Resource, region, settingsWith, stackOf } from "./graph.ts";

/** Resources that go with each flow, by their names; written by hand. */
const gone: Record<FlowName, string[]> = {
  "sync-members": [
    "api-drive",
    "api-sheets",
    "forget-due",
    "forget-person",
    "github-app-key",
    "heartbeat",
    "renew-watch",
    "sheet-changed",
    "sheet-webhook",
    "sheet-webhook-secret",
    "sync-members",
    "watch-due",
    "watch-renewal",
  ],
  "scan-quotas": [
    "metrics-token",
    "quota-scan",
    "quota-scan-due",
    "report-arrived",
    "notification-reports",
    "scan-quotas",
    "forward-quota-report",
  ],
  "bump-image": [
    "bump-image",
    "github-fork-token",
    "github-webhook",
    "github-webhook-secret",
    "release-poll",
    "release-published",
  ],
  "run-transfer": [
    "api-compute",
    "check-transfers",
    "groundcrew-transfers",
    "groundcrewInstances",
    "groundcrewSubnetwork",
    "machine-sweep",
    "no-calls",
    "forward-transfer-report",
    "prod-ours",
    "run-transfer",
    "sweep-due",
    "sweep-machines",
    "rclone-1.75.1",
    "transfer-check",
    "transfer-keys",
    "transfer-look",
    "transfer-reported",
    "transfer-request",
    "transfer-vm",
  ],
};

/** Numbers of resources, by hand: of the whole stack, and of what goes with each flow that is off. */
const counts: Record<FlowName | "all", number> = {
  all: 416,
  "sync-members": 81,
  "scan-quotas": 38,
  "bump-image": 35,
  "run-transfer": 129,
};

/** Number of resources that another hub brings: its schedules, and what its buckets and sheet need. */
const ofAnotherHub = 12;

/** A resource in one line, without the settings, which name every flow. */
const textOf = (resource: Resource): string =>
  JSON.stringify(resource, (key, value) => (key === "GROUNDCREW_SETTINGS" ? "" : value));

describe("a flow that is off", () => {
  test("with none off, each of these is there", async () => {
    const { resources } = await stackOf(settingsWith());
    const said = resources.map(textOf).join("\n");
    const missing = Object.values(gone)
      .flat()
      .filter((word) => !new RegExp(`\\b${word}`).test(said));
    expect(missing).toEqual([]);
    expect({ all: resources.length }).toEqual({ all: counts.all });
  });

  test.each(Object.keys(gone) as FlowName[])("%s: nothing of it is there", async (flow) => {
    const { resources } = await stackOf(settingsWith({ flows: { [flow]: "off" } }));
    const said = resources.map(textOf).join("\n");
    const there = gone[flow].filter((word) => new RegExp(`\\b${word}`).test(said));
    expect(there).toEqual([]);
    const all = (await stackOf(settingsWith())).resources.length;
    expect({ [flow]: all - resources.length }).toEqual({ [flow]: counts[flow] });
  });

  test("all of them: a console, mails and their sign-in, the tick and the recorder of dead letters are left, with what they need", async () => {
    const settings = settingsWith({
      flows: { "sync-members": "off", "scan-quotas": "off", "bump-image": "off", "run-transfer": "off" },
    });
    const graph = await stackOf(settings);
    expect(Object.keys(graph.outputs)).toEqual(["console"]);
    expect(deployedBy(settings)).toEqual({
      functions: ["console", "send-notice", "check-consent", "resume-work", "record-dead-letter"],
      topics: ["notice", "continue-due", "consent-due", "undelivered"],
      secrets: ["console-token", "gmail-oauth", "slack-bot-token"],
      jobs: [expect.objectContaining({ name: "consent-probe" }), expect.objectContaining({ name: "tick" })],
      notifications: [],
      machines: false,
      remoteBuckets: [],
      replaceableBuckets: [],
    });
    expect(apisOf(settings)).not.toContain("compute");
  });

  test("without a channel in Slack nobody is asked for its token, and nobody may read one", () => {
    const settings = settingsWith();
    delete settings.team.slack;
    expect(deployedBy(settings).secrets).not.toContain("slack-bot-token");
    expect(JSON.stringify(bindingsOf(settings))).not.toContain("slack-bot-token");
    expect(JSON.stringify(bindingsOf(settingsWith()))).toContain("slack-bot-token");
  });

  test("nor is one there that serves no hub", () => {
    const settings = settingsWith();
    for (const hub of Object.values(settings.hubs)) delete hub.transfers;
    expect(deployedBy(settings)).toEqual(deployedBy(settingsWith({ flows: { "run-transfer": "off" } })));
  });

  test("apply and plan are deployed alike: what a flow may do is decided in it", async () => {
    const plan = bindingsOf(settingsWith({ flows: { "sync-members": "plan" } }));
    expect(bindingsOf(settingsWith({ flows: { "sync-members": "apply" } }))).toEqual(plan);
  });
});

describe("several hubs", () => {
  const someHubs = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/), {
    minLength: 1,
    maxLength: 6,
  });
  const someFlows = fc.record(
    {
      "sync-members": fc.constantFrom("off", "plan", "apply"),
      "scan-quotas": fc.constantFrom("off", "plan", "apply"),
      "bump-image": fc.constantFrom("off", "plan", "apply"),
      "run-transfer": fc.constantFrom("off", "plan", "apply"),
    },
    { requiredKeys: [] },
  );

  test("share functions, topics and secrets; each has its own jobs, by names that the cloud takes", () => {
    fc.assert(
      fc.property(someHubs, someFlows, (hubs, flows) => {
        const one = deployedBy(settingsWith({ flows }));
        const many = deployedBy(settingsWith({ flows, hubs }));
        expect(many.functions).toEqual(one.functions);
        expect(many.topics).toEqual(one.topics);
        expect(many.secrets).toEqual(one.secrets);
        const each = one.jobs.filter(({ name }) => name.endsWith("-prod")).length;
        expect(many.jobs).toHaveLength(one.jobs.length + each * (hubs.length - 1));
        expect(new Set(many.jobs.map(({ name }) => name)).size).toBe(many.jobs.length);
        for (const { name, topic, payload } of many.jobs) {
          expect(name).toMatch(/^[A-Za-z0-9_-]{1,500}$/);
          expect(many.topics).toContain(topic);
          expect(events[topic].safeParse(payload).success).toBe(true);
        }
        expect(many.remoteBuckets).toHaveLength(many.machines ? 2 * hubs.length : 0);
      }),
      { numRuns: 50 },
    );
  });

  test("bindings grow by the hubs' own buckets alone, and none is made twice", () => {
    fc.assert(
      fc.property(someHubs, (hubs) => {
        const bindings = bindingsOf(settingsWith({ hubs })).map((binding) => JSON.stringify(binding));
        expect(new Set(bindings).size).toBe(bindings.length);
        expect(bindings).toHaveLength(bindingsOf(settingsWith()).length + 6 * (hubs.length - 1));
      }),
      { numRuns: 30 },
    );
  });

  test("three of them make one graph, in whatever region", async () => {
    const { resources, outputs } = await stackOf(settingsWith({ hubs: ["a", "a-b", "b"] }), {
      region: "europe-west1",
    });
    expect({ ofAnotherHub: (resources.length - counts.all) / 2 }).toEqual({ ofAnotherHub });
    expect(new Set(resources.map(({ type, name }) => `${type} ${name}`)).size).toBe(resources.length);
    expect(outputs["console"]).toBe("https://console-123456789012.europe-west1.run.app");
    const elsewhere = resources.filter((resource) => textOf(resource).includes(`"${region}"`));
    expect(elsewhere.map(({ name }) => name)).toEqual([
      "groundcrew-transfers-us-central1",
      "run-transfer-groundcrewSubnetworkUse-regions-us-central1-subnetworks-groundcrew-transfers",
    ]);
  });

  test("settings too large for a function's environment are refused, in words", async () => {
    const hubs = Array.from({ length: 40 }, (_unused, index) => `hub-${index}`);
    await expect(stackOf(settingsWith({ hubs }))).rejects.toThrow(/Cloud Run takes 32768; divide the hubs/);
  });
});
