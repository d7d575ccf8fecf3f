// Decides what a transfer copies, with how many machines, and whether its limits allow it. Pure: the same for a plan alone and
// for what is carried out.
import { hash } from "node:crypto";
import type { TransferMode } from "../../shared/events.ts";
import { type Action, type Plan, planOf, type Refused } from "../../shared/flow/plan.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import { machineName } from "../../shared/transfers/names.ts";
import type { Losses, Shard, TransferState } from "../../shared/transfers/records.ts";
import { dollarsText, hoursText, leftBehindOf, objectsText } from "../../shared/transfers/words.ts";
import { aboveText, hasPlan } from "./approval.ts";
import { budgetOf, machinesFor, overLimit } from "./budget.ts";
import { figuresOf } from "./figures.ts";
import type { Seen } from "./gather.ts";
import { mostDeleted } from "./part.ts";
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
  /** Absent where objects are only added. */
  mode?: TransferMode;
  /** Objects of the target that are lost, and what becomes of each, of as many as are told. */
  replaces?: Omit<Losses, "names">;
  deletes?: Omit<Losses, "names">;
  loses?: string[];
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
function aboveOf(transfer: TransferState, settings: TransferSettings): string | undefined {
  const lists = bringing(transfer);
  const [objects, bytes] = [sumOf(lists, (list) => list.objects), sumOf(lists, (list) => list.bytes)];
  const mayReplace = transfer.mode === undefined ? 0 : (transfer.figures?.compared ?? 0);
  return aboveText({ ...transfer, objects, bytes, mayReplace }, settings);
}

/** Lists of what is brought to the target. */
const bringing = ({ lists = [] }: Pick<TransferState, "lists">) =>
  lists.filter(({ deletes }) => deletes !== true);

const nothing = (refused: Refused[]): Plan<TransferAction> => planOf({ actions: [], held: [], refused });

const refusal = (about: string, why: string): Decision => ({ plan: nothing([{ about, why }]) });

function planFor(transfer: TransferState, refused: Refused[], because?: string): Plan<TransferAction> {
  const { id, from, to, mode, sha256, shards, dollars, hours, figures } = transfer;
  const lists = bringing(transfer);
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
    ...(mode === undefined ? {} : { mode }),
    ...lossesOf(transfer),
    sha256,
  };
  const cost = { dollars, hours, bytes, ...(figures === undefined ? {} : { figures }) };
  if (because === undefined) return planOf({ actions: [action], held: [], refused, cost });
  return planOf<TransferAction>({ actions: [], held: [{ ...action, because }], refused, cost });
}

/** Says what the target loses, in the words of an action. */
function lossesOf({
  replaces,
  deletes,
}: TransferState): Pick<TransferAction, "replaces" | "deletes" | "loses"> {
  const sizeIn = ({ objects, bytes }: Losses) => ({ objects, bytes });
  const loses = [
    ...(replaces?.names ?? []).map((name) => `replaced: ${name}`),
    ...(deletes?.names ?? []).map((name) => `deleted: ${name}`),
  ];
  return {
    ...(replaces === undefined ? {} : { replaces: sizeIn(replaces) }),
    ...(deletes === undefined ? {} : { deletes: sizeIn(deletes) }),
    ...(loses.length === 0 ? {} : { loses }),
  };
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
  if (survey.tooManyLost === true)
    return refusal(
      id,
      `it would delete more than ${mostDeleted.toLocaleString("en")} objects at the target: ask without the mode sync, or folder by folder`,
    );
  const { bytes } = tally.copy;
  const count = Math.max(machinesFor(tally, settings), Math.min(1, lists.length));
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
    ...(request.mode === undefined ? {} : { mode: request.mode, ...lossesIn(survey) }),
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
      lossWords(survey),
      ` with ${count} ${count === 1 ? "machine" : "machines"}`,
      `: at most ${dollarsText(totalOf(budget.dollars))}, in ${hoursText(budget.hours)}`,
    ].join(""),
  };
  const plan = planFor(transfer, refusedOf(survey), aboveOf(transfer, settings));
  return { plan, draft: { transfer: { ...transfer, hash: plan.hash } } };
}

/** Sums of what the target loses, in the words of a state. */
function lossesIn({ lost: { replaced, deleted } }: Survey): Pick<TransferState, "replaces" | "deletes"> {
  return {
    ...(replaced.objects === 0 ? {} : { replaces: replaced }),
    ...(deleted.objects === 0 ? {} : { deletes: deleted }),
  };
}

function lossWords({ lost: { replaced, deleted } }: Survey): string {
  const words = [
    ...(replaced.objects === 0
      ? []
      : [
          `${replaced.objects.toLocaleString("en")} of them in the place of others (${sizeWord(replaced.bytes)})`,
        ]),
    ...(deleted.objects === 0
      ? []
      : [`${objectsText(deleted.objects)} (${sizeWord(deleted.bytes)}) to delete at the target`]),
  ];
  return words.length === 0 ? "" : `, ${words.join(", ")},`;
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
