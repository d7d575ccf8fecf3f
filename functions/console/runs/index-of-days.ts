// The runs of a day from their objects' names and metadata, without reading one. A day's listing is kept and only its end
// is asked for again, so that a page that polls costs one small request on a day of thousands of runs.
import * as z from "zod";
import type { Clock } from "../../../shared/clock.ts";
import type { RunLine } from "../../../shared/control.ts";
import type { Entry, Ledger } from "../../../shared/ledger.ts";
import { Outcome } from "../../../shared/records.ts";

export type RunIndex = {
  /** The runs of a day (yyyy-mm-dd), newest first. */
  day: (day: string) => Promise<readonly RunLine[]>;
};

/** A record is named by its run's start and written at its end, at most a delivery's 600 s later. */
const lateMs = 15 * 60_000;
/** The whole day is listed again this often: a moved clock can put a record where nobody looks any more. */
const wholeMs = 60_000;
/** A week about a day, which a page about a message asks for again and again. */
const keptDays = 7;

type Kept = { lines: RunLine[]; names: Set<string>; seenAt: number; wholeAt: number };

export function runIndex(deps: { ledger: Ledger; now: Clock }): RunIndex {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept>>();

  async function refresh(day: string): Promise<Kept> {
    const now = deps.now().getTime();
    const before = kept.get(day);
    const whole = before === undefined || now - before.wholeAt >= wholeMs || now < before.seenAt;
    const since = before === undefined ? "" : new Date(before.seenAt - lateMs).toISOString();
    const from =
      whole || since.slice(0, 10) < day ? undefined : `runs/${since.slice(0, 10)}/${clockOf(since)}`;
    const entries = await deps.ledger.list(`runs/${day}/`, from === undefined ? {} : { from });
    const base = whole ? { lines: [], names: new Set<string>() } : before;
    const fresh = entries.filter(({ name }) => !base.names.has(name));
    const after: Kept = {
      lines: fresh.length === 0 ? base.lines : newestFirst([...fresh.map(lineOf), ...base.lines]),
      names: new Set([...base.names, ...fresh.map(({ name }) => name)]),
      seenAt: now,
      wholeAt: whole ? now : before.wholeAt,
    };
    kept.delete(day);
    kept.set(day, after);
    for (const oldest of [...kept.keys()].slice(0, -keptDays)) kept.delete(oldest);
    return after;
  }

  return {
    async day(day) {
      const running = underWay.get(day) ?? refresh(day).finally(() => underWay.delete(day));
      underWay.set(day, running);
      return (await running).lines;
    },
  };
}

const clockOf = (iso: string): string => iso.slice(11, 23).replace(/[:.]/g, "");
const newestFirst = (lines: RunLine[]): RunLine[] => lines.sort((a, b) => (a.id < b.id ? 1 : -1));

/** Metadata comes back as strings. */
const Metadata = z.object({
  flow: z.string(),
  hub: z.string().optional(),
  event: z.string(),
  messageId: z.string(),
  attempt: z.coerce.number().int(),
  outcome: Outcome,
  title: z.string(),
  startedAt: z.string(),
  durationMs: z.coerce.number(),
  effects: z.coerce.number().int(),
});

function lineOf({ name, metadata }: Entry): RunLine {
  const id = name.slice("runs/".length, -".json".length);
  const result = Metadata.safeParse(metadata);
  if (result.success) {
    const { hub, ...rest } = result.data;
    return { id, ...rest, ...(hub === undefined ? {} : { hub }) };
  }
  // Somebody has touched the object: it stays in the list, so that nobody looks for it in vain.
  return {
    id,
    flow: /^[\d-]+\/\d+-([a-z-]+)-/.exec(id)?.[1] ?? "unknown",
    event: "unknown",
    messageId: "unknown",
    attempt: 1,
    outcome: "failed",
    title: "this record has lost its label; open it",
    startedAt: `${id.slice(0, 10)}T00:00:00.000Z`,
    durationMs: 0,
    effects: 0,
  };
}

export type RunFilter = { flow?: string; hub?: string; outcome?: string; message?: string; text?: string };

export function matches(line: RunLine, filter: RunFilter): boolean {
  const text = filter.text?.toLowerCase();
  return (
    (filter.flow === undefined || line.flow === filter.flow) &&
    (filter.hub === undefined || line.hub === filter.hub) &&
    (filter.outcome === undefined || line.outcome === filter.outcome) &&
    (filter.message === undefined || line.messageId === filter.message) &&
    (text === undefined ||
      [line.title, line.flow, line.event, line.hub ?? "", line.messageId].some((part) =>
        part.toLowerCase().includes(text),
      ))
  );
}
