// `groundcrew transfer logs`: what happened to a transfer, from records alone, also when its machines are gone.
import { answers } from "../../shared/control.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { table, visible } from "../terminal.ts";

export function transferLogs(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const hub = await hubOf(cli, api);
    const { lines } = await api.get(`${path("transfers", hub, id)}/log`, answers.transferLog);
    cli.terminal.answer(lines, () =>
      table(
        lines.map(({ at, what }) => [
          at === undefined ? "" : at.slice(0, 19).replace("T", " "),
          visible(what),
        ]),
      ),
    );
    return exitCodes.done;
  });
}
