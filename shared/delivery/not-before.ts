// Waits that vendors asked for: not to be called before a time. One record a hub and vendor, which every flow reads before it calls.
import * as z from "zod";
import type { Clock } from "../clock.ts";
import { failed, maximumWaitSeconds, type Service, services } from "../failure.ts";
import { untilSwapped } from "../flow/swap.ts";
import type { Ledger, Versioned } from "../ledger.ts";
import { Time, version } from "../records.ts";
import { readWrittenOver } from "../written-over.ts";

/** Stands for the hub of events that have none, in ledger keys and notices. */
export const everyHub = "all-hubs";

/** The clock of whoever keeps a wait may be ahead of the reader's by so much. */
const clocksDifferSeconds = 600;

/** Without them no record can be read or kept, nor any event: what they ask for is kept by Pub/Sub's pauses. */
const unkept: readonly Service[] = ["storage", "pubsub", "metadata"];

/** head/not-before/<hub>/<service>.json */
export const NotBefore = z.strictObject({ v: version, until: Time });
type NotBefore = z.infer<typeof NotBefore>;
const noWait: NotBefore = { v: 1, until: new Date(0).toISOString() };

const nameOf = (hub: string, service: Service): string => `head/not-before/${hub}/${service}.json`;

/** Tells whether a wait for this service can be kept. */
export const isKept = (service: Service): boolean => !unkept.includes(service);

/** The cause of what was not called at all: its wait is kept already. */
const leftAloneCause = "left-alone";

/** Until when what failed so has to wait; the wait is kept for every other event of the hub. */
export async function waitFor(
  deps: { ledger: Ledger; now: Clock },
  { hub, service, cause, seconds }: { hub: string; service: Service; cause: string; seconds: number },
): Promise<Date> {
  if (cause === leftAloneCause) return new Date(deps.now().getTime() + seconds * 1000);
  return leaveAlone(deps, { hub, service, seconds });
}

/** Keeps that a service is to be left alone for so long; gives until when. A later time that is already kept stays. */
export async function leaveAlone(
  { ledger, now }: { ledger: Ledger; now: Clock },
  { hub, service, seconds }: { hub: string; service: Service; seconds: number },
): Promise<Date> {
  const name = nameOf(hub, service);
  const until = new Date(now().getTime() + Math.min(Math.max(seconds, 1), maximumWaitSeconds) * 1000);
  return untilSwapped(async () => {
    const current = await readWrittenOver(ledger, name, NotBefore, noWait);
    const kept = untilOf(current, now());
    if (kept >= until.getTime()) return new Date(kept);
    const next = { v: 1, until: until.toISOString() };
    const swap = await ledger.swap(name, next, current?.generation ?? "0");
    return swap === "changed" ? "overtaken" : until;
  }, "too many deliveries keep the same wait at once");
}

/** Until when a service is to be left alone; in the past where it may be called. */
export async function leftAloneUntil(
  { ledger, now }: { ledger: Pick<Ledger, "read" | "list">; now: Clock },
  { hub, service }: { hub: string; service: Service },
): Promise<Date> {
  return new Date(untilOf(await readWrittenOver(ledger, nameOf(hub, service), NotBefore, noWait), now()));
}

/** In milliseconds; 0 where nothing is kept that a service can have asked for: the clock may have been put back since. */
function untilOf(kept: Versioned<NotBefore> | undefined, now: Date): number {
  if (kept === undefined) return 0;
  const until = Date.parse(kept.value.until);
  return until - now.getTime() > (maximumWaitSeconds + clocksDifferSeconds) * 1000 ? 0 : until;
}

/** Throws the failure that a call would give, where one of the services is to be left alone still: the longest wait. */
export async function heed(
  { ledger, now }: { ledger: Ledger; now: Clock },
  { hub, needs }: { hub: string; needs: readonly Service[] },
): Promise<void> {
  const waits = await Promise.all(
    needs.map(async (service) => {
      const until = await leftAloneUntil({ ledger, now }, { hub, service });
      return { service, seconds: Math.ceil((until.getTime() - now().getTime()) / 1000) };
    }),
  );
  const [longest] = waits.filter(({ seconds }) => seconds > 0).sort((a, b) => b.seconds - a.seconds);
  if (longest !== undefined) throw leftAlone(longest.service, longest.seconds);
}

function leftAlone(service: Service, waitSeconds: number): Error {
  const { name } = services[service];
  return failed({
    service,
    cause: leftAloneCause,
    lasts: "transient",
    waitSeconds: Math.min(waitSeconds, maximumWaitSeconds),
    explanation: {
      what: `${name} was not called`,
      why: `${name} has asked to be left alone`,
      next: "nothing: it goes on by itself",
    },
  });
}

/** The title of a run that waits. */
export function waitingTitle(service: Service, seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const time =
    seconds < 60
      ? `${Math.ceil(seconds)} seconds`
      : minutes < 120
        ? `${minutes} minutes`
        : `${Math.round(minutes / 60)} hours`;
  return `${services[service].name} asks to be left alone for ${time.replace(/^1 (\w+)s$/, "1 $1")}; it goes on by itself`;
}
