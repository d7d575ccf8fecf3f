// `groundcrew run <flow>`: starts a flow now and waits for what comes of it.
import { answers } from "../../shared/control.ts";
import { functionNames, rowOf } from "../../shared/functions.ts";
import type { Run } from "../../shared/records.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { planExitCode, planLines } from "../plan-lines.ts";
import { exitCodeOf, runBlocks, summaryOf } from "../run-lines.ts";
import { unknownWord } from "../stop.ts";
import { type Paint, visible } from "../terminal.ts";
import { runOf } from "../waiting.ts";
import { nextOf } from "./plans.ts";

export async function runFlow(cli: Cli, flow: string, options: { dryRun?: boolean }): Promise<number> {
  const known = [...new Set(functionNames.flatMap((name) => rowOf(name).flow ?? []))];
  const name = known.find((each) => each === flow);
  if (name === undefined) throw await unknownWord("flow", flow, known);
  const dryRun = options.dryRun === true;
  return withControl(cli, async (api) => {
    const runs = await startAndWait(cli, api, { flow: name, dryRun });
    const plans = dryRun ? await Promise.all(runs.map((run) => planOf(api, run))) : [];
    cli.terminal.answer(
      {
        runs: runs.map((run) => ({
          id: run.id,
          ...summaryOf(run),
          title: run.title,
          error: run.error,
          plan: run.plan,
        })),
      },
      (paint) => [...runBlocks(runs, paint), ...plans.flatMap((lines) => lines(paint))],
    );
    const code = exitCodeOf(runs);
    if (!dryRun || code === exitCodes.failure) return code;
    const codes = runs.flatMap(({ plan }) => (plan === undefined ? [] : [planExitCode(plan)]));
    return [exitCodes.pending, exitCodes.held].find((each) => codes.includes(each)) ?? exitCodes.done;
  });
}

/** Gives the lines of what a run would do; of one without a plan its steps say it. */
async function planOf(api: Control, { flow, plan, steps }: Run): Promise<(paint: Paint) => string[]> {
  if (plan === undefined) return () => steps.map(({ what }) => `  ${visible(what)}`);
  const next = await nextOf(api, flow, plan);
  return (paint) => planLines(plan, paint, next);
}

/** Publishes the flow's event, for the named hub or for each, and waits for its runs. */
export async function startAndWait(
  cli: Cli,
  api: Control,
  want: { flow: string; dryRun: boolean; hub?: string; adopt?: boolean; plan?: string },
): Promise<Run[]> {
  const hub = want.hub ?? (cli.options.hub === undefined ? undefined : await hubOf(cli, api));
  const request = {
    ...(hub === undefined ? {} : { hub }),
    ...(want.dryRun ? { dryRun: true } : {}),
    ...(want.adopt === true ? { adopt: true } : {}),
    ...(want.plan === undefined ? {} : { plan: want.plan }),
  };
  // The sample hub's own time, which people move.
  const alone = want.dryRun || want.plan !== undefined;
  const since = alone ? undefined : new Date((await api.get("/home", answers.home)).now);
  const { messageId, all } = await api.post(`${path("flows", want.flow)}/run`, request, answers.published);
  const messages = all ?? [{ hub, messageId }];
  return Promise.all(
    messages.map((each) =>
      runOf(cli, api, {
        flow: want.flow,
        messageId: each.messageId,
        ...(since === undefined ? {} : { shared: { hub: each.hub, since } }),
      }),
    ),
  );
}
