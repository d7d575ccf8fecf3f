// Messages to the team about the volume: how much is free and until when, who has grown, what helps, and a request to the operator that is ready to
// be sent. Nothing here decides anything.
import { dayMs, dayOf, keyTime } from "../../shared/clock.ts";
import type { Beside } from "../../shared/delivery/recorder.ts";
import { type Forecast, forecast, forecastWords } from "../../shared/quota/forecast.ts";
import type { QuotaState } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import { growthOver, rank } from "./home.ts";
import { harmless, type Notice } from "./text.ts";
import type { VolumeNews } from "./volume.ts";

export type Room = {
  hub: string;
  hubUrl: string;
  settings: Pick<QuotaSettings, "freeBelow" | "freeAgain">;
  /** State once the message is told. */
  after: QuotaState;
  /** Time of the message before, about the same time below. */
  toldBefore?: string | undefined;
};

/** "9.8 % (98 GB of 1 TB)". */
export function roomWords({ volume }: Pick<QuotaState, "volume">): string {
  if (volume === undefined || volume.bytes === 0) return "unknown";
  return `${percent(volume.free / volume.bytes)} (${sizeWord(volume.free)} of ${sizeWord(volume.bytes)})`;
}

const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

/** Names the incident that stands for as long as little is free. */
export const volumeCause = "volume-low";

/** The incident of a volume that is below a mark: people are told of it by the flow. */
export function volumeTrouble(hub: string, after: QuotaState): Beside[] {
  if (after.volumeLevel?.mark === undefined) return [];
  const reason = {
    what: `little room is left on the home volume of ${hub}`,
    why: `free: ${roomWords(after)}. ${forecastWords(forecast(after.volumeDays, 0), 0)}`,
    next: "ask those who take the most to make room, or whoever operates the hub for a larger volume: the last message to the team has the words",
  };
  return [{ cause: volumeCause, reason, lasting: true, told: true, reach: "nobody" }];
}

/** Gives what the team hears. Its key is of one time below the marks, one mark and one day. */
export function volumeNotice(room: Room, news: VolumeNews): Notice {
  const { hub, after } = room;
  const { episode = 0, mark, toldAt } = after.volumeLevel ?? {};
  const key = [
    "quota/volume",
    episode,
    news,
    mark ?? "room",
    ...(toldAt === undefined ? [] : [keyTime(toldAt)]),
  ];
  const free = roomWords(after).split(" (")[0];
  const subjects: Record<VolumeNews, string> = {
    crossed: `${free} of the home volume is free`,
    still: `still ${free} of the home volume is free`,
    ahead: `the home volume is going to be too full`,
    over: "the home volume has room again",
  };
  return {
    v: 1,
    hub,
    key: key.join("/"),
    to: "team",
    subject: `${hub}: ${subjects[news]}`,
    text: `Hello,

free on the home volume of ${hub}: ${roomWords(after)}.
${news === "over" ? "" : littleRoom(room)}`,
  };
}

function littleRoom(room: Room): string {
  const { hub, settings, after } = room;
  const { mark } = after.volumeLevel ?? {};
  const again = `You are told at each further mark (10, 5, 2 and 0 %), and reminded ${
    mark !== undefined && mark <= 0.1 ? "each day" : "each week"
  }. To be left alone for a week, unless it gets worse: the console, Incidents, "I have seen it", or type

  npx groundcrew incidents acknowledge ${hub}/scan-quotas/volume-low`;
  const full = forecast(after.volumeDays, 0);
  return `${[
    ...(mark === undefined
      ? [forecastWords(forecast(after.volumeDays, settings.freeBelow), settings.freeBelow)]
      : []),
    forecastWords(full, 0),
  ].join("\n")}

${grownText(room)}

What helps: ${whatHelps(after)}
If that is not enough, more room does. Ready to be sent to whoever operates the hub:

${ticket(room, full)}

${mark === undefined ? "You are told once more when less is free than that." : again}
`;
}

/** So many homes are named that have grown the most. */
const namedHomes = 5;

function grownText({ hub, after, toldBefore }: Room): string {
  const today = dayOf(new Date(after.at));
  const passed =
    toldBefore === undefined ? 7 : Math.floor((Date.parse(after.at) - Date.parse(toldBefore)) / dayMs);
  const days = Math.min(Math.max(passed, 1), 30);
  const grown = Object.entries(after.homes)
    .map(([name, home]) => ({ name, login: home.login, by: growthOver(home, days, today) ?? 0 }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by);
  const since = days === 1 ? "since yesterday" : `in ${days} days`;
  if (grown.length === 0)
    return `No home is known to have grown ${since}: npx groundcrew quota status --hub ${hub}`;
  const lines = grown
    .slice(0, namedHomes)
    .map(
      ({ name, login, by }) =>
        `  ${sizeWord(by).padStart(9)}  ${harmless(name)}${login === undefined ? " (nobody in the sheet)" : ""}`,
    );
  return `What has grown ${since}, the most first:\n${lines.join("\n")}`;
}

function whatHelps({ homes }: QuotaState): string {
  const there = Object.values(homes).filter(({ missing }) => missing === 0);
  const above = there.filter(({ status }) => rank(status) >= rank("warned"));
  const bytes = above.reduce((sum, home) => sum + home.bytes, 0);
  return above.length === 0
    ? "no home is above the limit, so that asking people frees little."
    : `${above.length === 1 ? "one home is" : `${above.length} homes are`} above the limit and ${above.length === 1 ? "takes" : "take"} ${sizeWord(bytes)}; whose they are: the console, Homes.`;
}

/** Days for which the room that is asked for is to last. */
const askedDays = 90;

function ticket({ hub, hubUrl, settings, after }: Room, full: Forecast): string {
  const { volume } = after;
  const grows = full.known && full.slope > 0 ? full.slope : 0;
  const used = volume === undefined ? 0 : volume.bytes - volume.free;
  const wanted = (used + grows * askedDays) / (1 - settings.freeBelow);
  const more = volume === undefined ? 0 : Math.max(wanted - volume.bytes, volume.bytes * settings.freeBelow);
  const pace = grows === 0 ? "" : ` It grows by about ${sizeWord(grows)} a day.`;
  return [
    `  Subject: ${hub}: the home volume has ${percent((volume?.free ?? 0) / (volume?.bytes || 1))} left`,
    "",
    `  The home volume of ${hubUrl} has ${roomWords(after)} free.${pace}`,
    `  ${forecastWords(full, 0)}`,
    `  Please enlarge it by about ${sizeWord(more)}, which lasts about ${askedDays} days.`,
  ].join("\n");
}
