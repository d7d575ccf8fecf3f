// Cuts what is to be done into lists, each with flags of its own: a machine takes them one after the other, and loses at most the rest
// of one when it is taken away. Pure.
import type { TransferSettings } from "../../shared/settings.ts";
import type { RcloneFlags, RemoteObject, Size } from "../../shared/transfers/records.ts";
import { flagsFor, isLarge } from "./plan.ts";

/** A list has no more objects, nor bytes, than this, nor than one machine is made for; one object may be larger. */
const most = { objects: 10_000, bytes: 200e9 };

/** Objects that are not at the target, and those that are there and not proved. */
export type ToDo = { missing: RemoteObject[]; unproved: RemoteObject[] };
export type Cut = ToDo & { flags: RcloneFlags };

/** Cuts the work; small objects and large ones never share a list. Undefined where an object fits into no machine's memory. */
export function cutLists(
  work: ToDo,
  { machine, gigabytesPerMachine }: Pick<TransferSettings, "machine" | "gigabytesPerMachine">,
): Cut[] | undefined {
  const mostBytes = Math.min(most.bytes, gigabytesPerMachine * 1e9);
  const cuts: Cut[] = [];
  for (const isOfKind of [isLarge, (size: number) => !isLarge(size)]) {
    let open: ToDo & { bytes: number } = emptyList();
    const close = (): boolean => {
      const { missing, unproved } = open;
      const flags = flagsFor(
        Float64Array.from([...missing, ...unproved], ({ size }) => size),
        machine,
      );
      if (flags === undefined) return false;
      cuts.push({ missing, unproved, flags });
      open = emptyList();
      return true;
    };
    for (const kind of ["missing", "unproved"] as const)
      for (const object of work[kind]) {
        if (!isOfKind(object.size)) continue;
        const objects = open.missing.length + open.unproved.length;
        const isFull = objects >= most.objects || open.bytes + object.size > mostBytes;
        if (objects > 0 && isFull && !close()) return undefined;
        open[kind].push(object);
        open.bytes += object.size;
      }
    if (open.missing.length + open.unproved.length > 0 && !close()) return undefined;
  }
  return cuts;
}

const emptyList = (): ToDo & { bytes: number } => ({ missing: [], unproved: [], bytes: 0 });

/** Counts what is to be done. */
export function sizeOf({ missing, unproved }: Readonly<ToDo>): Size {
  const bytesOf = (objects: readonly RemoteObject[]): number =>
    objects.reduce((sum, { size }) => sum + size, 0);
  const copyBytes = bytesOf(missing);
  const size = { objects: missing.length + unproved.length, bytes: copyBytes + bytesOf(unproved) };
  return unproved.length === 0 ? size : { ...size, copyBytes };
}
