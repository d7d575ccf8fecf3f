// Surveys both ends of a transfer: each object of the source is held against what is at the target under its name, range by range and
// page by page, and what is to be done is cut into lists. Its files are written as it goes, so that no more than some parts are ever held.
// What comes of it is told by what the ends list alone: not by pages, by which range is quicker, nor by how many deliveries it takes.
import type { LedgerFiles } from "../../shared/ledger.ts";
import { isBesideFolder, type Range, Unordered } from "../../shared/remotes/names.ts";
import { inOrder, type Onlookers, pairsOf } from "../../shared/remotes/pairs.ts";
import { isOrderKnown } from "../../shared/remotes/stores.ts";
import type { LeftBehind, Part, RemoteObject, WorkList } from "../../shared/transfers/records.ts";
import { questions } from "./evidence.ts";
import { allFound, type Found, nothingFound } from "./found.ts";
import { type Looked, leftBehindBy, leftBehindIn } from "./left-behind.ts";
import {
  type ClosedPart,
  closePart,
  copyOf,
  type Looking,
  mostDeleted,
  openPart,
  type Surveying,
} from "./part.ts";
import { isFolderMark } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { addObjects } from "./tally.ts";

/** Ranges that are listed at a time. */
const atOnce = 8;

export type Survey = Found & {
  parts: Part[];
  lists: WorkList[];
  leftBehind?: LeftBehind;
  /** A store lists names in no order, or in another one. */
  unordered?: true;
};
/** A survey that has not ended yet, and the objects of the source that it has come to. */
export type Unfinished = { listed: number };

/**
 * Surveys both ends. `keep` stores the files of the plan; where nothing is to be stored, they are only made. With `progress` it begins where it was
 * left, and ends with the parts that are open when its time is over.
 */
export function survey(looking: Looking, keep: LedgerFiles["keep"]): Promise<Survey>;
export function survey(
  looking: Looking,
  keep: LedgerFiles["keep"],
  progress: Progress | undefined,
): Promise<Survey | Unfinished>;
export async function survey(
  looking: Looking,
  keep: LedgerFiles["keep"],
  progress?: Progress,
): Promise<Survey | Unfinished> {
  try {
    const found = await surveyRanges(looking, keep, {
      ranges: progress?.ranges ?? (await rangesOf(looking)),
      order: (pages) => pages,
      progress,
    });
    // An empty target shows its order only when it is filled.
    return "besideFolders" in found ? { ...found, unordered: true } : found;
  } catch (error) {
    if (!(error instanceof Unordered)) throw error;
    return { ...(await surveyRanges(looking, keep, { ranges: [{}], order: inOrder })), unordered: true };
  }
}

type InOrder = <T extends { name: string }>(
  pages: AsyncGenerator<readonly T[]>,
) => AsyncGenerator<readonly T[]>;
type Way = { ranges: readonly Range[]; order: InOrder; progress?: Progress | undefined };

async function surveyRanges(
  looking: Looking,
  keep: LedgerFiles["keep"],
  way: Way,
): Promise<Survey | Unfinished> {
  const { ranges, progress } = way;
  const losing = { objects: 0 };
  for (const n of ranges.keys()) losing.objects += progress?.come(n).last?.found.lost.deleted.objects ?? 0;
  const surveyed = await atATime(ranges, async (_, n) =>
    surveyRange({ ...looking, keep, losing, ...begunOf(looking, way, n) }, way, n),
  );
  const closed = surveyed.flatMap((range) => range.closed);
  if (surveyed.some(({ isDone }) => !isDone))
    return { listed: closed.reduce((sum, { part }) => sum + part.objects, 0) };
  const leftBehind = leftBehindIn(surveyed.map(({ looked }) => looked));
  return {
    ...allFound(surveyed.map(({ found }) => found)),
    ...numbered(closed),
    ...(leftBehind === undefined ? {} : { leftBehind }),
  };
}

/** Gives what a range has found so far. What a store may be asked is shared by the ranges beforehand: none depends on how quick another one is. */
function begunOf(
  { request }: Looking,
  { ranges, progress }: Way,
  n: number,
): Pick<Surveying, "questions" | "beside" | "found"> {
  const shares = Math.min(atOnce, ranges.length);
  const last = progress?.come(n).last;
  return {
    questions: last?.questions ?? questions(shares),
    beside: leftBehindBy(request, shares, last?.looked),
    found: last?.found ?? nothingFound(),
  };
}

/** Finds the ranges of a source that is more than one object. */
export async function rangesOf({
  request: { from, to },
  deps,
}: Pick<Looking, "request" | "deps">): Promise<Range[]> {
  if (from.only !== undefined) return [{}];
  const inAnyOrder = !isOrderKnown(from.store) || !isOrderKnown(to.store);
  return deps.ranges(from.remote, from.store, { path: from.path, inAnyOrder });
}

/** Does all of the work, so much of it at a time; gives what came of it in the order of the work. */
async function atATime<T, R>(work: readonly T[], does: (one: T, n: number) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const left = [...work.entries()].reverse();
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop())
      done[next[0]] = await does(next[1], next[0]);
  };
  const stop = (error: unknown): never => {
    left.length = 0;
    throw error;
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, work.length) }, () => worker().catch(stop)));
  return done;
}

type SurveyedRange = { closed: readonly ClosedPart[]; found: Found; looked: Looked; isDone: boolean };

async function surveyRange(
  work: Surveying,
  { ranges, order, progress }: Way,
  n: number,
): Promise<SurveyedRange> {
  const { through: end, after: begin } = ranges[n] ?? {};
  const { closed: before = [], last } = progress?.come(n) ?? {};
  const closed = [...before];
  const surveyed = (isDone: boolean): SurveyedRange => ({
    ...{ closed, found: work.found, looked: work.beside.looked(), isDone },
  });
  if (last !== undefined && last.part.through === end) return surveyed(true);
  if (progress?.isOver() === true) return surveyed(false);
  let part = openPart(work, last?.part.through ?? begin);
  const close = async (through: string | undefined): Promise<void> => {
    const one = await closePart(work, part, through);
    const { questions, found, beside } = work;
    await progress?.keep(n, closed.length, { ...one, questions, found, looked: beside.looked() });
    closed.push(one);
    part = openPart(work, through);
  };
  /** Objects that the target alone has, of the pages that were joined, until the part takes them in which they lie. */
  const besides: RemoteObject[] = [];
  for await (const page of joined(work, { after: part.after, through: end }, order, besides)) {
    for (let at = part.add(page, 0, besides); part.isFull(); at = part.add(page, at, besides)) {
      await close(page[at - 1]?.wanted.name);
      if (progress?.isOver() === true) return surveyed(false);
    }
  }
  part.addBesides(besides);
  if (!part.isEmpty()) await close(end);
  return surveyed(true);
}

/** Lists a range of both ends and joins them; `besides` is given what the target alone has, where that is to be deleted. */
function joined(work: Surveying, range: Range, order: InOrder, besides: RemoteObject[]) {
  const { from, to, mode } = work.request;
  const { list } = work.deps;
  const of = { only: from.only, ...range };
  const { pages, there } = work.found.tally;
  const wanted = list(from.remote, from.store, { path: from.path, ...of, beside: true });
  const found = list(to.remote, to.store, { path: to.path, ...of });
  const source = order(counted(wanted, () => (pages.source += 1)));
  const target = order(
    counted(found, (page) => {
      pages.target += 1;
      addObjects(there, page);
    }),
  );
  const onlookers: Onlookers = {
    ...(mode === "sync" ? { besides: besidesOf(work, besides) } : {}),
    ...(isOrderKnown(to.store) ? {} : { union: besideFolders(work.found) }),
  };
  return pairsOf(source, target, onlookers);
}

/** Collects what the target alone has, as far as a transfer may delete so much. The mark of a folder is nobody's data. */
function besidesOf({ found, losing }: Surveying, besides: RemoteObject[]): (object: RemoteObject) => void {
  return (object) => {
    if (isFolderMark(object)) return;
    if (losing.objects === mostDeleted) found.tooManyLost = true;
    if (found.tooManyLost === true) return;
    losing.objects += 1;
    besides.push(copyOf(object));
  };
}

/** Notes where a target that goes folder by folder has two of the names that it is to have in another order. */
function besideFolders(found: Surveying["found"]): (name: string) => void {
  let last: string | undefined;
  return (name) => {
    if (last !== undefined && isBesideFolder(last, name)) found.besideFolders = true;
    last = name;
  };
}

/** Counts page by page; a listing of nothing is a page too. */
async function* counted<T>(
  pages: AsyncGenerator<readonly T[]>,
  count: (page: readonly T[]) => void,
): AsyncGenerator<readonly T[]> {
  let isEmpty = true;
  for await (const page of pages) {
    isEmpty = false;
    count(page);
    yield page;
  }
  if (isEmpty) count([]);
}

const unbegun = { state: "open", attempt: 1, errors: 0 } as const;

/** Numbers parts in the order of names, and lists so that the largest objects come first: what takes longest begins at once. */
function numbered(closed: readonly ClosedPart[]): Pick<Survey, "parts" | "lists"> {
  const parts = closed.map(({ part }, n): Part => ({ n, ...part }));
  const lists = closed.flatMap((part, n) => part.lists.map((list) => ({ part: n, ...list })));
  const each = ({ bytes, objects }: Pick<WorkList, "bytes" | "objects">): number => bytes / objects;
  const largestFirst = lists.toSorted((a, b) => each(b) - each(a));
  return { parts, lists: largestFirst.map((list, n) => ({ n, ...list, ...unbegun })) };
}
