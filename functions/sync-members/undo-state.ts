// State that an undo leaves: what it takes back is written down before it does so, with whom it still has to tell; afterwards people stand
// as they do, and what the run had them count for is forgotten. Pure.
import type { MembersState } from "../../shared/members/records.ts";
import { keyOf, takesAway } from "./bounds.ts";
import type { Acted, MemberAction } from "./facts.ts";
import { withResult } from "./known.ts";
import { lower } from "./names.ts";
import { withActions } from "./provenance.ts";
import type { Step, UndoFacts } from "./undo-plan.ts";
import { isSame, type Undone, withUndone } from "./undone.ts";

const nothingKnown = (at: string): MembersState => ({
  v: 1,
  at,
  goodRows: 0,
  people: [],
  rejected: [],
  known: {},
  announce: {},
  unmanaged: [],
});

/** Gives the state before anything is taken back. */
export function beforeUndo({ state, now }: UndoFacts, steps: readonly Step[]): MembersState {
  const at = now.toISOString();
  const { digest: _, ...before } = state ?? nothingKnown(at);
  const meant = steps.flatMap(({ undone }) => undone.map((one): Undone => ({ ...one, pending: true })));
  const undone = withUndone(before.undone ?? [], meant);
  return { ...before, at, ...(undone.length === 0 ? {} : { undone }) };
}

/** Gives the state after what could be taken back was. What is left for later stays pending; what was refused is forgotten. */
export function afterUndo(
  { state, now, ran }: UndoFacts,
  of: {
    steps: readonly Step[];
    acted: Acted;
    /** Message that woke the undo. */
    run: string;
  },
): MembersState {
  const at = now.toISOString();
  const before = state ?? nothingKnown(at);
  const { acted, run } = of;
  const settled = new Set(acted.settled);
  const done = of.steps.filter(({ action }) => settled.has(action));
  const isDone = (one: Undone): boolean => done.some((step) => step.undone.some((each) => isSame(each, one)));
  const undone = (before.undone ?? []).flatMap((one): Undone[] => {
    if (one.run !== ran.id || one.pending !== true) return [one];
    const { pending: _, mail: __, ...kept } = one;
    if (isDone(one)) return [kept];
    return acted.left > 0 ? [one] : [];
  });
  const names = new Set(done.flatMap(namesOf));
  const backTo = new Set(done.map(({ action }) => keyOf({ ...action, do: "remove" })));
  const rows = new Set(done.filter(({ action }) => takesAway(action)).flatMap(namesOf));
  for (const name of done.filter(({ action }) => !takesAway(action)).flatMap(namesOf)) rows.delete(name);
  const isOther = ([name]: readonly [string, unknown]): boolean => !names.has(name);
  return {
    ...before,
    at,
    ...withoutRows(before, { count: rows.size, since: ran.startedAt }),
    known: knownAfterUndo(before, { done, acted, run, now }),
    announce: Object.fromEntries(Object.entries(before.announce).filter(isOther)),
    // Forgets the rows that the run believed: they may be mended by now, and that is no slip.
    ...(before.pairings && { pairings: before.pairings.filter(({ login }) => !names.has(login)) }),
    ...(before.partings && { partings: Object.fromEntries(Object.entries(before.partings).filter(isOther)) }),
    ...(before.changes && { changes: Object.fromEntries(Object.entries(before.changes).filter(isOther)) }),
    ...(before.removed && {
      removed: Object.fromEntries(Object.entries(before.removed).filter(([key]) => !backTo.has(key))),
    }),
    undone,
  };
}

const namesOf = ({ undone }: Step): string[] => undone.map(({ login }) => login);

/** Takes back that so many rows counted as good ones: a sheet that is mended has as many fewer, and is not damaged. */
function withoutRows(
  { goodRows, rowsOfDays }: MembersState,
  { count, since }: { count: number; since: string },
): Pick<MembersState, "goodRows" | "rowsOfDays"> {
  const fewer = (rows: number): number => Math.max(0, rows - count);
  const day = since.slice(0, 10);
  const days = Object.entries(rowsOfDays ?? {}).map(([each, rows]) => [
    each,
    each < day ? rows : fewer(rows),
  ]);
  return { goodRows: fewer(goodRows), ...(rowsOfDays && { rowsOfDays: Object.fromEntries(days) }) };
}

function knownAfterUndo(
  { known }: MembersState,
  { done, acted, run, now }: { done: readonly Step[]; acted: Acted; run: string; now: Date },
): MembersState["known"] {
  const names = new Map(done.map(({ action, undone: [one] }) => [lower(action.about), one?.login ?? ""]));
  const nameOf = (about: string): string => names.get(lower(about)) ?? lower(about);
  const actions: MemberAction[] = done.map(({ action }) => action);
  const next = new Map(Object.entries(withActions(known, actions, { nameOf, run, now })));
  const lost = actions.filter(takesAway).map(({ about }) => [nameOf(about), "withdrawn"] as const);
  const outcomes = [...acted.outcomes].map(([about, outcome]) => [nameOf(about), outcome] as const);
  for (const [name, outcome] of [...lost, ...outcomes]) {
    const one = next.get(name);
    if (one !== undefined) next.set(name, withResult(one, outcome, now));
  }
  return Object.fromEntries(next);
}
