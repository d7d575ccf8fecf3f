// Makes the order of a shard's machine: what its start-up script will read. Pure; nothing in it is secret.

import type { MachineOrder } from "../../shared/compute/machine.ts";
import type { Endpoints } from "../../shared/endpoints.ts";
import { ledgerBucket } from "../../shared/functions.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { machineName, reportsFolder } from "../../shared/transfers/names.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
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

/** Makes the order. The zone is the caller's choice. */
export function orderOf(of: {
  transfer: TransferState;
  shard: Shard;
  zone: string;
  request: Request;
  settings: TransferSettings;
  project: string;
  wires: Wires;
  now: Date;
}): MachineOrder {
  const { transfer, shard, zone, request, settings, project, wires, now } = of;
  const { hub, id, flags } = transfer;
  const { limits, machine } = settings;
  const usedSeconds = (now.getTime() - Date.parse(transfer.startedAt)) / 1000;
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
    reachesOut: [request.from, request.to].some(({ store }) => store.kind === "s3"),
    parameters: {
      "storage-url": bare(wires.storage ?? google.storage),
      "compute-url": bare(wires.compute ?? google.compute),
      "secrets-url": bare(wires.secrets ?? google.secrets),
      ledger: ledgerBucket(project),
      reports: reportsFolder(hub, id),
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
      ...endOf("source", request.from, wires),
      ...endOf("target", request.to, wires),
    },
  };
}

function endOf(
  which: "source" | "target",
  { remote, path, store }: Place,
  wires: Wires,
): Record<string, string> {
  const whole = path === "" ? store.bucket : `${store.bucket}/${path}`;
  const common = { [`${which}-remote`]: remote, [`${which}-path`]: whole };
  if (store.kind === "gcs" && wires.interop === undefined)
    return {
      ...common,
      [`${which}-kind`]: "gcs",
      [`${which}-endpoint`]:
        wires.storage === undefined ? "" : `${wires.storage.replace(/\/$/, "")}/storage/v1/`,
    };
  const s3 = store.kind === "s3" ? store : { endpoint: "", provider: "Other", region: "us-east-1" };
  const endpoint = store.kind === "s3" ? (wires.s3 ?? s3.endpoint) : (wires.interop ?? "");
  return {
    ...common,
    [`${which}-kind`]: "s3",
    [`${which}-endpoint`]: endpoint,
    [`${which}-provider`]: s3.provider,
    [`${which}-region`]: s3.region,
  };
}
