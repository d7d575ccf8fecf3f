// Approval of a plan that is larger than may go unasked: it is stored whole with all of its lists, the team is asked once, and what an
// approval of its hash carries out is that plan and no other. Nothing is surveyed anew; what has changed since is found at the end.
import type { Result } from "../../shared/delivery/recorder.ts";
import { endOf, type Hold, storePlan } from "../../shared/flow/hold.ts";
import type { State } from "../../shared/flow/state.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { dollarsText, objectsText } from "../../shared/transfers/words.ts";
import type { TransferAction } from "./decide.ts";
import { lapsesAt } from "./request.ts";
import { approvalNotice } from "./text.ts";
import type { Work } from "./work.ts";

type Size = Pick<TransferState, "replaces" | "deletes"> & {
  objects: number;
  bytes: number;
  dollars: number;
  mayReplace?: number;
};

/** Says why a plan waits for a person; undefined where it goes unasked. Pure. */
export function aboveText(
  { objects, bytes, dollars, replaces, deletes, mayReplace = 0 }: Size,
  { approveAbove }: Pick<TransferSettings, "approveAbove">,
): string | undefined {
  const most = approveAbove;
  const above = [
    replaces && `it replaces ${objectsText(replaces.objects)} (${sizeWord(replaces.bytes)}) at the target`,
    mayReplace > 0
      ? `it replaces whichever of ${objectsText(mayReplace)} at the target reading shows to be another`
      : undefined,
    deletes && `it deletes ${objectsText(deletes.objects)} (${sizeWord(deletes.bytes)}) at the target`,
    most.dollars !== undefined && dollars > most.dollars
      ? `it may cost ${dollarsText(dollars)}, and more than $${most.dollars} is asked for (transfers.approveAbove.dollars)`
      : undefined,
    most.gigabytes !== undefined && bytes > most.gigabytes * 1e9
      ? `it copies ${sizeWord(bytes)}, and more than ${most.gigabytes} GB are asked for (transfers.approveAbove.gigabytes)`
      : undefined,
    most.objects !== undefined && objects > most.objects
      ? `it copies ${objectsText(objects)}, and more than ${most.objects.toLocaleString("en")} are asked for (transfers.approveAbove.objects)`
      : undefined,
  ].filter((why) => why !== undefined);
  return above.length === 0 ? undefined : above.join("; ");
}

/** Tells whether a plan is stored, lists and all, of which nothing has begun. */
export const hasPlan = (transfer: TransferState | undefined): boolean =>
  transfer?.state === "waiting" && transfer.parts !== undefined;

/** Gives a stored plan as it begins: its hours count from now. */
export const begun = ({ waiting: _, waits: __, ...transfer }: TransferState, now: Date): TransferState => ({
  ...transfer,
  startedAt: now.toISOString(),
});

/**
 * Asks the team, once, and waits. The state goes first: whoever dies before the message has gone is followed by somebody who finds that
 * nobody was told yet.
 */
export async function waitForApproval(
  { hub, id, asked, settings, deps }: Work,
  planned: TransferState,
  held: Hold<TransferAction>,
  state: State<TransferState>,
): Promise<Result> {
  const because = held.shown.held.map((action) => action.because).join("; ");
  const transfer: TransferState = {
    ...planned,
    state: "waiting",
    hash: held.shown.hash,
    waits: {
      for: `approval, because ${because}`,
      since: planned.waits?.since ?? deps.now().toISOString(),
      until: lapsesAt(asked, settings).toISOString(),
      ends: true,
      next: `look at its plan, and approve it: groundcrew transfer approve ${held.shown.hash}`,
    },
  };
  await state.keep({ ...transfer, ...(held.asked && { waiting: held.asked }) });
  if (held.isNew) {
    await storePlan({ hub, flow: "run-transfer", plan: held.shown }, deps);
    await deps.publish("notice", approvalNotice(transfer, { because, key: held.key }));
  }
  await state.keep({ ...transfer, ...(held.waiting && { waiting: held.waiting }) });
  return { ...endOf(held), title: `transfer ${id} waits for approval: ${because}`, plan: held.plan };
}
