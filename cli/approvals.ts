// The two commands that every flow has which holds something back.
import type { Command } from "commander";
import type { Cli } from "./cli.ts";

/** Adds `approve` and `reject` to a flow's commands. */
export function addApprovals(
  flow: Command,
  cli: () => Cli,
  end: (code: number | Promise<number>) => Promise<void>,
): void {
  for (const [word, what] of [
    ["approve", "let what is on hold go through"],
    ["reject", "do not let it go through; approving takes that back"],
  ] as const)
    flow
      .command(`${word} <hash>`)
      .description(what)
      .option(
        "--only <about...>",
        "only these of its changes: a login, a directory, a release, or a change's hash",
      )
      .action(async (hash: string, options: { only?: string[] }) =>
        end((await import("./commands/approve.ts")).decidePlan(cli(), word, hash, options)),
      );
}
