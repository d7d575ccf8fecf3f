// Says what was found, in one line each, with the cure. Pure.
import { hash } from "node:crypto";
import type { Disk } from "../../shared/compute/ground.ts";
import type { Machine } from "../../shared/compute/machines.ts";
import type { TooSmall } from "../../shared/compute/quotas.ts";
import { again, type Failure } from "../../shared/failure.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import type { CheckLine } from "../../shared/transfers/check-records.ts";
import { type Lack, notStaged, shutIn, unthere } from "../../shared/transfers/needs.ts";
import { rcloneObject } from "../../shared/transfers/tools.ts";

/** The sweep deletes within so many minutes what nobody needs: what is older has outlived it. */
const sweptMinutes = 30;

const lacking = (about: string, { why: says, next }: Lack): CheckLine => ({
  about,
  state: "fail",
  says,
  next,
});

/** Says that something could not be looked at: who is refused has to be let in, and what passes is no news. */
export const refusedLine = (about: string, { lasts, service, explanation }: Failure): CheckLine =>
  lasts === "transient"
    ? { about, state: "unchecked", says: explanation.why, next: again(service) }
    : { about, state: "fail", says: explanation.why, next: explanation.next };

export const remoteLine = (name: string): CheckLine => ({
  about: `remote ${name}`,
  state: "ok",
  says: "it lets itself be listed; whether it may be written to shows with a transfer",
});

/** @param staged the object's bytes; undefined where it is not there. */
export function rcloneLine(rclone: TransferSettings["rclone"], staged: Uint8Array | undefined): CheckLine {
  const about = "rclone";
  if (rclone.from === "image")
    return {
      about,
      state: "unchecked",
      says: "the machines' image has it, and only a machine can tell which",
    };
  if (staged === undefined) return lacking(about, notStaged(rclone));
  if (hash("sha256", staged) !== rclone.sha256)
    return lacking(about, {
      why: `what lies in Groundcrew's bucket is not the rclone ${rclone.version} that the settings name`,
      next: `compare transfers.rclone.sha256 in the settings with the release's own SHA256SUMS, delete ${rcloneObject(rclone)} from the ledger's bucket, and deploy again`,
    });
  return { about, state: "ok", says: `${rclone.version} is staged, as its makers released it` };
}

export function networkLine(path: string, is: "reaches-google" | "shut-in" | "missing"): CheckLine {
  const about = `network ${path.split("/")[1] ?? ""}`;
  if (is === "missing") return lacking(about, unthere(path));
  if (is === "shut-in") return lacking(about, shutIn(path));
  return { about, state: "ok", says: "machines without an address of their own reach Google" };
}

export function quotaLine(region: string, small: readonly TooSmall[], machines: number): CheckLine {
  const about = `quotas of ${region}`;
  if (small.length === 0)
    return {
      about,
      state: "ok",
      says: `they are enough for the ${machines} machines that the hub may have at a time`,
    };
  const each = small.map(
    ({ metric, limit, usage, wanted }) =>
      `${metric} is ${limit} (${usage} in use) and ${wanted} may be wanted`,
  );
  return lacking(about, {
    why: `they are too small for the ${machines} machines that the hub may have at a time: ${each.join("; ")}`,
    next: "the project's owner asks for more (IAM & Admin, Quotas & System Limits), or limits.machines in the settings is made smaller",
  });
}

/** Tells of machines and disks whose transfer does not run, and that nobody has taken away. */
export function leftLine(
  found: { machines: readonly Machine[]; disks: readonly Disk[]; running: ReadonlySet<string> },
  now: Date,
): CheckLine {
  const about = "left behind";
  const isOrphan = ({ labels }: { labels: Record<string, string> }): boolean =>
    !found.running.has(labels["transfer"] ?? "");
  const machines = found.machines.filter(
    (machine) => isOrphan(machine) && now.getTime() - Date.parse(machine.createdAt) > sweptMinutes * 60_000,
  );
  const disks = found.disks.filter((disk) => isOrphan(disk) && !disk.isAttached);
  if (machines.length + disks.length === 0)
    return { about, state: "ok", says: "no machine and no disk outlives its transfer" };
  const names = [
    ...machines.map(({ name, zone }) => `the machine ${name} in ${zone}`),
    ...disks.map(({ name, zone }) => `the disk ${name} in ${zone}`),
  ];
  return lacking(about, {
    why: `what has outlived its transfer costs money: ${names.join(", ")}`,
    next: [
      ...machines.map(({ name, zone }) => `gcloud compute instances delete ${name} --zone=${zone}`),
      ...disks.map(({ name, zone }) => `gcloud compute disks delete ${name} --zone=${zone}`),
    ].join("; "),
  });
}
