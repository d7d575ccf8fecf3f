// Only a plan: whatever event of the table can ask for one, nothing outside changes and nobody is told. The sample hub has work for
// each flow, as four.long.ts shows.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { type EventName, events } from "../../shared/events.ts";
import { functionNames, rowOf } from "../../shared/functions.ts";
import { worldOf } from "./damaged-sheet.ts";
import { sample } from "./sample.ts";

const hub = sample();
afterEach(() => hub.close());

/** Fields that a request of a transfer needs beside what all flows take. */
const more: Partial<Record<EventName, object>> = {
  "transfer-request": { id: "only-a-plan", from: "persistent:sea-surface", to: "pod-inbox:sea-surface" },
};

const plannable = functionNames.flatMap((name) => {
  const { hears } = rowOf(name);
  return hears !== undefined && hears !== "undelivered" && "dryRun" in events[hears].shape
    ? [{ name, hears }]
    : [];
});

const outside = (instance: Instance) => ({
  teams: worldOf(instance),
  pulls: instance.farEnds.github.upstream.pulls("sample-operator/infrastructure"),
  branch: instance.farEnds.github.upstream.head("sample-ground-crew/infrastructure", "bump-image/sample"),
  machines: instance.farEnds.compute.made(),
  copied: existsSync(join(hub.folder, "buckets", "pod-inbox", "sea-surface")),
  mails: hub.mailedTo(),
  posts: hub.posts(),
});

test("each function that can be asked for a plan alone has no effects", async () => {
  expect(plannable.map(({ name }) => name)).toEqual([
    "sync-members",
    "scan-quotas",
    "bump-image",
    "run-transfer",
  ]);
  const instance = await hub.start();
  const { pubsub } = instance.farEnds;
  const before = outside(instance);
  expect(before).toMatchObject({
    pulls: [],
    branch: undefined,
    machines: 0,
    copied: false,
    mails: [],
    posts: [],
  });
  for (const { hears } of plannable) {
    const event = { v: 1, hub: "sample", why: "person", dryRun: true, ...more[hears] };
    await pubsub.publish(hears, JSON.stringify(events[hears].parse(event)));
  }
  await pubsub.idle();

  const runs = (await instance.listed("runs/")).map((name) => name.split("-").slice(3).join("-"));
  for (const { name } of plannable) expect(runs).toContainEqual(expect.stringContaining(name));
  expect(outside(instance)).toEqual(before);
  const kept = new Set((await instance.listed("")).map((name) => name.split("/", 1)[0]));
  expect([...kept].filter((folder) => !["head", "history", "plans", "runs"].includes(folder ?? ""))).toEqual(
    [],
  );
});
