// A sample hub whose functions run from their archives, each in processes of its own, behind the front end and amid the far ends
// that local/ has: the topics push to them, and everything else is as on any sample hub.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { archiveOf } from "../../../infra/bundles/archive.ts";
import { environment } from "../../../local/instance/environment.ts";
import type { Instance } from "../../../local/instance/instance.ts";
import { provision } from "../../../local/instance/provision.ts";
import { type FrontEnd, frontEnd } from "../../../local/run/front-end.ts";
import type { Thread } from "../../../local/run/threads.ts";
import { readSettings, worldFolder } from "../../../local/sample/world.ts";
import { type FunctionName, functionNames } from "../../../shared/functions.ts";
import type { Sample } from "../../flows/sample.ts";
import { start, unpack } from "./platform.ts";

export type BundleHarness = {
  instance: Instance;
  /** At the front end. */
  urlOf: (name: FunctionName) => string;
  /** Gives what the functions wrote so far, and a line a request. */
  output: () => string;
  close: () => Promise<void>;
};

/** Address of what is not started; nobody listens there. */
const nowhere = "http://127.0.0.1:1";

/** Unpacks each function's archive into a folder of its own. */
export async function unpackAll(folder: string, names: readonly FunctionName[]): Promise<void> {
  await twoAtATime(names, async (name) => {
    const { bytes } = await archiveOf(name);
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    unpack(bytes, own);
  });
}

/** Gives each function's environment in a sample hub; but for the hub's switches, which no cloud has. */
export function environments(
  { world: folder, farEnds: far, token }: Instance,
  urlOf: (name: FunctionName) => string = () => nowhere,
): (name: FunctionName) => Record<string, string> {
  const world = worldFolder(folder);
  const settings = readSettings(world);
  return (name) => ({
    ...environment(name, {
      world,
      settings,
      far,
      urlOf,
      door: nowhere,
      token,
      origin: new URL(urlOf("console")).origin,
    }),
    GROUNDCREW_ENDPOINTS: JSON.stringify(far.endpoints),
  });
}

/** Starts the sample hub, and these functions from their archives; the topics push to them only. */
export async function bundleHarness(
  hub: Sample,
  names: readonly FunctionName[] = functionNames,
): Promise<BundleHarness> {
  const folder = join(dirname(hub.folder), "functions");
  const [instance] = await Promise.all([hub.start(), unpackAll(folder, names)]);
  const settings = readSettings(worldFolder(instance.world));
  let written = "";
  const front: FrontEnd = await frontEnd({
    project: settings.project,
    env: (name) => envOf(name),
    write: (line) => {
      written += line;
    },
    certificates: instance.farEnds.certificates,
    start: (name, write) => startProcess(join(folder, name), name, write),
  });
  const urlOf = (name: FunctionName) => (names.includes(name) ? `${front.urlOf(name)}/` : nowhere);
  const envOf = environments(instance, urlOf);
  await provision(instance.farEnds.pubsub, { settings, urlOf });
  return {
    instance,
    urlOf,
    output: () => written,
    async close() {
      await front.close();
      await hub.close();
    },
  };
}

/** An archive in a process of its own, in the place of a thread. */
function startProcess(folder: string, name: FunctionName, write: (line: string) => void): Thread {
  const told = Promise.withResolvers<Parameters<Thread["tell"]>[0]>();
  const started = told.promise.then(({ env, socket }) => start(folder, name, env, { socket, write }));
  const end = async (): Promise<void> => {
    told.reject(new Error("ended before it began"));
    await started.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  };
  return {
    listening: started.then(() => undefined),
    ended: started.then(
      async ({ ended }) => void (await ended),
      () => undefined,
    ),
    tell: told.resolve,
    askToEnd: () => void end(),
    end,
  };
}

async function twoAtATime<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all([worker(), worker()]);
}
