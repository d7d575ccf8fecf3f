// The settings that a new sample hub gets.
import { readFileSync } from "node:fs";
import type { Settings } from "../../shared/settings.ts";
import { parseSettings } from "../../shared/settings-file.ts";

export function sampleSettings(): Settings {
  const read = parseSettings(
    readFileSync(new URL("../../local/sample/groundcrew.yaml", import.meta.url), "utf8"),
  );
  if (!("settings" in read)) throw new Error("the sample settings are not right");
  return read.settings;
}
