// Counts what a machine that has ended has left: what of its list is not at the target, and what is there and not proved.
import type { RemoteObject, Shard, TransferState } from "../../shared/transfers/records.ts";
import { comparison, settled } from "./compare.ts";
import { machineOf } from "./cost.ts";
import { askedOf, keepEvidence, readBackBy } from "./evidence.ts";
import { isHopeless } from "./failures.ts";
import { failureOf } from "./gather.ts";
import { keepWork, readManifest, readWork, sizeOf } from "./lists.ts";
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
  const ended = await Promise.all(
    transfer.shards.flatMap((shard) =>
      steps
        .filter((step) => step.shard === shard.n)
        .map(async ({ as }) => ({ shard, as, names: await readWork(deps.ledger, shard) })),
    ),
  );
  const asked = new Set(ended.flatMap(({ names }) => names));
  const ends = { target: new Map<string, RemoteObject>(), manifest: new Map<string, RemoteObject>() };
  await deps.list(to.remote, to.store, to.path, (page) => {
    for (const object of page) if (asked.has(object.name)) ends.target.set(object.name, object);
  });
  for (const object of await readManifest(deps.ledger, transfer.manifest))
    if (asked.has(object.name)) ends.manifest.set(object.name, object);
  let next = transfer;
  for (const { shard, as, names } of ended) {
    const { n } = shard;
    const left = await leftOf(work, shard, { names, ...ends });
    const hopeless = as === "error" && isHopeless(await failureOf(deps.ledger, hub, id, shard));
    const after = afterMachine(shard, hopeless ? "hopeless" : as, left, settings);
    next = withShard(ending(next, shard, deps.now()), n, () => after);
    run.step(
      `shard ${n}, attempt ${shard.attempt} ended (${as}): objects left ${left.objects} of ${names.length}`,
    );
  }
  return next;
}

/** One of another content is not copied again: rclone leaves it alone, and the receipt tells. */
async function leftOf(
  work: Copying,
  shard: Shard,
  of: {
    names: readonly string[];
    target: ReadonlyMap<string, RemoteObject>;
    manifest: ReadonlyMap<string, RemoteObject>;
  },
): Promise<Left> {
  const { hub, id, request, deps } = work;
  const known = (all: ReadonlyMap<string, RemoteObject>): RemoteObject[] =>
    of.names.flatMap((name) => all.get(name) ?? []);
  const target = comparison(known(of.manifest));
  target.take(known(of.target));
  const listed = target.end();
  const readBack = await readBackBy(deps.ledger, { hub, id, ...shard });
  const unsaid = settled(listed, [readBack]);
  const asked = await askedOf({ request, deps }, { unproved: unsaid.unproved, missing: [] });
  const evidence = [asked, readBack];
  await keepEvidence(deps.ledger, { hub, id, ...shard }, { evidence, target: of.target });
  const { missing, ...after } = settled(listed, evidence);
  const unproved = after.unproved.map(({ wanted }) => wanted);
  const left = sizeOf({ missing, unproved });
  if (left.objects === 0) return left;
  const attempt = { hub, id, shard: shard.n, attempt: shard.attempt + 1 };
  const kept = await keepWork(deps.ledger, attempt, { missing, unproved, request });
  return { ...left, work: kept };
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
