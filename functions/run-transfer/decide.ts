// Decides what a transfer copies, with how many machines, and whether its limits allow it. Pure: the same for a plan alone and
// for what is carried out.
import { type Action, type Plan, planOf, type Refused } from "../../shared/flow/plan.ts";
import { leavesGoogle } from "../../shared/remotes/stores.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { machineName } from "../../shared/transfers/names.ts";
import type { RemoteObject, Shard, TransferState } from "../../shared/transfers/records.ts";
import { dollarsText, leftBehindOf, objectsText } from "../../shared/transfers/words.ts";
import { countOf, settled } from "./compare.ts";
import { budgetOf, overLimit, priceWarning } from "./cost.ts";
import type { Seen } from "./gather.ts";
import { sizeOf } from "./lists.ts";
import { flagsFor, mostNames, shardsOf } from "./plan.ts";
import type { Place, RefusedRequest, Request } from "./request.ts";

/** A transfer is carried out whole or not at all: it is one action. */
export type TransferAction = Action & {
  do: "transfer";
  from: string;
  to: string;
  objects: number;
  bytes: number;
  machines: number;
};

/** Beginning of a transfer. */
export type Draft = {
  transfer: TransferState;
  /** Objects that are to be there in the end. */
  manifest: RemoteObject[];
  /** Work of each shard's first machine. */
  work: { missing: RemoteObject[]; unproved: RemoteObject[] }[];
  /** Warning that a person should look at; it stops nothing. */
  warning: string | undefined;
};

export type Decision = {
  plan: Plan<TransferAction>;
  /** Undefined where nothing is to begin. */
  draft?: Draft;
};

type Facts = {
  hub: string;
  id: string;
  request: Request | RefusedRequest;
  /** Undefined before the first look. */
  transfer: TransferState | undefined;
  now: Date;
  /** Limits of the hub, for all of its transfers together. */
  limits: Limits;
} & Seen;

/** Decides on a whole transfer. One that runs goes on by the plan that it began with; one that has ended has none. */
export function decide(facts: Facts, settings: TransferSettings): Decision {
  const { id, request, transfer, ends } = facts;
  if ("refused" in request) return refusal(id, request.refused);
  if (ends !== undefined) return planAnew(facts, request, ends, settings);
  return { plan: transfer?.state === "running" ? planFor(transfer, []) : nothing([]) };
}

const nothing = (refused: Refused[]): Plan<TransferAction> => planOf({ actions: [], held: [], refused });

const refusal = (about: string, why: string): Decision => ({ plan: nothing([{ about, why }]) });

function planFor(transfer: TransferState, refused: Refused[]): Plan<TransferAction> {
  const { id, from, to, shards, dollars, hours } = transfer;
  const objects = shards.reduce((sum, shard) => sum + shard.objects, 0);
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const action: TransferAction = {
    do: "transfer",
    about: id,
    why: "a person asked for it",
    from,
    to,
    objects,
    bytes,
    machines: shards.length,
  };
  return planOf({ actions: [action], held: [], refused, cost: { dollars, hours, bytes } });
}

function planAnew(
  { hub, id, now, limits }: Facts,
  request: Request,
  ends: NonNullable<Seen["ends"]>,
  settings: TransferSettings,
): Decision {
  const { movable, unmovable } = ends;
  if (movable.length + unmovable.length === 0) return refusal(id, "the source is empty, or does not exist");
  const { missing, proved, conflicts, ...compared } = settled(ends.compared, [ends.asked]);
  const unproved = compared.unproved.map(({ wanted }) => wanted);
  /** With the MD5 that the source's store was asked for. */
  const told = (object: RemoteObject): RemoteObject => {
    const md5 = object.md5 === undefined ? ends.asked.source.get(object.name) : undefined;
    return md5 === undefined ? object : { ...object, md5 };
  };
  // Reading back takes a machine's time as well.
  const all = [...missing, ...unproved].map(told);
  const sizes = Float64Array.from(all, ({ size }) => size);
  const bytes = missing.reduce((sum, { size }) => sum + size, 0);
  const leaving = leavesGoogle(request.from.store, request.to.store) ? bytes : 0;
  const budget = budgetOf(sizes, settings, leaving);
  const beyond = overLimit({ ...budget, bytes }, settings, limits);
  if (beyond !== undefined) return refusal(id, beyond);
  const warning = priceWarning(settings.pricesAsOf, now);
  const count = all.length === 0 ? 0 : budget.machines;
  if (machineName(hub, id, Math.max(0, count - 1)).length > 63)
    return refusal(id, "its id is too long for a machine's name");
  const flags = flagsFor(sizes, settings.machine);
  if (flags === undefined)
    return refusal(id, "its largest object does not fit into a machine's memory in parts");
  const { shard: shardOf } = shardsOf(sizes, Math.max(1, count));
  const work = Array.from({ length: count }, (): Draft["work"][number] => ({ missing: [], unproved: [] }));
  all.forEach((object, index) => {
    work[shardOf[index] ?? 0]?.[index < missing.length ? "missing" : "unproved"].push(object);
  });
  const transfer: TransferState = {
    v: 1,
    hub,
    id,
    from: textOf(request.from),
    to: textOf(request.to),
    state: "planned",
    hash: "",
    manifest: "",
    sha256: "",
    objects: movable.length,
    bytes: movable.reduce((sum, { size }) => sum + size, 0),
    already: countOf(proved),
    conflicts: conflicts.length,
    unmovable: unmovable.length,
    ...(ends.leftBehind === undefined ? {} : { leftBehind: ends.leftBehind }),
    flags,
    machineType: settings.machine.type,
    dollars: budget.dollars,
    limitDollars: settings.limits.dollars,
    hours: budget.hours[1],
    limitHours: settings.limits.hours,
    shards: work.map((of, n) => waiting(n, sizeOf(of))),
    machines: 0,
    machineSeconds: 0,
    startedAt: now.toISOString(),
    said: [
      `${objectsText(missing.length)} (${sizeWord(bytes)}) to copy`,
      ...(unproved.length === 0
        ? []
        : [`, ${unproved.length.toLocaleString("en")} of the same size to compare by reading,`]),
      ` with ${count} ${count === 1 ? "machine" : "machines"}`,
      `: at most ${dollarsText(budget.dollars)} and ${budget.hours[1].toFixed(1)} hours`,
    ].join(""),
  };
  const plan = planFor(transfer, [
    ...left(unmovable, "rclone would change or lose its name: it is not copied"),
    ...left(conflicts, "another content lies at the target: it is left alone"),
    ...(ends.leftBehind?.kinds ?? []).map(({ kind, examples, objects }) => ({
      about: kind,
      why: `${leftBehindOf({ objects }, ends.leftBehind?.looked ?? 0)}, such as ${examples.join(", ")}: it stays behind, and the bytes are copied`,
    })),
  ]);
  return {
    plan,
    draft: { transfer: { ...transfer, hash: plan.hash }, manifest: movable.map(told), work, warning },
  };
}

const textOf = ({ remote, path }: Place): string => `${remote}:${path}`;

const left = (names: readonly string[], why: string): Refused[] =>
  names.slice(0, mostNames).map((about) => ({ about, why }));

const waiting = (n: number, size: Shard["left"]): Shard => ({
  n,
  ...size,
  state: "waiting",
  attempt: 1,
  round: 0,
  full: [],
  preemptions: 0,
  errors: 0,
  list: "",
  left: size,
});
