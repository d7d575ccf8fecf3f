// Outcome of each person's invitation: what a look at GitHub makes of it, what a refusal is kept as, and how a run ends.
import { expect, test } from "@jest/globals";
import { endOf } from "../../../functions/sync-members/end.ts";
import {
  became,
  isEnded,
  outcomeOfRefusal,
  type Standing,
} from "../../../functions/sync-members/outcomes.ts";
import type { InvitationOutcome } from "../../../shared/members/invitations.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { ago, now, state } from "./facts-harness.ts";

type Known = MembersState["known"][string];
const taken = (days: number): Known => ({
  invitations: 1,
  invitedAt: ago(days),
  outcome: "taken",
  outcomeAt: ago(days),
});
const nowhere: Standing = { teams: new Set(), isWanted: true };
const inTeam = { teams: new Set(["full-access"]) };

test.each<[string, Known, Partial<Standing>, InvitationOutcome | undefined, number]>([
  ["in a team", taken(2), inTeam, "accepted", 0],
  ["in a team, and never asked", { invitations: 0 }, inTeam, "accepted", 0],
  ["in a team at last, after two that lapsed", { ...taken(2), ended: 2 }, inTeam, "accepted", 0],
  ["invited still", taken(2), { invitedAt: ago(2) }, "taken", 0],
  ["invited still, another listed as failed", taken(2), { invitedAt: ago(2), failedAt: ago(1) }, "taken", 0],
  ["listed as failed", taken(8), { failedAt: ago(1) }, "lapsed", 1],
  ["listed as failed for the one before, and gone", taken(2), { failedAt: ago(9) }, "declined", 0],
  ["gone before its seven days were over", taken(6), {}, "declined", 0],
  ["gone to the hour at which GitHub may let it lapse", taken(7 - 1 / 24), {}, "unknown", 1],
  ["gone a minute before that", taken(7 - 61 / 60 / 24), {}, "declined", 0],
  ["gone after that, listed nowhere", taken(8), {}, "unknown", 1],
  ["of the organisation, out of the team", taken(2), { isMember: true }, "accepted", 0],
  [
    "once in, gone from the organisation",
    { ...taken(9), outcome: "accepted" },
    { isMember: false },
    "left",
    0,
  ],
  ["once in, not asked about", { ...taken(9), outcome: "accepted" }, {}, "accepted", 0],
  ["once in, and wanted no more", { ...taken(9), outcome: "accepted" }, { isWanted: false }, "withdrawn", 0],
  ["withdrawn by us", { ...taken(9), outcome: "withdrawn" }, {}, "withdrawn", 0],
  [
    "shown again after a list that was late",
    { ...taken(2), outcome: "declined" },
    { invitedAt: ago(2) },
    "taken",
    0,
  ],
  ["never asked", { invitations: 0 }, {}, undefined, 0],
])("%s", (_, known, is, outcome, ended) => {
  const found = became(known, { ...nowhere, ...is }, now);
  expect([found.outcome, found.ended ?? 0, found.invitations]).toEqual([outcome, ended, known.invitations]);
});

test("since when an outcome stands is since it was first so", () => {
  const before = { ...taken(9), outcome: "accepted" as const };
  expect(became(before, { ...nowhere, ...inTeam }, now)).toEqual(before);
  expect(became(taken(9), { ...nowhere, ...inTeam }, now).outcomeAt).toBe(now.toISOString());
});

test.each<[Known | undefined, boolean]>([
  [undefined, false],
  [{ invitations: 0 }, false],
  [{ invitations: 1 }, true],
  [{ ...taken(2), outcome: "declined" }, true],
  [{ ...taken(2), outcome: "accepted" }, false],
])("%j was asked, and it came to nothing: %s", (known, is) => {
  expect(isEnded(known)).toBe(is);
});

test("what an older version counted as sent is not forgotten when the next one ends", () => {
  const third = became({ invitations: 3, invitedAt: ago(8) }, { ...nowhere, invitedAt: ago(8) }, now);
  expect(became(third, { ...nowhere, failedAt: ago(1) }, now)).toMatchObject({ outcome: "lapsed", ended: 3 });
});

test.each([
  ["no-seat", "organisation", "no-seat"],
  ["may-not-invite", "organisation", "organisation"],
  ["blocked", "person", "blocked"],
  ["no-second-factor", "person", "refused"],
  ["refused-person", "person", "refused"],
] as const)("a refusal for %s of the %s is kept as %s", (cause, concerns, outcome) => {
  const explanation = { what: "", why: "", next: "" };
  const failure = { service: "github", cause, lasts: "lasting", explanation } as const;
  expect(outcomeOfRefusal({ refused: "", concerns, failure })).toBe(outcome);
});

test("a state that says nothing of access that is left ends well", () => {
  const ended = endOf(state(), { waits: false, isNew: false });
  expect(ended).toMatchObject({ outcome: "done", beside: [] });
});
