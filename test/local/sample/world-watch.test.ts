// Settings that are saved while the sample hub runs: whoever saves them hears that they count later, or what is wrong with them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { makeWorld } from "../../../local/sample/world.ts";
import { watchWorld } from "../../../local/sample/world-watch.ts";
import { sampleSettings } from "./sample-settings.ts";

test("saved settings are said to count from the next start, and wrong ones are named by line", async () => {
  const base = mkdtempSync(join(tmpdir(), "world-watch-"));
  const world = makeWorld(join(base, "world"), 3);
  let heard = (_line: string): void => undefined;
  const watching = await watchWorld({
    world,
    settings: sampleSettings(),
    images: { saved: async () => undefined },
    members: { files: [world.members], saved: async () => undefined },
    requests: { watch: async () => ({ close: async () => undefined }) },
    log: (line) => heard(line),
  });
  const text = readFileSync(world.settings, "utf8");
  const afterSaving = async (saved: string): Promise<string> => {
    const told = new Promise<string>((resolve) => {
      heard = resolve;
    });
    writeFileSync(world.settings, saved);
    return told;
  };
  try {
    expect(await afterSaving(`${text}# a word\n`)).toMatch(/was saved: it counts from the next start/);
    expect(await afterSaving(text.replace("appId", "appID"))).toMatch(
      /groundcrew\.yaml:10:3: github\.appID: unknown key/,
    );
  } finally {
    await watching.close();
    rmSync(base, { recursive: true });
  }
});
