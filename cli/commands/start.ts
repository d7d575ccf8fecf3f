// `groundcrew start`: keeps the sample hub running until Ctrl-C; with --once runs each flow once and says what changed.
import type { FunctionName } from "../../shared/functions.ts";
import type { Cli, Instances } from "../cli.ts";
import { announceWorld } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { runBlocks, summaryOf } from "../run-lines.ts";
import { visible } from "../terminal.ts";

export type StartOptions = {
  once?: boolean;
  people?: number;
  port?: number;
  allowHost?: string[];
  inspect?: FunctionName;
};

/** Time for closing: whoever presses Ctrl-C has waited long enough by then. All that matters is stored before it is answered. */
const closingMs = 700;
/** npm, the starter in bin/ and the terminal each hand on the same Ctrl-C: within this time it is one. */
const echoMs = 250;

export async function start(cli: Cli, options: StartOptions): Promise<number> {
  const world = await announceWorld(cli);
  const instances = await cli.surroundings.instances();
  const { people, port, allowHost, inspect } = options;
  const common = {
    world,
    ...(people === undefined ? {} : { people }),
    ...(port === undefined ? {} : { port }),
    ...(allowHost === undefined ? {} : { allowHosts: allowHost }),
    ...(inspect === undefined ? {} : { inspect }),
  };
  return options.once === true ? once(cli, instances, common) : keepRunning(cli, instances, common);
}

type Common = {
  world: string;
  people?: number;
  port?: number;
  allowHosts?: readonly string[];
  inspect?: FunctionName;
};

async function once(cli: Cli, { startInstance }: Instances, common: Common): Promise<number> {
  const { terminal } = cli;
  terminal.progress("starting the sample hub ...");
  const instance = await startInstance({
    ...common,
    console: false,
    log: (line) => terminal.progress(visible(line)),
  });
  try {
    const runs = await instance.runOnce({ onProgress: terminal.progress });
    const changes = runs.reduce((sum, { effects }) => sum + effects.length, 0);
    terminal.answer({ runs: runs.map(summaryOf) }, (paint) => [
      ...runBlocks(runs, paint),
      changes === 0 ? "Nothing had to change." : `${changes} ${changes === 1 ? "change" : "changes"}.`,
    ]);
    return runs.some(({ outcome }) => outcome === "failed") ? exitCodes.failure : exitCodes.done;
  } finally {
    await instance.close();
  }
}

async function keepRunning(cli: Cli, { startInstance }: Instances, common: Common): Promise<number> {
  const { terminal, surroundings } = cli;
  terminal.progress("starting the sample hub ...");
  const asked = stopAsked(cli);
  const starting = startInstance({ ...common, console: true, log: (line) => terminal.note(visible(line)) });
  // Ctrl-C while it starts: what is half made is made again or gone on with at the next start.
  const instance = await Promise.race([starting, asked.then(() => undefined)]);
  if (instance === undefined) return exitCodes.done;
  terminal.answer({ url: instance.url, world: common.world, flows: instance.flows }, (paint) => [
    "",
    `  The sample hub runs: ${paint("cyan", instance.url)}`,
    "",
    "  Try:",
    `    - open that address, and press ${paint("bold", "Run now")}`,
    `    - edit and save ${common.world}/members.csv: the change reaches the teams, a mail lies in mailbox/`,
    `    - add a release to ${common.world}/releases.yaml and save: a pull request takes it to the hub (page Images)`,
    `    - put a large file into somebody's folder in ${common.world}/homes/, and look at the page Homes`,
    "    - in another terminal: npx groundcrew members why <login>",
    "",
    "  Ctrl-C stops it; the next start goes on where it stopped.",
    "",
  ]);
  // A listener for signals keeps no process alive.
  const alive = setInterval(() => undefined, 2 ** 30);
  await asked;
  clearInterval(alive);
  terminal.note("stopping ...");
  const limit = setTimeout(() => surroundings.exitNow(exitCodes.done), closingMs);
  await instance.close();
  clearTimeout(limit);
  return exitCodes.done;
}

/** Resolves at the first Ctrl-C or SIGTERM; the second one exits at once. */
function stopAsked({ surroundings }: Cli): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    surroundings.onStop(() => {
      const at = surroundings.now().getTime();
      if (first === undefined) {
        first = at;
        resolve();
      } else if (at - first > echoMs) surroundings.exitNow(130);
    });
  });
}
