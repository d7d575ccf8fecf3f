// The end of a transfer: everything that was to be there is compared with what is, and written down. An exit code proves
// nothing; only the manifest against the target's own listing does.
import type { EventOf } from "../../shared/events.ts";
import type { MachineReport, RemoteObject, TransferHead, TransferReceipt } from "../../shared/records.ts";
import { compare, gigabytes } from "./plan.ts";

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
  note?: string | undefined;
}): TransferReceipt {
  const { head, manifest, target, reports, as, now } = of;
  const there = new Map(target.map((object) => [object.name, object]));
  const { missing, same, bySize, conflicts } = compare(manifest, there);
  const complete = missing.length === 0 && conflicts.length === 0 && head.unmovable === 0;
  const state = as === "verify" ? (complete ? "done" : missing.length > 0 ? "failed" : "incomplete") : as;
  const preemptions = head.shards.reduce((sum, shard) => sum + shard.preemptions, 0);
  const copied = Math.max(0, same + bySize - head.already);
  return {
    v: 1,
    id: head.id,
    from: head.from,
    to: head.to,
    state,
    said: sentence({ state, head, copied, missing: missing.length, conflicts: conflicts.length, bySize }),
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
    ...noteOf(of),
  };
}

/** Why machines failed, in words for what a person can mend. */
const mendable: Record<string, string> = {
  "rclone-missing":
    "A machine found no rclone: put one of 1.60 or newer into its image (on this machine's sample hub: onto PATH).",
  "keys-missing": "A machine found no keys for a remote: add its line to the secret transfer-keys.",
  "list-missing": "A machine could not read its list: its identity lacks a role on the ledger's bucket.",
};

function noteOf(of: { note?: string | undefined; reports: readonly MachineReport[] }): { note?: string } {
  const reasons = [...new Set(of.reports.flatMap(({ why = "" }) => mendable[why] ?? []))];
  const notes = [...(of.note === undefined ? [] : [of.note]), ...reasons];
  return notes.length === 0 ? {} : { note: notes.join(" ") };
}

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
  const because = head.stopping === undefined ? "" : `, because ${head.stopping}`;
  return `${word}${because}: ${parts.join(", ")}`;
}

/** To the team, once a transfer. */
export function endedNotice(hub: string, receipt: TransferReceipt): EventOf<"notice"> {
  const { id, from, to, state, said, bytes, verified, machines, preemptions, dollars, machineHours } =
    receipt;
  const words = {
    done: "is done",
    incomplete: "is not complete",
    failed: "failed",
    cancelled: "was cancelled",
  };
  return {
    v: 1,
    hub,
    key: `transfer/${id}/ended`,
    to: "team",
    subject: `Transfer ${id} ${words[state]}`,
    text: [
      `From ${from} to ${to}: ${said}.`,
      "",
      `${gigabytes(bytes)} in all; content compared by MD5 for ${verified.md5.toLocaleString("en")} objects, by size alone for ${verified.size.toLocaleString("en")}.`,
      `${machines} machines made, ${preemptions} taken away by Google and replaced; ${machineHours.toFixed(2)} machine hours, about $${dollars.toFixed(2)}.`,
      "All machines are deleted. The receipt with every name is on the console's page Transfers.",
      ...(receipt.note === undefined ? [] : ["", receipt.note]),
    ].join("\n"),
  };
}

/** To the team, once for what was asked: nothing was begun. */
export const refusedNotice = (hub: string, id: string, key: string, why: string): EventOf<"notice"> => ({
  v: 1,
  hub,
  key: `transfer/${id}/refused/${key}`,
  to: "team",
  subject: `Transfer ${id} was not begun`,
  text: `The transfer ${id} that was asked for was not begun: ${why}.\n\nNothing was copied and no machine was made. Ask again with another id once it is mended.`,
});
