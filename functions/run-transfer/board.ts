// The board of a transfer: a line for each list that machines may take. Machines read it each time they look for work, and take a list by
// its lease, an object of the list's own that only one of them can have made or replaced.
import { boardFile } from "../../shared/transfers/names.ts";
import type { TransferState, WorkList } from "../../shared/transfers/records.ts";
import { takable } from "./steps.ts";
import type { Copying } from "./work.ts";

/** Replaces the board by what may be taken now. Whoever reads an older one takes what is done already, which copies nothing. */
export async function postBoard(
  { deps, check }: Pick<Copying, "deps" | "check">,
  { hub, id, lists = [] }: TransferState,
): Promise<void> {
  const text = takable(lists).map(lineOf).join("");
  await deps.ledger.replace(boardFile(hub, id), Buffer.from(text), "text/tab-separated-values", check);
}

/**
 * Writes a list as a line: its name, each of its files with its lines, and flags. Nothing in it has a space; what is absent is a dash, for
 * whoever reads it takes two tabs for one.
 */
export function lineOf({ n, attempt, copy, move, source, target, flags }: WorkList): string {
  const files = [copy, move, source, target].flatMap((file) =>
    file === undefined ? ["-", 0] : [encodeURIComponent(file.file), file.lines],
  );
  const { transfers, checkers, uploadConcurrency, chunkMiB, bufferMiB } = flags;
  const words = [`${n}-${attempt}`, ...files, transfers, checkers, uploadConcurrency];
  return `${[...words, `${chunkMiB}M`, `${bufferMiB}M`].join("\t")}\n`;
}
