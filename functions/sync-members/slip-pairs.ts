// Lays two reads of the sheet beside each other: which rows are the same, which have changed, which came and went. Pure.
import type { Column } from "../../shared/members/settings.ts";
import { columnNames } from "../../shared/sheets/headings.ts";
import type { TypedRow } from "../../shared/sheets/typed.ts";

type Indexed = { row: TypedRow; index: number };
/** A row that is the same: its place before, and now. */
export type Placed = { from: number; to: number };
/** A row as it was, and as it is; `place` is where it stands now. */
export type Pair = { was: TypedRow; is: TypedRow; place: number };

const keyOf = (row: TypedRow): string => JSON.stringify(columnNames.map((column) => row[column]));

/** Parts rows that are the same from those that are gone, and those that came. */
export function sides(before: readonly TypedRow[], now: readonly TypedRow[]) {
  const places = new Map<string, number[]>();
  for (const [index, row] of before.entries())
    places.set(keyOf(row), [...(places.get(keyOf(row)) ?? []), index]);
  const kept: Placed[] = [];
  const taken = new Set<number>();
  const rest: number[] = [];
  const take = (to: number, from: number | undefined): boolean => {
    if (from === undefined) return false;
    kept.push({ from, to });
    taken.add(from);
    return true;
  };
  // Rows that stand where they stood come first: of two that are alike the other one was copied.
  for (const [to, row] of now.entries()) {
    const same = places.get(keyOf(row))?.find((from) => before[from]?.at === row.at && !taken.has(from));
    if (!take(to, same)) rest.push(to);
  }
  const come: Indexed[] = [];
  for (const to of rest) {
    const row = now[to];
    if (row === undefined) continue;
    const same = places.get(keyOf(row))?.find((from) => !taken.has(from));
    if (!take(to, same)) come.push({ row, index: to });
  }
  const gone = before.map((row, index) => ({ row, index })).filter(({ index }) => !taken.has(index));
  return { gone, come, kept: kept.sort((a, b) => a.to - b.to) };
}

/** Finds for each row that came the one that it was: by where it stands between rows that are the same, else by who it names. */
export function paired(gone: readonly Indexed[], come: readonly Indexed[], kept: readonly Placed[]) {
  const anchors = rising(kept);
  const gapOf = (index: number, side: "from" | "to"): number =>
    anchors.findIndex((anchor) => anchor[side] > index);
  const pairs: Pair[] = [];
  const isPaired = new Set<TypedRow>();
  const pair = (was: TypedRow, { row, index }: Indexed) => {
    pairs.push({ was, is: row, place: index });
    isPaired.add(was).add(row);
  };
  // Somebody with login and address is the same wherever the row has gone; only then does its place say whose it was.
  const byPerson = new Map(gone.map((one) => [personOf(one.row), one]));
  for (const one of come) {
    const was = byPerson.get(personOf(one.row));
    if (was !== undefined && !isPaired.has(was.row)) pair(was.row, one);
  }
  const left = (rows: readonly Indexed[]) => rows.filter(({ row }) => !isPaired.has(row));
  const goneIn = Map.groupBy(left(gone), ({ index }) => gapOf(index, "from"));
  const comeIn = Map.groupBy(left(come), ({ index }) => gapOf(index, "to"));
  for (const [gap, here] of comeIn) {
    const were = goneIn.get(gap) ?? [];
    for (const [was, one] of aligned(were, here)) pair(was.row, one);
  }
  for (const one of come.filter(({ row }) => !isPaired.has(row))) {
    const was = gone.find(({ row }) => !isPaired.has(row) && isSamePerson(row, one.row));
    if (was !== undefined) pair(was.row, one);
  }
  const single = (rows: readonly Indexed[]) => rows.flatMap(({ row }) => (isPaired.has(row) ? [] : [row]));
  return { pairs: pairs.sort((a, b) => a.place - b.place), gone: single(gone), come: single(come) };
}

/** Comparisons that a gap is worth: a larger one is laid side by side from its top. */
const mostComparisons = 4_000_000;

/** Lays the rows of a gap beside each other in their order, those that have most in common. */
function aligned(were: readonly Indexed[], here: readonly Indexed[]): [Indexed, Indexed][] {
  if (were.length === here.length || were.length * here.length > mostComparisons)
    return here.flatMap((one, index): [Indexed, Indexed][] => {
      const was = were[index];
      return was === undefined ? [] : [[was, one]];
    });
  const width = here.length + 1;
  const best = new Uint32Array((were.length + 1) * width);
  const alike = (a: number, b: number): number => {
    const was = were[a]?.row;
    const is = here[b]?.row;
    return was === undefined || is === undefined
      ? 0
      : columnNames.filter((each) => was[each] === is[each]).length;
  };
  const at = (a: number, b: number): number => best[a * width + b] ?? 0;
  for (let a = were.length - 1; a >= 0; a -= 1)
    for (let b = here.length - 1; b >= 0; b -= 1)
      best[a * width + b] = Math.max(at(a + 1, b), at(a, b + 1), at(a + 1, b + 1) + alike(a, b));
  const found: [Indexed, Indexed][] = [];
  for (let a = 0, b = 0; a < were.length && b < here.length; ) {
    const [was, one] = [were[a], here[b]];
    const score = alike(a, b);
    if (was !== undefined && one !== undefined && score > 0 && at(a, b) === at(a + 1, b + 1) + score) {
      found.push([was, one]);
      a += 1;
      b += 1;
    } else if (at(a, b) === at(a + 1, b)) a += 1;
    else b += 1;
  }
  return found;
}

const personOf = ({ login, email }: TypedRow): string => `${login} ${email}`;

const isSamePerson = (a: TypedRow, b: TypedRow): boolean =>
  [a.login === b.login, a.email === b.email, a.name === b.name].filter(Boolean).length >= 2 ||
  (a.login === b.login && a.login !== "");

/** Lists the columns in which some of the rows differ. */
export const columnsOf = (pairs: readonly Pair[]): Column[] =>
  columnNames.filter((column) => pairs.some(({ was, is }) => was[column] !== is[column]));

/** Gives the longest part of the rows that are the same whose order is, too. */
function rising(kept: readonly Placed[]): Placed[] {
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, { from }] of kept.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[ends[middle] ?? 0]?.from ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? undefined : ends[low - 1];
    ends[low] = index;
  }
  const found: Placed[] = [];
  for (let at = ends.at(-1); at !== undefined; at = previous[at]) {
    const placed = kept[at];
    if (placed !== undefined) found.push(placed);
  }
  return found.reverse();
}
