// The volume after one more look at it: below which of its marks it stands, and what the team is to hear of it now. Pure. It is never held: a full
// volume stops the hub for everybody.
import { acknowledgedDays } from "../../shared/flow/incidents.ts";
import type { Forecast } from "../../shared/quota/forecast.ts";
import type { VolumeLevel } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Free shares below the settings' own mark at each of which the team is told. */
const furtherMarks = [0.1, 0.05, 0.02, 0] as const;
/** At this mark and below it, the team is reminded daily; above it weekly. Looks are not made to the minute: some hours less are a day. */
const dailyFrom = 0.1;
const remindMs = { daily: 22 * hourMs, weekly: 6.5 * dayMs };
/** A mark below the first is left this far above it, or a few bytes to and fro would be news each day. */
const leftAbove = 0.02;
/** So long it has to stay above a mark, unless it was enlarged: homes that are emptied on Friday are full on Monday. */
const calmMs = 3 * dayMs;
/** A date is told before the mark is reached when it may be nearer than this; and once more after as long. */
const aheadDays = 30;

/** News for the team: a mark was crossed, it still stands so, it soon will, or there is room again. */
export type VolumeNews = "crossed" | "still" | "ahead" | "over";

export type VolumeLook = {
  free: number;
  bytes: number;
  now: Date;
  settings: Pick<QuotaSettings, "freeBelow" | "freeAgain">;
  /** Forecast of when the first mark is reached. */
  forecast: Forecast;
  /** Size at the look before, where it is known. */
  bytesBefore?: number | undefined;
  /** Time at which somebody has said that they have seen it. */
  acknowledgedAt?: string | undefined;
};

const marksOf = ({ freeBelow }: VolumeLook["settings"]): number[] => [
  freeBelow,
  ...furtherMarks.filter((mark) => mark < freeBelow),
];

/** Gives where the volume stands now, and what is to be told; before the first look it has all room. */
export function lookAt(
  before: VolumeLevel | undefined,
  look: VolumeLook,
): { level: VolumeLevel; news?: VolumeNews } {
  const at = look.now.toISOString();
  const { above: since, ...known } = before ?? { since: at, episode: 0 };
  const share = look.free / look.bytes;
  const { settings } = look;
  const mark = marksOf(settings).findLast((one) => (one === settings.freeBelow ? share < one : share <= one));
  if (mark !== undefined && (known.mark === undefined || mark < known.mark)) {
    const episode = known.episode + (known.mark === undefined ? 1 : 0);
    return { level: { mark, since: at, episode, toldAt: at }, news: "crossed" };
  }
  if (known.mark === undefined) return foretold(known, look);
  const again = known.mark === settings.freeBelow ? settings.freeAgain : known.mark + leftAbove;
  if (share <= again)
    return isReminded(known, look) ? { level: { ...known, toldAt: at }, news: "still" } : { level: known };
  const isEnlarged = look.bytesBefore !== undefined && look.bytes > look.bytesBefore;
  const above = since ?? at;
  if (!isEnlarged && look.now.getTime() - Date.parse(above) < calmMs) return { level: { ...known, above } };
  if (share > settings.freeAgain) return { level: { since: at, episode: known.episode }, news: "over" };
  // Has more room, and still too little: no news, but the next crossing is.
  return { level: { ...known, mark: mark ?? settings.freeBelow, since: at } };
}

function isReminded({ mark, since, toldAt }: VolumeLevel, { now, acknowledgedAt }: VolumeLook): boolean {
  const isSeen =
    acknowledgedAt !== undefined &&
    acknowledgedAt > since &&
    now.getTime() - Date.parse(acknowledgedAt) < acknowledgedDays * dayMs;
  const every = mark !== undefined && mark <= dailyFrom ? remindMs.daily : remindMs.weekly;
  return !isSeen && (toldAt === undefined || now.getTime() - Date.parse(toldAt) >= every);
}

/** With all room: tells when it is going to be too little. A date without an end may never come, and is none. */
function foretold(known: VolumeLevel, { now, forecast }: VolumeLook): ReturnType<typeof lookAt> {
  const { from, to } = (forecast.known ? forecast.reached : undefined) ?? {};
  if (from === undefined || to === undefined) return { level: known };
  const isNear = Date.parse(from) - now.getTime() < aheadDays * dayMs;
  const isTold = known.toldAt !== undefined && now.getTime() - Date.parse(known.toldAt) < aheadDays * dayMs;
  if (!isNear || isTold) return { level: known };
  return { level: { ...known, toldAt: now.toISOString() }, news: "ahead" };
}
