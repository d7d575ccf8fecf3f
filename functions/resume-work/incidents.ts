// Every ten minutes the tick looks at what stands in each hub: tells what is to be told by now, opens what has not succeeded for
// twice its time, and ends what belongs to flows that are off, or is met no more.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { everyHub, leftAloneUntil } from "../../shared/delivery/not-before.ts";
import { serviceNames } from "../../shared/failure.ts";
import type { Incidents } from "../../shared/flow/incident-records.ts";
import { changeIncidents, type KnownIncidents } from "../../shared/flow/incident-stage.ts";
import { due, withoutUnserved } from "../../shared/flow/incidents.ts";
import { overdue } from "../../shared/flow/overdue.ts";
import { awaitedBy, withoutUnseen } from "../../shared/flow/unseen.ts";
import { type FunctionName, functionNames, rowOf } from "../../shared/functions.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { type Schedule, scheduleNames, schedules } from "../../shared/schedules.ts";
import { hubsOfSchedule, hubsServed } from "../../shared/serving.ts";
import type { Settings } from "../../shared/settings.ts";

/** One read a hub each time. */
const lookMinutes = 10;

type Deps = {
  ledger: Ledger;
  publish: Publish;
  now: Clock;
  knownIncidents: KnownIncidents;
  settings: Settings;
};

/** Looks at each hub, unless this process has lately. One that cannot be looked at stops no other: it is thrown at the end. */
export async function lookAtIncidents(looked: { at?: number }, deps: Deps): Promise<void> {
  const now = deps.now().getTime();
  // The clock of a sample hub may have been put back.
  if (looked.at !== undefined && Math.abs(now - looked.at) < lookMinutes * 60_000) return;
  const failures: unknown[] = [];
  for (const hub of [...Object.keys(deps.settings.hubs), everyHub])
    try {
      await lookAtHub(hub, deps);
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
  looked.at = now;
}

async function lookAtHub(hub: string, deps: Deps): Promise<void> {
  const stands = await changeIncidents(hub, (same) => same, deps, { tells: false });
  const awaited = awaitedBy(stands, deps.now());
  const services = serviceNames.filter((service) => awaited.has(service));
  const untils = services.map(
    async (service) => [service, await leftAloneUntil(deps, { hub, service })] as const,
  );
  const leftAlone = new Map<string, Date>(await Promise.all(untils));
  const change = (state: Incidents, at: Date) => {
    // Ends first what is met no more, so that nobody is told of it.
    const met = withoutUnseen(state, leftAlone, at);
    return byTheClock(hub, met, at, deps.settings);
  };
  await changeIncidents(hub, change, deps);
}

/** Gives a hub's incidents with what the clock alone changes of them. Pure. */
function byTheClock(hub: string, state: Incidents, now: Date, settings: Settings): Incidents {
  const there = withoutUnserved(state, (worker) => serves(worker, hub, settings), now);
  return due(overdue(there, rowsOf(hub, settings), now), now);
}

const isFunction = (name: string): name is FunctionName => functionNames.some((known) => known === name);

/** A function that is not known, or belongs to no flow, is always there. */
function serves(worker: string, hub: string, settings: Settings): boolean {
  const flow = isFunction(worker) ? rowOf(worker).flow : undefined;
  if (flow === undefined) return true;
  const hubs = hubsServed(settings, flow);
  return hub === everyHub ? hubs.length > 0 : hubs.includes(hub);
}

/** The functions that are to look at a hub by the clock; not the tick, which looks now. */
function rowsOf(hub: string, settings: Settings) {
  const others = scheduleNames.filter((name) => schedules[name].publishes !== "continue-due");
  return others.flatMap((schedule) => {
    const { publishes, everyMinutes }: Schedule = schedules[schedule];
    const isOfHub = hubsOfSchedule(schedule, settings).includes(hub === everyHub ? "" : hub);
    const workers = functionNames.filter((name) => rowOf(name).hears === publishes);
    if (!isOfHub) return [];
    return workers.map((worker) => ({
      worker,
      flow: rowOf(worker).flow ?? worker,
      schedule,
      everyMinutes,
    }));
  });
}
