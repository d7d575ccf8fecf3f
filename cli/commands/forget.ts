// `groundcrew members forget <login>`: takes a person who has left out of all that is remembered, and says what stays elsewhere.
import { answers } from "../../shared/control.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { exitCodeOf } from "../run-lines.ts";
import { stop } from "../stop.ts";
import { visible } from "../terminal.ts";
import { runOf } from "../waiting.ts";
import { startAndWait } from "./run.ts";

const flow = "sync-members";

export type ForgetOptions = { also?: string[]; dryRun?: boolean };

/** Looks at sheet and teams first: who is still there is not forgotten. */
export function forgetMember(cli: Cli, login: string, { also, dryRun }: ForgetOptions): Promise<number> {
  return withControl(cli, async (api) => {
    const hub = await hubOf(cli, api);
    const [look] = await startAndWait(cli, api, { flow, dryRun: true, hub });
    if (look?.plan === undefined)
      throw stop(
        exitCodes.failure,
        "nobody was forgotten",
        `sheet and teams could not be read, so nobody knows whether they are gone: ${look?.title ?? ""}`,
        "mend that first: `groundcrew members plan` says what it is",
      );
    const wish = { login, ...(also === undefined ? {} : { also }), ...(dryRun === true ? { dryRun } : {}) };
    const asked = await api.post(`${path("members", hub)}/forget`, wish, answers.published);
    const run = await runOf(cli, api, { flow: "forget-person", messageId: asked.messageId });
    const { title, outcome, steps, error } = run;
    cli.terminal.answer({ title, outcome, steps: steps.map(({ what }) => what), error }, () => [
      visible(title),
      ...steps.map(({ what }) => `  ${visible(what)}`),
    ]);
    return outcome === "blocked" ? exitCodes.held : exitCodeOf([run]);
  });
}
