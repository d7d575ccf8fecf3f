// `groundcrew events ls|send|replay`: what has been published, and publishing by hand.
import { answers } from "../../shared/control.ts";
import { eventNames, isEventName } from "../../shared/events.ts";
import type { Cli } from "../cli.ts";
import { withControl } from "../connect.ts";
import { path, query } from "../control.ts";
import { readPayload } from "../payload.ts";
import { outcomeWord, timeOf } from "../run-lines.ts";
import { unknownWord } from "../stop.ts";
import { table, visible } from "../terminal.ts";

export function listEvents(cli: Cli, options: { limit?: number }): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.get(`/events${query({ limit: options.limit })}`, answers.events);
    cli.terminal.answer(answer, (paint) =>
      answer.events.length === 0
        ? ["No events yet."]
        : table(
            answer.events.map(({ firstAt, topic, outcome, attempts, title, messageId }) => [
              timeOf(firstAt),
              topic,
              outcomeWord(outcome, paint),
              attempts === 1 ? "" : `${attempts} attempts`,
              visible(title),
              paint("dim", messageId),
            ]),
          ),
    );
    return 0;
  });
}

export async function sendEvent(cli: Cli, topic: string, text: string): Promise<number> {
  if (!isEventName(topic)) throw await unknownWord("event", topic, eventNames);
  const payload = await readPayload(cli, text);
  return withControl(cli, async (api) => {
    const answer = await api.post("/events", { topic, payload }, answers.published);
    cli.terminal.answer(answer, () => [`sent: ${answer.messageId}`]);
    return 0;
  });
}

export function replayEvent(cli: Cli, messageId: string): Promise<number> {
  return withControl(cli, async (api) => {
    const answer = await api.post(`${path("events", messageId)}/replay`, {}, answers.published);
    cli.terminal.answer(answer, () => [`sent again: ${answer.messageId}`]);
    return 0;
  });
}
