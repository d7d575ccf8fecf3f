// Counts what a machine that has ended has left: what of its list is not at the target, and what is there and not proved.
import type { RemoteObject, Shard, TransferState } from "../../shared/transfers/records.ts";
import { compare } from "./compare.ts";
import { machineOf } from "./cost.ts";
import { askedOf, keepEvidence, readBackBy } from "./evidence.ts";
import { isHopeless } from "./failures.ts";
import { failureOf } from "./gather.ts";
import { keepWork, readManifest, readWork } from "./lists.ts";
import { withShard } from "./state.ts";
import { afterMachine, type Left, type Step } from "./steps.ts";
import type { Copying } from "./work.ts";

/** Counts what the ended machines have left: for all of them, one listing. */
export async function recounted(
  work: Copying,
  transfer: TransferState,
  steps: readonly Extract<Step, { do: "recount" }>[],
): Promise<TransferState> {
  const { hub, id, request, settings, run, deps } = work;
  const { to } = request;
  const [target, manifest] = await Promise.all([
    deps.list(to.remote, to.store, to.path),
    readManifest(deps.ledger, transfer.manifest),
  ]);
  const ends = {
    target: new Map(target.map((object) => [object.name, object])),
    manifest: new Map(manifest.map((object) => [object.name, object])),
  };
  const ended = transfer.shards.flatMap((shard) =>
    steps.filter((step) => step.shard === shard.n).map(({ as }) => ({ shard, as })),
  );
  let next = transfer;
  for (const { shard, as } of ended) {
    const { n } = shard;
    const { left, of } = await leftOf(work, shard, ends);
    const hopeless = as === "error" && isHopeless(await failureOf(deps.ledger, hub, id, shard));
    const after = afterMachine(shard, hopeless ? "hopeless" : as, left, settings);
    next = withShard(ending(next, shard, deps.now()), n, () => after);
    run.step(`shard ${n}, attempt ${shard.attempt} ended (${as}): objects left ${left.objects} of ${of}`);
  }
  return next;
}

/** One of another content is not copied again: rclone leaves it alone, and the receipt tells. */
async function leftOf(
  work: Copying,
  shard: Shard,
  ends: { target: ReadonlyMap<string, RemoteObject>; manifest: ReadonlyMap<string, RemoteObject> },
): Promise<{ left: Left; of: number }> {
  const { hub, id, request, deps } = work;
  const names = await readWork(deps.ledger, shard);
  const known = (all: ReadonlyMap<string, RemoteObject>): RemoteObject[] =>
    names.flatMap((name) => all.get(name) ?? []);
  const [wanted, there] = [known(ends.manifest), known(ends.target)];
  const readBack = await readBackBy(deps.ledger, { hub, id, ...shard });
  const unsaid = compare(wanted, there, [readBack]);
  const asked = await askedOf({ request, deps }, { unproved: unsaid.unproved, missing: [] });
  const evidence = [asked, readBack];
  await keepEvidence(deps.ledger, { hub, id, ...shard }, { evidence, target: ends.target });
  const { missing, unproved } = compare(wanted, there, evidence);
  const objects = [...missing, ...unproved];
  const left = { objects: objects.length, bytes: objects.reduce((sum, { size }) => sum + size, 0) };
  if (objects.length === 0) return { left, of: names.length };
  const attempt = { hub, id, shard: shard.n, attempt: shard.attempt + 1 };
  const kept = await keepWork(deps.ledger, attempt, { missing, unproved, request });
  return { left: { ...left, work: kept }, of: names.length };
}

/** Counts a machine up to now, and what it runs from now on when it is gone. */
function ending(transfer: TransferState, shard: Shard, now: Date): TransferState {
  if (shard.since === undefined) return transfer;
  const seconds = (now.getTime() - Date.parse(shard.since)) / 1000;
  return {
    ...transfer,
    machineSeconds: transfer.machineSeconds + seconds,
    ending: { ...transfer.ending, [machineOf(shard)]: now.toISOString() },
  };
}
