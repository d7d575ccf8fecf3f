// Makes the order of a shard's machine: what its start-up script will read. Pure; nothing in it is secret.

import type { MachineOrder } from "../../shared/compute/machine.ts";
import { type Placement, typeNamed } from "../../shared/compute/placement.ts";
import type { Endpoints } from "../../shared/endpoints.ts";
import { ledgerBucket } from "../../shared/functions.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import type { Remote, TransferSettings } from "../../shared/settings.ts";
import { leasesFolder, machineName, reportsFolder } from "../../shared/transfers/names.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
import { rcloneObject } from "../../shared/transfers/tools.ts";
import { secondsUsed } from "./cost.ts";
import type { Place, Request } from "./request.ts";

export type Wires = Pick<Endpoints, "storage" | "compute" | "secrets" | "s3" | "interop">;

/** Google's own addresses, where nothing else is set. */
const google = {
  storage: "https://storage.googleapis.com",
  compute: "https://compute.googleapis.com",
  secrets: "https://secretmanager.googleapis.com",
};

/** Real seconds between a machine's reports on how far it is. */
const progressSeconds = { cloud: 15, sample: 2 };
/** Real seconds for which a list is a machine's that says nothing: it says so again three times as often. */
const leaseSeconds = { cloud: 90, sample: 15 };

/** Makes the order. The placement is the caller's choice. */
export function orderOf(of: {
  transfer: TransferState;
  shard: Shard;
  place: Placement;
  request: Request;
  settings: TransferSettings;
  project: string;
  wires: Wires;
  now: Date;
}): MachineOrder {
  const { transfer, shard, place, request, settings, project, wires, now } = of;
  const { hub, id } = transfer;
  const { limits, machine } = settings;
  const usedSeconds = secondsUsed(transfer, now);
  const bare = (url: string): string => url.replace(/\/$/, "");
  const sample = wires.compute !== undefined;
  return {
    name: machineName(hub, id, shard.n),
    hub,
    id,
    shard: shard.n,
    attempt: shard.attempt,
    round: shard.round,
    ...place,
    maximumSeconds: Math.max(600, limits.hours * 3600 - usedSeconds),
    reachesOut: [request.from, request.to].some(({ store }) => !isInGoogle(store)),
    parameters: {
      "storage-url": bare(wires.storage ?? google.storage),
      "compute-url": bare(wires.compute ?? google.compute),
      "secrets-url": bare(wires.secrets ?? google.secrets),
      ledger: ledgerBucket(project),
      reports: reportsFolder(hub, id),
      leases: leasesFolder(hub, id),
      ...rcloneOf(settings),
      shard: String(shard.n),
      attempt: String(shard.attempt),
      "progress-seconds": String(sample ? progressSeconds.sample : progressSeconds.cloud),
      "lease-seconds": String(sample ? leaseSeconds.sample : leaseSeconds.cloud),
      "buffer-memory": `${Math.floor(typeNamed(place.type, machine).memoryGB * 0.6 * 1000)}M`,
      ...endOf("source", request.from, wires),
      ...endOf("target", request.to, wires),
    },
  };
}

/** Names the release that the machine fetches, or says that its image has one. */
function rcloneOf({ rclone }: TransferSettings): Record<string, string> {
  if (rclone.from === "image") return { "rclone-from": "image" };
  return { "rclone-from": encodeURIComponent(rcloneObject(rclone)), "rclone-sha256": rclone.sha256 };
}

function endOf(
  which: "source" | "target",
  { remote, path, store }: Place,
  wires: Wires,
): Record<string, string> {
  const whole = path === "" ? store.bucket : `${store.bucket}/${path}`;
  const end = { remote, path: whole, ...spokenTo(store, wires) };
  return Object.fromEntries(Object.entries(end).map(([key, value]) => [`${which}-${key}`, value]));
}

/** Says how a machine's rclone speaks to a store. */
function spokenTo(store: Remote, wires: Wires): Record<string, string> {
  switch (store.kind) {
    case "gcs": {
      const { storage, interop } = wires;
      if (interop !== undefined)
        return { kind: "s3", endpoint: interop, provider: "Other", region: "us-east-1" };
      const endpoint = storage === undefined ? "" : `${storage.replace(/\/$/, "")}/storage/v1/`;
      return { kind: "gcs", endpoint };
    }
    case "s3": {
      const { endpoint, provider, region } = store;
      return { kind: "s3", endpoint: wires.s3 ?? endpoint, provider, region };
    }
    default:
      return store satisfies never;
  }
}
