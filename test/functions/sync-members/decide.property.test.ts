// Properties of every sheet, team and memory that can be drawn: the bounds, and that a plan that was carried out leaves nothing
// to do. The model of GitHub below is written from its rules, not from the code that decides.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../../functions/sync-members/decide.ts";
import type { Account, Facts, MemberAction } from "../../../functions/sync-members/facts.ts";
import { loginsToLookUp } from "../../../functions/sync-members/names.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { account, ago, decided, github, inputOf, row, short, state, stateAfter } from "./facts-harness.ts";

const logins = ["ada", "Bo", "cy", "DEE", "eve", "fay", "gus", "hal", "ida", "jo", "kim", "constructor"];
const slugs = ["public-access", "base-access", "full-access"] as const;
const some = <T>(items: readonly T[]) => fc.subarray([...items]);
const anyCase = (login: string) => fc.constantFrom(login, login.toLowerCase(), login.toUpperCase());

const rowsOf = some(logins).chain((chosen) =>
  fc.tuple(
    ...chosen.map((login, index) =>
      fc
        .tuple(
          anyCase(login),
          fc.constantFrom("Public", "Education", "Research", "Funded research"),
          fc.constantFrom(undefined, "2026-11-20", "2026-11-21", "2030-01-01"),
        )
        .map(([typed, tier, expires]) =>
          row(typed, tier, { cell: `C${index + 2}`, ...(expires === undefined ? {} : { expires }) }),
        ),
    ),
  ),
);

/** Members of teams, and invited people who are in none. */
const githubOf = fc
  .tuple(
    some(logins),
    some(logins),
    some(logins),
    some(logins),
    some(logins).filter((o) => o.length < 3),
  )
  .chain(([free, base, full, asked, owners]) =>
    fc
      .tuple(...asked.map(() => fc.tuple(some(slugs), fc.constantFrom(ago(0, 3), ago(3)))))
      .map((invitations) => {
        const inside = new Set([...free, ...base, ...full]);
        const pending = asked
          .map((login, index) => ({
            login,
            teams: [...(invitations[index]?.[0] ?? [])],
            createdAt: invitations[index]?.[1] ?? ago(3),
          }))
          .filter(({ login }) => !inside.has(login));
        return github(
          { "public-access": free, "base-access": base, "full-access": full },
          { pending, owners },
        );
      }),
  );

const knownOf = some(logins).chain((chosen) =>
  fc
    .tuple(
      ...chosen.map(() =>
        fc.constantFrom<MembersState["known"][string]>(
          { invitations: 0 },
          { invitations: 1, invitedAt: ago(0, 5) },
          { invitations: 1, invitedAt: ago(3) },
          { invitations: 2, invitedAt: ago(9) },
          { invitations: 3, invitedAt: ago(9) },
        ),
      ),
    )
    .map((known) => Object.fromEntries(chosen.map((login, index) => [login.toLowerCase(), known[index]]))),
);

const accountOf = (login: string): Account =>
  login.toLowerCase() === "kim"
    ? "not-found"
    : account(login, login === "jo" ? { type: "Organization" } : { member: login === "ida" });

const inputs: fc.Arbitrary<Facts> = fc
  .record({
    rows: rowsOf,
    github: githubOf,
    known: knownOf,
    goodRows: fc.integer({ min: 0, max: 14 }),
    firstRun: fc.boolean(),
    named: some(logins).filter((chosen) => chosen.length < 3),
    garbled: fc.constantFrom("", "ada b", "fay,gus", "xyz"),
    protect: some(logins).filter((chosen) => chosen.length < 3),
    above: fc.integer({ min: 0, max: 4 }),
    share: fc.constantFrom(0, 0.1, 0.5),
    invitationsPerDay: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ rows, known, goodRows, firstRun, named, garbled, protect, above, share, ...rest }) =>
    inputOf({
      rows,
      named: named.map((login) => login.toLowerCase()),
      rejected: garbled === "" ? [] : [{ cell: "C90", value: garbled, why: "it cannot be read" }],
      github: rest.github,
      accounts: new Map(logins.map((login) => [login.toLowerCase(), accountOf(login)])),
      state: firstRun ? undefined : state({ known: known as MembersState["known"], goodRows }),
      settings: {
        protected: protect,
        holdRemovals: { above, share },
        invitationsPerDay: rest.invitationsPerDay,
      },
    }),
  );

const takesAway = ({ do: act }: MemberAction) => act === "remove" || act === "cancel-invitation";
const low = (login: string) => login.toLowerCase();
/** Gives who is to have access today, by the sheet's good rows. */
const wantedBy = ({ rows, today }: Facts) =>
  new Set(rows.filter(({ expires = "9999" }) => expires >= today).map(({ login }) => low(login)));

/** For every drawn input. The seed is fixed: a test that fails does so for everybody. */
function always(check: (input: Facts) => void): void {
  fc.assert(fc.property(inputs, check), { seed: 20261121, numRuns: 400 });
}

test("nobody is removed whom the sheet has never named", () => {
  always((input) => {
    const named = new Set([
      ...input.rows.map(({ login }) => low(login)),
      ...(input.state === undefined ? [] : Object.keys(input.state.known)),
    ]);
    const { actions, held } = decided(input);
    const strangers = [...actions, ...held].filter(
      (action) => takesAway(action) && !named.has(low(action.about)),
    );
    expect(strangers).toEqual([]);
  });
});

test("no more losses than the limit go through unasked", () => {
  always((input) => {
    const wanted = wantedBy(input);
    const losses = decided(input).actions.filter(
      (action) => takesAway(action) && !wanted.has(low(action.about)),
    );
    const { above, share } = input.settings.holdRemovals;
    for (const [team, { members }] of Object.entries(input.github.teams))
      expect(losses.filter((loss) => loss.team === team).length).toBeLessThanOrEqual(
        Math.max(above, members.length * share),
      );
    expect(losses.length).toBeLessThanOrEqual(10);
    if (input.rows.length < (input.state?.goodRows ?? 0) * 0.8) expect(losses).toEqual([]);
  });
});

test("nothing is taken from a protected person, an owner, or somebody whom a refused row names", () => {
  always((input) => {
    const safe = new Set([...input.settings.protected, ...input.github.owners, ...input.named].map(low));
    const { actions, held } = decided(input);
    expect(
      [...actions, ...held].filter((action) => takesAway(action) && safe.has(low(action.about))),
    ).toEqual([]);
  });
});

test("every act is on a managed team, and nobody is both acted on and held in one team", () => {
  always((input) => {
    const { actions, held, deferred } = decided(input);
    for (const { team } of [...actions, ...held, ...deferred])
      expect(Object.keys(input.github.teams)).toContain(team);
    const acted = new Set([...actions, ...deferred].map(({ about, team }) => `${low(about)} ${team}`));
    expect(held.filter(({ about, team }) => acted.has(`${low(about)} ${team}`))).toEqual([]);
  });
});

test("nobody is let in but by a row of theirs, nor twice, nor beyond the day's budget", () => {
  always((input) => {
    const { actions, deferred } = decided(input);
    const lets = [...actions, ...deferred].filter((action) => !takesAway(action));
    const wanted = wantedBy(input);
    expect(lets.filter(({ about }) => !wanted.has(low(about)))).toEqual([]);
    expect(new Set(lets.map(({ about }) => low(about))).size).toBe(lets.length);
    const sentToday = input.github.pending.filter(({ createdAt }) => createdAt === ago(0, 3)).length;
    const invitations = actions.filter((action) => action.do === "invite").length;
    expect(invitations).toBeLessThanOrEqual(Math.max(0, input.settings.invitationsPerDay - sentToday));
  });
});

test("in whatever order people stand, the plan is the same", () => {
  const asSets = (input: Facts) => {
    const { actions, held, deferred, refused, unmanaged } = decided(input);
    const cells = refused.map(({ about }) => about).sort();
    return [
      short(actions).sort(),
      short(held).sort(),
      short(deferred).sort(),
      cells,
      decide(input).plan.hash,
      unmanaged.length,
    ];
  };
  always((input) => {
    const { teams, pending } = input.github;
    const shuffled: Facts = {
      ...input,
      rows: [...input.rows].reverse(),
      named: [...input.named].reverse(),
      github: {
        ...input.github,
        teams: Object.fromEntries(
          Object.entries(teams)
            .reverse()
            .map(([slug, team]) => [slug, { ...team, members: [...team.members].reverse() }]),
        ),
        pending: [...pending].reverse(),
      },
    };
    expect(asSets(shuffled)).toEqual(asSets(input));
  });
});

test("a plan that was carried out leaves nothing to do, but what was held or left for later", () => {
  always((input) => {
    const first = decided(input);
    const after = decided({
      ...input,
      github: carriedOut(input.github, first.actions),
      state: stateAfter(input, {
        outcomes: new Map(
          first.actions.flatMap(({ do: act, about }) => (act === "invite" ? [[low(about), "taken"]] : [])),
        ),
        settled: first.actions,
      }),
    });
    // People who were let in may have raised the limit, which is a share of the people: that lets go of some that were held.
    const held = short(first.held).sort();
    expect(held).toEqual(expect.arrayContaining(short(after.actions)));
    expect(short([...after.actions, ...after.held]).sort()).toEqual(held);
    expect(short(after.deferred).sort()).toEqual(short(first.deferred).sort());
  });
});

test("whoever is invited was looked up", () => {
  always((input) => {
    const { accounts: _, ...facts } = input;
    const looked = new Set(loginsToLookUp(facts).map(low));
    for (const { do: act, about } of decided(input).actions)
      if (act === "invite") expect(looked).toContain(low(about));
  });
});

/** Gives what GitHub makes of these acts. */
function carriedOut(before: Facts["github"], actions: readonly MemberAction[]): Facts["github"] {
  const after = structuredClone(before);
  for (const { do: act, about: login, team: slug } of actions) {
    const same = (other: { login?: string }) => low(other.login ?? "") === low(login);
    const invitation = after.pending.find(same);
    const team = after.teams[slug];
    if (team === undefined) throw new Error("no such team");
    if (act === "invite") {
      if (invitation !== undefined) throw new Error("invited already");
      after.pending.push({
        invitationId: 900 + after.pending.length,
        login,
        teams: [slug],
        createdAt: ago(0),
      });
    } else if (act === "add") {
      if (invitation !== undefined) invitation.teams.push(slug);
      else team.members.push({ id: 1, login });
    } else if (act === "remove") {
      team.members = team.members.filter((member) => !same(member));
      if (invitation !== undefined) invitation.teams = invitation.teams.filter((each) => each !== slug);
    } else after.pending = after.pending.filter((each) => !same(each));
  }
  return after;
}
