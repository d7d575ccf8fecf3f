// Settings that are saved while the sample hub runs: whoever saves them hears that they count later, or what is wrong with them. So it
// is with a sheet that is put into the trash and restored: Drive is told to look.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sheetsOf } from "../../../local/sample/files-of-hubs.ts";
import type { Watching } from "../../../local/sample/save-watch.ts";
import { makeWorld, type WorldFolder } from "../../../local/sample/world.ts";
import { watchWorld } from "../../../local/sample/world-watch.ts";
import { sampleSettings } from "./sample-settings.ts";

const settings = sampleSettings();
let base = "";
let world: WorldFolder;
let watching: Watching;
let heard = (_line: string): void => undefined;
const said = () =>
  new Promise<string>((resolve) => {
    heard = resolve;
  });

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "world-watch-"));
  world = makeWorld(join(base, "world"), 3);
  watching = await watchWorld({
    world,
    settings,
    images: { saved: async () => undefined },
    members: { files: [world.members], saved: async () => heard("the sheet") },
    requests: { watch: async () => ({ close: async () => undefined }) },
    log: (line) => heard(line),
  });
});
afterAll(async () => {
  await watching.close();
  rmSync(base, { recursive: true });
});

test("saved settings are said to count from the next start, and wrong ones are named by line", async () => {
  const text = readFileSync(world.settings, "utf8");
  const afterSaving = async (saved: string): Promise<string> => {
    const told = said();
    writeFileSync(world.settings, saved);
    return told;
  };
  expect(await afterSaving(`${text}# a word\n`)).toMatch(/was saved: it counts from the next start/);
  expect(await afterSaving(text.replace("appId", "appID"))).toMatch(
    /groundcrew\.yaml:10:3: github\.appID: unknown key/,
  );
});

test("a sheet is in the trash while a file beside it says so, and both ways are noticed", async () => {
  const sheet = sheetsOf(settings, world, undefined)[settings.hubs["sample"]?.members?.spreadsheet ?? ""];
  const noticed = [];
  const sign = `${world.members}.trashed`;
  for (const change of [() => writeFileSync(sign, ""), () => rmSync(sign)]) {
    const told = said();
    change();
    noticed.push([await told, sheet?.trashed?.()]);
  }
  expect(noticed).toEqual([
    ["the sheet", true],
    ["the sheet", false],
  ]);
});
