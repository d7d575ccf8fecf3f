// Places where a machine is asked for next, by table: types, zones and standard machines in their order, round after round.
import { describe, expect, test } from "@jest/globals";
import {
  isTakenAwayOften,
  nextPlacement,
  nextRound,
  noRoom,
  placementName,
  placementsFor,
  shortOf,
  takenAwayAgain,
} from "../../../functions/run-transfer/room.ts";
import type { TransferSettings } from "../../../shared/settings.ts";
import type { TransferState } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { shard } from "./samples.ts";

const now = new Date("2026-11-21T10:00:00Z");
const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();
const { machine: sample } = sampleTransfers();
const machine: TransferSettings["machine"] = {
  ...sample,
  zones: ["us-central1-a", "us-central1-b"],
  otherTypes: [{ type: "n2-standard-8", vcpus: 8, memoryGB: 32, dollarsPerHour: 0.1 }],
};
const approved = { ...machine, standard: { dollarsPerHour: 0.27 } };

const names = (
  of: TransferSettings["machine"],
  transfer: Pick<TransferState, "short" | "takenAway"> = {},
  at: { n: number; attempt: number } = { n: 1, attempt: 1 },
): string[] => placementsFor(at, transfer, of, now).map(placementName);

const spot = [
  "e2-standard-8/us-central1-a",
  "e2-standard-8/us-central1-b",
  "n2-standard-8/us-central1-a",
  "n2-standard-8/us-central1-b",
];
const standard = ["e2-standard-8/us-central1-a/standard", "e2-standard-8/us-central1-b/standard"];
const fiveTimes = { takenAway: [29, 20, 10, 5, 0].map(ago) };

describe("the places of a round", () => {
  test("are each type in every zone; another shard or attempt begins with another zone", () => {
    expect(names(machine)).toEqual(spot);
    expect(names(machine, {}, { n: 1, attempt: 2 })).toEqual([
      "e2-standard-8/us-central1-b",
      "e2-standard-8/us-central1-a",
      "n2-standard-8/us-central1-b",
      "n2-standard-8/us-central1-a",
    ]);
  });

  test.each<[string, Pick<TransferState, "short" | "takenAway">, string[]]>([
    ["nothing has gone wrong", {}, spot],
    ["four machines were taken away in half an hour", { takenAway: fiveTimes.takenAway.slice(1) }, spot],
    ["five were", fiveTimes, standard],
    ["five were, the first half an hour ago", { takenAway: [30, 20, 10, 5, 0].map(ago) }, spot],
    ["there has been no room for 59 minutes", { short: { of: "room", since: ago(59) } }, spot],
    ["there has been none for an hour", { short: { of: "room", since: ago(60) } }, [...spot, ...standard]],
    ["a quota has been used up for an hour", { short: { of: "quota", since: ago(60) } }, spot],
  ])("where standard machines are approved, and %s", (_, transfer, places) => {
    expect(names(approved, transfer)).toEqual(places);
    expect(names(machine, transfer)).toEqual(spot);
  });
});

test("a full place is not asked again until all have been; then another round begins, five minutes later", () => {
  const places = placementsFor({ n: 1, attempt: 1 }, {}, machine, now);
  let one = shard({ n: 1 });
  const asked: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const place = nextPlacement(places, one.full);
    asked.push(placementName(place));
    one = noRoom({ ...one, state: "starting", ...place, since: ago(0) }, place, places, now);
  }
  expect(asked).toEqual(spot);
  expect(nextPlacement(places, spot)).toEqual(places[0]);
  expect(one).toEqual(shard({ n: 1, round: 1, notBefore: "2026-11-21T10:05:00.000Z" }));
});

test("what was found full of places that are none any more ends no round", () => {
  const [first, second] = placementsFor({ n: 1, attempt: 1 }, fiveTimes, approved, now);
  if (first === undefined || second === undefined) throw new Error("there are two zones");
  const before = shard({ n: 1, full: spot });
  expect(nextPlacement([first, second], before.full)).toEqual(first);
  const after = noRoom(before, first, [first, second], now);
  expect([after.round, after.full]).toEqual([0, [...spot, standard[0]]]);
});

test("a round that is over leaves nothing of the machine that was asked for", () => {
  const asked = shard({
    state: "starting",
    zone: "z",
    type: "t",
    standard: true,
    since: ago(1),
    missed: ago(1),
  });
  expect(nextRound({ ...asked, full: ["t/z"] }, now)).toEqual(
    shard({ round: 1, notBefore: "2026-11-21T10:05:00.000Z" }),
  );
});

test("what is short is short since the first round that found it so", () => {
  const room = shortOf(undefined, "room", now);
  expect(room).toEqual({ of: "room", since: "2026-11-21T10:00:00.000Z" });
  const later = new Date("2026-11-21T11:00:00Z");
  expect(shortOf(room, "room", later)).toBe(room);
  expect(shortOf(room, "quota", later)).toEqual({ of: "quota", since: "2026-11-21T11:00:00.000Z" });
});

test("the last five machines that were taken away are remembered", () => {
  const times = [9, 8, 7, 6, 5, 4].reduce<string[]>(
    (before, minutes) => takenAwayAgain(before, new Date(ago(minutes))),
    [],
  );
  expect(times).toEqual([8, 7, 6, 5, 4].map(ago));
  expect([isTakenAwayOften({ takenAway: times }, now), isTakenAwayOften({}, now)]).toEqual([true, false]);
});
