// The commands, their words and their options. Only commander is loaded here: each command's module comes at first use, so
// that help and a check answer at once.
import { Command, Option } from "commander";
import { failureKinds, farEnds } from "../local/wire/faults.ts";
import { functionNames } from "../shared/functions.ts";
import { addApprovals } from "./approvals.ts";
import type { Cli, GlobalOptions, Surroundings } from "./cli.ts";
import type { PreviewOptions } from "./commands/bump.ts";
import type { ListOptions } from "./commands/runs.ts";
import type { StartOptions } from "./commands/start.ts";
import type { RequestOptions } from "./commands/transfer.ts";
import type { FailOptions } from "./commands/world.ts";
import { hostNames } from "./host-name.ts";
import { outcomes } from "./run-lines.ts";
import { terminal, wantsColour } from "./terminal.ts";
import { wholeNumber } from "./whole-number.ts";

/** What an action leaves behind. */
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
  addMembers(root, cli, end);
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

type Add = (root: Command, cli: () => Cli, end: (code: number | Promise<number>) => Promise<void>) => void;

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

const addRecords: Add = (root, cli, end) => {
  const events = root.command("events").description("what was published, and publishing by hand");
  const eventCommands = () => import("./commands/events.ts");
  events
    .command("ls")
    .description("events, newest first")
    .addOption(limit())
    .action(async (options: { limit?: number }) => end((await eventCommands()).listEvents(cli(), options)));
  events
    .command("send <topic> <payload>")
    .description('publish an event; the payload is JSON, "-" reads it from stdin')
    .action(async (topic: string, payload: string) =>
      end((await eventCommands()).sendEvent(cli(), topic, payload)),
    );
  events
    .command("replay <message>")
    .description("publish an event once more")
    .action(async (message: string) => end((await eventCommands()).replayEvent(cli(), message)));

  const runs = root.command("runs").description("what the functions did");
  const runCommands = () => import("./commands/runs.ts");
  runs
    .command("ls")
    .description("runs, newest first")
    .option("--flow <name>", "of one function")
    .addOption(new Option("--outcome <word>", "of one outcome").choices(outcomes))
    .option("--day <yyyy-mm-dd>", "of one day (UTC)")
    .addOption(limit())
    .action(async (options: ListOptions) => end((await runCommands()).listRuns(cli(), options)));
  runs
    .command("show <run>")
    .description('one run from event to effects; "last" is the newest')
    .action(async (id: string) => end((await runCommands()).showRun(cli(), id)));
  runs
    .command("rerun <run>")
    .description("publish a run's event once more")
    .action(async (id: string) => end((await runCommands()).rerun(cli(), id)));

  const incidents = root
    .command("incidents")
    .description("what stands in the way")
    .option("--all", "what was over lately too");
  const incidentCommands = () => import("./commands/incidents.ts");
  incidents.action(async (options: { all?: boolean }) =>
    end((await incidentCommands()).listIncidents(cli(), options)),
  );
  for (const [word, description] of [
    ["acknowledge", "say that you have seen it: nobody is reminded for a week"],
    ["close", "say that it is over; the next good run does so by itself"],
  ] as const)
    incidents
      .command(`${word} <key>`)
      .description(description)
      .action(async (key: string) => end((await incidentCommands()).sayOfIncident(cli(), word, key)));

  const undelivered = root.command("undelivered").description("events that no attempt could finish");
  const undeliveredCommands = () => import("./commands/undelivered.ts");
  undelivered
    .command("ls")
    .description("those that nobody has dealt with")
    .option("--all", "the others too")
    .action(async (options: { all?: boolean }) =>
      end((await undeliveredCommands()).listUndelivered(cli(), options)),
    );
  undelivered
    .command("replay <id>")
    .description("publish it again")
    .option("--payload <json>", 'mended; "-" reads it from stdin')
    .action(async (id: string, options: { payload?: string }) =>
      end((await undeliveredCommands()).replayUndelivered(cli(), id, options)),
    );
  undelivered
    .command("drop <id>")
    .description("leave it at that")
    .action(async (id: string) => end((await undeliveredCommands()).dropUndelivered(cli(), id)));
};

const addMembers: Add = (root, cli, end) => {
  const members = root
    .command("members")
    .description("who gets in, who waits, and why somebody cannot log in");
  const commands = () => import("./commands/members.ts");
  members
    .command("plan")
    .description("say what would change (exit 3: something would)")
    .action(async () => end((await commands()).planMembers(cli())));
  members
    .command("apply")
    .description("compare sheet and teams now and make them agree")
    .action(async () => end((await commands()).applyMembers(cli())));
  addApprovals(members, cli, end);
  members
    .command("why <who...>")
    .description("why somebody, by login or address, cannot log in")
    .action(async (who: string[]) => end((await commands()).whyMembers(cli(), who)));
};

const addQuota: Add = (root, cli, end) => {
  const quota = root.command("quota").description("how much disk the homes take");
  const commands = () => import("./commands/quota.ts");
  quota
    .command("scan <dir>")
    .description("measure each folder in <dir>, to the byte as du does; needs no sample hub")
    .option("--to <remote>:<path>", "send the report too: reports:<hub>")
    .action(async (dir: string, options: { to?: string }) =>
      end((await commands()).scanQuota(cli(), dir, options)),
    );
  quota
    .command("status")
    .description("the homes as the last scan left them, the largest first")
    .action(async () => end((await commands()).quotaStatus(cli())));
  addApprovals(quota, cli, end);
};

const addBump: Add = (root, cli, end) => {
  const bump = root.command("bump").description("the hub's images, and moving them to a release");
  const commands = () => import("./commands/bump.ts");
  bump
    .command("preview")
    .description("print a file as it would be with its images on a tag; needs no sample hub")
    .requiredOption("--file <yaml>", 'the file; "-" reads stdin')
    .requiredOption("--tag <tag>", "where the images are to go")
    .option(
      "--image <name>",
      "an image, in any registry unless it names one; may be repeated (pangeo's three)",
      gather,
    )
    .option("--from <tag>", "only what is on this tag")
    .option("--moving", "also what is on a tag that moves by itself, such as latest")
    .action(async (options: PreviewOptions) => end((await commands()).previewBump(cli(), options)));
  bump
    .command("status")
    .description("where each hub's images stand, and how many releases behind")
    .action(async () => end((await commands()).bumpStatus(cli())));
  addApprovals(bump, cli, end);
};

const gather = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

const addTransfers: Add = (root, cli, end) => {
  const transfer = root
    .command("transfer")
    .description("copies between buckets, by machines that go away again");
  const commands = () => import("./commands/transfer.ts");
  transfer
    .command("request")
    .description("ask for one; each end is <remote>:<path>, remotes by their names in the settings")
    .requiredOption("--from <remote:path>", "what to copy")
    .requiredOption("--to <remote:path>", "where to")
    .option("--id <id>", "its name, to ask for the same one twice (one is made)")
    .option("--wait", "until it has ended")
    .option("-n, --dry-run", "only say what it would do")
    .action(async (options: RequestOptions) => end((await commands()).requestTransfer(cli(), options)));
  transfer
    .command("status [id]")
    .description("how it stands; without an id, all of them (exit 3: still copying, 4: ended, not complete)")
    .action(async (id: string | undefined) => end((await commands()).transferStatus(cli(), id)));
  transfer
    .command("cancel <id>")
    .description("delete its machines and leave it at that")
    .action(async (id: string) => end((await commands()).cancelTransfer(cli(), id)));
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

const limit = (): Option =>
  new Option("--limit <n>", "how many at most (100)").argParser(wholeNumber(1, 1000));
