// Reads once what all answers of a hub are made of: what the last run of sync-members left, what waits for a word, whose home is full,
// and what stands in the way. However many people are asked about, these are the same few records, and GitHub is not asked.
import { type FullHome, type HeldChange, heldChangesOf } from "../../../shared/members/standing.ts";
import type { Looked } from "../../../shared/members/who-answers.ts";
import type { Hub } from "../../../shared/settings.ts";
import { inUnitOf } from "../../../shared/sizes.ts";
import type { ConsoleContext } from "../context.ts";
import type { State } from "../states.ts";

export type LookDeps = Pick<ConsoleContext, "settings" | "states" | "quotas" | "plans" | "incidents">;

/** Looks at one hub of the settings. */
export async function look(hubName: string, hub: Hub, deps: LookDeps): Promise<Looked> {
  const state = (await deps.states.all()).get(hubName);
  const [held, fullHomes, troubles] = await Promise.all([
    heldChanges(hubName, state, deps),
    fullHomesOf(hubName, hub, deps),
    troublesOf(hubName, state, deps),
  ]);
  return { hubName, hub, mode: deps.settings.flows["sync-members"], state, held, fullHomes, ...troubles };
}

async function heldChanges(
  hub: string,
  state: State | undefined,
  { plans }: LookDeps,
): Promise<ReadonlyMap<string, HeldChange>> {
  const waiting = state === undefined || "unreadable" in state ? undefined : state.waiting;
  const line = waiting === undefined ? undefined : await plans.one(hub, waiting.plan);
  if (line === undefined) return new Map();
  const { plan, verdicts } = line;
  return heldChangesOf(plan, (hash) =>
    verdicts[hash] === undefined ? "gone" : (verdicts[hash] ?? undefined),
  );
}

/** Finds the homes that have reached what is enforced, or are close to it. */
async function fullHomesOf(
  hubName: string,
  { quota }: Hub,
  { quotas }: LookDeps,
): Promise<ReadonlyMap<string, FullHome> | undefined> {
  const state = (await quotas.all()).get(hubName);
  if (quota === undefined || state === undefined || "unreadable" in state) return undefined;
  const { enforced, limit: ofTeam } = quota;
  const homes = Object.values(state.homes);
  if (enforced === undefined && homes.every(({ limit }) => limit === undefined)) return undefined;
  return new Map(
    homes.flatMap(({ login, status, bytes, limit, measuredAt }): [string, FullHome][] => {
      const most = limit === undefined ? enforced : inUnitOf(limit, enforced ?? ofTeam);
      if (login === undefined || status !== "urgent" || most === undefined) return [];
      return [[login.toLowerCase(), { takes: inUnitOf(bytes, most), most, measuredAt }]];
    }),
  );
}

/** Kinds of troubles in which the flow does what it can: they wait for a person, or concern a cell. */
const getsThrough: ReadonlySet<string> = new Set(["held", "refused"]);

/** Finds what has gone wrong since the last run left its state: what was met before that is over, or stands in the state. */
async function troublesOf(
  hub: string,
  state: State | undefined,
  { incidents }: LookDeps,
): Promise<Pick<Looked, "outage" | "stuck">> {
  const known = state === undefined || "unreadable" in state ? undefined : state;
  const open = (await incidents.all()).open.filter(
    (one) =>
      one.hub === hub && !getsThrough.has(one.kind) && one.beside !== true && one.seen > (known?.at ?? ""),
  );
  const outage = open.find(({ service, lasting }) => service === "github" && !lasting);
  const stuck = open.find(
    ({ flow, cause }) =>
      flow === "sync-members" &&
      (known?.nobodyLetIn === undefined || cause !== (known.nobodyLetInCause ?? "nobody-let-in")),
  );
  return { outage: outage?.reason, stuck: stuck?.reason };
}
