// Evidence on whether the content at both ends is the same, where listings do not say it: stores are asked for MD5s, and machines
// read objects back. It is kept by part and by list, so that the receipt need not learn it again.
import * as z from "zod";
import type { LedgerFiles } from "../../shared/ledger.ts";
import { resultsIn, writingsIn } from "../../shared/transfers/mover.ts";
import { reportsFolder, transferFolder } from "../../shared/transfers/names.ts";
import { type Evidence, isPlainSum } from "../../shared/transfers/proof.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";
import type { Both, Compared } from "./compare.ts";
import type { Request } from "./request.ts";
import type { RunTransferDeps } from "./work.ts";

/** Objects of which an end is asked in one look: some fifty seconds of questions. What is beyond is read back. */
const mostAsked = 10_000;

type Asking = { request: Request; deps: Pick<RunTransferDeps, "askSums"> };

/** Questions that are left in one look. */
export const Questions = z.strictObject({ left: z.number().int() });
export type Questions = z.infer<typeof Questions>;
/** Opens the questions of a look; of one of so many ranges that are listed at a time. */
export const questions = (atOnce = 1): Questions => ({ left: Math.floor(mostAsked / atOnce) });

/** Asks both stores for MD5s that their listings do not say, of what was not proved, and of what is to be copied in parts. */
export async function askedOf(
  { request: { from, to }, deps }: Asking,
  { unproved, missing }: Pick<Compared, "unproved" | "missing">,
  questions: Questions,
): Promise<Evidence> {
  // A plain ETag of a source is the MD5 that the target will have, or the object is read back.
  const toCopy = missing.filter((object) => !isPlainSum(object));
  const named = (objects: readonly RemoteObject[]): string[] => {
    const names = objects.slice(0, questions.left).map(({ name }) => name);
    questions.left -= names.length;
    return names;
  };
  const doubtful = unproved.map(({ wanted }) => wanted);
  const unsaid = [...doubtful, ...toCopy].filter(({ md5 }) => md5 === undefined);
  const [source, target] = await Promise.all([
    deps.askSums(from.remote, from.store, { path: from.path, names: named(unsaid) }),
    deps.askSums(to.remote, to.store, { path: to.path, names: named(doubtful) }),
  ]);
  return { by: "asked", source, target };
}

type Of = { hub: string; id: string };

/**
 * Reads what a machine has read back of an attempt of a list, or read to carry it; `there` is what the target lists. A sum that was read at the
 * target counts where the target lists the very writing that it had before the machine read: what was written since is another object.
 */
export async function readBackOf(
  ledger: Pick<LedgerFiles, "bytes">,
  { hub, id, n, attempt }: Of & { n: number; attempt: number },
  there: ReadonlyMap<string, RemoteObject>,
): Promise<Evidence> {
  const read = async (end: "source" | "target"): Promise<Map<string, string>> => {
    const bytes = await ledger.bytes(`${reportsFolder(hub, id)}/list-${n}-${attempt}-${end}.sums`);
    return sumsIn(bytes?.toString() ?? "");
  };
  const of = `${reportsFolder(hub, id)}/list-${n}-${attempt}`;
  const [source, target, moved, writings] = await Promise.all([
    read("source"),
    read("target"),
    ledger.bytes(`${of}-moved.ndjson`),
    ledger.bytes(`${of}-target.writings`),
  ]);
  const before = writingsIn(writings?.toString() ?? "");
  for (const name of [...target.keys()]) {
    const writing = writingOf(there.get(name) ?? {});
    if (writing !== null && before.get(name) !== writing) target.delete(name);
  }
  for (const { name, md5, etag } of resultsIn(moved?.toString() ?? "")) {
    if (md5 === undefined) continue;
    source.set(name, md5);
    // The very bytes that were read have this ETag, in the parts in which they were put.
    if (etag !== undefined && there.get(name)?.etag === etag) target.set(name, md5);
  }
  return { by: "read", source, target };
}

/** Reads what `rclone hashsum` writes: a sum, two spaces and the name as it is. A line without a sum counts for nothing. */
const sumsIn = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^([0-9a-f]{32}) {2}(.+)$/gm)].map(([, sum = "", name = ""]) => [name, sum]));

const evidenceFile = ({ hub, id, name }: Of & { name: string }): string =>
  `${transferFolder(hub, id)}/evidence/${name}.ndjson`;

/** A name, how its MD5s were learnt, the MD5 at each end, and what named the target's object by then. */
const Line = z.tuple([
  z.string(),
  z.enum(["asked", "read"]),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
]);

/** Names the writing of an object, which another writing has not. */
const writingOf = ({ etag, generation, md5 }: Partial<RemoteObject>): string | null =>
  etag ?? generation ?? md5 ?? null;

/** Keeps what was learnt, under a name of its own, of objects as the target lists them. */
export async function keepEvidence(
  ledger: Pick<LedgerFiles, "keep">,
  of: Of & { name: string },
  { evidence, target }: { evidence: readonly Evidence[]; target: ReadonlyMap<string, RemoteObject> },
): Promise<void> {
  const lines = evidence.flatMap(({ by, ...sums }) =>
    [...new Set([...sums.source.keys(), ...sums.target.keys()])].flatMap((name) => {
      const there = target.get(name);
      if (there === undefined) return [];
      const line: z.infer<typeof Line> = [
        name,
        by,
        sums.source.get(name) ?? null,
        sums.target.get(name) ?? null,
        writingOf(there),
      ];
      return [`${JSON.stringify(line)}\n`];
    }),
  );
  if (lines.length === 0) return;
  await ledger.keep(evidenceFile(of), Buffer.from(lines.join("")), "application/x-ndjson");
}

/** Reads what was learnt under these names, as far as it is of objects as the target lists them now. */
export async function keptEvidence(
  ledger: Pick<LedgerFiles, "bytes">,
  { names, ...of }: Of & { names: readonly string[] },
  unproved: readonly Both[],
): Promise<Evidence[]> {
  if (unproved.length === 0) return [];
  const learnt = (by: Evidence["by"]) => ({
    by,
    source: new Map<string, string>(),
    target: new Map<string, string>(),
  });
  const [asked, read] = [learnt("asked"), learnt("read")];
  const writings = new Map(unproved.map(({ there }) => [there.name, writingOf(there)]));
  const files = await Promise.all(names.map((name) => ledger.bytes(evidenceFile({ ...of, name }))));
  for (const file of files)
    for (const line of (file?.toString() ?? "").split("\n").slice(0, -1)) {
      const [name, by, source, there, writing] = Line.parse(JSON.parse(line));
      // One that was written since is another object.
      if (writings.get(name) !== writing) continue;
      const sums = by === "asked" ? asked : read;
      if (source !== null) sums.source.set(name, source);
      if (there !== null) sums.target.set(name, there);
    }
  return [asked, read];
}
