// Property of every state that a run can leave: what is said of somebody is so. What is promised is held against what the next run would
// decide.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../../../functions/sync-members/decide.ts";
import { statusWords } from "../../../../functions/sync-members/status-table.ts";
import type { Finding, WhyAnswer } from "../../../../shared/members/answers.ts";
import { findingLooks } from "../../../../shared/members/findings.ts";
import type { InvitationOutcome } from "../../../../shared/members/invitations.ts";
import type { MembersState } from "../../../../shared/members/records.ts";
import { answersTo } from "../../../../shared/members/who-answers.ts";
import { now } from "../../sync-members/facts-harness.ts";
import { type Case, caseOf, factsOf, runOver, type World } from "./why-property-harness.ts";

const inside: readonly Finding[] = ["in-team", "not-in-sheet", "renamed", "other-team", "outage"];
/** Findings that say what GitHub said last, and the outcomes that are so. */
const byOutcome: Partial<Record<Finding, readonly (InvitationOutcome | undefined)[]>> = {
  lapsed: ["lapsed"],
  declined: ["declined"],
  withdrawn: ["withdrawn"],
  left: ["left"],
  blocked: ["blocked"],
  refused: ["refused"],
  "no-second-factor": ["refused"],
  "no-seat": ["no-seat", undefined, "accepted"],
  organisation: ["organisation", undefined, "accepted"],
  "unknown-end": ["unknown", undefined],
};

function holdsAgainst(one: Case, world: World, state: MembersState, answer: WhyAnswer): void {
  const { finding, need, sentence, next } = answer;
  const isIn = world.in.size > 0;
  const isInvited = !isIn && (world.invited !== undefined || world.byMail);
  if (isIn) {
    expect(inside).toContain(finding);
    expect(sentence).not.toMatch(/no team|not let in|not invited|nor in/);
    expect(need).toBe(finding === "outage" ? "to-wait" : "fine");
    const [, team] = /[Ii]n the team ([\w-]+-access)/.exec(sentence) ?? [];
    if (finding === "renamed") expect(sentence).toContain(world.login);
    else expect([...world.in]).toContain(team);
  } else {
    expect(inside.filter((each) => each !== "outage")).not.toContain(finding);
    expect(need).not.toBe("fine");
    expect([finding === "invited", need === "to-accept"]).toEqual([isInvited, isInvited]);
  }
  if (one.row === "none")
    expect(sentence).toMatch(/not in the sheet|Not in the sheet|Was in the sheet|in no row/);
  else expect(sentence).not.toMatch(/[Nn]ot in the sheet/);
  const outcome = Object.hasOwn(state.known, "ada") ? state.known["ada"]?.outcome : undefined;
  const allowed = byOutcome[finding];
  if (allowed !== undefined) expect(allowed).toContain(outcome);
  const isUsable = one.row === "good" && world.login === "ada";
  if (
    !isIn &&
    !isInvited &&
    isUsable &&
    one.hold === "no" &&
    outcome !== undefined &&
    outcome !== "accepted"
  ) {
    // Nothing else keeps them out, so the answer is what became of it.
    expect(allowed).toBeDefined();
  }
  const isNew = outcome === undefined || outcome === "accepted";
  if (
    !isIn &&
    !isInvited &&
    isUsable &&
    one.hold === "no" &&
    isNew &&
    state.nobodyLetIn !== undefined &&
    !one.failed
  )
    expect(["no-seat", "organisation", "unknown-end"]).toContain(finding);
  if (/next run|by itself/.test(next)) expectPromise(one, world, state, next);
}

/** The run that the answer promises lets them in. */
function expectPromise(one: Case, world: World, state: MembersState, next: string): void {
  expect([one.mode, one.trouble === "stuck", state.nobodyLetIn]).toEqual(["apply", false, undefined]);
  const [day] = /\d{4}-\d\d-\d\d/.exec(next) ?? [];
  const at = day === undefined ? new Date(now.getTime() + 60_000) : new Date(`${day}T23:59:00.000Z`);
  const { plan, deferred } = decide(factsOf(one, world, state, at));
  expect([...plan.actions, ...deferred].some(({ do: does }) => does === "invite" || does === "add")).toBe(
    true,
  );
}

function worldOf(one: Case): World {
  const isThere = one.in.length > 0 || one.invited !== undefined;
  return {
    in: new Set(one.in),
    invited: one.in.length > 0 ? undefined : one.invited,
    byMail: one.byMail && one.in.length === 0,
    login: one.isRenamed && one.known !== undefined && isThere ? "ada-new" : "ada",
  };
}

test("whatever a run has left, what is said of a person is so, by whatever name they are asked for", async () => {
  await fc.assert(
    fc.asyncProperty(caseOf, async (one) => {
      const world = worldOf(one);
      const { state, looked } = await runOver(one, world);
      const isListed = one.row !== "none";
      // Holds by whatever login the account has now.
      if (isListed && looked.held.size > 0) expect(state.people[0]?.status).toBe("held");
      const stays = world.in.size > 0 || world.invited !== undefined;
      const asked = [
        "ada",
        ...(isListed ? ["ada@example.org", "North, Ada"] : []),
        ...(stays ? [world.login] : []),
      ];
      const answers = asked.map((who) => answersTo(who, looked));
      for (const found of answers) {
        expect(found).toHaveLength(1);
        // Of an invitation to an address in no row nobody knows whose it is.
        const [answer] = found;
        if (answer !== undefined)
          holdsAgainst(one, isListed ? world : { ...world, byMail: false }, state, answer);
      }
      if (isListed) expect(new Set(answers.map(([answer]) => answer?.finding)).size).toBe(1);
    }),
    { numRuns: 2000 },
  );
});

test("the status sheet says of a row what is said to whoever asks about it", async () => {
  const property = fc.asyncProperty(caseOf, async (one) => {
    const { state, looked } = await runOver({ ...one, mode: "apply", trouble: "no" }, worldOf(one));
    const { rows } = statusWords({ hub: looked.hub, found: state, held: looked.held }).tableAt(now);
    const lines = rows.slice(4).filter(([row]) => row !== "");
    for (const [row, login, word, until, , sentence] of lines) {
      const [answer] = answersTo(String(login), { ...looked, fullHomes: undefined });
      expect([row, word]).toEqual([2, answer && findingLooks[answer.finding].word]);
      expect(until !== "").toBe(answer?.finding === "invited" && state.known["ada"]?.outcome === "taken");
      if (sentence !== "") expect(sentence).toContain(answer?.sentence);
      else expect(answer?.finding).toBe("in-team");
    }
    expect(lines).toHaveLength(one.row === "none" ? 0 : 1);
  });
  await fc.assert(property, { numRuns: 150 });
});
