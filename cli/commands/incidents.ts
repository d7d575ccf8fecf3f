// `groundcrew incidents [acknowledge|close <key>]`: what stands in the way, and a person's word on it.
import { answers } from "../../shared/control.ts";
import type { Cli } from "../cli.ts";
import { withControl } from "../connect.ts";
import { timeOf } from "../run-lines.ts";
import { visible } from "../terminal.ts";

export function listIncidents(cli: Cli, options: { all?: boolean }): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.get("/incidents", answers.incidents);
    const incidents = [...answer.open, ...(options.all === true ? answer.over : [])];
    cli.terminal.answer({ incidents }, (paint) =>
      incidents.length === 0
        ? ["Nothing is in the way."]
        : incidents.flatMap(({ opened, closed, reason, key, kind, acknowledged, runbook }) => [
            `${timeOf(opened)}  ${paint("bold", visible(reason.what))}  ${paint("dim", key)}`,
            `  why:  ${visible(reason.why)}`,
            ...(closed === undefined
              ? [
                  `  next: ${visible(reason.next)}`,
                  `  ${kind}${acknowledged === undefined ? "" : `, seen ${timeOf(acknowledged.at)}`}; docs/runbook.md: ${runbook}`,
                ]
              : [`  over: ${timeOf(closed)}`]),
          ]),
    );
    return 0;
  });
}

/** @param word what a person says of it. */
export function sayOfIncident(cli: Cli, word: "acknowledge" | "close", key: string): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.post(`/incidents/${word}`, { key }, answers.done);
    cli.terminal.answer(answer, () => [visible(answer.said)]);
    return 0;
  });
}
