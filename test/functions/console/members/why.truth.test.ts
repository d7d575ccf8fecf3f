// Tests of answers that were once untrue: what a run of sync-members leaves is asked about, and the answer is held against the world.
import { expect, test } from "@jest/globals";
import type { InvitationOutcome } from "../../../../shared/members/invitations.ts";
import type { MembersState } from "../../../../shared/members/records.ts";
import {
  account,
  ago,
  github,
  idOf,
  inputOf,
  now,
  row,
  stateAfter,
  state as stateOf,
} from "../../sync-members/facts-harness.ts";
import { answerTo } from "./looked.ts";

const ask = (state: MembersState, who: string, mode: "plan" | "apply" = "apply") =>
  answerTo(who, { state, mode });

const known = (outcome: InvitationOutcome, more: object = {}) =>
  stateOf({
    known: {
      ada: { id: idOf("ada"), invitations: 1, invitedAt: ago(3), outcome, outcomeAt: ago(2), ...more },
    },
  });

test("renamed", () => {
  const state = stateAfter(
    inputOf({
      rows: [row("ada")],
      github: (() => {
        const teams = github({ "full-access": ["ada"] });
        for (const one of teams.teams["full-access"]?.members ?? []) one.login = "ada-new";
        return teams;
      })(),
      state: known("accepted"),
    }),
  );
  for (const who of ["ada", "ada-new"]) {
    const answer = ask(state, who);
    expect(answer.sentence).toContain("ada-new");
    expect(answer.paste).toContain("ada-new");
  }
});

test.each<[InvitationOutcome, RegExp]>([
  ["no-seat", /seat/],
  ["organisation", /organisation/],
  ["blocked", /block/],
  ["withdrawn", /took it back/],
  ["refused", /refused/],
  ["declined", /declined/],
  ["left", /left/],
])("%s", (outcome, words) => {
  const nobodyLetIn = { what: "nobody", why: "the organisation has no free seat", next: "add a seat" };
  const before = known(outcome);
  const state = stateAfter(inputOf({ rows: [row("ada")], state: before }));
  const { sentence } = ask(
    outcome === "no-seat" ? { ...state, nobodyLetIn, nobodyLetInCause: "no-seat" } : state,
    "ada",
  );
  expect(sentence).toMatch(words);
  expect(sentence).not.toContain("lapsed");
});

test("not yet synced", () => {
  const { sentence } = ask(stateAfter(inputOf({ rows: [] })), "ada");
  expect(sentence).toContain(now.toISOString().slice(11, 16));
});

test("invited by hand, in no row", () => {
  const state = stateAfter(
    inputOf({ rows: [], github: github({}, { pending: [{ login: "ada", teams: ["full-access"] }] }) }),
  );
  expect(ask(state, "ada").finding).toBe("invited");
});

test("an owner in a team, in no row", () => {
  const state = stateAfter(
    inputOf({ rows: [], github: github({ "full-access": ["ada"] }, { owners: ["ada"] }) }),
  );
  expect(ask(state, "ada").finding).toBe("not-in-sheet");
});

test("who has left the sheet, while the grace lasts", () => {
  const state = stateAfter(
    inputOf({ rows: [], github: github({ "full-access": ["ada"] }), state: known("accepted") }),
  );
  expect(ask(state, "ada").finding).toBe("not-in-sheet");
});

test("run out, and in the team still", () => {
  const state = stateAfter(
    inputOf({
      rows: [row("ada", "Research", { expires: "2026-11-01" })],
      github: github({ "full-access": ["ada"] }),
      state: known("accepted"),
    }),
  );
  expect(ask(state, "ada").sentence).toMatch(/still in the team/);
});

test("in another tier's team", () => {
  const state = stateAfter(
    inputOf({ rows: [row("ada")], github: github({ "base-access": ["ada"] }), state: known("accepted") }),
  );
  expect(ask(state, "ada").sentence).toContain("base-access");
});

test("an organisation's account", () => {
  const state = stateAfter(
    inputOf({ rows: [row("ada")], accounts: new Map([["ada", account("ada", { type: "Organization" })]]) }),
  );
  expect(ask(state, "ada").sentence).toContain("organisation");
});

test("by name", () => {
  const state = stateAfter(inputOf({ rows: [row("ada", "Research", { name: "Áda North" })] }));
  expect(ask(state, "ada  north").finding).toBe("to-invite");
});
