// Judges the objects of a receipt one after the other, in bounded memory: a page of them is held, and of names only as many as are told.
import type { Pair } from "../../shared/remotes/pairs.ts";
import type { ReceiptLine } from "../../shared/transfers/receipt-lines.ts";
import { type Verdict, verdictBy, verdictOf } from "../../shared/transfers/verdict.ts";

export type Judging = {
  /** Reads back what no sum tells, and what was proved by reading back. */
  read: boolean;
  ask: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readBack: (name: string) => Promise<string>;
  progress: (count: number) => void;
};

export type Found = {
  counts: Record<Verdict, number>;
  /** At most 1,000 names each. */
  names: Record<"differs" | "gone" | "untold", string[]>;
};

const mostNames = 1000;
/** Objects that are read back at a time. */
const atOnce = 4;

export async function judged(pairs: AsyncIterable<Pair<ReceiptLine>[]>, judging: Judging): Promise<Found> {
  const found: Found = {
    counts: { same: 0, differs: 0, gone: 0, unproved: 0, untold: 0, unclaimed: 0 },
    names: { differs: [], gone: [], untold: [] },
  };
  let count = 0;
  const tell = ({ name }: ReceiptLine, verdict: Verdict): void => {
    found.counts[verdict] += 1;
    if (verdict !== "differs" && verdict !== "gone" && verdict !== "untold") return;
    if (found.names[verdict].length < mostNames) found.names[verdict].push(name);
  };
  for await (const some of pairs) {
    const lines = some.map(({ wanted, there }) => ({ line: wanted, verdict: verdictOf(wanted, there) }));
    for (const { line, verdict } of await settled(lines, judging)) tell(line, verdict);
    count += some.length;
    judging.progress(count);
  }
  return found;
}

type Judged = { line: ReceiptLine; verdict: Verdict };

/** Asks the store, and reads, where the listing does not tell. */
async function settled(all: readonly Judged[], { read, ask, readBack }: Judging): Promise<Judged[]> {
  const doubtful = all.filter(({ line, verdict }) => verdict === "untold" && line.md5 !== undefined);
  const sums = doubtful.length === 0 ? new Map() : await ask(doubtful.map(({ line }) => line.name));
  const asked = all.map((one): Judged => {
    const sum = one.verdict === "untold" ? sums.get(one.line.name) : undefined;
    return sum === undefined ? one : { ...one, verdict: verdictBy(one.line, sum) };
  });
  if (!read) return asked;
  const left = asked.entries();
  const settling = [...asked];
  const reader = async (): Promise<void> => {
    for (const [at, one] of left)
      if (isToBeRead(one))
        settling[at] = { ...one, verdict: verdictBy(one.line, await readBack(one.line.name)) };
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return settling;
}

const isToBeRead = ({ line: { md5, how }, verdict }: Judged): boolean =>
  md5 !== undefined &&
  (verdict === "untold" || verdict === "unproved" || (verdict === "same" && how === "read"));
