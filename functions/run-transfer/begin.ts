// The beginning of a transfer: both ends listed, the plan made and held against the limits. Nothing is made before the whole
// plan stands in the ledger.
import type { Clock } from "../../shared/clock.ts";
import { passing } from "../../shared/errors.ts";
import type { ListRemote } from "../../shared/remotes/list.ts";
import { leavesGoogle } from "../../shared/remotes/stores.ts";
import type { Remote, TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { RemoteObject, Shard, TransferHead } from "../../shared/transfers/records.ts";
import { type Books, keepList, keepManifest } from "./book.ts";
import { machineName } from "./decide.ts";
import { budgetOf, compare, flagsFor, hashOf, overLimit, shardsOf } from "./plan.ts";
import { isMovable, placeText, type Request } from "./request.ts";

export type Ends = { from: Remote; to: Remote };

/** The settings' remotes of a request that was checked. */
export function endsOf({ from, to }: Request, { remotes }: TransferSettings): Ends {
  const [source, target] = [remotes[from.remote], remotes[to.remote]];
  if (source === undefined || target === undefined) throw passing("a remote has left the settings");
  return { from: source, to: target };
}

/** What would be done, or why nothing is. */
export type Draft = {
  head: TransferHead;
  manifest: RemoteObject[];
  missing: RemoteObject[];
  shardOf: Uint16Array;
};

export async function draft(
  of: { hub: string; id: string; request: Request; settings: TransferSettings },
  { now, list }: { now: Clock; list: ListRemote },
): Promise<Draft | { refused: string }> {
  const { hub, id, request, settings } = of;
  const { from, to } = endsOf(request, settings);
  const source = await list(request.from.remote, from, request.from.path);
  // A folder's own mark (an object whose name ends in a slash) is nothing to copy.
  const objects = source.filter(({ name, size }) => !((name === "" || name.endsWith("/")) && size === 0));
  if (objects.length === 0) return { refused: "the source is empty, or does not exist" };
  const manifest = objects.filter(({ name }) => isMovable(name));
  const target = await list(request.to.remote, to, request.to.path);
  const there = new Map(target.map((object) => [object.name, object]));
  const { missing, same, bySize, conflicts } = compare(manifest, there);

  const sizes = Float64Array.from(missing, ({ size }) => size);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const budget = budgetOf(sizes, settings, leavesGoogle(from, to));
  const beyond = overLimit({ ...budget, bytes }, settings);
  if (beyond !== undefined) return { refused: beyond };
  const flags = flagsFor(sizes, settings.machine);
  if (flags === undefined)
    return { refused: "its largest object does not fit into a machine's memory in parts" };
  const count = missing.length === 0 ? 0 : budget.machines;
  if (machineName(hub, id, Math.max(0, count - 1)).length > 63)
    return { refused: "its id is too long for a machine's name" };
  const { shard: shardOf, loads } = shardsOf(sizes, Math.max(1, count));
  const head: TransferHead = {
    v: 1,
    hub,
    id,
    from: placeText(request.from),
    to: placeText(request.to),
    state: "running",
    hash: hashOf([request, objects.length, bytes, flags, settings.machine, settings.limits]),
    manifest: "",
    sha256: "",
    objects: manifest.length,
    bytes: manifest.reduce((sum, { size }) => sum + size, 0),
    already: same + bySize,
    conflicts: conflicts.length,
    unmovable: objects.length - manifest.length,
    flags,
    machineType: settings.machine.type,
    dollars: budget.dollars,
    limitDollars: settings.limits.dollars,
    hours: budget.hours[1],
    limitHours: settings.limits.hours,
    shards: waitingShards(shardOf, loads).slice(0, count),
    machines: 0,
    machineSeconds: 0,
    startedAt: now().toISOString(),
    said: `${missing.length.toLocaleString("en")} objects (${sizeWord(bytes)}) to copy with ${count} ${count === 1 ? "machine" : "machines"}`,
  };
  return { head, manifest, missing, shardOf };
}

function waitingShards(shardOf: Uint16Array, loads: Float64Array): Shard[] {
  const counts = new Uint32Array(loads.length);
  for (const shard of shardOf) counts[shard] = (counts[shard] ?? 0) + 1;
  return Array.from(loads, (bytes, n): Shard => {
    const size = { objects: counts[n] ?? 0, bytes };
    return {
      n,
      ...size,
      state: "waiting",
      attempt: 1,
      full: [],
      preemptions: 0,
      errors: 0,
      list: "",
      left: size,
    };
  });
}

/** Keeps manifest and lists; gives the head that names them. */
export async function keepPlan(
  { head, manifest, missing, shardOf }: Draft,
  { ledger }: { ledger: Books },
): Promise<TransferHead> {
  const kept = await keepManifest(ledger, head, manifest);
  const names: string[][] = head.shards.map(() => []);
  missing.forEach(({ name }, index) => {
    names[shardOf[index] ?? 0]?.push(name);
  });
  const shards: Shard[] = [];
  for (const shard of head.shards) {
    const of = { hub: head.hub, id: head.id, shard: shard.n, attempt: shard.attempt };
    shards.push({ ...shard, list: await keepList(ledger, of, names[shard.n] ?? []) });
  }
  return { ...head, shards, manifest: kept.name, sha256: kept.sha256 };
}
