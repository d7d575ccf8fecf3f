// Checks a part of a transfer in the end: everything of its manifest against what the target has now. What came of it is written down,
// so that whoever dies half-way goes on with the parts that are left.
import { byBytes } from "../../shared/remotes/names.ts";
import { inOnePage, type Pair, pairsOf } from "../../shared/remotes/pairs.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { PartChecked, type Since } from "../../shared/transfers/receipt-records.ts";
import type { Part, RemoteObject, TransferState } from "../../shared/transfers/records.ts";
import { compare, type Ended, settled } from "./compare.ts";
import { targetPages } from "./ends.ts";
import { askedOf, keptEvidence, type Questions } from "./evidence.ts";
import { type Planned, readManifest } from "./manifest.ts";
import { broughtByMover, type MoverFiles } from "./moved.ts";
import { mostNames } from "./plan.ts";
import { type Came, keepLines, linesOf, writtenIn } from "./receipt-lines.ts";
import { type SincePlan, sincePlan } from "./since.ts";
import type { Copying } from "./work.ts";

/** Checks a part, or finds it checked. */
export async function checked(
  work: Copying,
  transfer: TransferState,
  part: Part,
  { questions, moved }: { questions: Questions; moved: MoverFiles },
): Promise<PartChecked> {
  const { hub, id, deps } = work;
  const name = `${transferFolder(hub, id)}/checks/${part.n}.json`;
  const read = async () => (await deps.ledger.read(name, PartChecked))?.value;
  const before = await read();
  if (before !== undefined) return before;
  const planned = (await readManifest(deps.ledger, part)).sort((a, b) => byBytes(a.name, b.name));
  const compared = await comparedNow(work, { transfer, part, planned }, questions);
  const since = await sincePlan(work, transfer, { part, planned });
  const brought = await broughtByMover(deps.ledger, moved.get(part.n) ?? []);
  const came = { compared, brought, since };
  const whole = await keepLines(deps.ledger, { hub, id, n: part.n }, linesOf(planned, came));
  const found = { ...countsOf(planned, came), whole };
  return (await deps.ledger.create(name, found)) === "created" ? found : ((await read()) ?? found);
}

/** Compares by the target's listing, by what was learnt of its objects before, and by what its store says beyond. */
async function comparedNow(
  work: Copying,
  { transfer, part, planned }: { transfer: TransferState; part: Part; planned: readonly Planned[] },
  questions: Questions,
): Promise<Ended> {
  const { hub, id, deps } = work;
  const looked = planned.filter(({ was }) => was !== "unmovable");
  const toDelete = new Set(planned.filter(({ was }) => was === "delete").map(({ name }) => name));
  const range = { after: part.after, through: part.through };
  const pairs: Pair[] = [];
  const deleted: RemoteObject[] = [];
  const kept: RemoteObject[] = [];
  for await (const some of pairsOf(inOnePage(looked), targetPages(work, transfer, range)))
    for (const pair of some) {
      if (!toDelete.has(pair.wanted.name)) pairs.push(pair);
      else if (pair.there === undefined) deleted.push(pair.wanted);
      else kept.push(pair.wanted);
    }
  const compared = compare(pairs);
  const learnt = await keptEvidence(
    deps.ledger,
    { hub, id, names: evidenceOf(transfer, part) },
    compared.unproved,
  );
  const known = settled(compared, learnt);
  const asked = await askedOf(work, { unproved: known.unproved, missing: [] }, questions);
  return { ...settled(known, [asked]), deleted, kept };
}

/** Names what was learnt of a part's objects: when it was planned, and by each attempt of its lists. */
const evidenceOf = ({ lists = [] }: TransferState, { n, sha256 }: Part): string[] => [
  `part-${sha256.slice(0, 16)}`,
  ...lists
    .filter(({ part }) => part === n)
    .flatMap((list) => Array.from({ length: list.attempt }, (_, at) => `list-${list.n}-${at + 1}`)),
];

/** Counts what came of a part. */
export function countsOf(planned: readonly Planned[], { compared, brought, since }: Came): PartChecked {
  const { isOurs, isReplaced } = writtenIn(planned, brought);
  const replaced = [...compared.proved, ...compared.unproved].filter(isReplaced).length;
  const { proved, unproved, conflicts, deleted, kept } = compared;
  const [others, leftAlone] = [conflicts.filter(isOurs), conflicts.filter((both) => !isOurs(both))];
  // Explained by what was done at the source, they were not lost on the way.
  const gone = compared.missing.filter(({ name }) => since.deleted.has(name)).length;
  const notThere = compared.missing.filter(({ name }) => !since.deleted.has(name));
  const missing = notThere.filter(({ name }) => !since.changed.has(name));
  const changed = others.filter(({ wanted }) => !since.changed.has(wanted.name));
  const overtaken = notThere.length - missing.length + others.length - changed.length;
  const unmovable = planned.filter(({ was }) => was === "unmovable");
  const copied = proved.filter(isOurs).length;
  const unprovedOurs = unproved.filter(isOurs).length;
  const provedBy = (how: string): number => proved.filter(({ by }) => by === how).length;
  const namesOf = (all: readonly { wanted: { name: string } }[]): string[] =>
    all.slice(0, mostNames).map(({ wanted }) => wanted.name);
  return {
    v: 1,
    copied,
    already: proved.length - copied,
    missing: missing.length,
    changed: changed.length,
    conflicts: leftAlone.length,
    unproved: { copied: unprovedOurs, already: unproved.length - unprovedOurs },
    unmovable: unmovable.length,
    ...(replaced === 0 ? {} : { replaced }),
    ...(deleted.length === 0 ? {} : { deleted: deleted.length }),
    ...(kept.length === 0 ? {} : { kept: kept.length }),
    ...(gone === 0 ? {} : { gone }),
    ...(overtaken === 0 ? {} : { overtaken }),
    since: toldOf(since),
    verified: {
      md5: provedBy("listed"),
      asked: provedBy("asked"),
      read: provedBy("read"),
      size: unproved.length,
    },
    left: countedKinds(
      [...compared.proved, ...unproved].flatMap(({ wanted }) => brought.left.get(wanted.name) ?? []),
    ),
    names: {
      missing: missing.slice(0, mostNames).map(({ name }) => name),
      changed: namesOf(changed),
      conflicts: namesOf(leftAlone),
      unproved: namesOf(unproved),
      unmovable: unmovable.slice(0, mostNames).map(({ name }) => name),
      ...(kept.length === 0 ? {} : { kept: kept.slice(0, mostNames).map(({ name }) => name) }),
    },
  };
}

const toldOf = ({ deleted, changed, added, unseen }: SincePlan): Since => ({
  deleted: someOf(deleted),
  changed: someOf(changed),
  added,
  ...(unseen === undefined ? {} : { unseen }),
});

const someOf = (names: ReadonlySet<string>): Since["added"] => ({
  objects: names.size,
  names: [...names].slice(0, mostNames),
});

function countedKinds(kinds: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Adds up what came of all parts; of names only as many as are told. */
export function addedUp(parts: readonly PartChecked[]): PartChecked {
  const sum = (count: (part: PartChecked) => number): number =>
    parts.reduce((all, part) => all + count(part), 0);
  const all = (names: (part: PartChecked) => string[]): string[] => parts.flatMap(names).slice(0, mostNames);
  const sinceOf = (what: "deleted" | "changed" | "added"): Since["added"] => ({
    objects: sum(({ since }) => since?.[what].objects ?? 0),
    names: all(({ since }) => since?.[what].names ?? []),
  });
  const unseen = parts.find(({ since }) => since?.unseen !== undefined)?.since?.unseen;
  return {
    v: 1,
    copied: sum((part) => part.copied),
    already: sum((part) => part.already),
    missing: sum((part) => part.missing),
    changed: sum((part) => part.changed),
    conflicts: sum((part) => part.conflicts),
    unproved: {
      copied: sum(({ unproved }) => unproved.copied),
      already: sum(({ unproved }) => unproved.already),
    },
    unmovable: sum((part) => part.unmovable),
    replaced: sum((part) => part.replaced ?? 0),
    deleted: sum((part) => part.deleted ?? 0),
    kept: sum((part) => part.kept ?? 0),
    gone: sum((part) => part.gone ?? 0),
    overtaken: sum((part) => part.overtaken ?? 0),
    since: {
      deleted: sinceOf("deleted"),
      changed: sinceOf("changed"),
      added: sinceOf("added"),
      ...(unseen === undefined ? {} : { unseen }),
    },
    verified: {
      md5: sum(({ verified }) => verified.md5),
      asked: sum(({ verified }) => verified.asked ?? 0),
      read: sum(({ verified }) => verified.read ?? 0),
      size: sum(({ verified }) => verified.size),
    },
    left: summedKinds(parts),
    names: {
      missing: all(({ names }) => names.missing),
      changed: all(({ names }) => names.changed),
      conflicts: all(({ names }) => names.conflicts),
      unproved: all(({ names }) => names.unproved),
      unmovable: all(({ names }) => names.unmovable),
      kept: all(({ names }) => names.kept ?? []),
    },
  };
}

function summedKinds(parts: readonly PartChecked[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { left = {} } of parts)
    for (const [kind, objects] of Object.entries(left)) all[kind] = (all[kind] ?? 0) + objects;
  return all;
}
