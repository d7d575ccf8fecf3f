// Words on how a transfer stands: on the console, in the command line, in mails and in its runs alike.
import { keysOf } from "../closed.ts";
import type { Cost } from "../flow/plan.ts";
import { sizeWord } from "../sizes.ts";
import { type Dollars, type Figures, totalOf } from "./figures.ts";
import type { TransferReceipt } from "./receipt-records.ts";
import type { LeftBehind, TransferState } from "./records.ts";

/** Writes a time for people. */
export const timeText = (at: string): string => `${at.slice(0, 16).replace("T", " at ")} UTC`;

type Waits = NonNullable<TransferState["waits"]>;

/** Says what it waits for, and since when. */
export const waitsFor = ({ for: what, since }: Pick<Waits, "for" | "since">): string =>
  `${what}, since ${timeText(since)}`;

/** Says what it waits for, since when and until when. */
export const waitsText = (waits: Waits): string =>
  `waits for ${waitsFor(waits)}; ${waits.ends === true ? "it is not begun any more after" : "it is looked at again on"} ${timeText(waits.until)}`;

/** Says what a transfer is short of that has a machine, and could have more. */
export const lackText = ({ of, since }: NonNullable<TransferState["short"]>): string =>
  `${of === "room" ? "no zone has had room for another machine" : "the project's quota has had no other machine"} since ${timeText(since)}`;

/** Writes dollars; of less than one, four digits of it. */
export const dollarsText = (dollars: number): string => `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;

const counted = (count: number): string => count.toLocaleString("en");

/** Writes a range of hours: of less than one, minutes. */
export function hoursText([best, worst]: Figures["hours"]): string {
  if (worst >= 1) return `${best.toFixed(1)} to ${worst.toFixed(1)} hours`;
  const [from, to] = [Math.round(best * 60), Math.ceil(worst * 60)];
  if (to <= 1) return "at most a minute";
  return from === to ? `${to} minutes` : `${from} to ${to} minutes`;
}

const kinds: Record<keyof Dollars, string> = {
  egress: "egress",
  retrieval: "retrieval",
  operations: "requests",
  machines: "machines",
};

/** Says which dollars were taken by what; what took none is left out. */
export function dollarsForText(dollars: Dollars): string {
  const parts = keysOf(kinds).flatMap((kind) =>
    dollars[kind] === 0 ? [] : [`${kinds[kind]} ${dollarsText(dollars[kind])}`],
  );
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** Says what a plan would do and cost, line by line. */
export function figuresLines(figures: Figures): string[] {
  const { objects, bytes, already, compared, differ, notCarried, earlier, machines } = figures;
  const counts: [number, string][] = [
    [already, "there already"],
    [compared, "of the same size there, to be compared by reading"],
    [differ, "of another content there, left alone"],
    [notCarried, "of a name that cannot be copied"],
  ];
  return [
    [
      `${objectsText(objects)} (${sizeWord(bytes)}) to copy`,
      ...counts.flatMap(([count, what]) => (count === 0 ? [] : [`${counted(count)} ${what}`])),
    ].join(", "),
    `At most ${dollarsText(totalOf(figures.dollars))} by prices of ${figures.pricesOf}: ${dollarsForText(figures.dollars)}`,
    `${hoursText(figures.hours)} with ${machines} ${machines === 1 ? "machine" : "machines"}, and ${counted(figures.requests)} requests to the stores${
      earlier === 0
        ? ""
        : `; by ${earlier} earlier ${earlier === 1 ? "transfer" : "transfers"} between these remotes`
    }`,
    ...figures.notes,
  ];
}

/** Says what carrying a plan out costs; of one of before that is two numbers. */
export function costLines(cost: Cost | undefined): string[] {
  if (cost === undefined) return [];
  if (cost.figures !== undefined) return figuresLines(cost.figures);
  return [`At most ${dollarsText(cost.dollars)}, in at most ${cost.hours.toFixed(1)} hours`];
}

/** Writes a number of objects. */
export const objectsText = (count: number): string =>
  `${count.toLocaleString("en")} object${count === 1 ? "" : "s"}`;

/** Says how many objects have the same content at both ends, by what proves it, and of how many nothing does. */
export function proofText({ md5, asked = 0, read = 0, size }: TransferReceipt["verified"]): string {
  const kinds: [number, string][] = [
    [asked, "by a sum that a store was asked for"],
    [read, "by reading back"],
    [size, "not proved"],
  ];
  return [
    `${objectsText(md5)} proved by the sums of both stores`,
    ...kinds.flatMap(([count, how]) => (count === 0 ? [] : [`${count.toLocaleString("en")} ${how}`])),
  ].join(", ");
}

/** Says how many objects have something that a copy leaves behind. */
export function leftBehindOf(
  { objects }: Pick<LeftBehind["kinds"][number], "objects">,
  looked: number,
): string {
  const of = looked > objects ? ` of ${looked.toLocaleString("en")} that were looked at` : "";
  return `${objectsText(objects)}${of} ${objects === 1 ? "has" : "have"} one`;
}

/** Says all that a copy leaves behind, and names no object: it goes to people who may not see them. */
export const leftBehindText = ({ kinds, looked }: LeftBehind): string =>
  `Stays behind, beside the bytes: ${kinds.map(({ kind, ...found }) => `${kind}, ${leftBehindOf(found, looked)}`).join("; ")}.`;

/** Says who asked: a name that somebody typed. */
export const askedByText = (by: string): string => `asked for by ${asTypedText(by)}`;

/** Goes on a sentence with who asked, where that is known. */
export const byText = (by: string | undefined): string => (by === undefined ? "" : `, ${askedByText(by)}`);

/** Writes a name that nobody has proved. */
export const asTypedText = (by: string): string => `${by} (as typed, not proved)`;
