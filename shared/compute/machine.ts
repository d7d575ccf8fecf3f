// One transfer machine, as Compute Engine is asked for it. Pure. Every machine deletes itself, is deleted by the platform when
// preempted or too old, keeps no disk, and has an identity that can do little. It is Spot where nothing else is approved.
import { createHash } from "node:crypto";
import { machineIdentity } from "../functions.ts";
import type { TransferSettings } from "../settings.ts";
import { type Placement, subnetworkIn } from "./placement.ts";
import { diskGB } from "./quotas.ts";
import { startUpScript } from "./startup.ts";

export type MachineOrder = Placement & {
  name: string;
  hub: string;
  id: string;
  shard: number;
  attempt: number;
  /** Counts how often machines of this attempt were asked for and known not to be made. */
  round: number;
  /** Seconds after which the platform deletes it, whatever it does. */
  maximumSeconds: number;
  /** Says whether one end lies outside Google: then it needs an address of its own. */
  reachesOut: boolean;
  /** Metadata that the start-up script reads, one attribute each. No secrets: whoever may look at a machine reads them. */
  parameters: Record<string, string>;
};

/** Seconds that a machine may be given (https://cloud.google.com/compute/docs/instances/limit-vm-runtime). */
const runSeconds = { least: 30, most: 120 * 86_400 };

/** Labels that say whose a machine is, beside `groundcrew`, which says that it is ours. */
const labelNames = ["hub", "transfer", "shard", "attempt"] as const;

/** By it a transfer's machines are found again. */
export const labelsOf = ({
  hub,
  id,
  shard,
  attempt,
}: Pick<MachineOrder, "hub" | "id" | "shard" | "attempt">) => ({
  groundcrew: "transfer",
  hub,
  transfer: id,
  shard: String(shard),
  attempt: String(attempt),
});

/** The instance resource (https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert). */
export function machineBody(order: MachineOrder, project: string, { machine }: TransferSettings) {
  const { name, zone, type, standard = false, maximumSeconds, parameters } = order;
  const labels = labelsOf(order);
  const metadata = {
    ...parameters,
    "startup-script": startUpScript,
    "enable-oslogin": "TRUE",
    "block-project-ssh-keys": "TRUE",
    "serial-port-enable": "FALSE",
  };
  return {
    name,
    machineType: `zones/${zone}/machineTypes/${type}`,
    labels,
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: {
          sourceImage: machine.image,
          diskSizeGb: String(diskGB),
          diskType: `zones/${zone}/diskTypes/pd-balanced`,
          // One that outlived its machine would be found by them.
          labels,
        },
      },
    ],
    networkInterfaces: [
      {
        subnetwork: `projects/${project}/${subnetworkIn(zone, machine)}`,
        ...(order.reachesOut ? { accessConfigs: [{ type: "ONE_TO_ONE_NAT", name: "External NAT" }] } : {}),
      },
    ],
    serviceAccounts: [
      { email: machineIdentity(project), scopes: ["https://www.googleapis.com/auth/cloud-platform"] },
    ],
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    scheduling: {
      provisioningModel: standard ? "STANDARD" : "SPOT",
      // The default is STOP, which keeps the disk and clears the time limit.
      instanceTerminationAction: "DELETE",
      maxRunDuration: {
        seconds: String(Math.min(Math.max(Math.round(maximumSeconds), runSeconds.least), runSeconds.most)),
      },
      // A Spot one can do nothing else; a standard one moves to another host and goes on.
      onHostMaintenance: standard ? "MIGRATE" : "TERMINATE",
      automaticRestart: false,
    },
    deletionProtection: false,
    metadata: { items: Object.entries(metadata).map(([key, value]) => ({ key, value })) },
  };
}

type Bounds = {
  labels: Record<string, string>;
  disks: { autoDelete: boolean; initializeParams: { labels: Record<string, string> } }[];
  scheduling: {
    instanceTerminationAction: string;
    maxRunDuration: { seconds: string };
    automaticRestart: boolean;
  };
  deletionProtection: boolean;
};

/** Says by what a machine of this body would outlive its transfer; undefined where the platform is sure to take it away. */
export function outlivesBy({ labels, disks, scheduling, deletionProtection }: Bounds): string | undefined {
  const { instanceTerminationAction, maxRunDuration, automaticRestart } = scheduling;
  const seconds = Number(maxRunDuration.seconds);
  const areOurs = (some: Record<string, string>): boolean =>
    some["groundcrew"] === "transfer" && labelNames.every((name) => (some[name] ?? "") !== "");
  const holds: [boolean, string][] = [
    [instanceTerminationAction === "DELETE", "it is not deleted at its end"],
    [seconds >= runSeconds.least && seconds <= runSeconds.most, "it has no time limit"],
    [!automaticRestart, "it is started again"],
    [!deletionProtection, "it is protected from deletion"],
    [disks.length > 0 && disks.every(({ autoDelete }) => autoDelete), "its disk stays"],
    [
      areOurs(labels) && disks.every(({ initializeParams }) => areOurs(initializeParams.labels)),
      "it or its disk has no labels to be found by",
    ],
  ];
  return holds.find(([is]) => !is)?.[1];
}

/**
 * Names a request for a machine: the vendor acts on it once, and says the same of it however often it comes. The attempt is part
 * of it, or a preempted machine's successor, of the same name, would silently not be made; and the place and the round, or a zone
 * that was full would be full for ever.
 */
export function requestIdOf(
  order: Pick<MachineOrder, "hub" | "id" | "shard" | "attempt" | "round" | keyof Placement>,
): string {
  const { hub, id, shard, attempt, round, zone, type, standard = false } = order;
  return uuidV5(
    ["groundcrew", "make", hub, id, shard, attempt, round, zone, type, standard ? "standard" : "spot"].join(
      "/",
    ),
  );
}

/** A name-based UUID (RFC 9562, 5.5) in a name space of ours. */
function uuidV5(name: string): string {
  const space = Buffer.from("8f1c2f0a5d3b4c6f9a7e1b2c3d4e5f60", "hex");
  const hash = createHash("sha1").update(space).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
