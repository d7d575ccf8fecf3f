// The commands, their words and their options. Only commander is loaded here: each command's module comes at first use, so
// that help and a check answer at once.
import { createRequire } from "node:module";
import { Command, Option } from "commander";
import { failureKinds, farEnds } from "../local/wire/faults.ts";
import { functionNames } from "../shared/functions.ts";
import type { Add, Cli, GlobalOptions, Surroundings } from "./cli.ts";
import type { StartOptions } from "./commands/start.ts";
import type { WeatherOptions } from "./commands/weather.ts";
import type { FailOptions } from "./commands/world.ts";
import { addBump, addMail, addMembers, addPlans, addQuota, addTransfers } from "./flow-commands.ts";
import { hostNames } from "./host-name.ts";
import { addRecords } from "./record-commands.ts";
import { terminal, wantsColour } from "./terminal.ts";
import { wholeNumber } from "./whole-number.ts";

const manifest: { version: string } = createRequire(import.meta.url)("../package.json");

/** Exit code that an action leaves behind. */
export type Ended = { exitCode: number };

export function program(surroundings: Surroundings, ended: Ended): Command {
  const root = new Command("groundcrew")
    .description("The ground crew of a research hub, on this machine's sample hub.")
    .option("--json", "data as JSON on stdout")
    .option("--world <dir>", "the sample hub's folder (./world here, else the clone's)")
    .option("--hub <name>", "the hub that is meant, where there are several")
    .option("--stack <name>", "a deployment (signing in is not built yet)")
    .option("--yes", "do not ask before a change to a deployment")
    .option("--no-color", "no colours (so does NO_COLOR)")
    .helpOption("-h, --help", "this text")
    .version(manifest.version, "-V, --version", "the version of this clone")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
      // run.ts says it, in the form of every other error.
      outputError: () => undefined,
    })
    .addHelpText("after", () => exitCodesText)
    .exitOverride();
  const cli = (): Cli => cliOf(root.opts<GlobalOptions>(), surroundings);
  const end = async (code: number | Promise<number>): Promise<void> => {
    ended.exitCode = await code;
  };
  addFlows(root, cli, end);
  addRecords(root, cli, end);
  addPlans(root, cli, end);
  addMembers(root, cli, end);
  addMail(root, cli, end);
  addQuota(root, cli, end);
  addBump(root, cli, end);
  addTransfers(root, cli, end);
  addMachine(root, cli, end);
  return root;
}

const exitCodesText = `
Exit codes: 0 done, 1 failure, 2 wrong usage, 3 changes pending, 4 held or refused, 5 found wrong before anything began.
Begin with: groundcrew start`;

export function cliOf(options: GlobalOptions, surroundings: Surroundings): Cli {
  const { stdout, stderr, env } = surroundings;
  return {
    options,
    surroundings,
    terminal: terminal({
      stdout,
      stderr,
      json: options.json === true,
      colour: wantsColour(env, options.color),
    }),
  };
}

const addFlows: Add = (root, cli, end) => {
  root
    .command("start")
    .description("run the sample hub: console, flows and all, until Ctrl-C")
    .option("--once", "run each flow once, say what changed, and end")
    .option("--people <n>", "how many people a new sample hub gets", wholeNumber(1))
    .option("--port <n>", "the console's port (a free one)", wholeNumber(0, 65_535))
    .option(
      "--allow-host <host[:port]>",
      "a name that the console is reached by where its port is forwarded; may be repeated",
      hostNames,
    )
    .addOption(
      new Option(
        "--inspect <function>",
        "run this function in a process that a debugger can attach to",
      ).choices(functionNames),
    )
    .action(async (options: StartOptions) =>
      end((await import("./commands/start.ts")).start(cli(), options)),
    );
  root
    .command("run <flow>")
    .description("run a flow now and wait for it; without --hub, for each hub")
    .option("-n, --dry-run", "only say what it would do")
    .action(async (flow: string, options: { dryRun?: boolean }) =>
      end((await import("./commands/run.ts")).runFlow(cli(), flow, options)),
    );
};

const addMachine: Add = (root, cli, end) => {
  const world = root.command("world").description("the sample hub's own switches");
  const worldCommands = () => import("./commands/world.ts");
  world
    .command("clock [span]")
    .description("move the clock forward (+6h, 1d12h, 90s), or tell the time")
    .action(async (span: string | undefined) => end((await worldCommands()).moveClock(cli(), span)));
  world
    .command("fail [words...]")
    .usage(
      `[options] <far end> ${Object.values(failureKinds)
        .map(({ usage }) => usage)
        .join(" | ")}`,
    )
    .description(`make a vendor's service fail: ${Object.keys(farEnds).join(", ")}`)
    .option("--match <text>", 'only calls whose "METHOD /path" has this in it')
    .option("--at <n>", "from the n-th such call on", wholeNumber(1))
    .option("--times <n>", "how many calls (1)", wholeNumber(1))
    .option("--clear", "let everything work again")
    .action(async (words: string[], options: FailOptions) =>
      end((await worldCommands()).failFarEnd(cli(), words, options)),
    );
  world
    .command("weather [name]")
    .description("let a vendor's service have bad weather for a while, or list what weather there is")
    .option("--for <span>", "how long (as long as it usually lasts)")
    .option("--behind <span>", "how far reads lag (2s), where the weather is that they do")
    .option("--clear", "let all weather be calm again")
    .action(async (name: string | undefined, options: WeatherOptions) =>
      end((await import("./commands/weather.ts")).changeWeather(cli(), name, options)),
    );
  world
    .command("preempt <machine>")
    .description("take a transfer's machine away, as Google may at any moment")
    .action(async (machine: string) => end((await worldCommands()).preemptMachine(cli(), machine)));
  root
    .command("config")
    .description("the settings file")
    .command("check [file]")
    .description("hold groundcrew.yaml against its schema")
    .action(async (file: string | undefined) =>
      end((await import("./commands/config.ts")).checkConfig(cli(), file)),
    );
  root
    .command("doctor")
    .description("say what is wrong on this machine, and what to do")
    .action(async () => end((await import("./commands/doctor.ts")).doctor(cli())));
};
