// The receipt of a transfer: everything that was to be there, compared with what is. An exit code proves nothing: only the
// manifest against the target's own listing does. Pure.

import type { Uploads } from "../../shared/remotes/uploads.ts";
import { type Dollars, totalOf } from "../../shared/transfers/figures.ts";
import type { ReceiptFile } from "../../shared/transfers/receipt-lines.ts";
import type { PartChecked, Since, TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import type { MachineReport, TransferState } from "../../shared/transfers/records.ts";
import { leftBehindText, objectsText } from "../../shared/transfers/words.ts";
import { becauseOf, noteOf } from "./failures.ts";
import type { Request } from "./request.ts";

/** End of a transfer: by comparing everything, because a person cancelled it, or because it was stopped. */
export type End = "verify" | "cancelled" | "failed";

/** Writes the receipt of a transfer whose machines are gone. */
export function receiptOf(of: {
  transfer: TransferState;
  /** Sum of what came of its parts. */
  checked: PartChecked;
  reports: readonly MachineReport[];
  as: End;
  dollars: Dollars;
  now: Date;
  /** Says whether both ends were spoken to as S3, for want of a current rclone. */
  interop: boolean;
  /** Uploads in parts that machines had left open. */
  uploads: Uploads | "refused";
  request: Pick<Request, "from" | "to">;
  /** Files of what came of each object. */
  whole: readonly ReceiptFile[];
}): TransferReceipt {
  const { transfer, checked, reports, as, now } = of;
  const { copied, already, missing, changed, conflicts, unproved, unmovable, verified, names } = checked;
  const { left = {} } = checked;
  const { replaced = 0, deleted = 0, kept = 0, gone = 0, overtaken = 0, since } = checked;
  const notAsWanted = missing + changed + conflicts + verified.size + unmovable + kept + gone + overtaken;
  const state = as === "verify" ? (notAsWanted === 0 ? "done" : missing > 0 ? "failed" : "incomplete") : as;
  const because = transfer.stopping ?? (state === "failed" ? whyFailed(reports, since) : undefined);
  const notes = [
    noteOf(reports, of),
    of.uploads === "refused" ? uploadsUnseen : uploadsLeft(of.uploads.left),
    since && sinceText(since),
    transfer.leftBehind && leftBehindText(transfer.leftBehind),
    notToldText(left, transfer.leftBehind),
  ].filter((note) => note !== undefined);
  return {
    v: 1,
    id: transfer.id,
    from: transfer.from,
    to: transfer.to,
    ...(transfer.by === undefined ? {} : { by: transfer.by }),
    state,
    said: sentence(
      [
        [replaced, "of them in the place of another"],
        [already, "there already"],
        [deleted, "deleted at the target"],
        [kept, "not deleted"],
        [missing, "not there"],
        [gone, "deleted at the source since the plan"],
        [overtaken, "changed at the source since the plan"],
        [conflicts, "of another content left alone"],
        [changed, "copied and not as at the source"],
        [unproved.copied, "copied, not proved"],
        [unproved.already, "there already, not proved"],
        [unmovable, "of a name that cannot be copied"],
      ],
      { state, copied, because },
    ),
    objects: transfer.objects,
    bytes: transfer.bytes,
    copied,
    already,
    missing,
    verified,
    manifestSha256: transfer.sha256,
    rclone: [...new Set(reports.flatMap(({ rclone }) => rclone ?? []))],
    machines: transfer.machines,
    preemptions: transfer.shards.reduce((sum, { preemptions }) => sum + preemptions, 0),
    errors: [...transfer.shards, ...(transfer.lists ?? [])].reduce((sum, { errors }) => sum + errors, 0),
    machineHours: transfer.machineSeconds / 3600,
    dollars: totalOf(of.dollars),
    dollarsFor: of.dollars,
    startedAt: transfer.startedAt,
    endedAt: now.toISOString(),
    notThere: names.missing,
    conflicts: names.conflicts,
    changed: names.changed,
    unproved: names.unproved,
    unmovable: names.unmovable,
    ...(of.uploads === "refused" ? {} : { uploadsEnded: of.uploads.ended, uploadsLeft: of.uploads.left }),
    ...(replaced === 0 ? {} : { replaced }),
    ...(deleted === 0 ? {} : { deleted }),
    ...(kept === 0 ? {} : { kept: names.kept ?? [] }),
    ...(gone === 0 ? {} : { gone }),
    ...(overtaken === 0 ? {} : { overtaken }),
    ...(since === undefined || isQuiet(since) ? {} : { since }),
    ...(notes.length === 0 ? {} : { note: notes.join("\n") }),
    target: targetOf(of.request),
    others: { changed, conflicts, unmovable },
    ...(Object.keys(left).length === 0 ? {} : { left }),
    whole: [...of.whole],
  };
}

const whyFailed = (reports: readonly MachineReport[], since: Since | undefined): string | undefined =>
  becauseOf(reports) ??
  (since?.unseen === undefined ? undefined : `the source cannot be listed any more: ${since.unseen}`);

/** Tells whether nothing was done at the source, as far as anybody knows. */
const isQuiet = ({ deleted, changed, added, unseen }: Since): boolean =>
  unseen === undefined && deleted.objects + changed.objects + added.objects === 0;

/** Says what was done at the source since the plan; undefined where nothing was. */
function sinceText(since: Since): string | undefined {
  if (since.unseen !== undefined)
    return `Nobody knows what was deleted, changed or added at the source since the plan: ${since.unseen}.`;
  if (isQuiet(since)) return undefined;
  const done = (["deleted", "changed", "added"] as const).flatMap((what) =>
    since[what].objects === 0 ? [] : [`${objectsText(since[what].objects)} ${what}`],
  );
  return `At the source, since the plan: ${done.join(", ")}. Ask again for what is there now.`;
}

/** Says where the target is, for whoever looks there without our settings. */
function targetOf({ from, to }: Pick<Request, "from" | "to">): TransferReceipt["target"] {
  const { store, path } = to;
  const { only } = from;
  const of = { bucket: store.bucket, path, ...(only === undefined ? {} : { only }) };
  if (store.kind === "gcs") return { kind: store.kind, ...of };
  const { kind, endpoint, region, provider } = store;
  return { kind, endpoint, region, provider, ...of };
}

/** Says what the mover has not brought beside the bytes, but for kinds of which the plan has said so. */
function notToldText(
  left: Readonly<Record<string, number>>,
  leftBehind: TransferState["leftBehind"],
): string | undefined {
  const kinds = Object.entries(left).flatMap(([kind, objects]) =>
    leftBehind?.kinds.some((one) => one.kind === kind) === true ? [] : [`${kind} of ${objectsText(objects)}`],
  );
  return kinds.length === 0
    ? undefined
    : `The target could not be told, beside the bytes: ${kinds.join("; ")}.`;
}

const uploadsLeft = (left: number): string | undefined => {
  if (left === 0) return undefined;
  const many = left === 1 ? "1 upload" : `${left.toLocaleString("en")} uploads`;
  return `${many} in parts below the target, which this transfer did not begin, ${left === 1 ? "was" : "were"} left alone: the store bills the parts until whoever began ${left === 1 ? "it ends it" : "them ends them"}.`;
};

const uploadsUnseen =
  "The target does not let us see uploads that machines left open: their parts may be billed until it drops them.";

function sentence(
  counts: readonly [count: number, word: string][],
  {
    state,
    copied,
    because,
  }: { state: TransferReceipt["state"]; copied: number; because: string | undefined },
): string {
  const parts = [[copied, "copied"] as const, ...counts.filter(([count]) => count > 0)].map(
    ([count, word]) => `${objectsText(count)} ${word}`,
  );
  const word = { done: "done", incomplete: "not complete", failed: "failed", cancelled: "cancelled" }[state];
  return `${word}${because === undefined ? "" : `, because ${because}`}: ${parts.join(", ")}`;
}
