// One home after one more look at it: where it stands, and whether its person is to be told. Pure.
import { dayOf } from "../../shared/clock.ts";
import { isOld, type Measurement } from "../../shared/quota/measurement.ts";
import { HomeStatus, type QuotaHome } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { bytesOf } from "../../shared/sizes.ts";

/** From the least to the worst. */
export const statuses = HomeStatus.options;
export const rank = (status: HomeStatus): number => statuses.indexOf(status);

/** Nearer than this to what is enforced is urgent. */
const urgentShare = 0.9;
/** A home counts as below a mark again only under this share of it, or a few bytes to and fro would be news each day. */
const backShare = 0.95;
/** Two looks count as two only this far apart. */
const apartMs = 30 * 60_000;
const growthDays = 31;

/** Share of a home's own limit above which its person is warned, as the rule does that hubs have in Grafana. */
const warnedShare = 0.8;

/**
 * Gives the bytes above which a home stands so. `own` is what the server enforces of this home: of one that was given more than the others the
 * team's marks rise with it, and of one that was given less the person hears before it is full.
 */
export function markOf(status: HomeStatus, settings: Marks, own: number | undefined): number {
  const { advice, limit, enforced } = settings;
  const usual = enforced === undefined ? undefined : bytesOf(enforced);
  const raised = own !== undefined && usual !== undefined && own > usual ? own / usual : 1;
  switch (status) {
    case "ok":
      return 0;
    case "advised":
      return bytesOf(advice) * raised;
    case "warned":
      return Math.min(
        bytesOf(limit) * raised,
        own === undefined ? Number.POSITIVE_INFINITY : own * warnedShare,
      );
    case "urgent":
      return (own ?? usual ?? Number.POSITIVE_INFINITY) * urgentShare;
    default:
      return status satisfies never;
  }
}

type Marks = Pick<QuotaSettings, "advice" | "limit" | "enforced">;

/** Gives the status of so many bytes by themselves. */
export const levelOf = (bytes: number, settings: Marks, own?: number): HomeStatus =>
  statuses.findLast((each) => each === "ok" || bytes > markOf(each, settings, own)) ?? "ok";

/** The home with the new figure. One that is too old is kept, and moves nothing: that of another home may be new. */
export function looked(
  home: QuotaHome | undefined,
  figure: Measurement,
  { now, settings, login }: { now: Date; settings: QuotaSettings; login: string | undefined },
): QuotaHome {
  const { bytes, complete, entries, lastTouched, limit, measuredAt } = figure;
  const before = home ?? fresh(measuredAt);
  const { rising: _, login: __, entries: ___, lastTouched: ____, limit: _____, ...kept } = before;
  const seen: QuotaHome = {
    ...kept,
    bytes,
    complete,
    measuredAt,
    past: grown(before.past, measuredAt.slice(0, 10), bytes),
    missing: 0,
    ...(entries === undefined ? {} : { entries }),
    ...(lastTouched === undefined ? {} : { lastTouched }),
    ...(limit === undefined ? {} : { limit }),
    ...(login === undefined ? {} : { login }),
  };
  if (isOld(figure, { now, settings }))
    return before.rising === undefined ? seen : { ...seen, rising: before.rising };
  const level = levelOf(bytes, settings, limit);
  if (rank(level) > rank(before.status)) return risen(seen, before.rising, level, { measuredAt, settings });
  const under = bytes < markOf(before.status, settings, limit) * backShare;
  if (rank(level) < rank(before.status) && complete && under)
    return { ...seen, status: level, since: measuredAt };
  return seen;
}

function fresh(at: string): QuotaHome {
  return {
    bytes: 0,
    complete: true,
    measuredAt: at,
    past: [],
    status: "ok",
    since: at,
    told: [],
    episode: 0,
    missing: 0,
  };
}

function risen(
  home: QuotaHome,
  before: QuotaHome["rising"],
  level: HomeStatus,
  { measuredAt, settings }: { measuredAt: string; settings: QuotaSettings },
): QuotaHome {
  const another = before === undefined || Date.parse(measuredAt) - Date.parse(before.at) >= apartMs;
  const scans = (before?.scans ?? 0) + (another ? 1 : 0);
  const at = another || before === undefined ? measuredAt : before.at;
  // Both looks agree at least on the lower of the two.
  const to = before === undefined || rank(level) < rank(before.to) ? level : before.to;
  if (level === "urgent") return { ...home, status: "urgent", since: measuredAt };
  if (scans < settings.scansBefore || rank(to) <= rank(home.status))
    return { ...home, rising: { to, scans, at } };
  return { ...home, status: to, since: measuredAt };
}

function grown(past: QuotaHome["past"], day: string, bytes: number): QuotaHome["past"] {
  return [...past.filter((each) => each.day !== day), { day, bytes }].slice(-growthDays);
}

/** The home when a complete scan has not found it: that says nothing about its size. */
export const missed = (home: QuotaHome): QuotaHome => ({ ...home, missing: home.missing + 1 });

export type Telling = { home: QuotaHome; tell?: Exclude<HomeStatus, "ok"> | "back" };

/** Gives what its person is to be told now, and the home once they are. A status is told once, until the home is within the advice again. */
export function telling(home: QuotaHome, reachable: boolean): Telling {
  const { status, told } = home;
  if (status === "ok") {
    if (told.length === 0) return { home };
    const over = { ...home, told: [], episode: home.episode + 1 };
    return reachable ? { home: over, tell: "back" } : { home: over };
  }
  if (!reachable || told.includes(status)) return { home };
  // Counts lower statuses as told: whoever hears of the limit need not hear of the advice on the way back.
  return { home: { ...home, told: statuses.slice(1, rank(status) + 1) }, tell: status };
}

/** "grew by": bytes since so many days ago, where a figure of then is kept. */
export function growthOver(home: QuotaHome, days: number, today: string): number | undefined {
  const then = dayOf(new Date(today), -days);
  const figure = home.past.findLast(({ day }) => day <= then);
  return figure === undefined ? undefined : home.bytes - figure.bytes;
}
