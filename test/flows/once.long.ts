// A sheet that is no text, for as long as it is tried again: the clients of the vendor wait by the real clock.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { damages, expectUnharmed } from "./damaged-sheet.ts";
import { sample } from "./sample.ts";

const hub = sample({ only: "sync-members" });
let running: Instance;
beforeAll(async () => {
  running = await hub.start();
  await running.runOnce();
});
afterAll(() => hub.close());

test("a sheet that may be mended by itself costs nobody access, and is told to nobody yet", async () => {
  const transient = damages.filter(({ outcome }) => outcome === "failed");
  expect(transient).toHaveLength(1);
  for (const damage of transient) await expectUnharmed(hub, running, damage);
});
