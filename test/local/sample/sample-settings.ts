// The settings that a new sample hub gets, and those of an invented one.
import { readFileSync } from "node:fs";
import type * as z from "zod";
import { parseSettings } from "../../../shared/settings/file.ts";
import { Settings } from "../../../shared/settings.ts";

export function sampleSettings(): Settings {
  const read = parseSettings(
    readFileSync(new URL("../../../local/sample/groundcrew.yaml", import.meta.url), "utf8"),
  );
  if (!("settings" in read)) throw new Error("the sample settings are not right");
  return read.settings;
}

/** As few settings as a function starts with, as its environment has them. */
export const fewSettings = {
  project: "sample-hub-1",
  name: "Example",
  team: { mail: ["crew@example.org"], sender: "hub@example.org" },
  github: { appId: 1 },
  flows: { "sync-members": "apply" },
  hubs: { prod: { organisation: "example-hub", url: "https://hub.example.org" } },
};

/** A hub's members in as few words as there may be. */
export const fewMembers = {
  spreadsheet: "1ExampleSpreadsheet",
  tiers: { Research: "full-access", Public: "public-access" },
};

type Given = z.input<typeof Settings>;

/** Few settings with what a test is about: each hub is given by its sections alone, and is `prod` without any unless told. */
export function settingsOf({
  hubs = { prod: {} },
  ...more
}: Partial<Omit<Given, "hubs">> & { hubs?: Record<string, Partial<Given["hubs"][string]>> } = {}): Settings {
  const [hub] = Object.values(fewSettings.hubs);
  const all = Object.entries(hubs).map(([name, sections]) => [name, { ...hub, ...sections }]);
  return Settings.parse({ ...fewSettings, ...more, hubs: Object.fromEntries(all) });
}
