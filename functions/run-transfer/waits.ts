// Says what a transfer with no machine waits for, since when, and what its people are told meanwhile. Pure.
import type { Beside } from "../../shared/delivery/recorder.ts";
import { failureIn, type Service } from "../../shared/failure.ts";
import { thenReplay } from "../../shared/remotes/refusals.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { waitsFor } from "../../shared/transfers/words.ts";
import { isTakenAwayOften, roundSeconds } from "./room.ts";

type Waits = NonNullable<TransferState["waits"]>;
type MachineSettings = TransferSettings["machine"];

/** Services whose refusal is a store's: its own words, or the keys that it is spoken to with. */
const ofStores: readonly Service[] = ["s3", "storage", "secret-manager"];

const later = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

/** A wait for machines that nobody has; undefined while one copies, or where none is wanted. */
export function roomWait(
  { short, shards, waits, stopping }: Pick<TransferState, "short" | "shards" | "waits" | "stopping">,
  machine: MachineSettings,
  now: Date,
): Waits | undefined {
  const wanting = shards.filter(({ state }) => state === "waiting" || state === "starting");
  const runs = shards.some(({ state }) => state === "running");
  if (short === undefined || stopping !== undefined || wanting.length === 0 || runs) return undefined;
  const [until = now.toISOString()] = wanting.flatMap(({ notBefore }) => notBefore ?? []).sort();
  return { ...shortWords[short.of](machine), since: waits?.since ?? short.since, until };
}

const shortWords: Record<
  NonNullable<TransferState["short"]>["of"],
  (machine: MachineSettings) => Pick<Waits, "for" | "next">
> = {
  room: ({ zones, otherTypes, standard }) => ({
    for: `room for a machine, which none of ${zones.join(", ")} has`,
    next: [
      "nothing at first: each zone is asked again every five minutes. For a machine sooner, add zones",
      ...(otherTypes.length === 0 ? [" or types (transfers.machine.otherTypes)"] : []),
      ...(standard === undefined ? [", or approve standard machines (transfers.machine.standard)"] : []),
    ].join(""),
  }),
  quota: () => ({
    for: "the project's quota of machines, which is used up",
    next: "the project's owner asks for a higher quota of processors or addresses in the machines' region (IAM & Admin, Quotas & System Limits); it then goes on by itself",
  }),
};

/** A wait for a store that refuses what it has allowed before, such as by keys that have died; undefined for every other trouble. */
export function storeWait(
  error: unknown,
  { waits }: Pick<TransferState, "waits">,
  now: Date,
): Waits | undefined {
  const failure = failureIn(error);
  if (failure === undefined || failure.lasts === "transient" || !ofStores.includes(failure.service))
    return undefined;
  const { why, next } = failure.explanation;
  return {
    for: `a store: ${why}`,
    next: next.replace(thenReplay, "; it then goes on by itself"),
    ...(failure.lasts === "lasting" ? { lasting: true } : {}),
    refused: true,
    since: waits?.since ?? now.toISOString(),
    until: later(now, roundSeconds),
  };
}

/** Troubles that stand while a transfer goes on, or waits: told at once where only a person helps, else once they have lasted. */
export function besideOf(
  transfer: TransferState,
  { standard }: Pick<MachineSettings, "standard">,
  now: Date,
): Beside[] {
  const { id, waits, state } = transfer;
  if (state !== "running") return [];
  const waiting = waits === undefined ? [] : [besideWait(id, waits)];
  if (standard !== undefined || !isTakenAwayOften(transfer, now)) return waiting;
  return [
    ...waiting,
    {
      cause: "taken-away",
      reason: {
        what: `Google takes the Spot machines of transfer ${id} away again and again`,
        why: "Google needs their room for others at this time",
        next: "nothing: it goes on with new ones, and loses some of the work of each. For machines that stay, at Compute Engine's standard price, set transfers.machine.standard",
      },
      lasting: false,
    },
  ];
}

const besideWait = (id: string, waits: Waits): Beside => ({
  cause: "waits",
  reason: {
    what: `transfer ${id} has no machine`,
    why: `it waits for ${waitsFor(waits)}`,
    next: waits.next ?? "nothing: it goes on by itself",
  },
  lasting: waits.lasting === true,
  ...(waits.told === true ? { told: true } : {}),
});
