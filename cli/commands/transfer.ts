// `groundcrew transfer ls|status|cancel`: seeing how transfers stand, and ending one.
import { answers, type TransferLine } from "../../shared/control.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import { isUnbegun } from "../../shared/transfers/phase.ts";
import { progressOf, shardText } from "../../shared/transfers/progress.ts";
import {
  askedByText,
  dollarsForText,
  dollarsText,
  figuresLines,
  lackText,
  proofText,
  waitsText,
} from "../../shared/transfers/words.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { stop, unknownWord } from "../stop.ts";
import { type Paint, table, visible } from "../terminal.ts";
import { paceLines } from "./transfer-progress.ts";

/** Lists the newest transfers, a line each. */
export function listTransfers(cli: Cli): Promise<number> {
  return withControl(cli, async (api) => {
    const { transfers: all } = await api.get("/transfers", answers.transfers);
    const hub = cli.options.hub === undefined ? undefined : await hubOf(cli, api);
    const transfers = all.filter(({ head }) => hub === undefined || head.hub === hub);
    cli.terminal.answer({ transfers }, (paint) =>
      transfers.length === 0
        ? ["No transfers yet."]
        : table(transfers.map(({ head }) => statusRow(head, paint))),
    );
    return exitCodes.done;
  });
}

export function transferStatus(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const { transfers } = await api.get("/transfers", answers.transfers);
    return shown(cli, await found(cli, api, transfers, id));
  });
}

/** Shows how a transfer stands, and gives the exit code that says so. */
export function shown(cli: Cli, line: TransferLine): ExitCode {
  show(cli, line);
  return ends[line.head.state];
}

const statusRow = (head: TransferLine["head"], paint: Paint): string[] => [
  visible(head.id),
  paint(head.state === "done" ? "green" : "yellow", head.state),
  `${visible(head.from)} -> ${visible(head.to)}`,
  visible(standingOf(head)),
];

const standingOf = ({ said, short, waits }: TransferLine["head"]): string => {
  if (waits !== undefined) return waitsText(waits);
  return short === undefined ? said : `${said}; ${lackText(short)}`;
};

async function found(cli: Cli, api: Control, lines: TransferLine[], id: string): Promise<TransferLine> {
  const hub = cli.options.hub === undefined ? undefined : await hubOf(cli, api);
  const [line, ...others] = lines.filter(
    ({ head }) => head.id === id && (hub === undefined || head.hub === hub),
  );
  if (line === undefined)
    throw await unknownWord(
      "transfer",
      id,
      lines.map(({ head }) => head.id),
    );
  if (others.length > 0)
    throw stop(
      exitCodes.usage,
      "it is not clear which transfer is meant",
      "several hubs have one of this id",
      "name the hub: --hub <name>",
    );
  return line;
}

function show(cli: Cli, line: TransferLine): void {
  const { head, receipt, spent } = line;
  cli.terminal.answer(line, (paint) => [
    ...table([statusRow(head, paint)]),
    ...(head.by === undefined ? [] : [`  ${visible(askedByText(head.by))}`]),
    ...(head.waits?.next === undefined ? [] : [`  what you can do: ${visible(head.waits.next)}`]),
    ...listLines(line),
    ...paceLines(line, cli.surroundings.now()).map((each) => `  ${each}`),
    ...table(
      (isUnbegun(head.state) ? [] : head.shards).map((shard) => [
        `  machine ${shard.n}`,
        shardText(shard, head),
        shard.attempt === 1 ? "" : `${shard.attempt}. of its name`,
        shard.preemptions === 0 ? "" : `${shard.preemptions} taken away`,
      ]),
    ),
    ...(receipt === undefined && head.figures !== undefined
      ? figuresLines(head.figures).map((each) => `  ${visible(each)}`)
      : []),
    ...(spent === undefined
      ? []
      : [
          `  about ${dollarsText(totalOf(spent))} so far, of at most ${dollarsText(head.limitDollars)}: ${dollarsForText(spent)}`,
        ]),
    ...(receipt === undefined
      ? []
      : [
          `  ${proofText(receipt.verified)}; about ${dollarsText(receipt.dollars)}${receipt.dollarsFor === undefined ? "" : `: ${dollarsForText(receipt.dollarsFor)}`}`,
          ...(receipt.note ?? "").split("\n").flatMap((line) => (line === "" ? [] : [`  ${visible(line)}`])),
        ]),
  ]);
}

/** Says how far it is, in all and with the lists that machines have in hand. */
function listLines({ head, progress }: TransferLine): string[] {
  const { lists, objects, copied } = progressOf(head, progress);
  if (lists.length === 0) return [];
  const done = lists.filter(({ state }) => state === "done").length;
  const inHand = lists.filter(({ shard }) => shard !== undefined);
  return [
    `  ${done} of ${lists.length} lists done, ${copied.objects} of ${objects} objects`,
    ...table(
      inHand.map((list) => [
        `  list ${list.n}`,
        `machine ${list.shard}`,
        `${list.copied.objects} of ${list.objects} objects`,
      ]),
    ),
  ];
}

/** 3: planned, or still copying. 4: waits, or ended without being complete. */
const ends: Record<TransferLine["head"]["state"], ExitCode> = {
  planned: exitCodes.pending,
  waiting: exitCodes.held,
  running: exitCodes.pending,
  done: exitCodes.done,
  incomplete: exitCodes.held,
  failed: exitCodes.held,
  cancelled: exitCodes.held,
  "not-begun": exitCodes.held,
};

export function cancelTransfer(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const { transfers } = await api.get("/transfers", answers.transfers);
    const { head } = await found(cli, api, transfers, id);
    const answer = await api.post(`${path("transfers", head.hub, head.id)}/cancel`, {}, answers.done);
    cli.terminal.answer(answer, () => [visible(answer.said)]);
    return 0;
  });
}
