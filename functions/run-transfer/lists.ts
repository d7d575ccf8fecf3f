// The files of a list: names that its machine copies, and those that it reads back. A file is named by what is in it, so that whoever
// dies half-way and begins again finds it made.
import { hash } from "node:crypto";
import { transient } from "../../shared/errors.ts";
import type { LedgerFiles } from "../../shared/ledger.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { isPlainSum } from "../../shared/transfers/proof.ts";
import type { RemoteObject, WorkList } from "../../shared/transfers/records.ts";
import type { ToDo } from "./cut.ts";
import { isInParts } from "./plan.ts";
import type { Request } from "./request.ts";

/** Files of a list's attempt. */
export type Files = Pick<WorkList, "copy" | "source" | "target">;

/**
 * Writes what is to be done with a list, and keeps it only where that is wanted: what is copied, and what is read back at each end,
 * because no listing will prove it. Of what is copied that is where the source has no MD5; at the target, where its store will have none
 * either.
 */
export async function filesOf(
  of: { hub: string; id: string; request: Request },
  { missing, unproved }: Readonly<ToDo>,
  keep: LedgerFiles["keep"],
): Promise<Files> {
  const unsummed = missing.filter((object) => !isPlainSum(object));
  const isOutside = !isInGoogle(of.request.to.store);
  const all = {
    copy: missing,
    source: [...unproved, ...unsummed].filter(({ md5 }) => md5 === undefined),
    target: [...unproved, ...unsummed.filter(({ size }) => isOutside && isInParts(size))],
  };
  const files: Files = {};
  for (const what of ["copy", "source", "target"] as const) {
    const lines = all[what].length;
    if (lines > 0) files[what] = { file: await keepNames(of, all[what], keep), lines };
  }
  return files;
}

/** Names a line. Names with line ends never get here. */
async function keepNames(
  of: { hub: string; id: string },
  objects: readonly RemoteObject[],
  keep: LedgerFiles["keep"],
): Promise<string> {
  const text = objects.map(({ name }) => `${name}\n`).join("");
  const file = `${transferFolder(of.hub, of.id)}/lists/${hash("sha256", text).slice(0, 16)}.txt`;
  await keep(file, Buffer.from(text), "text/plain; charset=utf-8");
  return file;
}

/** Reads the names of all that an attempt of a list was to copy or to read back. */
export async function namesOf(ledger: Pick<LedgerFiles, "bytes">, files: Files): Promise<Set<string>> {
  const { copy, source, target } = files;
  const kept = [copy, source, target].filter((one) => one !== undefined);
  const texts = await Promise.all(kept.map(({ file }) => ledger.bytes(file)));
  const names = new Set<string>();
  for (const text of texts) {
    if (text === undefined) throw transient("a list of the transfer is missing from the ledger");
    for (const name of text.toString().split("\n").slice(0, -1)) names.add(name);
  }
  return names;
}
