// The receipt of a transfer: everything that was to be there, compared with what is. An exit code proves nothing; only the
// manifest against the target's own listing does. Pure.
import type {
  MachineReport,
  RemoteObject,
  TransferReceipt,
  TransferState,
} from "../../shared/transfers/records.ts";
import { becauseOf, noteOf } from "./failures.ts";
import { compare, mostNames } from "./plan.ts";

/** How it ends: by comparing everything, because a person cancelled it, or because it was stopped. */
export type End = "verify" | "cancelled" | "failed";

export function receiptOf(of: {
  transfer: TransferState;
  manifest: readonly RemoteObject[];
  target: readonly RemoteObject[];
  unmovable: readonly string[];
  reports: readonly MachineReport[];
  as: End;
  dollars: number;
  now: Date;
  /** Whether both ends were spoken to as S3, for want of a current rclone. */
  interop: boolean;
  /** Uploads in parts that machines had left open. */
  uploadsEnded: number | "refused";
}): TransferReceipt {
  const { transfer, manifest, target, reports, as, now } = of;
  const there = new Map(target.map((object) => [object.name, object]));
  const { missing, same, bySize, conflicts } = compare(manifest, there);
  const complete = missing.length === 0 && conflicts.length === 0 && transfer.unmovable === 0;
  const state = as === "verify" ? (complete ? "done" : missing.length > 0 ? "failed" : "incomplete") : as;
  const preemptions = transfer.shards.reduce((sum, shard) => sum + shard.preemptions, 0);
  const copied = Math.max(0, same + bySize - transfer.already);
  const notes = [noteOf(reports, of), of.uploadsEnded === "refused" ? uploadsUnseen : undefined].filter(
    (note) => note !== undefined,
  );
  return {
    v: 1,
    id: transfer.id,
    from: transfer.from,
    to: transfer.to,
    state,
    said: sentence({
      state,
      transfer,
      copied,
      missing: missing.length,
      conflicts: conflicts.length,
      bySize,
      because: transfer.stopping ?? (state === "failed" ? becauseOf(reports) : undefined),
    }),
    objects: transfer.objects,
    bytes: transfer.bytes,
    copied,
    already: transfer.already,
    missing: missing.length,
    verified: { md5: same, size: bySize },
    manifestSha256: transfer.sha256,
    flags: transfer.flags,
    rclone: [...new Set(reports.flatMap(({ rclone }) => rclone ?? []))],
    machines: transfer.machines,
    preemptions,
    errors: transfer.shards.reduce((sum, { errors }) => sum + errors, 0),
    machineHours: transfer.machineSeconds / 3600,
    dollars: of.dollars,
    startedAt: transfer.startedAt,
    endedAt: now.toISOString(),
    notThere: missing.slice(0, mostNames).map(({ name }) => name),
    conflicts: conflicts.slice(0, mostNames),
    unmovable: of.unmovable.slice(0, mostNames),
    ...(of.uploadsEnded === "refused" ? {} : { uploadsEnded: of.uploadsEnded }),
    ...(notes.length === 0 ? {} : { note: notes.join("\n") }),
  };
}

const uploadsUnseen =
  "The target does not let us see uploads that machines left open: their parts may be billed until it drops them.";

function sentence(of: {
  state: TransferReceipt["state"];
  transfer: TransferState;
  copied: number;
  missing: number;
  conflicts: number;
  bySize: number;
  because: string | undefined;
}): string {
  const { state, transfer, copied, missing, conflicts, bySize } = of;
  const count = (n: number, word: string): string => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
  const parts = [
    `${count(copied, "object")} copied`,
    ...(transfer.already > 0 ? [`${count(transfer.already, "object")} there already`] : []),
    ...(missing > 0 ? [`${count(missing, "object")} not there`] : []),
    ...(conflicts > 0 ? [`${count(conflicts, "object")} of another content left alone`] : []),
    ...(transfer.unmovable > 0
      ? [`${count(transfer.unmovable, "object")} of a name that cannot be copied`]
      : []),
    ...(bySize > 0 ? [`${count(bySize, "object")} compared by size only`] : []),
  ];
  const word = { done: "done", incomplete: "not complete", failed: "failed", cancelled: "cancelled" }[state];
  const because = of.because === undefined ? "" : `, because ${of.because}`;
  return `${word}${because}: ${parts.join(", ")}`;
}
