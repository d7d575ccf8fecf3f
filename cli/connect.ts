// Brings a command to its instance: the one that runs on the sample hub's folder, or one of its own for as long as it lasts.
import { setTimeout as wait } from "node:timers/promises";
import { explainDisk } from "../local/wire/disk.ts";
import { answers } from "../shared/control.ts";
import type { Cli } from "./cli.ts";
import { type Control, control, World } from "./control.ts";
import { exitCodes } from "./exit-codes.ts";
import { endingOf, stop, unknownWord } from "./stop.ts";
import { worldOf } from "./world-folder.ts";

/** Time for the end of what a command began in an instance of its own; the rest goes on at the next start. */
const settleMs = 20_000;

/** The folder, announced before anything is done to it. A deployment is named and refused: there is no way to it yet. */
export async function announceWorld({ options, surroundings, terminal }: Cli): Promise<string> {
  if (options.stack !== undefined)
    throw stop(
      exitCodes.usage,
      `the stack "${options.stack}" cannot be reached`,
      "signing in to a deployment is not built yet",
      "leave --stack away to work on the sample hub",
    );
  const world = await worldOf({ named: options.world, cwd: surroundings.cwd, root: surroundings.root });
  terminal.note(`SAMPLE ${world}`);
  // An instance of this process may meet a full disk where nobody waits for an answer. All that was promised is stored by then.
  surroundings.onFault((error) => {
    if (surroundings.env["GROUNDCREW_DEBUG"] && error instanceof Error) terminal.note(`${error.stack}`);
    terminal.explain(explainDisk(error, world) ?? endingOf(error).explanation);
    surroundings.exitNow(exitCodes.failure);
  });
  return world;
}

/**
 * Runs `work` against the instance. `needsRunning` says why one of its own would be useless; `lively` wants the schedules of
 * the one of its own to run, where otherwise nothing but this command sets anything going.
 */
export async function withControl(
  cli: Cli,
  work: (api: Control) => Promise<number>,
  { needsRunning, lively = false }: { needsRunning?: string; lively?: boolean } = {},
): Promise<number> {
  const world = await announceWorld(cli);
  const { findInstance, startInstance } = await cli.surroundings.instances();
  const found = await findInstance(world);
  if (found !== undefined) return work(control(found));
  if (needsRunning !== undefined)
    throw stop(
      exitCodes.failure,
      "the sample hub is not running",
      needsRunning,
      "start it in another terminal: `groundcrew start`",
    );
  cli.terminal.progress("starting the sample hub for this command ...");
  const instance = await startInstance({
    world,
    port: 0,
    console: true,
    idle: !lively,
    log: () => undefined,
  });
  try {
    const api = control(instance);
    const code = await work(api);
    await settle(cli, api);
    return code;
  } finally {
    await instance.close();
  }
}

/** Lets the instance finish what the command set going, the mails that follow a run above all. */
async function settle({ terminal, surroundings }: Cli, api: Control): Promise<void> {
  const until = surroundings.now().getTime() + settleMs;
  let { pending } = await api.get("/world", World);
  while (pending > 0 && surroundings.now().getTime() < until) {
    terminal.progress("finishing what this began ...");
    await wait(100);
    ({ pending } = await api.get("/world", World));
  }
  if (pending > 0) terminal.note(`${pending} deliveries wait; they go on when the sample hub runs next`);
}

/** The hub that a command is about: the named one, or the only one. */
export async function hubOf({ options }: Cli, api: Control): Promise<string> {
  const hubs = await hubsOf(api);
  if (options.hub !== undefined) {
    if (!hubs.includes(options.hub)) throw await unknownWord("hub", options.hub, hubs);
    return options.hub;
  }
  const [only, ...others] = hubs;
  if (only !== undefined && others.length === 0) return only;
  throw stop(
    exitCodes.usage,
    "it is not clear which hub is meant",
    `there are several: ${hubs.join(", ")}`,
    `name one: --hub ${only}`,
  );
}

/** The named hub, or all of them. */
export async function hubsMeant(cli: Cli, api: Control): Promise<string[]> {
  return cli.options.hub === undefined ? hubsOf(api) : [await hubOf(cli, api)];
}

const hubsOf = async (api: Control): Promise<string[]> =>
  (await api.get("/home", answers.home)).hubs.map(({ hub }) => hub);
