// `groundcrew undelivered ls|replay|drop`: events that no attempt could finish, and what to do about each.
import { answers } from "../../shared/control.ts";
import type { Cli } from "../cli.ts";
import { withControl } from "../connect.ts";
import { path } from "../control.ts";
import { readPayload } from "../payload.ts";
import { timeOf } from "../run-lines.ts";
import { visible } from "../terminal.ts";

export function listUndelivered(cli: Cli, options: { all?: boolean }): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.get("/undelivered", answers.undelivered);
    const undelivered = answer.undelivered.filter(
      ({ resolved }) => options.all === true || resolved === undefined,
    );
    cli.terminal.answer({ undelivered }, (paint) =>
      undelivered.length === 0
        ? ["Nothing is undelivered."]
        : undelivered.flatMap(({ at, topic, function: to, attempts, id, reason, resolved }) => [
            `${timeOf(at)}  ${paint("bold", topic)} to ${to}, ${attempts} attempts  ${paint("dim", id)}`,
            `  what: ${visible(reason.what)}`,
            `  why:  ${visible(reason.why)}`,
            `  next: ${visible(resolved ?? reason.next)}`,
          ]),
    );
    return 0;
  });
}

export async function replayUndelivered(
  cli: Cli,
  id: string,
  options: { payload?: string },
): Promise<number> {
  const payload = options.payload === undefined ? undefined : await readPayload(cli, options.payload);
  return withControl(cli, async (api) => {
    const body = payload === undefined ? {} : { payload };
    const answer = await api.post(`${path("undelivered", id)}/replay`, body, answers.published);
    cli.terminal.answer(answer, () => [`sent again: ${answer.messageId}`]);
    return 0;
  });
}

export function dropUndelivered(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.post(`${path("undelivered", id)}/drop`, {}, answers.done);
    cli.terminal.answer(answer, () => [visible(answer.said)]);
    return 0;
  });
}
