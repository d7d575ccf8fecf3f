// The receipt of a transfer: everything that was to be there, compared with what is. An exit code proves nothing; only the
// manifest against the target's own listing does. Pure.
import type {
  MachineReport,
  RemoteObject,
  TransferHead,
  TransferReceipt,
} from "../../shared/transfers/records.ts";
import { becauseOf, noteOf } from "./failures.ts";
import { compare } from "./plan.ts";

const mostNames = 1000;

export function receiptOf(of: {
  head: TransferHead;
  manifest: readonly RemoteObject[];
  target: readonly RemoteObject[];
  unmovable: readonly string[];
  reports: readonly MachineReport[];
  as: "verify" | "cancelled" | "failed";
  dollars: number;
  now: Date;
  /** Whether both ends were spoken to as S3, for want of a current rclone. */
  interop: boolean;
  /** Uploads in parts that machines had left open. */
  uploadsEnded: number | "refused";
}): TransferReceipt {
  const { head, manifest, target, reports, as, now } = of;
  const there = new Map(target.map((object) => [object.name, object]));
  const { missing, same, bySize, conflicts } = compare(manifest, there);
  const complete = missing.length === 0 && conflicts.length === 0 && head.unmovable === 0;
  const state = as === "verify" ? (complete ? "done" : missing.length > 0 ? "failed" : "incomplete") : as;
  const preemptions = head.shards.reduce((sum, shard) => sum + shard.preemptions, 0);
  const copied = Math.max(0, same + bySize - head.already);
  const notes = [noteOf(reports, of), of.uploadsEnded === "refused" ? uploadsUnseen : undefined].filter(
    (note) => note !== undefined,
  );
  return {
    v: 1,
    id: head.id,
    from: head.from,
    to: head.to,
    state,
    said: sentence({
      state,
      head,
      copied,
      missing: missing.length,
      conflicts: conflicts.length,
      bySize,
      because: head.stopping ?? (state === "failed" ? becauseOf(reports) : undefined),
    }),
    objects: head.objects,
    bytes: head.bytes,
    copied,
    already: head.already,
    missing: missing.length,
    verified: { md5: same, size: bySize },
    manifestSha256: head.sha256,
    flags: head.flags,
    rclone: [...new Set(reports.flatMap(({ rclone }) => rclone ?? []))],
    machines: head.machines,
    preemptions,
    errors: head.shards.reduce((sum, { errors }) => sum + errors, 0),
    machineHours: head.machineSeconds / 3600,
    dollars: of.dollars,
    startedAt: head.startedAt,
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

/** Bytes that have been copied so far, as far as the target's listings have shown. */
export const bytesOut = ({ shards }: Pick<TransferHead, "shards">): number =>
  shards.reduce((sum, { bytes, left }) => sum + bytes - left.bytes, 0);

function sentence(of: {
  state: TransferReceipt["state"];
  head: TransferHead;
  copied: number;
  missing: number;
  conflicts: number;
  bySize: number;
  because: string | undefined;
}): string {
  const { state, head, copied, missing, conflicts, bySize } = of;
  const count = (n: number, word: string): string => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
  const parts = [
    `${count(copied, "object")} copied`,
    ...(head.already > 0 ? [`${count(head.already, "object")} there already`] : []),
    ...(missing > 0 ? [`${count(missing, "object")} not there`] : []),
    ...(conflicts > 0 ? [`${count(conflicts, "object")} of another content left alone`] : []),
    ...(head.unmovable > 0 ? [`${count(head.unmovable, "object")} of a name that cannot be copied`] : []),
    ...(bySize > 0 ? [`${count(bySize, "object")} compared by size only`] : []),
  ];
  const word = { done: "done", incomplete: "not complete", failed: "failed", cancelled: "cancelled" }[state];
  const because = of.because === undefined ? "" : `, because ${of.because}`;
  return `${word}${because}: ${parts.join(", ")}`;
}
