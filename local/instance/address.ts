// Address of the instance on a folder: written down by the one that runs, and read by commands that look for it.
import { existsSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import { readPersonText } from "../sample/person-file.ts";
import { type WorldFolder, worldFolder } from "../sample/world.ts";
import { isHeld } from "../sample/world-state.ts";

const Address = z.object({ origin: z.url(), token: z.string() });

/** The running instance on a folder, if there is one. */
export async function findInstance(folder: string): Promise<{ origin: string; token: string } | undefined> {
  const world = worldFolder(folder);
  if (!existsSync(world.instance) || !isHeld(world)) return undefined;
  const read = readPersonText(world.instance);
  return Address.safeParse("text" in read ? jsonOf(read.text) : undefined).data;
}

export function keepAddress(
  world: WorldFolder,
  address: { pid: number; origin: string; token: string },
): void {
  writeFileSync(`${world.instance}.new`, JSON.stringify(address), { mode: 0o600 });
  renameSync(`${world.instance}.new`, world.instance);
}
