// Writes what came of each object of a part, a line each, and keeps it as a packed file: the receipt whole. A file is named by what
// is in it, so that whoever dies half-way, and finds another world the next time, leaves one that no receipt names.
import { hash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { LedgerFiles } from "../../shared/ledger.ts";
import { byBytes } from "../../shared/remotes/names.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { type ReceiptFile, type ReceiptLine, receiptLine } from "../../shared/transfers/receipt-lines.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";
import type { Both, Ended, ProvedBy } from "./compare.ts";
import type { Planned } from "./manifest.ts";
import type { Brought } from "./moved.ts";
import type { SincePlan } from "./since.ts";

const packed = promisify(gzip);

/** Kinds beside the bytes that the mover could not tell the target, by the names of objects. */
export type Left = ReadonlyMap<string, readonly string[]>;

/** State of a part's objects at the target, words of the mover on its own, and what was done at the source. */
export type Came = { compared: Ended; brought: Brought; since: SincePlan };

/** Gives the lines of a part's objects, in the order of names. */
export function linesOf(planned: readonly Planned[], { compared, brought, since }: Came): ReceiptLine[] {
  const { isOurs, isReplaced } = writtenIn(planned, brought);
  const old = new Map(
    planned.flatMap((one) => (one.old === undefined ? [] : [[one.name, one.old] as const])),
  );
  const there = (both: Both, how: NonNullable<ReceiptLine["how"]>): ReceiptLine => {
    const { wanted } = both;
    const kinds = brought.left.get(wanted.name);
    const was = isReplaced(both) ? old.get(wanted.name) : undefined;
    return {
      ...{ name: wanted.name, state: isOurs(both) ? "copied" : "already", size: wanted.size },
      ...summed(wanted.md5 ?? (how === "size" ? undefined : both.there.md5)),
      how,
      ...writingOf(both.there),
      ...(kinds === undefined ? {} : { left: [...kinds] }),
      ...(was === undefined ? {} : { was: { size: was.size, ...summed(was.md5), ...writingOf(was) } }),
    };
  };
  const lines = [
    ...compared.proved.map((both) => there(both, words[both.by])),
    ...compared.unproved.map((both) => there(both, "size")),
    ...compared.conflicts.map(
      (both): ReceiptLine => ({
        ...plain(both.wanted, isOurs(both) ? "changed" : "conflict"),
        ...writingOf(both.there),
        there: { size: both.there.size, ...summed(both.there.md5) },
      }),
    ),
    ...compared.missing.map((object) => plain(object, "missing")),
    ...planned.filter(({ was }) => was === "unmovable").map((object) => plain(object, "unmovable")),
    ...compared.deleted.map((object) => ({ ...plain(object, "deleted"), ...writingOf(object) })),
    ...compared.kept.map((object) => plain(object, "not-deleted")),
  ];
  const told = lines.map((line): ReceiptLine => {
    const what = sinceOf(line.name, since);
    return what === undefined || ofTarget.has(line.state) ? line : { ...line, since: what };
  });
  return told.sort((a, b) => byBytes(a.name, b.name));
}

/** States of what the target alone had. */
const ofTarget: ReadonlySet<ReceiptLine["state"]> = new Set(["deleted", "not-deleted"]);

function sinceOf(name: string, { deleted, changed }: SincePlan): ReceiptLine["since"] {
  if (deleted.has(name)) return "deleted";
  return changed.has(name) ? "changed" : undefined;
}

/**
 * Tells which objects machines wrote: `isOurs` of all, those that were missing among them, `isReplaced` of those in the place of another. Of one
 * that was to be read first, only the mover's word tells.
 */
export function writtenIn(
  planned: readonly Planned[],
  { copied }: Pick<Brought, "copied">,
): Record<"isOurs" | "isReplaced", (both: Both) => boolean> {
  const missing = new Set<string>();
  const replaced = new Set<string>();
  for (const { was, name } of planned)
    if (was === "missing") missing.add(name);
    else if (was === "replace" || (was === "unproved" && copied.has(name))) replaced.add(name);
  return {
    isOurs: ({ wanted: { name } }) => missing.has(name) || replaced.has(name),
    isReplaced: ({ wanted: { name } }) => replaced.has(name),
  };
}

const words: Record<ProvedBy, "md5" | "asked" | "read"> = { listed: "md5", asked: "asked", read: "read" };

const plain = ({ name, size, md5 }: RemoteObject, state: ReceiptLine["state"]): ReceiptLine => ({
  ...{ name, state, size },
  ...summed(md5),
});

const summed = (md5: string | undefined) => (md5 === undefined ? {} : { md5 });

/** Names the writing of a target's object. */
const writingOf = ({ etag, generation }: RemoteObject) => ({
  ...(etag === undefined ? {} : { etag }),
  ...(generation === undefined ? {} : { generation }),
});

/** Keeps the lines of a part. */
export async function keepLines(
  { keep }: Pick<LedgerFiles, "keep">,
  { hub, id, n }: { hub: string; id: string; n: number },
  lines: readonly ReceiptLine[],
): Promise<ReceiptFile> {
  const text = lines.map(receiptLine).join("");
  const sha256 = hash("sha256", text);
  const file = `${transferFolder(hub, id)}/receipt/${n}-${sha256.slice(0, 16)}.ndjson.gz`;
  await keep(file, await packed(text), "application/gzip");
  return { file, lines: lines.length, sha256 };
}
