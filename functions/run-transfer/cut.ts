// Cuts what is to be done into lists, each with flags of its own: a machine takes them one after the other, and loses at most the rest
// of one when it is taken away. Pure.
import { smallestOf } from "../../shared/compute/placement.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import type { Moving } from "../../shared/transfers/mover.ts";
import type { RcloneFlags, RemoteObject, Size } from "../../shared/transfers/records.ts";
import { flagsFor, isLarge } from "./plan.ts";

/** A list has no more objects, nor bytes, than this, nor than one machine is made for; one object may be larger. */
const most = { objects: 10_000, bytes: 200e9 };

/** Objects that are not at the target, by whether rclone or the mover brings them, and those that are there and not proved. */
export type ToDo = { copied: RemoteObject[]; moved: Moving[]; unproved: RemoteObject[] };
const kinds = ["copied", "moved", "unproved"] as const satisfies (keyof ToDo)[];
export type Cut = ToDo & { flags: RcloneFlags };

/** Cuts the work; small objects and large ones never share a list. Undefined where an object fits into no machine's memory. */
export function cutLists(
  work: ToDo,
  { machine, gigabytesPerMachine }: Pick<TransferSettings, "machine" | "gigabytesPerMachine">,
): Cut[] | undefined {
  const cuts: Cut[] = [];
  for (const list of listsOf(work, Math.min(most.bytes, gigabytesPerMachine * 1e9))) {
    const sizes = Float64Array.from([...list.copied, ...list.unproved], ({ size }) => size);
    const flags = flagsFor(sizes, smallestOf(machine));
    if (flags === undefined) return undefined;
    cuts.push({ ...list, flags });
  }
  return cuts;
}

function* listsOf(work: ToDo, mostBytes: number): Generator<ToDo> {
  for (const isOfKind of [isLarge, (size: number) => !isLarge(size)]) {
    let open = emptyList();
    let [objects, bytes] = [0, 0];
    for (const kind of kinds)
      for (const object of work[kind]) {
        if (!isOfKind(object.size)) continue;
        if (objects >= most.objects || (objects > 0 && bytes + object.size > mostBytes)) {
          yield open;
          open = emptyList();
          [objects, bytes] = [0, 0];
        }
        open[kind].push(object);
        objects += 1;
        bytes += object.size;
      }
    if (objects > 0) yield open;
  }
}

const emptyList = (): ToDo => ({ copied: [], moved: [], unproved: [] });

/** Counts what is to be done. */
export function sizeOf({ copied, moved, unproved }: Readonly<ToDo>): Size {
  const bytesOf = (objects: readonly RemoteObject[]): number =>
    objects.reduce((sum, { size }) => sum + size, 0);
  const copyBytes = bytesOf(copied) + bytesOf(moved);
  const size = {
    objects: copied.length + moved.length + unproved.length,
    bytes: copyBytes + bytesOf(unproved),
  };
  return unproved.length === 0 ? size : { ...size, copyBytes };
}
