// State that a run leaves for the next one and for the console: where everybody stands, what is known of each, what waits.
import { type Hold, withoutDone } from "../../shared/flow/hold.ts";
import { hashOf } from "../../shared/flow/plan.ts";
import { remember, type State } from "../../shared/flow/state.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { MembersState } from "../../shared/members/records.ts";
import { rowIn } from "../../shared/sheets/typed.ts";
import { accessAfter, accessBeside, asNow } from "./access.ts";
import type { Announce } from "./announce.ts";
import { goodRowsOf, keyOf, removedWith, rowsOfDays, takesAway } from "./bounds.ts";
import { changesWith, nextPairings, rowsBefore, typedRows } from "./doubt.ts";
import {
  type Acted,
  type Decision,
  type MemberAction,
  nobodyLetIn,
  nothingDone,
  refusedAll,
  type Seen,
} from "./facts.ts";
import { knownAfter } from "./known.ts";
import {
  expired,
  invited as invitedAccounts,
  invitedByMail,
  knownOf,
  lower,
  renamedAccounts,
  sheetNames,
} from "./names.ts";
import { othersIn } from "./others.ts";
import { isEnded } from "./outcomes.ts";
import { partingsOf } from "./partings.ts";
import { namesOfActions, withAccepted } from "./provenance.ts";
import { freshRows } from "./settled.ts";
import { undoneAfter } from "./undone.ts";

/** Reads what the runs before know of a hub's members. */
export const membersState = (hub: string, ledger: Ledger): Promise<State<MembersState>> =>
  remember(ledger, `head/members/${hub}.json`, MembersState);

type Ran = { seen: Seen; decision: Decision; held: Hold<MemberAction>; planning: boolean };

/**
 * Gives the state before anything is done. What is new of what waits is set apart, for nobody was asked yet. It has a digest only
 * where nothing is to be done: the next edit looks at GitHub again.
 */
export function before(ran: Ran, announce: Announce): MembersState {
  const { go, isNew, asked } = ran.held;
  const idle = !isNew && go.length + ran.decision.deferred.length + Object.keys(announce).length === 0;
  // Written as given before it is given: a run that dies in between has given it nevertheless.
  const meant = ran.planning ? [] : go;
  const gives = meant.filter((action) => !takesAway(action));
  const acted = { ...nothingDone(announce), settled: gives, done: meant };
  return stateOf(ran, { acted, waiting: asked, finished: idle });
}

/** Gives the state after everything was done that could be. */
export function after(ran: Ran, acted: Acted): MembersState {
  const settled = acted.settled.map((action) => ({ hash: hashOf(action) }));
  return stateOf(ran, {
    acted,
    waiting: withoutDone(ran.held.waiting, settled),
    finished: acted.left + ran.decision.deferred.length === 0 && acted.stopped.size === 0,
  });
}

function stateOf(
  { seen, decision, held, planning }: Ran,
  { acted, waiting, finished }: { acted: Acted; waiting: MembersState["waiting"]; finished: boolean },
): MembersState {
  const { rows, state, now, digest } = seen;
  const at = now.toISOString();
  const earlier = new Map(state?.people.map((person) => [lower(person.login), person]));
  const kept = held.held.filter((action) => action.verdict === "accepted" && takesAway(action));
  const nameOf = namesOfActions(seen.github, sheetNames(rows, state));
  const known = withAccepted(knownAfter(seen, acted), kept, { nameOf, now });
  const statuses = statusesOf(seen, held.held, known);
  const renamed = renamedAccounts(seen.github, sheetNames(rows, state));
  const has = accessAfter(seen, acted);
  const good = new Set(rows.map(({ login }) => lower(login)));
  const doubted = new Set(decision.doubted);
  const accepted = new Set(
    acted.settled.flatMap(({ do: act, about }) => (act === "pair" ? [lower(about)] : [])),
  );
  // The address of whose row is in doubt may be another's: it stays the one of before, or none.
  const emailOf = ({ login, email }: { login: string; email: string }): string => {
    const { because, touched } = decision.doubt;
    if (because === undefined || !touched.has(lower(login)) || accepted.has(lower(login))) return email;
    return earlier.get(lower(login))?.email ?? "";
  };
  const statusOf = (login: string): Status => {
    if (acted.invited.has(login)) return "invited";
    return acted.added.has(login) ? "in-team" : (statuses.get(login) ?? "to-invite");
  };
  return {
    v: 1,
    at,
    ...(finished ? { digest } : {}),
    // While removals are held the sheet may be damaged: the number of rows to compare with stays the good one.
    goodRows: held.held.some(({ do: act }) => act !== "adopt")
      ? Math.max(state?.goodRows ?? 0, goodRowsOf(seen))
      : goodRowsOf(seen),
    people: [
      ...rows.map(({ login, email, name, tier, team, cell }) => {
        const status = statusOf(lower(login));
        const then = earlier.get(lower(login));
        const since = then?.status === status ? then.since : at;
        const now = renamed.get(lower(login));
        return {
          login,
          email: emailOf({ login, email }),
          name,
          tier,
          team,
          cell,
          status,
          since,
          ...(now === undefined ? {} : { renamedTo: now }),
          ...accessBeside({ login, team, status }, has),
        };
      }),
      // Their row cannot be read now: what was known of it tells the next run whose it was.
      ...(state?.people ?? [])
        .filter(({ login }) => doubted.has(lower(login)) && !good.has(lower(login)))
        .map((person) => asNow(person, has, at)),
    ],
    rejected: rejectedOf(seen, decision),
    known,
    announce: acted.announce,
    ...ofMails(seen, decision, { acted, going: planning ? [] : held.go }),
    unmanaged: decision.unmanaged,
    others: othersIn(seen, decision, acted.settled),
    provenanceSince: state?.provenanceSince ?? at,
    // A plan alone puts nothing on hold: what it found would look like less of a slip beside rows that it had taken. The first read
    // finds no slip, and without its rows the next one would find none either.
    pairings:
      planning && decision.doubt.because !== undefined && rowsBefore(state).length > 0
        ? rowsBefore(state)
        : nextPairings(seen, decision.doubt, accepted),
    changes: changesWith(seen, decision.doubt),
    // Over as soon as nobody is left to be marked.
    ...(held.held.some((action) => action.do === "adopt") && seen.adoptingSince !== undefined
      ? { adoptingSince: seen.adoptingSince }
      : {}),
    ...ofRemovals(seen, decision, acted),
    ...stillRefused(seen, acted, [...rows.map(({ login }) => statusOf(lower(login)))]),
    ...stillUndone(seen, acted, nameOf),
    ...(decision.keptBack.size === 0 ? {} : { keptBack: Object.fromEntries(decision.keptBack) }),
    ...(waiting === undefined ? {} : { waiting }),
  };
}

/** Keeps which cells cannot be used; a plan does not tell of whom there are two rows, nor whose row it is. */
function rejectedOf(seen: Seen, { plan, doubt }: Decision): MembersState["rejected"] {
  const twice = new Map(seen.rejected.map((one) => [one.cell, one.twice]));
  const typed = doubt.because === undefined ? [] : typedRows(seen);
  const logins = new Map(typed.map(({ at, login }) => [at, login]));
  return plan.refused.map(({ about, value = "", ...why }) => {
    const other = twice.get(about);
    const login = logins.get(rowIn(about));
    return {
      cell: about,
      value,
      ...why,
      ...(other === undefined ? {} : { twice: other }),
      ...(login === undefined ? {} : { login }),
    };
  });
}

/** Keeps what mails ask of the runs before. */
function ofMails(
  seen: Seen,
  decision: Decision,
  { acted, going }: { acted: Acted; going: readonly MemberAction[] },
): Pick<MembersState, "fresh" | "partings" | "told" | "outgoing"> {
  const { told = [], outgoing = [] } = seen.state ?? {};
  const partings = partingsOf(seen, decision, going, acted);
  return { fresh: freshRows(seen), partings, told, outgoing };
}

function stillUndone(
  seen: Seen,
  { settled }: Acted,
  nameOf: (about: string) => string,
): Pick<MembersState, "undone"> {
  const undone = undoneAfter(seen, settled, nameOf);
  return undone.length === 0 ? {} : { undone };
}

/** Keeps what of removals the next runs ask: since when each is due, how many there were, whom they must spare. */
function ofRemovals(seen: Seen, { reported, leaving, plan }: Decision, { done, settled }: Acted) {
  const unasked = new Set(plan.actions.map(keyOf));
  const gone = new Set(settled.filter(takesAway).map(keyOf));
  return {
    reported,
    leaving: Object.fromEntries(Object.entries(leaving).filter(([key]) => !gone.has(key))),
    removed: removedWith(
      seen,
      done.filter((action) => unasked.has(keyOf(action))),
    ),
    rowsOfDays: rowsOfDays(seen),
    protectedIds: protectedIds(seen),
  };
}

function protectedIds({ github, accounts, settings, state }: Seen): Record<string, number> {
  const ids = new Map(Object.entries(state?.protectedIds ?? {}));
  const note = (id: number, login: string) => {
    if (!ids.has(lower(login))) ids.set(lower(login), id);
  };
  const names = new Set(settings.protected.map(lower));
  const members = Object.values(github.teams).flatMap((team) => team.members);
  const looked = [...accounts.values()].filter((account) => account !== "not-found");
  for (const { id, login } of [...members, ...looked]) if (names.has(lower(login))) note(id, login);
  return Object.fromEntries([...ids].filter(([login]) => names.has(login)));
}

/** Keeps why nobody was let in while nobody is asked anew: silence is no sign that it is mended. */
function stillRefused(
  { state }: Seen,
  acted: Acted,
  statuses: readonly Status[],
): Pick<MembersState, "nobodyLetIn" | "nobodyLetInCause"> {
  const [stopped] = acted.stopped.values();
  if (stopped !== undefined) {
    const { explanation, cause } = stopped;
    return { nobodyLetIn: explanation, nobodyLetInCause: cause };
  }
  if (nobodyLetIn(acted)) return { nobodyLetIn: refusedAll(acted.refusals) };
  const isAsking = acted.asked.size + acted.added.size > 0;
  const isLeft = statuses.some((status) => status === "to-invite" || status === "failed-invitation");
  if (isAsking || !isLeft || state?.nobodyLetIn === undefined) return {};
  const { nobodyLetIn: why, nobodyLetInCause: cause } = state;
  return { nobodyLetIn: why, ...(cause === undefined ? {} : { nobodyLetInCause: cause }) };
}

type Status = MembersState["people"][number]["status"];

function statusesOf(
  { rows, github, accounts, state, today }: Seen,
  held: readonly MemberAction[],
  known: MembersState["known"],
): Map<string, Status> {
  const nameOf = sheetNames(rows, state);
  const members = new Set(
    Object.entries(github.teams).flatMap(([team, { members }]) =>
      members.map((member) => `${team} ${nameOf(member)}`),
    ),
  );
  const invited = new Set(invitedAccounts(github).map(nameOf));
  const mailed = invitedByMail(github);
  const failed = new Set(github.failed.flatMap(({ login }) => (login === undefined ? [] : [lower(login)])));
  const heldName = namesOfActions(github, nameOf);
  const waiting = new Set(held.flatMap(({ do: act, about }) => (act === "adopt" ? [] : [heldName(about)])));
  return new Map(
    rows.map((row): [string, Status] => {
      const login = lower(row.login);
      const account = accounts.get(login);
      if (waiting.has(login)) return [login, "held"];
      if (expired(row, today)) return [login, "expired"];
      if (members.has(`${row.team} ${login}`)) return [login, "in-team"];
      if (invited.has(login) || mailed.has(lower(row.email))) return [login, "invited"];
      if (account === "not-found" || (account !== undefined && account.type !== "User"))
        return [login, "no-such-user"];
      return [
        login,
        isEnded(knownOf({ known }, login)) || failed.has(login) ? "failed-invitation" : "to-invite",
      ];
    }),
  );
}
