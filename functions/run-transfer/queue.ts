// Puts a transfer into the line before anything of it begins, and takes it out when it has ended. The record is swapped, never locked: who has
// ended, or was never heard of again, is left out by whoever comes next, and a damaged one is made anew from the states.
import { dayMs } from "../../shared/clock.ts";
import { untilSwapped } from "../../shared/flow/swap.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { bucketOf } from "../../shared/remotes/stores.ts";
import type { Settings, TransferSettings } from "../../shared/settings.ts";
import { transferFolder, transferState } from "../../shared/transfers/names.ts";
import { isOpen } from "../../shared/transfers/phase.ts";
import {
  aheadOf,
  behind,
  type InLine,
  isSame,
  meets,
  TransferQueue,
  transferQueue,
} from "../../shared/transfers/queue.ts";
import { TransferAsked, type TransferState } from "../../shared/transfers/records.ts";
import { readWrittenOver } from "../../shared/written-over.ts";
import { forgetProgress } from "./progress.ts";
import { type Place, type Request, requestOf } from "./request.ts";
import type { Copying, Work } from "./work.ts";

/** An event is tried for a day: who has no state after that was given up, and comes into the line anew when it is sent again. */
const forgottenMs = 1.1 * dayMs;
/** Between two looks of one that waits; it is woken when the one before it has ended. */
const againMs = 5 * 60_000;

const why = "too many transfers come into the line at once";
const nobody: TransferQueue = { v: 1, entries: [] };

/** Work on a request that was found good, before anything of it is done. */
type Placing = Omit<Copying, "check">;
type Deps = { ledger: Ledger; settings: Settings };

const placeOf = ({ store, path }: Place): InLine["to"] => ({ bucket: bucketOf(store), path });
const inLine = (hub: string, id: string, { from, to }: Request, at: string): InLine => ({
  ...{ hub, id, at },
  from: placeOf(from),
  to: placeOf(to),
});

/** Comes into the line, unless it is there; gives those for which it waits. */
export function takePlace({ hub, id, request, run, deps }: Placing): Promise<InLine[]> {
  const now = deps.now();
  return untilSwapped(async () => {
    const { entries, generation, anew } = await lineNow(deps);
    if (anew === "damaged")
      run.step("the line of transfers could not be read: it was made anew from how each stands");
    const known = entries.find((entry) => isSame(entry, { hub, id }));
    const own = known ?? inLine(hub, id, request, now.toISOString());
    const before = known === undefined ? entries : aheadOf(entries, own);
    const gone = await endedOf(before, now, deps);
    const left = entries.filter((entry) => !gone.has(entry));
    const next = known === undefined ? [...left, own] : left;
    if (known !== undefined && gone.size === 0 && anew === undefined) return aheadOf(next, own);
    const value = { v: 1, entries: next } satisfies TransferQueue;
    const swapped = await deps.ledger.swap(transferQueue, value, generation);
    return swapped === "changed" ? "overtaken" : aheadOf(next, own);
  }, why);
}

/** Leaves the line, and the survey by which it stood there; whoever waits for it is woken. */
export async function leaveLine({ hub, id, deps }: Pick<Work, "hub" | "id" | "deps">): Promise<void> {
  await forgetProgress(deps.ledger, hub, id);
  const waiting = await untilSwapped(async () => {
    const found = await readWrittenOver(deps.ledger, transferQueue, TransferQueue, nobody);
    const { entries } = found?.value ?? nobody;
    if (found === undefined || !entries.some((entry) => isSame(entry, { hub, id }))) return [];
    const value = { v: 1, entries: entries.filter((entry) => !isSame(entry, { hub, id })) } as const;
    const swapped = await deps.ledger.swap(transferQueue, value, found.generation);
    return swapped === "changed" ? "overtaken" : behind(entries, { hub, id });
  }, why);
  for (const one of waiting)
    await deps.publish("transfer-request", { v: 1, hub: one.hub, id: one.id, why: "continue" });
}

async function lineNow(
  deps: Deps,
): Promise<{ entries: InLine[]; generation: string; anew?: "missing" | "damaged" }> {
  const found = await readWrittenOver(deps.ledger, transferQueue, TransferQueue, nobody);
  if (found !== undefined && found.value !== nobody)
    return { entries: found.value.entries, generation: found.generation };
  const anew = found === undefined ? "missing" : "damaged";
  return { entries: await lineOfStates(deps), generation: found?.generation ?? "0", anew };
}

/** Makes the line of all that has not ended, in the order in which it was asked for. */
async function lineOfStates({ ledger, settings }: Deps): Promise<InLine[]> {
  const folder = "head/transfers/";
  const open = (await ledger.list(folder)).filter(({ metadata }) => isOpen(metadata["state"]));
  const entries = await Promise.all(
    open.map(async ({ name }): Promise<InLine[]> => {
      const [hub = "", id = ""] = name.slice(folder.length, -".json".length).split("/");
      const remotes = settings.hubs[hub]?.transfers?.remotes;
      const asked = (await ledger.read(`${transferFolder(hub, id)}/request.json`, TransferAsked))?.value;
      if (remotes === undefined || asked === undefined) return [];
      const request = requestOf(asked, { remotes });
      return "refused" in request ? [] : [inLine(hub, id, request, asked.at)];
    }),
  );
  return entries.flat().sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Finds those that have ended, and those of which nothing has become. The listing says how a transfer stands. */
async function endedOf(
  entries: readonly InLine[],
  now: Date,
  { ledger }: Pick<Deps, "ledger">,
): Promise<ReadonlySet<InLine>> {
  const gone = await Promise.all(
    entries.map(async (entry) => {
      const [state] = await ledger.list(transferState(entry.hub, entry.id));
      const word = state?.metadata["state"] ?? "planned";
      if (word !== "planned") return isOpen(word) ? [] : [entry];
      return now.getTime() - Date.parse(entry.at) > forgottenMs ? [entry] : [];
    }),
  );
  return new Set(gone.flat());
}

/** Says for whom a transfer waits. Pure. */
export function lineText(one: Pick<InLine, "hub" | "id">, ahead: readonly InLine[], own: InLine): string {
  const words = ahead.map((other) => {
    const where = other.hub === one.hub ? "" : ` of the hub ${other.hub}`;
    const what = meets(other, own) === "source" ? "into what it reads" : "into the same place";
    return `transfer ${other.id}${where}, which was asked for before and copies ${what}`;
  });
  return words.join("; ");
}

/** State of a transfer that stands in the line. */
export type StandsInLine = TransferState & { waits: NonNullable<TransferState["waits"]> };

/** Gives the state of a transfer that stands in the line. */
export function waitingInLine(
  work: Placing,
  before: TransferState | undefined,
  ahead: readonly InLine[],
): StandsInLine {
  const { hub, id, request, asked, settings, deps } = work;
  const now = deps.now();
  const own = inLine(hub, id, request, asked.at);
  const line = lineText(own, ahead, own);
  return {
    ...(before?.state === "waiting" ? before : unplanned(work, settings, now)),
    waits: {
      for: line,
      since: before?.waits?.for === line ? before.waits.since : now.toISOString(),
      until: new Date(now.getTime() + againMs).toISOString(),
      next: "nothing: it goes on by itself when that one has ended. To let it go on before, cancel that one",
    },
  };
}

/** A transfer that nobody has planned yet: what it would copy is looked at when its turn has come. */
const unplanned = ({ hub, id, asked }: Placing, settings: TransferSettings, now: Date): TransferState => ({
  ...{ v: 1, hub, id, from: asked.from, to: asked.to },
  ...(asked.by === undefined ? {} : { by: asked.by }),
  ...{ state: "waiting", hash: "", sha256: "" },
  ...{ objects: 0, bytes: 0, already: 0, conflicts: 0, unmovable: 0 },
  machineType: settings.machine.type,
  ...{ dollars: 0, limitDollars: settings.limits.dollars, hours: 0, limitHours: settings.limits.hours },
  ...{ shards: [], machines: 0, machineSeconds: 0 },
  startedAt: now.toISOString(),
  said: "not planned yet: both ends are looked at when its turn has come",
});
