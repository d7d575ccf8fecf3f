// Counts what has come of lists that machines have ended with: what is not at the target, and what is there and not proved; and lets
// machines go that have ended themselves.
import { byBytes, type Range } from "../../shared/remotes/names.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import type { Moving } from "../../shared/transfers/mover.ts";
import { isSameWriting } from "../../shared/transfers/proof.ts";
import type { RemoteObject, Shard, TransferState, WorkList } from "../../shared/transfers/records.ts";
import { dearerBy, type InFlight, type Said, sentAfter, sentBefore } from "../../shared/transfers/spent.ts";
import { compare, settled } from "./compare.ts";
import { machineOf } from "./cost.ts";
import { sizeOf, type ToDo } from "./cut.ts";
import { targetPages } from "./ends.ts";
import { askedOf, keepEvidence, questions, readBackOf } from "./evidence.ts";
import { hopelessBecause, isHopeless } from "./failures.ts";
import { failureOf, listFailureOf } from "./gather.ts";
import { deletionOf, filesOf, namesOf, replacementOf } from "./lists.ts";
import { type Planned, readManifest } from "./manifest.ts";
import { takenAwayAgain } from "./room.ts";
import { isNoneAtSource } from "./since.ts";
import { withList, withShard } from "./state.ts";
import { afterList, afterMachine, type Step } from "./steps.ts";
import type { Copying } from "./work.ts";

/** Counts what is left of lists. `refused`: up to now a store refused everything, and so what machines say of that is over. */
export async function recounted(
  work: Copying,
  transfer: TransferState,
  {
    steps,
    inFlight,
    refused,
  }: { steps: readonly Extract<Step, { do: "recount" }>[]; inFlight: InFlight; refused: boolean },
): Promise<TransferState> {
  const { hub, id, settings, run, deps } = work;
  let next = transfer;
  for (const step of steps) {
    const list = transfer.lists?.find(({ n }) => n === step.list);
    if (list === undefined) continue;
    const left = await leftOf(work, transfer, list);
    const report = step.as === "error" ? await listFailureOf(deps.ledger, hub, id, list) : undefined;
    const hopeless = left.isGone || (!refused && isHopeless(report));
    const sent = sentAfter(list, left.left, inFlight.get(list.n));
    const after = afterList({ ...list, sent }, hopeless ? "hopeless" : step.as, left, settings);
    next = withList(next, list.n, () => after);
    run.step(
      `list ${list.n}, attempt ${list.attempt} ended (${step.as}): objects left ${left.left.objects} of ${list.left.objects}`,
    );
    const because = after.state === "failed" && hopeless ? hopelessBecause(report) : undefined;
    if (because !== undefined && hasCopiedNothing(next)) next = stopped(next, because);
  }
  return next;
}

/** Tells whether nothing at all was copied: then the cause of one list is every list's. */
const hasCopiedNothing = ({ lists = [] }: TransferState): boolean =>
  lists.every(({ objects, left }) => left.objects === objects);

const stopped = (transfer: TransferState, because: string): TransferState => ({
  ...transfer,
  stopping: because,
  said: `being stopped: ${because}`,
});

/** One of another content that nobody has named is not copied again: machines leave it alone, and the receipt tells. */
async function leftOf(
  work: Copying,
  transfer: TransferState,
  list: WorkList,
): Promise<Parameters<typeof afterList>[2] & { isGone: boolean }> {
  const { hub, id, request, deps } = work;
  const names = await namesOf(deps.ledger, list);
  const part = transfer.parts?.find(({ n }) => n === list.part);
  const planned = part === undefined ? [] : await readManifest(deps.ledger, part);
  const wanted = planned.filter(({ name }) => names.has(name));
  const target = new Map<string, RemoteObject>();
  for await (const page of targetPages(work, transfer, rangeOf(names)))
    for (const object of page) if (names.has(object.name)) target.set(object.name, object);
  const todo =
    list.deletes === true
      ? { copied: [], moved: stillToDelete(wanted, target), unproved: [] }
      : await stillToBring(work, list, { wanted, target });
  const left = sizeOf(todo);
  const lookedFor = new Set([...todo.copied, ...todo.moved].map(({ name }) => name));
  // Looked for in vain: another machine would not find it either.
  const isGone =
    list.deletes !== true &&
    todo.unproved.length === 0 &&
    (await isNoneAtSource(work, transfer, { names: lookedFor, range: rangeOf(lookedFor) }));
  const files = left.objects === 0 ? {} : await filesOf({ hub, id, request }, todo, deps.ledger.keep);
  return { left, files, isGone };
}

/** Finds those that are not deleted yet. Of what was written since, nothing is deleted. */
const stillToDelete = (wanted: readonly Planned[], target: ReadonlyMap<string, RemoteObject>): Moving[] =>
  wanted.flatMap(({ name, old }) => {
    const there = target.get(name);
    return old !== undefined && there !== undefined && isSameWriting(old, there) ? [deletionOf(old)] : [];
  });

/** Finds what is not at the target, or not proved, or still to be replaced there. */
async function stillToBring(
  { hub, id, request, deps }: Copying,
  list: WorkList,
  { wanted, target }: { wanted: readonly Planned[]; target: ReadonlyMap<string, RemoteObject> },
): Promise<ToDo> {
  const listed = compare(wanted.map((one) => ({ wanted: one, there: target.get(one.name) })));
  const readBack = await readBackOf(deps.ledger, { hub, id, ...list }, target);
  const unsaid = settled(listed, [readBack]);
  const asked = await askedOf({ request, deps }, { unproved: unsaid.unproved, missing: [] }, questions());
  const evidence = [asked, readBack];
  await keepEvidence(deps.ledger, { hub, id, name: `list-${list.n}-${list.attempt}` }, { evidence, target });
  const { missing, unproved, conflicts } = settled(listed, evidence);
  const { move } = list;
  const moved = await namesOf(deps.ledger, move === undefined ? {} : { move });
  const named = new Map(wanted.map(({ name, old }) => [name, old]));
  const replaced = conflicts.flatMap(({ wanted: object, there }): Moving[] => {
    const old = named.get(object.name);
    return old !== undefined && isSameWriting(old, there) ? [replacementOf({ ...object, old })] : [];
  });
  return {
    copied: missing.filter(({ name }) => !moved.has(name)),
    moved: [...missing.filter(({ name }) => moved.has(name)), ...replaced],
    unproved: unproved.map((both) => both.wanted),
  };
}

/** Range in which all of these names lie, and few others. */
function rangeOf(names: ReadonlySet<string>): Range {
  const inOrder = [...names].sort(byBytes);
  // The beginning of the first one comes before it.
  const before = [...(inOrder[0] ?? "")].slice(0, -1).join("");
  return { after: before === "" ? undefined : before, through: inOrder.at(-1) };
}

/** Lets a shard's machine go, and says how the shard stands; what it has sent of a list that it leaves is kept with the list. */
export async function released(
  work: Copying,
  transfer: TransferState,
  { shard: n, as }: Extract<Step, { do: "release" }>,
  said: readonly Said[],
): Promise<TransferState> {
  const { hub, id, settings, run, deps } = work;
  const shard = transfer.shards.find((one) => one.n === n);
  if (shard === undefined) return transfer;
  const report = as === "error" ? await failureOf(deps.ledger, hub, id, shard) : undefined;
  const after = afterMachine(shard, isHopeless(report) ? "hopeless" : as, settings);
  run.step(`the machine of shard ${n}, attempt ${shard.attempt} has ended (${as})`);
  const now = deps.now();
  const word = said.find((one) => one.shard === n);
  const lists = transfer.lists?.map((list) => sentBefore(list, word));
  const next = withShard(ending({ ...transfer, lists }, shard, settings, now), n, () => after);
  return as === "preempted" ? { ...next, takenAway: takenAwayAgain(next.takenAway, now) } : next;
}

/** Counts a machine up to now, and what it runs from now on when it is gone. */
function ending(
  transfer: TransferState,
  shard: Shard,
  { machine }: TransferSettings,
  now: Date,
): TransferState {
  if (shard.since === undefined) return transfer;
  const seconds = (now.getTime() - Date.parse(shard.since)) / 1000;
  const more = dearerBy(shard, machine, now);
  return {
    ...transfer,
    ...(more === 0 ? {} : { dearer: (transfer.dearer ?? 0) + more }),
    machineSeconds: transfer.machineSeconds + seconds,
    ending: { ...transfer.ending, [machineOf(shard)]: now.toISOString() },
  };
}
