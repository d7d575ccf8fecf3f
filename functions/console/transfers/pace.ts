// Pace of a transfer, the time that it still takes, and when it is stopped at the latest; with a picture, which is there after
// its machines are gone.
import { html } from "hono/html";
import { sizeWord } from "../../../shared/sizes.ts";
import type { Progress } from "../../../shared/transfers/progress.ts";
import { hardStopOf, type Point, rateOf } from "../../../shared/transfers/rate.ts";
import { leftText, rateText } from "../../../shared/transfers/rate-words.ts";
import type { TransferState } from "../../../shared/transfers/records.ts";
import { type Html, type View, when } from "../frame/frame.ts";

/** Facts of one that runs; of one that has ended its pace alone. */
export function paceFacts(view: View, transfer: TransferState, progress: Progress): Html {
  const { state, history = [] } = transfer;
  const whole = rateOf(transfer)?.whole;
  const isRunning = state === "running";
  const now = isRunning ? rateText(transfer) : whole && `${sizeWord(whole.bytes)}/s on the whole`;
  const left = isRunning && transfer.waits === undefined ? leftText(transfer, progress) : undefined;
  return html`${now === undefined ? "" : html`<div><dt>Pace</dt><dd>${[now, left].filter((text) => text !== undefined).join(" · ")}${picture(history)}</dd></div>`}${
    isRunning
      ? html`<div><dt>Stopped at the latest</dt><dd>${when(hardStopOf(transfer, view.now).toISOString(), view.now)} <span class="quiet">its machines are deleted then</span></dd></div>`
      : ""
  }`;
}

const size = { width: 600, height: 40 };
/** Fewer points are no picture. */
const fewest = 4;

/** Bytes a second over the time of the transfer, in as many steps as there were looks. */
function picture(history: readonly Point[]): Html | "" {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined || history.length < fewest) return "";
  const rates = history.slice(1).map((point, at) => {
    const before = history[at] ?? point;
    const seconds = (Date.parse(point.at) - Date.parse(before.at)) / 1000;
    return { from: before.at, to: point.at, rate: Math.max(0, point.bytes - before.bytes) / seconds };
  });
  const most = Math.max(...rates.map(({ rate }) => rate));
  if (most === 0) return "";
  const [begin, end] = [Date.parse(first.at), Date.parse(last.at)];
  const x = (at: string): string => ((size.width * (Date.parse(at) - begin)) / (end - begin)).toFixed(1);
  const y = (rate: number): string => (size.height * (1 - rate / most)).toFixed(1);
  const points = rates.map(({ from, to, rate }) => `${x(from)},${y(rate)} ${x(to)},${y(rate)}`).join(" ");
  const says = `Bytes a second from the beginning to the last look, up to ${sizeWord(most)}/s`;
  return html`<svg class="pace" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${says}" preserveAspectRatio="none" height="${size.height}"><polygon points="0,${size.height} ${points} ${size.width},${size.height}"></polygon></svg><span class="quiet">${says}</span>`;
}
