// An event's payload as it was typed: JSON on the command line, or from stdin for "-".
import type { Cli } from "./cli.ts";
import { exitCodes } from "./exit-codes.ts";
import { stop } from "./stop.ts";

export async function readPayload({ surroundings }: Cli, text: string): Promise<unknown> {
  const given = text === "-" ? await surroundings.readStdin() : text;
  try {
    return JSON.parse(given);
  } catch (error) {
    throw stop(
      exitCodes.usage,
      "the payload is not JSON",
      error instanceof Error ? error.message : "it cannot be read",
      `quote it for the shell: '{"v":1,"hub":"sample","why":"person"}'`,
    );
  }
}
