// `groundcrew transfer request|status|cancel`: asking for a copy between two remotes, seeing how it stands, ending it.
import { setTimeout as wait } from "node:timers/promises";
import { answers, type TransferLine } from "../../shared/control.ts";
import type { Run } from "../../shared/records.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import { progressOf, shardWords } from "../../shared/transfers/progress.ts";
import {
  askedByText,
  costLines,
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
import { approveWith } from "../plan-lines.ts";
import { exitCodeOf, runBlocks, summaryOf } from "../run-lines.ts";
import { stop, unknownWord } from "../stop.ts";
import { type Paint, table, visible } from "../terminal.ts";
import { runOf } from "../waiting.ts";
import { paceLines, progressTeller } from "./transfer-progress.ts";

export type RequestOptions = {
  from: string;
  to: string;
  by?: string;
  id?: string;
  wait?: boolean;
  dryRun?: boolean;
};

const pauseMs = 1000;
/** A transfer may take days: whoever waits longer than this looks again by hand. */
const patienceMs = 24 * 3_600_000;

/** Publishes the request and waits until it has begun, or, with --wait, until it has ended. */
export function requestTransfer(cli: Cli, options: RequestOptions): Promise<number> {
  return withControl(cli, async (api) => {
    const { from, to, by, id: wanted, dryRun } = options;
    const hub = cli.options.hub === undefined ? {} : { hub: await hubOf(cli, api) };
    const request = {
      ...{ ...hub, from, to },
      ...(by === undefined ? {} : { by }),
      ...(wanted === undefined ? {} : { id: wanted }),
    };
    const asked = await api.post(
      "/transfers",
      dryRun === true ? { ...request, dryRun } : request,
      answers.transferAsked,
    );
    const run = await runOf(cli, api, { flow: "run-transfer", messageId: asked.messageId });
    if (!hasGoneOn(run) || dryRun === true || options.wait !== true) {
      cli.terminal.answer(
        { id: asked.id, ...summaryOf(run), title: run.title, error: run.error },
        (paint) => [
          ...runBlocks([run], paint),
          ...costLines(run.plan?.cost).map((each) => `  ${visible(each)}`),
          // Leaves out the status of what was not begun: it has none.
          ...(run.outcome === "held" && run.plan !== undefined ? [approveWith(run.flow, run.plan)] : []),
          ...(dryRun === true || !hasGoneOn(run)
            ? []
            : [`how it stands: groundcrew transfer status ${visible(asked.id)}`]),
        ],
      );
      if (run.outcome === "blocked") return exitCodes.held;
      return dryRun === true && run.outcome === "done" ? exitCodes.pending : exitCodeOf([run]);
    }
    const line = await ended(cli, api, asked);
    show(cli, line);
    return endCode(line);
  });
}

/** Says of the first look whether there is something to wait for. */
const hasGoneOn = ({ outcome }: Pick<Run, "outcome">): boolean => outcome === "done" || outcome === "held";

async function ended(
  cli: Cli,
  api: Control,
  { hub, id }: { hub: string; id: string },
): Promise<TransferLine> {
  const { surroundings } = cli;
  const until = surroundings.now().getTime() + patienceMs;
  const tell = progressTeller(cli);
  while (surroundings.now().getTime() < until) {
    const line = await api.get(path("transfers", hub, id), answers.transfer);
    if (line.head.state !== "running" && line.head.state !== "waiting") return line;
    tell(line);
    await wait(pauseMs);
  }
  throw stop(
    exitCodes.failure,
    "the transfer has not ended",
    "it has been waited for a day",
    `it goes on by itself: groundcrew transfer status ${id}`,
  );
}

export function transferStatus(cli: Cli, id: string | undefined): Promise<number> {
  return withControl(cli, async (api) => {
    const { transfers } = await api.get("/transfers", answers.transfers);
    if (id === undefined) {
      cli.terminal.answer({ transfers }, (paint) =>
        transfers.length === 0
          ? ["No transfers yet."]
          : table(transfers.map(({ head }) => statusRow(head, paint))),
      );
      return 0;
    }
    const line = await found(cli, api, transfers, id);
    show(cli, line);
    return endCode(line);
  });
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
    ...listLines(line),
    ...paceLines(line, cli.surroundings.now()).map((each) => `  ${each}`),
    ...table(
      head.shards.map(({ n, state, attempt, preemptions }) => [
        `  machine ${n}`,
        shardWords[state],
        attempt === 1 ? "" : `${attempt}. of its name`,
        preemptions === 0 ? "" : `${preemptions} taken away`,
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

/** 3: planned, or still copying. 4: ended without being complete. */
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
const endCode = ({ head }: TransferLine): ExitCode => ends[head.state];

export function cancelTransfer(cli: Cli, id: string): Promise<number> {
  return withControl(cli, async (api) => {
    const { transfers } = await api.get("/transfers", answers.transfers);
    const { head } = await found(cli, api, transfers, id);
    const answer = await api.post(`${path("transfers", head.hub, head.id)}/cancel`, {}, answers.done);
    cli.terminal.answer(answer, () => [visible(answer.said)]);
    return 0;
  });
}
