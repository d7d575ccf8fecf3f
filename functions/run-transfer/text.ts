// Writes what people read of a transfer. Plain sentences; nothing here decides anything.
import { dayOf } from "../../shared/clock.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Short } from "../../shared/flow/machine-budgets.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { Progress } from "../../shared/transfers/progress.ts";
import { hardStopOf } from "../../shared/transfers/rate.ts";
import { leftText, rateText } from "../../shared/transfers/rate-words.ts";
import type { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import type { TransferAsked, TransferState } from "../../shared/transfers/records.ts";
import {
  askedByText,
  byText,
  dollarsForText,
  dollarsText,
  figuresLines,
  lackText,
  objectsText,
  proofText,
  timeText,
  waitsText,
} from "../../shared/transfers/words.ts";

/** Tells the team how a transfer ended, once. */
export function endedNotice(hub: string, receipt: TransferReceipt): EventOf<"notice"> {
  const { id, from, to, by, state, said, bytes, verified, machines, preemptions, dollars, dollarsFor } =
    receipt;
  const words = {
    done: "is done",
    incomplete: "is not complete",
    failed: "failed",
    cancelled: "was cancelled",
  };
  return {
    v: 1,
    hub,
    key: `transfer/${id}/ended`,
    to: "team",
    subject: `Transfer ${id} ${words[state]}`,
    text: [
      `From ${from} to ${to}${byText(by)}: ${said}.`,
      "",
      `${sizeWord(bytes)} in all; ${proofText(verified)}.`,
      `${machines} machines made, ${preemptions} taken away by Google and replaced; ${receipt.machineHours.toFixed(2)} machine hours, about ${dollarsText(dollars)}${dollarsFor === undefined ? "" : ` (${dollarsForText(dollarsFor)})`}.`,
      "All machines are deleted. The receipt with every name is on the console's page Transfers.",
      ...(receipt.note === undefined ? [] : ["", receipt.note]),
    ].join("\n"),
  };
}

/** Tells the team that a transfer has begun, once. */
export const begunNotice = (hub: string, transfer: TransferState): EventOf<"notice"> => ({
  v: 1,
  hub,
  key: `transfer/${transfer.id}/begun`,
  to: "team",
  subject: `Transfer ${transfer.id} has begun`,
  text: [
    `From ${transfer.from} to ${transfer.to}${byText(transfer.by)}.`,
    "",
    ...(transfer.figures === undefined ? [transfer.said] : figuresLines(transfer.figures)),
    "",
    "How far it is stands on the console's page Transfers.",
  ].join("\n"),
});

const quarterWords: Record<number, string> = { 25: "a quarter", 50: "half", 75: "three quarters" };

/** Tells the team of a quarter of a transfer, once. */
export function quarterNotice(
  hub: string,
  transfer: TransferState,
  { percent, progress, dollars, now }: { percent: number; progress: Progress; dollars: number; now: Date },
): EventOf<"notice"> {
  const { id, from, to, limitDollars } = transfer;
  const { copied, bytes, objects } = progress;
  const pace = [rateText(transfer), leftText(transfer, progress)].filter((text) => text !== undefined);
  return {
    v: 1,
    hub,
    key: `transfer/${id}/quarter-${percent}`,
    to: "team",
    subject: `Transfer ${id} has copied ${quarterWords[percent]}`,
    text: [
      `From ${from} to ${to}: ${sizeWord(copied.bytes)} of ${sizeWord(bytes)}, ${copied.objects.toLocaleString("en")} of ${objectsText(objects)}.`,
      ...(pace.length === 0 ? [] : [`${pace.join(", ")}.`]),
      `About ${dollarsText(dollars)} so far, of at most ${dollarsText(limitDollars)}; it is stopped on ${timeText(hardStopOf(transfer, now).toISOString())} at the latest.`,
    ].join("\n"),
  };
}

/** Tells the team, once for what was asked, that nothing was begun. */
export const refusedNotice = (
  { hub, id, by }: { hub: string; id: string; by: string | undefined },
  key: string,
  why: string,
): EventOf<"notice"> => ({
  v: 1,
  hub,
  key: `transfer/${id}/refused/${key}`,
  to: "team",
  subject: `Transfer ${id} was not begun`,
  text: `The transfer ${id}, ${by === undefined ? "which was asked for" : askedByText(by)}, was not begun: ${why}.\n\nNothing was copied and no machine was made. Ask again with another id once it is mended.`,
});

/** Asks the team to approve a plan. */
export function approvalNotice(
  { hub, id, from, to, by, hash, figures }: TransferState,
  { because, key }: { because: string; key: string },
): EventOf<"notice"> {
  return {
    v: 1,
    hub,
    key: `transfer/${id}/approval/${key}`,
    to: "team",
    subject: `Transfer ${id} waits for your approval`,
    text: [
      `The transfer ${id} from ${from} to ${to}${by === undefined ? "" : `${byText(by)},`} waits, because ${because}.`,
      "",
      ...(figures === undefined ? [] : figuresLines(figures)),
      "",
      "It is carried out as it is planned now, and nothing else. To look at it and approve it: open the console, Plans, or type",
      "",
      `  npx groundcrew transfer approve ${hash} --hub ${hub}`,
    ].join("\n"),
  };
}

/** Says that a request is too old to begin. */
export const lapsedText = (
  { at }: Pick<TransferAsked, "at">,
  { requestDays }: Pick<TransferSettings, "requestDays">,
): string =>
  `it was asked for on ${dayOf(new Date(at))}, and may wait to begin for ${requestDays} ${requestDays === 1 ? "day" : "days"} (transfers.requestDays)`;

/** Says which budget of the hub is used up. */
export function shortText({ of }: Pick<Short, "of">, limits: Limits): string {
  switch (of) {
    case "machines":
      return `a machine: the hub's transfers have all of its ${limits.machines}`;
    case "dollars-of-day":
      return `dollars: what it needs is more than is left of the hub's $${limits.dollarsPerDay} a day`;
    case "dollars-of-month":
      return `dollars: what it needs is more than is left of the hub's $${limits.dollarsPerMonth} a month`;
    default:
      return of satisfies never;
  }
}

/** Says what people can do about a budget that is used up. */
export const budgetNext = (hub: string): string =>
  `nothing: it goes on by itself when there is some again. To let it go on before, raise the limits of the hub ${hub} in groundcrew.yaml and deploy, or cancel another transfer`;

/** Tells the team, once a day and hub, that transfers wait for dollars. */
export function dollarsUsedUpNotice(
  hub: string,
  { short, limits, now }: { short: Short; limits: Limits; now: Date },
): EventOf<"notice"> {
  const until = dayOf(short.until);
  return {
    v: 1,
    hub,
    key: `budgets/${short.of}/${dayOf(now)}`,
    to: "team",
    subject: "Transfers wait for dollars",
    text: [
      `At least one transfer waits for ${shortText(short, limits)}.`,
      "",
      `It goes on by itself on ${until} (UTC). To let it go on before, raise limits.dollarsPerDay or limits.dollarsPerMonth of the hub ${hub} in groundcrew.yaml and deploy. Which ones wait is on the console's page Transfers.`,
    ].join("\n"),
  };
}

/** Gives the title of a run that looked at it. */
export function titleOf({ id, state, said, lists = [], short, waits }: TransferState): string {
  if (state !== "running") return `transfer ${id} ${said}`;
  if (waits !== undefined) return `transfer ${id} ${waitsText(waits)}`;
  const done = lists.filter((list) => list.state === "done").length;
  const lacks = short === undefined ? "" : `; ${lackText(short)}`;
  return `transfer ${id}: ${done} of ${lists.length} lists copied, going on${lacks}`;
}
