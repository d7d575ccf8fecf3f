// Surveys both ends of a transfer: each object of the source is held against what is at the target under its name, range by range and
// page by page, and what is to be done is cut into lists. Its files are written as it goes, so that no more than some parts are ever held.
import type { LedgerFiles } from "../../shared/ledger.ts";
import { isBesideFolder, type Range, Unordered } from "../../shared/remotes/names.ts";
import { inOrder, type Onlookers, pairsOf } from "../../shared/remotes/pairs.ts";
import { isOrderKnown } from "../../shared/remotes/stores.ts";
import type { LeftBehind, Part, RemoteObject, WorkList } from "../../shared/transfers/records.ts";
import { questions } from "./evidence.ts";
import { leftBehindBy } from "./left-behind.ts";
import { type ClosedPart, closePart, type Looking, nothingLost, openPart, type Surveying } from "./part.ts";
import { addObjects, emptyWork } from "./tally.ts";

/** Ranges that are listed at a time. */
const atOnce = 8;

export type Survey = Surveying["found"] & {
  parts: Part[];
  lists: WorkList[];
  leftBehind?: LeftBehind;
  /** A store lists names in no order, or in another one. */
  unordered?: true;
};

/** Surveys both ends. `keep` stores the files of the plan; where nothing is to be stored, they are only made. */
export async function survey(looking: Looking, keep: LedgerFiles["keep"]): Promise<Survey> {
  try {
    const found = await surveyRanges(looking, keep, {
      ranges: await rangesOf(looking),
      order: (pages) => pages,
    });
    // An empty target shows its order only when it is filled.
    return found.besideFolders === true ? { ...found, unordered: true } : found;
  } catch (error) {
    if (!(error instanceof Unordered)) throw error;
    return { ...(await surveyRanges(looking, keep, { ranges: [{}], order: inOrder })), unordered: true };
  }
}

type InOrder = <T extends { name: string }>(
  pages: AsyncGenerator<readonly T[]>,
) => AsyncGenerator<readonly T[]>;

async function surveyRanges(
  looking: Looking,
  keep: LedgerFiles["keep"],
  { ranges, order }: { ranges: readonly Range[]; order: InOrder },
): Promise<Survey> {
  const beside = leftBehindBy(looking.request);
  const found: Surveying["found"] = {
    unmovable: [],
    conflicts: [],
    unproved: 0,
    tally: emptyWork(),
    lost: { replaced: nothingLost(), deleted: nothingLost() },
  };
  const work: Surveying = { ...looking, keep, questions: questions(), beside, found };
  const closed = (await atATime(ranges, (range) => surveyRange(work, range, order))).flat();
  const leftBehind = beside.counted();
  return { ...found, ...numbered(closed), ...(leftBehind === undefined ? {} : { leftBehind }) };
}

/** Ranges of a source that is more than one object. */
async function rangesOf({ request: { from, to }, deps }: Looking): Promise<Range[]> {
  if (from.only !== undefined) return [{}];
  const inAnyOrder = !isOrderKnown(from.store) || !isOrderKnown(to.store);
  return deps.ranges(from.remote, from.store, { path: from.path, inAnyOrder });
}

/** Does all of the work, so much of it at a time; gives what came of it in the order of the work. */
async function atATime<T, R>(work: readonly T[], does: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const left = [...work.entries()].reverse();
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) done[next[0]] = await does(next[1]);
  };
  const stop = (error: unknown): never => {
    left.length = 0;
    throw error;
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, work.length) }, () => worker().catch(stop)));
  return done;
}

async function surveyRange(work: Surveying, range: Range, order: InOrder): Promise<ClosedPart[]> {
  const { from, to } = work.request;
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
  const closed: ClosedPart[] = [];
  let part = openPart(work, range.after);
  const onlookers: Onlookers = {
    ...(work.request.mode === "sync" ? { besides: (one: RemoteObject) => part.addBesides(one) } : {}),
    ...(isOrderKnown(to.store) ? {} : { union: besideFolders(work.found) }),
  };
  const isWatched = Object.keys(onlookers).length > 0;
  for await (const page of pairsOf(source, target, isWatched ? onlookers : undefined)) {
    part.add(page);
    if (!part.isFull()) continue;
    const through = page.at(-1)?.wanted.name;
    closed.push(await closePart(work, part, through));
    part = openPart(work, through);
  }
  if (!part.isEmpty()) closed.push(await closePart(work, part, range.through));
  return closed;
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

/** Numbers parts in the order of names, and lists so that the largest objects come first: what takes longest begins at once. */
function numbered(closed: readonly ClosedPart[]): Pick<Survey, "parts" | "lists"> {
  const parts = closed.map(({ part }, n): Part => ({ n, ...part }));
  const lists = closed.flatMap((part, n) => part.lists.map((list) => ({ part: n, ...list })));
  const each = ({ bytes, objects }: Pick<WorkList, "bytes" | "objects">): number => bytes / objects;
  const largestFirst = lists.toSorted((a, b) => each(b) - each(a));
  return { parts, lists: largestFirst.map((list, n) => ({ n, ...list })) };
}
