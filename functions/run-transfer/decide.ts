// Decides what a transfer copies, with how many machines, and whether its limits allow it. Pure: the same for a plan alone and
// for what is carried out.
import { hash } from "node:crypto";
import { type Action, type Plan, planOf, type Refused } from "../../shared/flow/plan.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import { machineName } from "../../shared/transfers/names.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
import { dollarsText, hoursText, leftBehindOf, objectsText } from "../../shared/transfers/words.ts";
import { aboveText, hasPlan } from "./approval.ts";
import { budgetOf, machinesFor, overLimit } from "./budget.ts";
import { figuresOf } from "./figures.ts";
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
export type Draft = { transfer: TransferState };

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
} & Omit<Seen, "request">;

/** Decides on a whole transfer. One that runs goes on by the plan that it began with; one that has ended has none. */
export function decide(facts: Facts, settings: TransferSettings): Decision {
  const { id, request, transfer, lack, survey } = facts;
  if ("refused" in request) return refusal(id, request.refused);
  if (lack !== undefined) return refusal(id, `${lack.why} (to mend it: ${lack.next})`);
  if (survey !== undefined) return planAnew(facts, request, survey, settings);
  if (transfer !== undefined && hasPlan(transfer))
    return { plan: planFor(transfer, [], aboveOf(transfer, settings)), draft: { transfer } };
  return { plan: transfer?.state === "running" ? planFor(transfer, []) : nothing([]) };
}

/** Says why the plan of a transfer waits for a person; undefined where it goes unasked. */
const aboveOf = ({ lists = [], dollars }: TransferState, settings: TransferSettings): string | undefined =>
  aboveText(
    { objects: sumOf(lists, (list) => list.objects), bytes: sumOf(lists, (list) => list.bytes), dollars },
    settings,
  );

const nothing = (refused: Refused[]): Plan<TransferAction> => planOf({ actions: [], held: [], refused });

const refusal = (about: string, why: string): Decision => ({ plan: nothing([{ about, why }]) });

function planFor(transfer: TransferState, refused: Refused[], because?: string): Plan<TransferAction> {
  const { id, from, to, sha256, lists = [], shards, dollars, hours, figures } = transfer;
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
  const cost = { dollars, hours, bytes, ...(figures === undefined ? {} : { figures }) };
  if (because === undefined) return planOf({ actions: [action], held: [], refused, cost });
  return planOf<TransferAction>({ actions: [], held: [{ ...action, because }], refused, cost });
}

const sumOf = <T>(all: readonly T[], count: (one: T) => number): number =>
  all.reduce((sum, one) => sum + count(one), 0);

function planAnew(
  { hub, id, now, limits, meant }: Facts,
  request: Request,
  survey: NonNullable<Seen["survey"]>,
  settings: TransferSettings,
): Decision {
  const { parts, lists, unproved, tally, circumstances } = survey;
  const unmovable = sumOf(parts, (part) => part.unmovable);
  const conflicts = sumOf(parts, (part) => part.conflicts);
  const objects = sumOf(parts, (part) => part.objects);
  if (objects + unmovable === 0) return refusal(id, emptyText(meant));
  if (survey.tooLarge === true)
    return refusal(id, "its largest object does not fit into a machine's memory in parts");
  const { bytes } = tally.copy;
  const count = machinesFor(tally, settings);
  const budget = budgetOf(tally, { request, circumstances, settings, machines: count });
  const beyond = overLimit({ ...budget, bytes }, settings, limits);
  if (beyond !== undefined) return refusal(id, beyond);
  if (machineName(hub, id, Math.max(0, count - 1)).length > 63)
    return refusal(id, "its id is too long for a machine's name");
  const already = sumOf(parts, (part) => part.already);
  const figures = figuresOf(tally, budget, {
    counts: { already, compared: unproved, differ: conflicts, notCarried: unmovable },
    ...{ machines: count, request, settings, now },
  });
  const transfer: TransferState = {
    v: 1,
    hub,
    id,
    from: textOf(request.from),
    to: textOf(request.to),
    ...(request.by === undefined ? {} : { by: request.by }),
    state: "planned",
    hash: "",
    sha256: hash("sha256", parts.map(({ sha256 }) => sha256).join("")),
    objects,
    bytes: sumOf(parts, (part) => part.bytes),
    already,
    conflicts,
    unmovable,
    ...(survey.leftBehind === undefined ? {} : { leftBehind: survey.leftBehind }),
    figures,
    machineType: settings.machine.type,
    dollars: totalOf(budget.dollars),
    limitDollars: settings.limits.dollars,
    hours: budget.hours[1],
    limitHours: settings.limits.hours,
    parts,
    lists,
    ...(request.from.only === undefined ? {} : { single: true }),
    ...(survey.unordered === undefined ? {} : { unordered: survey.unordered }),
    shards: Array.from({ length: count }, (_, n) => waiting(n)),
    machines: 0,
    machineSeconds: 0,
    startedAt: now.toISOString(),
    said: [
      `${objectsText(tally.copy.objects)} (${sizeWord(bytes)}) to copy`,
      ...(unproved === 0
        ? []
        : [`, ${unproved.toLocaleString("en")} of the same size to compare by reading,`]),
      ` with ${count} ${count === 1 ? "machine" : "machines"}`,
      `: at most ${dollarsText(totalOf(budget.dollars))}, in ${hoursText(budget.hours)}`,
    ].join(""),
  };
  const plan = planFor(transfer, refusedOf(survey), aboveOf(transfer, settings));
  return { plan, draft: { transfer: { ...transfer, hash: plan.hash } } };
}

const emptyText = (meant: string | undefined): string =>
  `the source is empty, or does not exist${meant === undefined ? "" : `; did you mean the folder "${meant}"?`}`;

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
