// The end of a delivery, as the troubles of its hub see it: what ended blocked, held, failed or undelivered opens an incident, or
// is one more sight of it; a good run closes those of its function.
import type { Clock } from "../clock.ts";
import type { Explanation } from "../errors.ts";
import type { EventName } from "../events.ts";
import type { Service } from "../failure.ts";
import type { Incident, Incidents } from "../flow/incident-records.ts";
import { changeIncidents, type IncidentDeps, nothingKnown } from "../flow/incident-stage.ts";
import { isOfIncident, reachOf } from "../flow/incident-text.ts";
import { type Sight, saw, succeeded, understood } from "../flow/incidents.ts";
import type { Plan } from "../flow/plan.ts";
import { type FunctionName, rowOf } from "../functions.ts";
import { periodOf } from "../schedules.ts";
import { isHint } from "./hints.ts";
import { everyHub } from "./not-before.ts";
import type { Result } from "./recorder.ts";
import { causeOf, flowOf, type Trouble } from "./undelivered.ts";

export type Met = Trouble & {
  kind: Incident["kind"];
  payload: unknown;
  /** The services that the event's handler calls. */
  needs?: readonly Service[];
  /** Only a person helps. */
  lasting: boolean;
  /** An event waits under Undelivered. */
  waits?: boolean;
  /** Part of the hub that it is about alone. */
  subject?: string | undefined;
  /** The flow has told the people itself. */
  told?: true | undefined;
  /** By which way it is told; without it, by what it is. */
  reach?: Incident["reach"];
};

type Deps = Omit<IncidentDeps, "knownIncidents"> & { knownIncidents?: IncidentDeps["knownIncidents"] };

/** Opens an incident, or sees it again, and tells of it. Throws when that was not possible; twice is harmless. */
export async function meet(met: Met, deps: Deps): Promise<void> {
  const sight = sightOf(met);
  await changeIncidents(met.hub ?? everyHub, (state, now) => saw(state, sight, now), {
    ...deps,
    knownIncidents: deps.knownIncidents ?? nothingKnown(),
  });
}

function sightOf(met: Met): Sight {
  const {
    kind,
    reason,
    subject,
    failure,
    needs = [],
    lasting,
    waits = false,
    told,
    reach = reachOf(met),
  } = met;
  return {
    flow: flowOf(met.function),
    worker: met.function,
    cause: subject === undefined ? causeOf(met) : `${causeOf(met)}-${subject}`,
    kind,
    reason,
    ...(subject === undefined ? {} : { subject }),
    ...(failure === undefined ? {} : { service: failure.service }),
    needs: [...needs],
    lasting,
    waits,
    reach,
    toldByFlow: told === true,
  };
}

export type Ended = {
  topic: EventName;
  event: object;
  hub: string | undefined;
  needs: readonly Service[];
  began: Date;
  /** Number of tries, this one included. */
  attempt: number;
};

/** Notes what a delivery that ended by itself says of its function: a trouble, that all is well, or nothing. */
export async function concluded(
  result: Result,
  ended: Ended,
  deps: IncidentDeps & { name: FunctionName; now: Clock },
): Promise<void> {
  const { topic, event, hub = everyHub, needs, began, attempt } = ended;
  // A plan that somebody asked to see changes nothing, here neither.
  if ("dryRun" in event && event.dryRun === true) return;
  if (result.outcome !== "idle" && result.aside === true) return;
  const { name: worker } = deps;
  const trouble = troubleIn(result, ended, worker);
  const refused = refusedIn(result, ended, worker);
  const beside = besideIn(result, ended, worker);
  // A run that saw what waits for a word went as it should.
  const isWell = isGood(result, topic, event) || result.outcome === "held";
  const isOver = !isWell && endsFailure(result, ended);
  if (!isWell && !isOver && trouble === undefined && refused === undefined && beside.length === 0) return;
  const everyMinutes = isWell ? periodOf(rowOf(worker).hears) : undefined;
  const only = isOver ? ("failed" as const) : undefined;
  // Ends its waits too: even what has ended badly waits for nothing any more.
  const alone = trouble?.subject !== undefined && trouble.reach === "nobody";
  const run = {
    worker,
    needs,
    began,
    everyMinutes,
    but: [trouble, ...beside].flatMap((sight) => sight?.cause ?? []),
    subject: subjectIn(result, event),
    only,
    alone,
  };
  // Reading anew where this may be the end of what stands: a person's request is often the cure, and an event that comes again has failed
  // before, perhaps in another process, after which no other event may come for long.
  const anew = attempt > 1 || (topic !== "notice" && !isHint(topic, event));
  const change = (state: Incidents, now: Date): Incidents => {
    let next = isWell || isOver || alone ? succeeded(state, run, now) : state;
    for (const sight of [trouble, ...beside]) if (sight !== undefined) next = saw(next, sight, now);
    if (refused === "none") next = understood(next, worker, now);
    else if (refused !== undefined) next = saw(next, refused, now);
    return next;
  };
  await changeIncidents(hub, change, deps, { anew, tells: trouble !== undefined || beside.length > 0 });
}

function besideIn(result: Result, { event, hub }: Ended, worker: FunctionName): Sight[] {
  if (result.outcome === "idle") return [];
  const subject = subjectIn(result, event);
  // It ends with a good run, whatever that needed.
  const met = { function: worker, hub, kind: "blocked", payload: event, needs: [], subject } as const;
  return (result.beside ?? []).map((one) => ({ ...sightOf({ ...met, ...one }), beside: true }));
}

function troubleIn(result: Result, { event, hub, needs }: Ended, worker: FunctionName): Sight | undefined {
  if (result.outcome !== "blocked" && result.outcome !== "held") return undefined;
  // An incident that no way can tell stands on Home: that it was not told is no incident of its own, and would never end.
  if (isOfIncident(event)) return undefined;
  const { outcome: kind, cause, told, reason } = result;
  const subject = subjectIn(result, event);
  const sight = sightOf({
    function: worker,
    hub,
    kind,
    reason: reason ?? reasons[kind](result),
    // All that a flow holds is one incident, whose cure is the approval.
    ...(kind === "held" ? { cause: cause ?? "held" } : cause === undefined ? {} : { cause }),
    payload: event,
    needs,
    lasting: reason !== undefined,
    subject,
    told,
    // The end of one transfer is no state that goes on: whoever was told is not told again, and a person closes it.
    ...(subject !== undefined && told === true ? { reach: "nobody" as const } : {}),
  });
  // A run that made no plan knows that something waits, and not what.
  return kind === "held" && result.plan === undefined ? { ...sight, keepsWords: true } : sight;
}

/** Finds the part of its hub that an event is about alone: a transfer, by its id. */
const subjectOf = (event: object): string | undefined =>
  "id" in event && typeof event.id === "string" ? event.id : undefined;

const subjectIn = (result: Result, event: object): string | undefined =>
  result.outcome === "idle" ? subjectOf(event) : (result.subject ?? subjectOf(event));

/** Cells and files that a run could not understand are listed until they are mended; nobody is sent a message about them. */
function refusedIn(
  result: Result,
  { event, hub, needs }: Ended,
  worker: FunctionName,
): Sight | "none" | undefined {
  if (result.outcome === "idle" || result.plan === undefined) return undefined;
  // A run that is blocked says why by itself; the plan of one transfer is not the hub's, and its receipt has what it leaves.
  if (result.outcome === "blocked" || subjectOf(event) !== undefined) return undefined;
  const { refused } = result.plan;
  if (refused.length === 0) return "none";
  // Names of people may be among what is refused: only cells are named.
  const cells = refused.filter(({ about }) => /^[A-Z]{1,3}\d+$/.test(about));
  const rest = refused.length - Math.min(cells.length, shownRefused);
  const where = cells.slice(0, shownRefused).map(({ about, why }) => `${about}: ${why}`);
  const [one, many] =
    cells.length === refused.length ? ["cell of the sheet", "cells of the sheet"] : ["entry", "entries"];
  const reason = {
    what: `${refused.length} ${refused.length === 1 ? one : many} cannot be used`,
    why: [...where, ...(rest > 0 ? [`${rest} more`] : [])].join("; "),
    next: "correct them where they stand; everything else goes on meanwhile",
  };
  const trouble = { function: worker, hub, reason, payload: event, needs, lasting: true };
  return sightOf({ ...trouble, kind: "refused", cause: "refused", reach: "nobody" });
}

/** So many places are named. */
const shownRefused = 8;

/** A look by the clock that found nothing due is good, unless another delivery is at it; of any other, idle says nothing. */
function isGood(result: Result, topic: EventName, event: object): boolean {
  if (result.outcome !== "idle") return result.outcome === "done";
  if (result.busy === true) return false;
  return "why" in event ? event.why === "schedule" : isHint(topic, event);
}

/**
 * Tells whether a failure is over because nothing is left to do now, such as a mail that was sent before its record failed.
 * Should others still fail, they open the same incident again.
 */
const endsFailure = (result: Result, { attempt }: Ended): boolean =>
  attempt > 1 && result.outcome === "idle" && result.busy !== true;

type Ending = Pick<Exclude<Result, { outcome: "idle" }>, "title" | "plan">;

/** Words on a run that gives no reason by itself: for one on hold its plan says why. */
const reasons: Record<"blocked" | "held", (ending: Ending) => Explanation> = {
  blocked: ({ title }) => ({
    what: title,
    why: "something that it needs is not there, or not as it should be",
    next: "open its last run and read the steps; it goes on by itself once that is mended",
  }),
  held: ({ title, plan }) =>
    plan === undefined || plan.held.length === 0
      ? {
          what: title,
          why: "it waits for a person",
          next: "look at Plans; if nothing waits there, open its last run",
        }
      : heldReason(plan),
};

function heldReason({ hash, held }: Pick<Plan, "hash" | "held">): Explanation {
  return {
    what: held.length === 1 ? "1 change is on hold" : `${held.length} changes are on hold`,
    why: [...new Set(held.map(({ because }) => because))].join("; "),
    next: `look at Plans, or type \`npx groundcrew plans show ${hash}\`, and approve or reject all of it or a part`,
  };
}
