// Keeps what is known of everybody whom the sheet has ever named: by which account, how often they were asked, and what became
// of it. Pure: it is asked before anything is decided, and again after the act.
import type { InvitationOutcome } from "../../shared/members/invitations.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { takesAway } from "./bounds.ts";
import type { Acted, Facts, Seen } from "./facts.ts";
import { invited as invitedAccounts, type Known, lower, sheetNames, wantedRows } from "./names.ts";
import { became, standings, withOutcome, withoutRefusal } from "./outcomes.ts";
import { namesOfActions, withActions, withMails, withMemberships } from "./provenance.ts";

type KnownPeople = MembersState["known"];

/** Gives what is known after a look at the sheet and at GitHub. */
export function knownNow(facts: Facts): KnownPeople {
  const { rows, github, accounts, state, now } = facts;
  const nameOf = sheetNames(rows, state);
  const known = new Map<string, Known>(Object.entries(state?.known ?? {}));
  const change = (login: string, to: (before: Known) => Known) => {
    const before = known.get(login);
    if (before !== undefined) known.set(login, to(before));
  };
  for (const { login } of rows) if (!known.has(lower(login))) known.set(lower(login), { invitations: 0 });
  for (const [login, account] of accounts)
    if (account !== "not-found" && account.type === "User")
      change(login, (before) => ({ id: account.id, ...before }));
  for (const invitation of invitedAccounts(github))
    if (invitation.id !== undefined) {
      const { id } = invitation;
      change(nameOf(invitation), (before) => ({ ...before, id }));
    }
  for (const { members } of Object.values(github.teams))
    for (const member of members) change(nameOf(member), (before) => ({ ...before, id: member.id }));
  const standingOf = standings(github, accounts, { nameOf, wanted: wantedRows(facts) });
  const next = [...known].map(([name, before]) => [name, became(before, standingOf(name), now)] as const);
  return withMemberships(Object.fromEntries(next), facts, nameOf);
}

/** Gives what is known after the act, too: or before it, as if all were done, for a run that does not live to say so. */
export function knownAfter(
  facts: Seen,
  acted: Pick<Acted, "outcomes" | "settled" | "refused" | "told">,
): KnownPeople {
  const { now, run } = facts;
  const nameOf = namesOfActions(facts.github, sheetNames(facts.rows, facts.state));
  const given = withActions(knownNow(facts), acted.settled, { nameOf, run, now });
  const known = new Map(Object.entries(withMails(given, acted.told, nameOf)));
  const wanted = wantedRows(facts);
  // A move's removal is no end: they were let into another team.
  const lost = acted.settled.filter((action) => takesAway(action) && !wanted.has(nameOf(action.about)));
  const ended = lost.map(({ about }) => [nameOf(about), "withdrawn"] as const);
  const tried = [...acted.outcomes].map(([login, outcome]) => [nameOf(login), outcome] as const);
  for (const [name, outcome] of [...tried, ...ended]) {
    const before = known.get(name);
    if (before !== undefined) known.set(name, withResult(before, outcome, now));
  }
  for (const [login, { failure, team }] of acted.refused) {
    const { cause, explanation } = failure;
    const before = known.get(nameOf(login));
    if (before !== undefined)
      known.set(nameOf(login), {
        ...before,
        refusal: { cause, ...explanation, ...(team === undefined ? {} : { team, at: now.toISOString() }) },
      });
  }
  return Object.fromEntries(known);
}

/** Sets the outcome of something that was tried just now, for one person. */
export function withResult(before: Known, outcome: InvitationOutcome, now: Date): Known {
  const at = now.toISOString();
  if (outcome === "accepted") return { ...withOutcome(withoutRefusal(before), outcome, now), outcomeAt: at };
  if (outcome === "taken")
    return {
      ...withOutcome(withoutRefusal(before), outcome, now),
      outcomeAt: at,
      invitations: before.invitations + 1,
      invitedAt: at,
    };
  // Each refusal counts from its own time: whoever is tried again waits anew.
  return { ...withOutcome(before, outcome, now), outcomeAt: at };
}
