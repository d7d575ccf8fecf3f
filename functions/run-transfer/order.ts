// From a shard to the machine that is ordered for it: what its start-up script will read. Pure; nothing in it is secret.

import type { MachineOrder } from "../../shared/compute/machine.ts";
import type { Endpoints } from "../../shared/endpoints.ts";
import { passing } from "../../shared/errors.ts";
import { ledgerBucket } from "../../shared/functions.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import type { Remote, TransferSettings } from "../../shared/settings.ts";
import type { Shard, TransferHead } from "../../shared/transfers/records.ts";
import { reportsOf } from "./book.ts";
import { machineName } from "./decide.ts";
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

export function orderOf(of: {
  head: TransferHead;
  shard: Shard;
  zone: string;
  request: Request;
  settings: TransferSettings;
  project: string;
  wires: Wires;
  now: Date;
}): MachineOrder {
  const { head, shard, zone, request, settings, project, wires, now } = of;
  const { hub, id, flags } = head;
  const { remotes, limits, machine } = settings;
  const usedSeconds = (now.getTime() - Date.parse(head.startedAt)) / 1000;
  const bare = (url: string): string => url.replace(/\/$/, "");
  const sample = wires.compute !== undefined;
  return {
    name: machineName(hub, id, shard.n),
    hub,
    id,
    shard: shard.n,
    attempt: shard.attempt,
    zone,
    maximumSeconds: Math.max(600, limits.hours * 3600 - usedSeconds),
    reachesOut: [request.from, request.to].some(({ remote: name }) => {
      const remote = remotes[name];
      return remote !== undefined && !isInGoogle(remote);
    }),
    parameters: {
      "storage-url": bare(wires.storage ?? google.storage),
      "compute-url": bare(wires.compute ?? google.compute),
      "secrets-url": bare(wires.secrets ?? google.secrets),
      ledger: ledgerBucket(project),
      reports: reportsOf(hub, id),
      list: encodeURIComponent(shard.list),
      "list-lines": String(shard.left.objects),
      shard: String(shard.n),
      attempt: String(shard.attempt),
      "progress-seconds": String(sample ? progressSeconds.sample : progressSeconds.cloud),
      transfers: String(flags.transfers),
      checkers: String(flags.checkers),
      "upload-concurrency": String(flags.uploadConcurrency),
      chunk: `${flags.chunkMiB}M`,
      buffer: `${flags.bufferMiB}M`,
      "buffer-memory": `${Math.floor(machine.memoryGB * 0.6 * 1000)}M`,
      ...endOf("source", request.from, remotes, wires),
      ...endOf("target", request.to, remotes, wires),
    },
  };
}

function endOf(
  which: "source" | "target",
  place: Place,
  remotes: Record<string, Remote>,
  wires: Wires,
): Record<string, string> {
  const remote = remotes[place.remote];
  if (remote === undefined) throw passing("a remote has left the settings");
  const path = place.path === "" ? remote.bucket : `${remote.bucket}/${place.path}`;
  const end = { remote: place.remote, path, ...spokenTo(remote, wires) };
  return Object.fromEntries(Object.entries(end).map(([key, value]) => [`${which}-${key}`, value]));
}

/** How a machine's rclone speaks to a store. */
function spokenTo(remote: Remote, wires: Wires): Record<string, string> {
  switch (remote.kind) {
    case "gcs": {
      const { storage, interop } = wires;
      if (interop !== undefined)
        return { kind: "s3", endpoint: interop, provider: "Other", region: "us-east-1" };
      const endpoint = storage === undefined ? "" : `${storage.replace(/\/$/, "")}/storage/v1/`;
      return { kind: "gcs", endpoint };
    }
    case "s3": {
      const { endpoint, provider, region } = remote;
      return { kind: "s3", endpoint: wires.s3 ?? endpoint, provider, region };
    }
    default:
      return remote satisfies never;
  }
}
