// Decides where a machine is asked for next: place after place until one has room, then another round a while later; and says what
// a transfer is short of meanwhile. Pure.
import { type Placement, typesOf } from "../../shared/compute/placement.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";

type MachineSettings = TransferSettings["machine"];
type Short = NonNullable<TransferState["short"]>;
type Standing = Pick<TransferState, "short" | "takenAway">;

/** Waits before a full round of places is tried again. */
export const roundSeconds = 300;
/** Machines that Google took away within so many minutes, after which Spot ones are no way to get on. */
const often = { machines: 5, minutes: 30 };
/** Minutes without room for a Spot machine after which a standard one is asked for, where that is approved. */
const longMinutes = 60;

/** Names a place in a shard's list of full ones. */
export const placementName = ({ zone, type, standard }: Placement): string =>
  `${type}/${zone}${standard === true ? "/standard" : ""}`;

/**
 * Lists the places of a round in order: each type in every zone before the next type; each shard and attempt begins with another
 * zone. Standard machines are among them only where the settings approve them.
 */
export function placementsFor(
  { n, attempt }: Pick<Shard, "n" | "attempt">,
  transfer: Standing,
  machine: MachineSettings,
  now: Date,
): Placement[] {
  const { standard, type: first } = machine;
  const turn = (n + attempt) % machine.zones.length;
  const zones = [...machine.zones.slice(turn), ...machine.zones.slice(0, turn)];
  const spot = typesOf(machine).flatMap(({ type }) => zones.map((zone): Placement => ({ zone, type })));
  if (standard === undefined) return spot;
  const lasting = zones.map((zone): Placement => ({ zone, type: first, standard: true }));
  if (isTakenAwayOften(transfer, now)) return lasting;
  return isLongShort(transfer, now) ? [...spot, ...lasting] : spot;
}

/** Chooses the first place of a round that was not found full. */
export const nextPlacement = (places: readonly Placement[], full: readonly string[]): Placement =>
  places.find((place) => !full.includes(placementName(place))) ?? places[0] ?? { zone: "", type: "" };

/** Lets a shard whose place had no room try the next one, or, when all are full, another round a while later. */
export function noRoom(shard: Shard, place: Placement, places: readonly Placement[], now: Date): Shard {
  const full = [...new Set([...shard.full, placementName(place)])];
  if (places.every((one) => full.includes(placementName(one)))) return nextRound(shard, now);
  return { ...unplaced(shard), state: "waiting", full };
}

/** Lets a shard wait for another round. */
export const nextRound = (shard: Shard, now: Date): Shard => ({
  ...unplaced(shard),
  state: "waiting",
  full: [],
  round: shard.round + 1,
  notBefore: new Date(now.getTime() + roundSeconds * 1000).toISOString(),
});

/** A shard without the machine that was asked for. */
export const unplaced = ({
  zone: _,
  type: __,
  standard: ___,
  since: ____,
  missed: _____,
  ...rest
}: Shard): Omit<Shard, "zone" | "type" | "standard" | "since" | "missed"> => rest;

/** Notes what is short, and since when. */
export const shortOf = (before: Short | undefined, of: Short["of"], now: Date): Short =>
  before?.of === of ? before : { of, since: now.toISOString() };

/** Notes that a machine was taken away: the last few times are enough to tell whether it happens often. */
export const takenAwayAgain = (before: readonly string[] = [], now: Date): string[] =>
  [...before, now.toISOString()].slice(-often.machines);

/** Tells whether Google takes machines away again and again. */
export function isTakenAwayOften({ takenAway = [] }: Pick<TransferState, "takenAway">, now: Date): boolean {
  const since = now.getTime() - often.minutes * 60_000;
  return takenAway.filter((time) => Date.parse(time) > since).length >= often.machines;
}

const isLongShort = ({ short }: Pick<TransferState, "short">, now: Date): boolean =>
  short?.of === "room" && now.getTime() - Date.parse(short.since) >= longMinutes * 60_000;
