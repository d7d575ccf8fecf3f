// Runs one command: arguments in, exit code out. What is thrown becomes three lines on stderr.
import { CommanderError } from "commander";
import type { Surroundings } from "./cli.ts";
import { exitCodes } from "./exit-codes.ts";
import { flagsFromNpm } from "./npm-flags.ts";
import { cliOf, type Ended, program } from "./program.ts";
import { endingOf, stop } from "./stop.ts";

/** Gives the exit code; it never throws. */
export async function run(args: string[], surroundings: Surroundings): Promise<number> {
  const ended: Ended = { exitCode: exitCodes.done };
  const command = program(surroundings, ended);
  try {
    const given = [...args, ...flagsFromNpm(surroundings.env)];
    await command.parseAsync(given, { from: "user" });
    return ended.exitCode;
  } catch (error) {
    // commander has printed the help that was asked for; the one for a group without its command is an error.
    if (error instanceof CommanderError && helpCodes.includes(error.code))
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (surroundings.env["GROUNDCREW_DEBUG"] && error instanceof Error)
      surroundings.stderr.write(`${error.stack}\n`);
    const { exitCode, explanation } = endingOf(error instanceof CommanderError ? usageError(error) : error);
    cliOf(command.opts(), surroundings).terminal.explain(explanation);
    return exitCode;
  }
}

const helpCodes = ["commander.help", "commander.helpDisplayed", "commander.version"];

/** "error: unknown command 'evnts'\n(Did you mean events?)" in three parts. */
function usageError({ message }: CommanderError): Error {
  const [first = "", ...others] = message.replace(/^error: /, "").split("\n");
  const hint = others.join(" ").replace(/^\((.*)\)$/, "$1");
  return stop(
    exitCodes.usage,
    first,
    "the command was not understood",
    hint === "" ? "see `groundcrew --help`, or --help behind any command" : hint,
  );
}
