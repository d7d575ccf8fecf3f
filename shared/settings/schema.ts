// Writes groundcrew.schema.json, which editors use to complete and check groundcrew.yaml, and docs/settings.md for people.
import { writeFileSync } from "node:fs";
import * as z from "zod";
import { Settings } from "../settings.ts";
import { settingsPage } from "./page.ts";

/** The JSON Schema of groundcrew.yaml, as text. */
export function settingsSchema(): string {
  const schema = z.toJSONSchema(Settings, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ title: "Groundcrew settings", ...schema }, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL("../../groundcrew.schema.json", import.meta.url), settingsSchema());
  writeFileSync(new URL("../../docs/settings.md", import.meta.url), settingsPage());
}
