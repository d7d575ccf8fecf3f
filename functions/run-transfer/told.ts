// Tells the team on the way of a transfer: that it has begun, and each quarter of it once. The message goes first, by a key of its own:
// whoever dies before the state is kept sends it again, and it is one message all the same.
import { progressOf, shareOf } from "../../shared/transfers/progress.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { begunNotice, quarterNotice } from "./text.ts";
import type { RunTransferDeps } from "./work.ts";

/** Percents of which the team is told. */
const quarters = [25, 50, 75];
/** Minutes from its beginning in which no quarter is told: a short transfer says that it has begun, and how it ended. */
const quietMinutes = 10;

/**
 * Gives the percent that the team is to be told of: 0 is the beginning, which is when its first machine is there. Of all there is a message
 * of its own. Pure.
 */
export function dueOf(
  {
    told,
    stopping,
    machines,
    startedAt,
  }: Pick<TransferState, "told" | "stopping" | "machines" | "startedAt">,
  { share, now }: { share: number; now: Date },
): number | undefined {
  if (machines === 0 || stopping !== undefined || share >= 1) return undefined;
  if (told === undefined) return 0;
  if (now.getTime() - Date.parse(startedAt) < quietMinutes * 60_000) return undefined;
  const reached = quarters.filter((percent) => 100 * share >= percent).at(-1);
  return reached !== undefined && reached > told ? reached : undefined;
}

/** Tells what is due, and notes it. */
export async function tellTeam(
  { hub, deps }: { hub: string; deps: Pick<RunTransferDeps, "publish" | "now"> },
  transfer: TransferState,
  { said, dollars }: { said: Parameters<typeof progressOf>[1]; dollars: number },
): Promise<TransferState> {
  const progress = progressOf(transfer, said);
  const now = deps.now();
  const due = dueOf(transfer, { share: shareOf(progress), now });
  if (due === undefined) return transfer;
  const notice =
    due === 0
      ? begunNotice(hub, transfer)
      : quarterNotice(hub, transfer, { percent: due, progress, dollars, now });
  await deps.publish("notice", notice);
  return { ...transfer, told: due };
}
