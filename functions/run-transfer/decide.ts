// Decides what a transfer copies, with how many machines, and whether its limits allow it. Pure: the same for a plan alone and
// for what is carried out.
import { hash } from "node:crypto";
import { type Action, type Plan, planOf, type Refused } from "../../shared/flow/plan.ts";
import { leavesGoogle } from "../../shared/remotes/stores.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { machineName } from "../../shared/transfers/names.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
import { dollarsText, leftBehindOf, objectsText } from "../../shared/transfers/words.ts";
import { budgetOf, overLimit, priceWarning } from "./cost.ts";
import type { Seen } from "./gather.ts";
import { mostNames } from "./plan.ts";
import type { Place, RefusedRequest, Request } from "./request.ts";
import type { Survey } from "./survey.ts";

/** A transfer is carried out whole or not at all: it is one action. */
export type TransferAction = Action & {
  do: "transfer";
  from: string;
  to: string;
  objects: number;
  bytes: number;
  machines: number;
  /** Of the manifest: two plans that differ in one object are two. */
  sha256: string;
};

/** Beginning of a transfer. */
export type Draft = {
  transfer: TransferState;
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
  const { id, request, transfer, lack, survey } = facts;
  if ("refused" in request) return refusal(id, request.refused);
  if (lack !== undefined) return refusal(id, `${lack.why} (to mend it: ${lack.next})`);
  if (survey !== undefined) return planAnew(facts, request, survey, settings);
  return { plan: transfer?.state === "running" ? planFor(transfer, []) : nothing([]) };
}

const nothing = (refused: Refused[]): Plan<TransferAction> => planOf({ actions: [], held: [], refused });

const refusal = (about: string, why: string): Decision => ({ plan: nothing([{ about, why }]) });

function planFor(transfer: TransferState, refused: Refused[]): Plan<TransferAction> {
  const { id, from, to, sha256, lists = [], shards, dollars, hours } = transfer;
  const bytes = sumOf(lists, (list) => list.bytes);
  const action: TransferAction = {
    do: "transfer",
    about: id,
    why: "a person asked for it",
    from,
    to,
    objects: sumOf(lists, (list) => list.objects),
    bytes,
    machines: shards.length,
    sha256,
  };
  return planOf({ actions: [action], held: [], refused, cost: { dollars, hours, bytes } });
}

const sumOf = <T>(all: readonly T[], count: (one: T) => number): number =>
  all.reduce((sum, one) => sum + count(one), 0);

function planAnew(
  { hub, id, now, limits }: Facts,
  request: Request,
  survey: Survey,
  settings: TransferSettings,
): Decision {
  const { parts, lists, unproved, largest } = survey;
  const unmovable = sumOf(parts, (part) => part.unmovable);
  const conflicts = sumOf(parts, (part) => part.conflicts);
  const objects = sumOf(parts, (part) => part.objects);
  if (objects + unmovable === 0) return refusal(id, "the source is empty, or does not exist");
  if (survey.tooLarge === true)
    return refusal(id, "its largest object does not fit into a machine's memory in parts");
  // Reading back takes a machine's time as well.
  const work = { objects: sumOf(lists, (list) => list.objects), bytes: sumOf(lists, (list) => list.bytes) };
  const bytes = sumOf(lists, (list) => list.copyBytes ?? list.bytes);
  const leaving = leavesGoogle(request.from.store, request.to.store) ? bytes : 0;
  const budget = budgetOf({ ...work, largest }, settings, leaving);
  const beyond = overLimit({ ...budget, bytes }, settings, limits);
  if (beyond !== undefined) return refusal(id, beyond);
  const count = Math.min(budget.machines, lists.length);
  if (machineName(hub, id, Math.max(0, count - 1)).length > 63)
    return refusal(id, "its id is too long for a machine's name");
  const transfer: TransferState = {
    v: 1,
    hub,
    id,
    from: textOf(request.from),
    to: textOf(request.to),
    state: "planned",
    hash: "",
    sha256: hash("sha256", parts.map(({ sha256 }) => sha256).join("")),
    objects,
    bytes: sumOf(parts, (part) => part.bytes),
    already: sumOf(parts, (part) => part.already),
    conflicts,
    unmovable,
    ...(survey.leftBehind === undefined ? {} : { leftBehind: survey.leftBehind }),
    machineType: settings.machine.type,
    dollars: budget.dollars,
    limitDollars: settings.limits.dollars,
    hours: budget.hours[1],
    limitHours: settings.limits.hours,
    parts,
    lists,
    ...(survey.unordered === undefined ? {} : { unordered: survey.unordered }),
    shards: Array.from({ length: count }, (_, n) => waiting(n)),
    machines: 0,
    machineSeconds: 0,
    startedAt: now.toISOString(),
    said: [
      `${objectsText(work.objects - unproved)} (${sizeWord(bytes)}) to copy`,
      ...(unproved === 0
        ? []
        : [`, ${unproved.toLocaleString("en")} of the same size to compare by reading,`]),
      ` with ${count} ${count === 1 ? "machine" : "machines"}`,
      `: at most ${dollarsText(budget.dollars)} and ${budget.hours[1].toFixed(1)} hours`,
    ].join(""),
  };
  const plan = planFor(transfer, refusedOf(survey));
  const warning = priceWarning(settings.pricesAsOf, now);
  return { plan, draft: { transfer: { ...transfer, hash: plan.hash }, warning } };
}

/** Names what the plan leaves out. */
function refusedOf({ unmovable, conflicts, leftBehind }: Survey): Refused[] {
  const { kinds = [], looked = 0 } = leftBehind ?? {};
  return [
    ...left(unmovable, "the target cannot hold an object of this name: it is not copied"),
    ...left(conflicts, "another content lies at the target: it is left alone"),
    ...kinds.map(({ kind, examples, objects }) => ({
      about: kind,
      why: `${leftBehindOf({ objects }, looked)}, such as ${examples.join(", ")}: it stays behind, and the bytes are copied`,
    })),
  ];
}

const textOf = ({ remote, path, only }: Place): string =>
  `${remote}:${[path, only].filter((part) => (part ?? "") !== "").join("/")}`;

const left = (names: readonly string[], why: string): Refused[] =>
  names.slice(0, mostNames).map((about) => ({ about, why }));

const waiting = (n: number): Shard => ({
  n,
  state: "waiting",
  attempt: 1,
  round: 0,
  full: [],
  preemptions: 0,
  errors: 0,
});
