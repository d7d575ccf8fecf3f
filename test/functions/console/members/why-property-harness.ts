import fc from "fast-check";
import { act } from "../../../../functions/sync-members/act.ts";
import { announcements } from "../../../../functions/sync-members/announce.ts";
import { decide } from "../../../../functions/sync-members/decide.ts";
import { type Account, type MemberAction, nothingDone } from "../../../../functions/sync-members/facts.ts";
import { loginsToLookUp } from "../../../../functions/sync-members/names.ts";
import { after, before } from "../../../../functions/sync-members/state.ts";
import { planOf } from "../../../../shared/flow/plan.ts";
import type { Refused, TeamWrites } from "../../../../shared/github/team-writes.ts";
import { InvitationOutcome } from "../../../../shared/members/invitations.ts";
import { MembersState } from "../../../../shared/members/records.ts";
import type { Looked } from "../../../../shared/members/who-answers.ts";
import type { MemberRow } from "../../../../shared/sheets/row.ts";
import {
  account,
  ago,
  github,
  hub,
  idOf,
  inputOf,
  now,
  row,
  seenOf,
  state as stateWith,
  unasked,
} from "../../sync-members/facts-harness.ts";
import { lookedAt } from "./looked.ts";

const teams = ["base-access", "full-access"] as const;
type Team = (typeof teams)[number];

/** GitHub, as far as one person goes. */
export type World = { in: Set<string>; invited: Team[] | undefined; byMail: boolean; login: string };

const refusals = {
  "no-seat": "organisation",
  "may-not-invite": "organisation",
  blocked: "person",
  "no-second-factor": "person",
  "refused-person": "person",
} as const;

const oneOf = <K extends string>(weights: Record<K, number>): fc.Arbitrary<K> =>
  fc.oneof(
    ...(Object.keys(weights) as K[]).map((value) => ({
      weight: weights[value],
      arbitrary: fc.constant(value),
    })),
  );
const oneIn = (many: number): fc.Arbitrary<boolean> => fc.nat(many - 1).map((number) => number === 0);

export const caseOf = fc.record({
  row: oneOf({ good: 6, none: 2, "run out": 3, "nobody's": 1, "an organisation's": 1, "another's": 1 }),
  in: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray([...teams]) }),
  invited: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<Team[]>(["full-access"], ["base-access"], []) },
  ),
  byMail: oneIn(6),
  failed: fc.boolean(),
  isMember: fc.boolean(),
  isRenamed: fc.boolean(),
  isOwner: fc.boolean(),
  known: fc.option(
    fc.record({
      outcome: fc.option(fc.constantFrom(...InvitationOutcome.options), { nil: undefined }),
      days: fc.constantFrom(0, 3, 6, 8, 30),
      ended: fc.constantFrom(0, 1, 3),
      how: fc.constantFrom("given", "given", "given", "by-hand", "before"),
    }),
    { nil: undefined },
  ),
  answer: fc.constantFrom(
    "yes",
    "over-limit",
    "over-limit",
    ...(Object.keys(refusals) as (keyof typeof refusals)[]),
  ),
  hold: fc.constantFrom("no", "no", "no", "asked", "rejected"),
  mode: fc.constantFrom("apply", "apply", "apply", "plan", "off"),
  trouble: fc.constantFrom("no", "no", "stuck", "outage"),
  nobodyBefore: oneIn(4),
});
export type Case = typeof caseOf extends fc.Arbitrary<infer T> ? T : never;

const rowOf = ({ row: kind }: Case): MemberRow | undefined => {
  if (kind === "none") return undefined;
  return row("ada", "Research", {
    name: "Ada North",
    ...(kind === "run out" ? { expires: "2026-11-20" } : {}),
  });
};

/** Gives what GitHub shows of the world, at a time. */
export function factsOf(one: Case, world: World, state: MembersState | undefined, at: Date) {
  const byTeam = Object.fromEntries(teams.map((team) => [team, world.in.has(team) ? [world.login] : []]));
  const shown = github(byTeam, {
    pending: [
      ...(world.invited === undefined
        ? []
        : [{ login: world.login, teams: world.invited, createdAt: ago(2) }]),
      ...(world.byMail ? [{ email: "ada@example.org", teams: ["full-access"], createdAt: ago(2) }] : []),
    ],
    failed: one.failed ? [{ invitationId: 9, login: "ada", failedAt: ago(1), reason: "expired" }] : [],
    owners: one.isOwner ? [world.login] : [],
  });
  // The number stays when the name changes.
  for (const team of Object.values(shown.teams)) for (const each of team.members) each.id = idOf("ada");
  for (const each of shown.pending) if (each.login !== undefined) each.id = idOf("ada");
  const mine = rowOf(one);
  const rows = mine === undefined ? [] : [mine];
  const today = at.toISOString().slice(0, 10);
  const inputs = { rows, github: shown, state, now: at, today };
  const type = one.row === "an organisation's" ? "Organization" : "User";
  const answer: Account =
    one.row === "nobody's" || world.login !== "ada"
      ? "not-found"
      : account("ada", {
          ...(one.row === "another's" ? { id: 7 } : {}),
          type,
          member: one.isMember || world.in.size > 0,
        });
  const accounts = new Map(loginsToLookUp(inputs).map((login) => [login.toLowerCase(), answer] as const));
  return {
    ...inputOf({ ...inputs, accounts, state: state ?? stateWith({ provenanceSince: ago(40) }) }),
    state,
  };
}

function writesOn(one: Case, world: World): TeamWrites {
  const refusal = (): Refused | undefined => {
    if (one.answer === "yes" || one.answer === "over-limit") return undefined;
    const explanation = {
      what: "a person could not be let in",
      why: `it said ${one.answer}`,
      next: `mend ${one.answer}`,
    };
    const failure = { service: "github", cause: one.answer, lasts: "lasting", explanation } as const;
    return { refused: explanation.why, failure, concerns: refusals[one.answer] };
  };
  const letsIn = <T>(answer: T, does: () => void) => {
    if (one.answer === "over-limit") return "over-limit" as const;
    const refused = refusal();
    if (refused === undefined) does();
    return refused ?? answer;
  };
  return {
    invite: async () =>
      letsIn("invited" as const, () => {
        world.invited = ["full-access"];
      }),
    addToTeam: async ({ slug }) =>
      letsIn("added" as const, () => {
        world.in.add(slug);
      }),
    removeFromTeam: async ({ slug }) => {
      world.in.delete(slug);
      return "removed";
    },
    cancelInvitation: async () => {
      world.invited = undefined;
      return "cancelled";
    },
  };
}

/** Lets a run go over the world, and gives what it leaves. */
export async function runOver(one: Case, world: World): Promise<{ state: MembersState; looked: Looked }> {
  const given = one.known;
  const memberships = Object.fromEntries(
    [...world.in, ...(world.invited ?? [])].map((team) => [
      team,
      { how: given?.how ?? "given", at: ago(30) } as const,
    ]),
  );
  const earlier = stateWith({
    known:
      given === undefined
        ? {}
        : {
            ada: {
              id: idOf("ada"),
              invitations: Math.max(1, given.ended),
              invitedAt: ago(given.days),
              ended: given.ended,
              memberships,
              ...(given.outcome === undefined ? {} : { outcome: given.outcome, outcomeAt: ago(given.days) }),
            },
          },
    provenanceSince: ago(40),
    // Lets every grace be over: what the sheet takes away was taken away two days ago as well.
    leaving: Object.fromEntries(
      teams.flatMap((team) =>
        ["remove", "cancel-invitation"].map((does) => [`${does} ${world.login} ${team}`, ago(2)] as const),
      ),
    ),
    ...(one.nobodyBefore
      ? { nobodyLetIn: { what: "a", why: "it was so before", next: "mend it" }, nobodyLetInCause: "no-seat" }
      : {}),
  });
  const facts = factsOf(one, world, earlier, now);
  const decision = decide(facts);
  const planning = one.mode !== "apply";
  const holds = (_: MemberAction): boolean => one.hold !== "no" && !planning;
  const because = "3 rows seem to have been pasted over";
  const plan = planOf({
    actions: decision.plan.actions.filter((action) => !holds(action)),
    held: [
      ...decision.plan.held,
      ...decision.plan.actions.filter(holds).map((action) => ({ ...action, because })),
    ],
    refused: decision.plan.refused,
  });
  const held = unasked({ plan, at: now.toISOString() });
  const ran = { seen: seenOf(facts), decision: { ...decision, plan }, held, planning };
  const announce = announcements(planning ? [] : plan.actions, facts);
  const acted = planning
    ? nothingDone({})
    : await act(plan.actions, {
        hub,
        hubName: "prod",
        seen: facts,
        announce,
        run: { step: () => undefined, effect: () => undefined },
        check: async () => undefined,
        writes: writesOn(one, world),
        publish: async () => "m",
        pause: async () => undefined,
        until: new Date(now.getTime() + 1000),
        now: () => now,
      });
  const left = planning ? before(ran, announce) : after(ran, acted);
  const state = MembersState.parse(JSON.parse(JSON.stringify(left)));
  const verdict = one.hold === "rejected" ? ("rejected" as const) : undefined;
  const reason = { what: "the runs fail", why: "GitHub answers 500", next: "wait for GitHub" };
  const looked = lookedAt({
    state,
    mode: one.mode as Looked["mode"],
    held: new Map(
      planning
        ? []
        : plan.held.map(({ about, do: does, team, because: why }) => [
            about.toLowerCase(),
            { do: does, team, because: why, verdict, plan: plan.hash },
          ]),
    ),
    ...(one.trouble === "stuck" ? { stuck: reason } : {}),
    ...(one.trouble === "outage" ? { outage: reason } : {}),
  });
  return { state, looked };
}
