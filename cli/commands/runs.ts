// `groundcrew runs ls|show|rerun`: what the functions did, attempt by attempt.
import { answers } from "../../shared/control.ts";
import { functionNames } from "../../shared/functions.ts";
import type { Run } from "../../shared/records.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type Control, path, query } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { approveWith, planLines } from "../plan-lines.ts";
import { effectWords, errorLines, outcomeWord, runTable, timeOf } from "../run-lines.ts";
import { stop, unknownWord } from "../stop.ts";
import { type Paint, visible } from "../terminal.ts";

export type ListOptions = { flow?: string; outcome?: string; day?: string; limit?: number };

export async function listRuns(cli: Cli, options: ListOptions): Promise<number> {
  const { flow, outcome, day, limit } = options;
  if (flow !== undefined && !functionNames.some((name) => name === flow))
    throw await unknownWord("flow", flow, functionNames);
  return withControl(cli, async (api) => {
    const hub = cli.options.hub === undefined ? undefined : await hubOf(cli, api);
    const answer = await api.get(`/runs${query({ flow, outcome, hub, day, limit })}`, answers.runs);
    cli.terminal.answer(answer, (paint) =>
      answer.runs.length === 0 ? ["No runs."] : runTable(answer.runs, paint),
    );
    if (answer.next !== undefined) cli.terminal.note("there are more: raise --limit or name a --day");
    return 0;
  });
}

export function showRun(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const run = await api.get(path("runs", await idMeant(api, id)), answers.run);
    cli.terminal.answer(run, (paint) => runPage(run, paint));
    return 0;
  });
}

export function rerun(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.post(`${path("runs", await idMeant(api, id))}/rerun`, {}, answers.published);
    cli.terminal.answer(answer, () => [`sent again: ${answer.messageId}`]);
    return 0;
  });
}

/** "last" stands for the newest run. */
async function idMeant(api: Control, id: string): Promise<string> {
  if (id !== "last") return id;
  const [newest] = (await api.get("/runs?limit=1", answers.runs)).runs;
  if (newest !== undefined) return newest.id;
  throw stop(
    exitCodes.failure,
    "there is no last run",
    "nothing has run yet",
    "start a flow: `groundcrew run <flow>`",
  );
}

function runPage(run: Run, paint: Paint): string[] {
  return [
    `${paint("bold", run.flow)}  ${outcomeWord(run.outcome, paint)}  ${visible(run.title)}`,
    `  ${timeOf(run.startedAt)}, ${Math.round(run.durationMs)} ms, attempt ${run.attempt}${run.hub === undefined ? "" : `, hub ${run.hub}`}`,
    `  event ${run.event}, message ${run.messageId}`,
    ...part(
      "Steps",
      run.steps.map(({ at, what }) => `${timeOf(at)}  ${visible(what)}`),
    ),
    ...part("Effects", run.effects.map(effectWords)),
    ...(run.plan === undefined
      ? []
      : [
          "",
          ...planLines(run.plan, paint, run.outcome === "held" ? approveWith(run.flow, run.plan) : undefined),
        ]),
    ...(run.error === undefined ? [] : ["", ...errorLines(run)]),
  ];
}

const part = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
