// Progress of a transfer that is waited for: a bar on a terminal, a line now and then in a log; and its pace, as `status` says it.
import type { TransferLine } from "../../shared/control.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import { progressOf, shareOf } from "../../shared/transfers/progress.ts";
import { hardStopOf } from "../../shared/transfers/rate.ts";
import { leftText, opsText, rateText } from "../../shared/transfers/rate-words.ts";
import { dollarsText, timeText, waitsText } from "../../shared/transfers/words.ts";
import type { Cli } from "../cli.ts";
import { visible } from "../terminal.ts";

/** Milliseconds between two lines of a log, unless something else is so. */
const lineEveryMs = 60_000;
const barWidth = 20;

/** Parts of a command's surroundings on which progress is told. */
export type ProgressEnds = {
  terminal: Pick<Cli["terminal"], "progress">;
  surroundings: Pick<Cli["surroundings"], "now"> & { stderr: Pick<Cli["surroundings"]["stderr"], "isTTY"> };
};

/** Gives what tells of each look at a transfer. */
export function progressTeller({ terminal, surroundings }: ProgressEnds): (line: TransferLine) => void {
  const isTerminal = surroundings.stderr.isTTY === true;
  let last: { at: number; of: string } | undefined;
  return (line) => {
    const now = surroundings.now();
    // News of what it waits for go out at once; a pace changes all the time.
    const of = line.head.waits?.for ?? line.head.state;
    if (!isTerminal && last !== undefined && last.of === of && now.getTime() - last.at < lineEveryMs) return;
    last = { at: now.getTime(), of };
    terminal.progress(isTerminal ? barText(line) : progressText(line));
  };
}

/** Writes a bar, and the rest as far as a line of a terminal has room for it. */
export function barText(line: TransferLine): string {
  if (line.head.waits !== undefined) return progressText(line);
  const share = shareOf(progressOf(line.head, line.progress));
  const full = Math.floor(barWidth * share);
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}] ${progressText(line)}`;
}

export function progressText({ head, progress: said, spent }: TransferLine): string {
  if (head.waits !== undefined) return `it ${visible(waitsText(head.waits))} ...`;
  const progress = progressOf(head, said);
  const { bytes, objects, copied } = progress;
  return [
    `${Math.floor(100 * shareOf(progress))} %`,
    `${sizeWord(copied.bytes)} of ${sizeWord(bytes)}`,
    `${copied.objects} of ${objects} objects`,
    rateText(head),
    leftText(head, progress),
    spent === undefined
      ? undefined
      : `${dollarsText(totalOf(spent))} of at most ${dollarsText(head.limitDollars)}`,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}

/** Says how fast one that runs is, how long it still takes, when it is stopped at the latest, and how its machines do. */
export function paceLines({ head, progress: said }: TransferLine, now: Date): string[] {
  if (head.state !== "running") return [];
  const progress = progressOf(head, said);
  const pace = [rateText(head), head.waits === undefined ? leftText(head, progress) : undefined];
  const told = pace.filter((part) => part !== undefined);
  return [
    ...(told.length === 0 ? [] : [told.join(" · ")]),
    `stopped on ${timeText(hardStopOf(head, now).toISOString())} at the latest`,
    ...head.shards.flatMap(({ n, ops }) => {
      const last = said.find(({ shard }) => shard === n)?.ops ?? ops;
      return last === undefined ? [] : [`machine ${n}: ${opsText(last)}`];
    }),
  ];
}
