// Functions that have not succeeded for twice their time.
import { expect, test } from "@jest/globals";
import { due, noIncidents, openIn, saw, succeeded, toTell } from "../../../shared/flow/incidents.ts";
import { overdue } from "../../../shared/flow/overdue.ts";
import { sightOf } from "./incident-samples.ts";

const start = Date.parse("2026-11-21T08:00:00.000Z");
const at = (minutes: number) => new Date(start + minutes * 60_000);
const row = { worker: "bump-image", flow: "bump-image", schedule: "release-poll", everyMinutes: 60 };
const keys = (state: typeof noIncidents) => openIn(state).map(({ key }) => key);

test("after twice its time and what is not written down, whether it ever succeeded or not", () => {
  const early = overdue(overdue(noIncidents, [row], at(0)), [row], at(129));
  expect(keys(early)).toEqual([]);
  const late = overdue(early, [row], at(130));
  expect(keys(late)).toEqual(["bump-image/overdue-release-poll"]);
  expect(toTell(due(late, at(190)), at(190)).map(({ incident }) => incident.told)).toEqual([1]);
  const run = { worker: "bump-image", needs: [], began: at(140), everyMinutes: 60 };
  const well = succeeded(late, run, at(140));
  expect([keys(well), well.good["bump-image"]]).toEqual([[], at(140).toISOString()]);
});

test("what is in trouble already is not listed twice", () => {
  const begun = overdue(noIncidents, [row], at(0));
  const troubled = saw(begun, sightOf({ worker: "bump-image", flow: "bump-image" }), at(10));
  expect(keys(overdue(troubled, [row], at(500)))).toEqual(["bump-image/github-suspended"]);
});

test("another function's trouble hides nothing", () => {
  const troubled = saw(overdue(noIncidents, [row], at(0)), sightOf(), at(10));
  expect(keys(overdue(troubled, [row], at(500)))).toEqual([
    "sync-members/github-suspended",
    "bump-image/overdue-release-poll",
  ]);
});
