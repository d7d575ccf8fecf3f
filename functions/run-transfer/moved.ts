// Reads what the mover has brought, and what it could not tell the target beside the bytes, from the results that machines left.
import type { LedgerFiles } from "../../shared/ledger.ts";
import { resultsIn } from "../../shared/transfers/mover.ts";
import { reportsFolder } from "../../shared/transfers/names.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import type { Left } from "./receipt-lines.ts";
import type { Copying } from "./work.ts";

/** Files of the mover's results, by the numbers of parts. */
export type MoverFiles = ReadonlyMap<number, readonly string[]>;

/** Finds the mover's results of all parts, by one listing. */
export async function moverFiles(
  { hub, id, deps }: Copying,
  { lists = [] }: TransferState,
): Promise<MoverFiles> {
  const partOf = new Map(lists.map(({ n, part }) => [n, part]));
  const files = new Map<number, string[]>();
  for (const { name } of await deps.ledger.list(`${reportsFolder(hub, id)}/list-`)) {
    const [, list] = /\/list-(\d+)-\d+-moved\.ndjson$/.exec(name) ?? [];
    const part = list === undefined ? undefined : partOf.get(Number(list));
    if (part !== undefined) files.set(part, [...(files.get(part) ?? []), name]);
  }
  return files;
}

/** Objects that the mover has brought, and the kinds that they have lost. */
export type Brought = { copied: ReadonlySet<string>; left: Left };

/** Reads what the mover has brought. */
export async function broughtByMover(
  ledger: Pick<LedgerFiles, "bytes">,
  files: readonly string[],
): Promise<Brought> {
  const copied = new Set<string>();
  const found = new Map<string, readonly string[]>();
  for (const file of files)
    for (const { name, state, left = [] } of resultsIn((await ledger.bytes(file))?.toString() ?? "")) {
      if (state === "copied") copied.add(name);
      if (left.length > 0) found.set(name, left);
    }
  return { copied, left: found };
}
