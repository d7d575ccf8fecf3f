// Each archive as the platform starts it: alone in a folder with the framework. Everything that the lean plugin cuts away would
// be missed here, where publishing, machines, storage and Google's APIs are really called.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { functionNames, rowOf } from "../../../shared/functions.ts";
import { sample } from "../../flows/sample.ts";
import { type BundleStand, bundleStand } from "./bundle-stand.ts";

const hub = sample();
let stand: BundleStand;

beforeAll(async () => {
  stand = await bundleStand(hub);
}, 60_000);
afterAll(() => stand.close());

/** A worker wants Pub/Sub's token, a door its caller's signature, the console a signed-in person. */
const refusals = { worker: 401, door: 401, console: 403 };

test("each function answers, and lets nobody in without a proof", async () => {
  for (const name of functionNames) {
    const url = stand.started.get(name)?.url ?? "";
    const answer = await fetch(url, { method: "POST", body: "{}" });
    expect([name, answer.status]).toEqual([
      name,
      refusals[name === "console" ? "console" : rowOf(name).kind],
    ]);
    await answer.body?.cancel();
  }
});

test("all four flows run from the archives", async () => {
  const runs = await stand.instance.runOnce();
  expect(runs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  const flows = new Set(runs.filter(({ effects }) => effects.length > 0).map(({ flow }) => flow));
  expect([...flows].sort()).toEqual([
    "bump-image",
    "run-transfer",
    "scan-quotas",
    "send-notice",
    "sync-members",
  ]);
  expect(stand.instance.farEnds.violations()).toEqual([]);
});
