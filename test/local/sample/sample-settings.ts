// The settings that a new sample hub gets.
import { readFileSync } from "node:fs";
import { parseSettings } from "../../../shared/settings/file.ts";
import type { Settings } from "../../../shared/settings.ts";

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
