// The commands about what is recorded: events, runs, incidents, what is undelivered.
import { Option } from "commander";
import type { Add } from "./cli.ts";
import type { ListOptions } from "./commands/runs.ts";
import { outcomes } from "./run-lines.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds them. */
export const addRecords: Add = (root, cli, end) => {
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

const limit = (): Option =>
  new Option("--limit <n>", "how many at most (100)").argParser(wholeNumber(1, 1000));
