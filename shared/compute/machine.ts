// One transfer machine, as Compute Engine is asked for it. Pure. Every machine is Spot, deletes itself, is deleted by the
// platform when preempted or too old, keeps no disk, and has an identity that can do little.
import { createHash } from "node:crypto";
import { machineIdentity } from "../functions.ts";
import type { TransferSettings } from "../settings.ts";
import { startUpScript } from "./startup.ts";

export type MachineOrder = {
  name: string;
  hub: string;
  id: string;
  shard: number;
  attempt: number;
  /** Counts how often machines of this attempt were asked for and known not to be made. */
  round: number;
  zone: string;
  /** Seconds after which the platform deletes it, whatever it does: 30 s to 120 days. */
  maximumSeconds: number;
  /** Says whether one end lies outside Google: then it needs an address of its own. */
  reachesOut: boolean;
  /** Metadata that the start-up script reads, one attribute each. No secrets: whoever may look at a machine reads them. */
  parameters: Record<string, string>;
};

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
  const { name, zone, maximumSeconds, parameters } = order;
  const metadata = {
    ...parameters,
    "startup-script": startUpScript,
    "enable-oslogin": "TRUE",
    "block-project-ssh-keys": "TRUE",
    "serial-port-enable": "FALSE",
  };
  return {
    name,
    machineType: `zones/${zone}/machineTypes/${machine.type}`,
    labels: labelsOf(order),
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: {
          sourceImage: machine.image,
          diskSizeGb: "20",
          diskType: `zones/${zone}/diskTypes/pd-balanced`,
        },
      },
    ],
    networkInterfaces: [
      {
        subnetwork: `projects/${project}/${machine.subnetwork}`,
        ...(order.reachesOut ? { accessConfigs: [{ type: "ONE_TO_ONE_NAT", name: "External NAT" }] } : {}),
      },
    ],
    serviceAccounts: [
      { email: machineIdentity(project), scopes: ["https://www.googleapis.com/auth/cloud-platform"] },
    ],
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    scheduling: {
      provisioningModel: "SPOT",
      // The default is STOP, which keeps the disk and clears the time limit.
      instanceTerminationAction: "DELETE",
      maxRunDuration: { seconds: String(Math.min(Math.max(Math.round(maximumSeconds), 30), 120 * 86_400)) },
      onHostMaintenance: "TERMINATE",
      automaticRestart: false,
    },
    deletionProtection: false,
    metadata: { items: Object.entries(metadata).map(([key, value]) => ({ key, value })) },
  };
}

/**
 * Names a request for a machine: the vendor acts on it once, and says the same of it however often it comes. The attempt is part
 * of it, or a preempted machine's successor, of the same name, would silently not be made; and the round, or a zone that was full
 * would be full for ever.
 */
export function requestIdOf(
  order: Pick<MachineOrder, "hub" | "id" | "shard" | "attempt" | "round" | "zone">,
): string {
  const { hub, id, shard, attempt, round, zone } = order;
  return uuidV5(["groundcrew", "make", hub, id, shard, attempt, round, zone].join("/"));
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
