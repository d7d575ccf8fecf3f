// Passing failures that nothing meets any more.
import { expect, test } from "@jest/globals";
import { noIncidents, openIn, type Sight, saw } from "../../../shared/flow/incidents.ts";
import { awaitedBy, withoutUnseen } from "../../../shared/flow/unseen.ts";
import { sightOf } from "./incident-samples.ts";

const start = Date.parse("2026-11-21T08:00:00.000Z");
const at = (minutes: number) => new Date(start + minutes * 60_000);
const passing = (more: Partial<Sight> = {}) => sightOf({ kind: "failed", lasting: false, ...more });
const met = (more: Partial<Sight> = {}) => saw(noIncidents, passing(more), at(0));
/** Both services that it needs were never left alone. */
const never = new Map([
  ["sheets", new Date(0)],
  ["github", new Date(0)],
]);
const isOver = (state: typeof noIncidents, leftAlone: ReadonlyMap<string, Date>, minutes: number) =>
  openIn(withoutUnseen(state, leftAlone, at(minutes))).length === 0;

test.each<[string, Partial<Sight>, number, boolean]>([
  ["failed, 44 minutes ago", {}, 44, false],
  ["failed, 45 minutes ago", {}, 45, true],
  ["failed, of no service", { service: undefined, needs: [] }, 45, true],
  ["left alone", { kind: "blocked" }, 45, true],
  ["blocked by what no service said", { kind: "blocked", service: undefined }, 600, false],
  ["on hold", { kind: "held" }, 600, false],
  ["refused", { kind: "refused" }, 600, false],
  ["overdue", { kind: "overdue" }, 600, false],
  ["for a person to mend", { lasting: true }, 600, false],
  ["with an event under Undelivered", { waits: true }, 600, false],
])("%s: over, or not", (_, more, minutes, over) => {
  expect(isOver(met(more), never, minutes)).toBe(over);
});

test("seen again: its time begins anew", () => {
  const twice = saw(met(), passing(), at(20));
  expect([isOver(twice, never, 64), isOver(twice, never, 65)]).toEqual([false, true]);
});

test.each(["sheets", "github"])("%s was left alone until lately: what waits for it comes yet", (service) => {
  const leftAlone = new Map([...never, [service, at(600)]]);
  expect([isOver(met(), leftAlone, 644), isOver(met(), leftAlone, 645)]).toEqual([false, true]);
});

test("a service that was not looked up may be left alone", () => {
  expect([...awaitedBy(met(), at(44))]).toEqual([]);
  expect([...awaitedBy(met({ needs: ["sheets"] }), at(45))]).toEqual(["sheets", "github"]);
  expect(isOver(met(), new Map([["github", new Date(0)]]), 600)).toBe(false);
});
