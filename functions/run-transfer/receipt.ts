// The receipt of a transfer: everything that was to be there, compared with what is. An exit code proves nothing: only the
// manifest against the target's own listing does. Pure.
import type { MachineReport, TransferReceipt, TransferState } from "../../shared/transfers/records.ts";
import { leftBehindText, objectsText } from "../../shared/transfers/words.ts";
import { type Compared, countOf } from "./compare.ts";
import { becauseOf, noteOf } from "./failures.ts";
import { mostNames } from "./plan.ts";

/** End of a transfer: by comparing everything, because a person cancelled it, or because it was stopped. */
export type End = "verify" | "cancelled" | "failed";

/** Writes the receipt of a transfer whose machines are gone. */
export function receiptOf(of: {
  transfer: TransferState;
  compared: Compared;
  /** Names of all that was not there before, and so was to be copied. */
  toCopy: ReadonlySet<string>;
  unmovable: readonly string[];
  reports: readonly MachineReport[];
  as: End;
  dollars: number;
  now: Date;
  /** Says whether both ends were spoken to as S3, for want of a current rclone. */
  interop: boolean;
  /** Uploads in parts that machines had left open. */
  uploadsEnded: number | "refused";
}): TransferReceipt {
  const { transfer, reports, as, now } = of;
  const { missing, proved } = of.compared;
  const conflicts = of.compared.conflicts.toSorted();
  const unproved = of.compared.unproved.map(({ wanted }) => wanted);
  const left = missing.length + unproved.length + conflicts.length + transfer.unmovable;
  const complete = left === 0;
  const state = as === "verify" ? (complete ? "done" : missing.length > 0 ? "failed" : "incomplete") : as;
  const because = transfer.stopping ?? (state === "failed" ? becauseOf(reports) : undefined);
  const isOurs = (name: string): boolean => of.toCopy.has(name);
  const changed = conflicts.filter(isOurs);
  const notCopied = [...missing, ...unproved].filter(({ name }) => isOurs(name));
  const copied = of.toCopy.size - changed.length - notCopied.length;
  // One that was there may have been proved to be the same by a machine, after the plan.
  const already = countOf(proved) - copied;
  const leftAlone = conflicts.filter((name) => !isOurs(name));
  const ofOurs = unproved.filter(({ name }) => isOurs(name)).length;
  const notes = [
    noteOf(reports, of),
    of.uploadsEnded === "refused" ? uploadsUnseen : undefined,
    transfer.leftBehind && leftBehindText(transfer.leftBehind),
  ].filter((note) => note !== undefined);
  return {
    v: 1,
    id: transfer.id,
    from: transfer.from,
    to: transfer.to,
    state,
    said: sentence(
      [
        [already, "there already"],
        [missing.length, "not there"],
        [leftAlone.length, "of another content left alone"],
        [changed.length, "copied and not as at the source"],
        [ofOurs, "copied, not proved"],
        [unproved.length - ofOurs, "there already, not proved"],
        [transfer.unmovable, "of a name that cannot be copied"],
      ],
      { state, copied, because },
    ),
    objects: transfer.objects,
    bytes: transfer.bytes,
    copied,
    already,
    missing: missing.length,
    verified: { md5: proved.listed, asked: proved.asked, read: proved.read, size: unproved.length },
    manifestSha256: transfer.sha256,
    flags: transfer.flags,
    rclone: [...new Set(reports.flatMap(({ rclone }) => rclone ?? []))],
    machines: transfer.machines,
    preemptions: transfer.shards.reduce((sum, { preemptions }) => sum + preemptions, 0),
    errors: transfer.shards.reduce((sum, { errors }) => sum + errors, 0),
    machineHours: transfer.machineSeconds / 3600,
    dollars: of.dollars,
    startedAt: transfer.startedAt,
    endedAt: now.toISOString(),
    notThere: missing.slice(0, mostNames).map(({ name }) => name),
    conflicts: leftAlone.slice(0, mostNames),
    changed: changed.slice(0, mostNames),
    unproved: unproved.slice(0, mostNames).map(({ name }) => name),
    unmovable: of.unmovable.slice(0, mostNames),
    ...(of.uploadsEnded === "refused" ? {} : { uploadsEnded: of.uploadsEnded }),
    ...(notes.length === 0 ? {} : { note: notes.join("\n") }),
  };
}

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
