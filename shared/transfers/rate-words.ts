// Words on how fast a transfer is and how long it still takes: on the console, in the command line and in messages alike. Pure.
import { sizeWord } from "../sizes.ts";
import type { Progress } from "./progress.ts";
import { hoursLeft, rateOf } from "./rate.ts";
import type { MachineFigures, TransferState } from "./records.ts";
import { hoursText } from "./words.ts";

/** Says how fast it is now; undefined before that is known. */
export function rateText(transfer: Pick<TransferState, "history">): string | undefined {
  const rate = rateOf(transfer)?.recent;
  if (rate === undefined) return undefined;
  const { bytes, objects } = rate;
  return `${sizeWord(bytes)}/s, ${objects < 10 ? objects.toFixed(1) : Math.round(objects).toLocaleString("en")} objects/s`;
}

/** Says how long it still takes; undefined where nobody can know. */
export function leftText(
  transfer: Pick<TransferState, "history">,
  progress: Pick<Progress, "bytes" | "objects" | "copied">,
): string | undefined {
  const hours = hoursLeft(transfer, progress);
  if (hours === undefined) return undefined;
  const [best, worst] = hours;
  if (!Number.isFinite(worst))
    return `at least ${best < 1 ? `${Math.ceil(best * 60)} minutes` : `${best.toFixed(1)} hours`} left`;
  return `${hoursText([best, worst])} left`;
}

/** Says how a machine's memory, network and disk stand. */
export function opsText({ memoryMB, memoryUsedMB, receivedMB, sentMB, diskFreeMB }: MachineFigures): string {
  const size = (megabytes: number): string => sizeWord(megabytes * 1e6);
  return `memory ${size(memoryUsedMB)} of ${size(memoryMB)}, ${size(receivedMB)} received, ${size(sentMB)} sent, ${size(diskFreeMB)} of disk free`;
}
