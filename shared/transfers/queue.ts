// The line in which transfers wait for each other: whoever would copy into a place into which another one copies, or read from there, waits
// until that one has ended. One record for all hubs, for a bucket knows nothing of hubs. Pure.
import * as z from "zod";
import { HubName } from "../events.ts";
import { Time, version } from "../records.ts";

/** Folder of a bucket, of whatever store; the whole bucket where the path is empty. */
const Folder = z.strictObject({ bucket: z.string(), path: z.string() });
type Folder = z.infer<typeof Folder>;

const InLine = z.strictObject({
  hub: HubName,
  id: z.string(),
  from: Folder,
  to: Folder,
  /** Time at which it came into the line. */
  at: Time,
});
export type InLine = z.infer<typeof InLine>;

/** head/transfer-queue.json: transfers that have not ended, in the order in which they were asked for. */
export const TransferQueue = z.strictObject({ v: version, entries: z.array(InLine) });
export type TransferQueue = z.infer<typeof TransferQueue>;

export const transferQueue = "head/transfer-queue.json";

const holds = (outer: Folder, inner: Folder): boolean =>
  outer.path === "" || outer.path === inner.path || inner.path.startsWith(`${outer.path}/`);

const overlap = (a: Folder, b: Folder): boolean => a.bucket === b.bucket && (holds(a, b) || holds(b, a));

/** Tells how a transfer would meet one that was asked for before it: at the target of both, or by reading what that one still writes. */
export function meets(before: InLine, later: InLine): "target" | "source" | undefined {
  if (overlap(before.to, later.to)) return "target";
  return overlap(before.to, later.from) ? "source" : undefined;
}

/** Tells whether two entries are of one transfer. */
export const isSame = (a: Pick<InLine, "hub" | "id">, b: Pick<InLine, "hub" | "id">): boolean =>
  a.hub === b.hub && a.id === b.id;

/** Gives those for which a transfer waits: they stand before it in the line, and would meet it. */
export function aheadOf(entries: readonly InLine[], one: InLine): InLine[] {
  const place = entries.findIndex((entry) => isSame(entry, one));
  return entries
    .slice(0, place === -1 ? undefined : place)
    .filter((entry) => meets(entry, one) !== undefined);
}

/** Gives those that wait for a transfer. */
export function behind(entries: readonly InLine[], one: Pick<InLine, "hub" | "id">): InLine[] {
  const place = entries.findIndex((entry) => isSame(entry, one));
  const [own] = entries.slice(place, place + 1);
  return place === -1 || own === undefined
    ? []
    : entries.slice(place + 1).filter((entry) => meets(own, entry) !== undefined);
}
