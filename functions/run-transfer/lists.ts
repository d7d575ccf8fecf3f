// The files of a list: names that its machine copies, and those that it reads back. A file is named by what is in it, so that whoever
// dies half-way and begins again finds it made.
import { hash } from "node:crypto";
import { transient } from "../../shared/errors.ts";
import type { LedgerFiles } from "../../shared/ledger.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import { listForMover, type Moving, namesForMover } from "../../shared/transfers/mover.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { isPlainSum } from "../../shared/transfers/proof.ts";
import { isMovable } from "../../shared/transfers/rclone-names.ts";
import type { RemoteObject, WorkList } from "../../shared/transfers/records.ts";
import type { ToDo } from "./cut.ts";
import { isInParts } from "./plan.ts";
import type { Request } from "./request.ts";

/** Files of a list's attempt. */
export type Files = Pick<WorkList, "copy" | "move" | "source" | "target">;

/**
 * Says what is read back at each end, because no listing will prove it. Of what is copied that is where the source has no MD5; at the
 * target, where its store will have none either. The mover says itself what it has read.
 */
export function readBackIn(
  { copied, unproved }: Readonly<ToDo>,
  { to }: Request,
): { source: RemoteObject[]; target: RemoteObject[] } {
  const unsummed = copied.filter((object) => !isPlainSum(object));
  // Of a name that rclone would change or lose nothing is read back.
  const readable = unproved.filter(({ name }) => isMovable(name));
  const isOutside = !isInGoogle(to.store);
  return {
    source: [...readable, ...unsummed].filter(({ md5 }) => md5 === undefined),
    target: [...readable, ...unsummed.filter(({ size }) => isOutside && isInParts(size))],
  };
}

/** Makes what the mover is to do for an object that replaces another one, which the plan has named. */
export const replacementOf = ({ old, ...object }: RemoteObject & { old?: RemoteObject }): Moving =>
  old === undefined ? object : { ...object, replace: old };

/** Makes what the mover is to do for an object that is to be deleted; no bytes go anywhere. */
export const deletionOf = (old: RemoteObject): Moving => ({ name: old.name, size: 0, delete: old });

/**
 * Writes what is to be done with a list, and keeps it only where that is wanted: what rclone copies, what the mover carries, and what is
 * read back at each end.
 */
export async function filesOf(
  of: { hub: string; id: string; request: Request },
  todo: Readonly<ToDo>,
  keep: LedgerFiles["keep"],
): Promise<Files> {
  const { copied, moved } = todo;
  const { source, target } = readBackIn(todo, of.request);
  const texts = {
    copy: namesText(copied),
    move: listForMover(moved),
    source: namesText(source),
    target: namesText(target),
  };
  const lines = { copy: copied.length, move: moved.length, source: source.length, target: target.length };
  const files: Files = {};
  for (const what of ["copy", "move", "source", "target"] as const)
    if (lines[what] > 0) files[what] = { file: await keepText(of, texts[what], keep), lines: lines[what] };
  return files;
}

/** Names a line. Names with line ends never get here. */
const namesText = (objects: readonly RemoteObject[]): string =>
  objects.map(({ name }) => `${name}\n`).join("");

async function keepText(
  of: { hub: string; id: string },
  text: string,
  keep: LedgerFiles["keep"],
): Promise<string> {
  const file = `${transferFolder(of.hub, of.id)}/lists/${hash("sha256", text).slice(0, 16)}.txt`;
  await keep(file, Buffer.from(text), "text/plain; charset=utf-8");
  return file;
}

/** Reads the names of all that an attempt of a list was to bring or to read back. */
export async function namesOf(ledger: Pick<LedgerFiles, "bytes">, files: Files): Promise<Set<string>> {
  const read = async (one: Files["copy"], namesIn: (text: string) => string[]): Promise<string[]> => {
    if (one === undefined) return [];
    const text = await ledger.bytes(one.file);
    if (text === undefined) throw transient("a list of the transfer is missing from the ledger");
    return namesIn(text.toString());
  };
  const lines = (text: string): string[] => text.split("\n").slice(0, -1);
  const { copy, move, source, target } = files;
  const names = await Promise.all([
    ...[copy, source, target].map((one) => read(one, lines)),
    read(move, namesForMover),
  ]);
  return new Set(names.flat());
}
