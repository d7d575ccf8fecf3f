// A sample hub whose functions run from their archives, each in a process of its own, behind the far ends that local/ has: the
// topics push to them, and everything else is as on any sample hub.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { archiveOf } from "../../../infra/bundles/archive.ts";
import { environment, type Instance } from "../../../local/instance.ts";
import { provision } from "../../../local/provision.ts";
import { readSettings, worldFolder } from "../../../local/world.ts";
import { type FunctionName, functionNames } from "../../../shared/functions.ts";
import type { Sample } from "../../flows/sample.ts";
import { type Started, start, unpack } from "./platform.ts";

export type BundleStand = {
  instance: Instance;
  started: Map<FunctionName, Started>;
  close: () => Promise<void>;
};

/** Where the console believes itself to be; nobody listens there. */
export const origin = "http://127.0.0.1:1";

/** Unpacks each function's archive into a folder of its own. */
export async function unpackAll(folder: string, names: readonly FunctionName[]): Promise<void> {
  await twoAtATime(names, async (name) => {
    const { bytes } = await archiveOf(name);
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    unpack(bytes, own);
  });
}

/** What each function of a sample hub has in its environment; but for the hub's switches, which no cloud has. */
export function environments(
  { world: folder, farEnds: far, token }: Instance,
  urlOf: (name: FunctionName) => string = () => origin,
): (name: FunctionName) => Record<string, string> {
  const world = worldFolder(folder);
  const settings = readSettings(world);
  return (name) => ({
    ...environment(name, { world, settings, far, urlOf, door: origin, token, origin }),
    // Nothing stands before it that checks signatures, so it does that itself.
    K_SERVICE: "",
    GROUNDCREW_ENDPOINTS: JSON.stringify(far.endpoints),
  });
}

/** Starts the sample hub, and these functions from their archives; the topics push to them only. */
export async function bundleStand(
  hub: Sample,
  names: readonly FunctionName[] = functionNames,
): Promise<BundleStand> {
  const folder = join(dirname(hub.folder), "functions");
  const [instance] = await Promise.all([hub.start(), unpackAll(folder, names)]);
  const started = new Map<FunctionName, Started>();
  const urlOf = (name: FunctionName) => started.get(name)?.url ?? origin;
  const envOf = environments(instance, urlOf);
  await twoAtATime(names, async (name) => {
    started.set(name, await start(join(folder, name), name, envOf(name)));
  });
  const settings = readSettings(worldFolder(instance.world));
  await provision(instance.farEnds.pubsub, { settings, urlOf });
  return {
    instance,
    started,
    async close() {
      await Promise.all([...started.values()].map(({ stop }) => stop()));
      await hub.close();
    },
  };
}

async function twoAtATime<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all([worker(), worker()]);
}
