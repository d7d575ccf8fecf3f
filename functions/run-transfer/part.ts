// A part of a survey: objects whose names follow each other. Of what is at the target already only a line in the manifest is held; what is
// left is cut into lists when the part is closed.
import type { LedgerFiles } from "../../shared/ledger.ts";
import type { BesideKind } from "../../shared/remotes/beside.ts";
import type { ListedObject } from "../../shared/remotes/list.ts";
import type { Pair } from "../../shared/remotes/pairs.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import { likeness } from "../../shared/transfers/proof.ts";
import { type Part, RemoteObject, type WorkList } from "../../shared/transfers/records.ts";
import { byCarrier } from "./carriers.ts";
import { type Both, settled } from "./compare.ts";
import { cutLists, sizeOf } from "./cut.ts";
import { askedOf, keepEvidence, type Questions } from "./evidence.ts";
import type { leftBehindBy } from "./left-behind.ts";
import { deletionOf, filesOf, readBackIn, replacementOf } from "./lists.ts";
import { type Losing, openManifest } from "./manifest.ts";
import { isFolderMark, mostNames } from "./plan.ts";
import { sampleOf, sampler } from "./sample.ts";
import { addList, type Sum, type WorkTally } from "./tally.ts";
import type { Copying } from "./work.ts";

/** Objects of a part at most, and those of them that are not known to be at the target. */
const most = { objects: 50_000, left: 10_000 };
/** A transfer deletes no more objects than this: whoever has more to delete means a folder, and has other means for it. */
export const mostDeleted = 100_000;

export type Looking = Pick<Copying, "hub" | "id" | "request" | "settings"> & {
  deps: Pick<Copying["deps"], "list" | "ranges" | "askSums" | "describe">;
};

/** Sum of what the target is to lose, with as many names as are told. */
export type Lost = Sum & { names: string[] };
export const nothingLost = (): Lost => ({ objects: 0, bytes: 0, names: [] });

function lose(lost: Lost, objects: readonly RemoteObject[]): void {
  lost.objects += objects.length;
  lost.bytes += objects.reduce((sum, { size }) => sum + size, 0);
  tell(lost.names, objects);
}

/** Work that all parts of a survey share, and what they have found together. */
export type Surveying = Looking & {
  keep: LedgerFiles["keep"];
  questions: Questions;
  beside: ReturnType<typeof leftBehindBy>;
  found: {
    /** Names that cannot be copied, and those of another content at the target, as many as are told. */
    unmovable: string[];
    conflicts: string[];
    /** Objects of the target that are to be replaced and deleted. */
    lost: { replaced: Lost; deleted: Lost };
    /** Number of objects to compare by reading. */
    unproved: number;
    tally: WorkTally;
    /** An object fits into no machine's memory, even in parts. */
    tooLarge?: true;
    /** A store that lists folder by folder has two of these names in another order than others. */
    besideFolders?: true;
    /** The target alone has more objects than a transfer deletes. */
    tooManyLost?: true;
  };
};

export type OpenPart = ReturnType<typeof openPart>;

/** Opens a part, of names after this one. */
export function openPart(
  { beside, found, request: { mode } }: Pick<Surveying, "beside" | "found" | "request">,
  after: string | undefined,
) {
  const manifest = openManifest();
  const counts = { objects: 0, bytes: 0, already: 0, conflicts: 0, unmovable: 0 };
  const names = sampler();
  const missing: ListedObject[] = [];
  const unproved: Both[] = [];
  const replaced: Both[] = [];
  const deleted: RemoteObject[] = [];
  const held = [missing, unproved, replaced, deleted];

  function addKnown(proved: readonly RemoteObject[], conflicts: readonly Both[]): void {
    manifest.add(proved, "same");
    counts.already += proved.length;
    if (mode !== undefined) {
      for (const both of conflicts) replaced.push(copiesOf(both));
      return;
    }
    manifest.add(conflicts.map(wantedOf), "other");
    counts.conflicts += conflicts.length;
    tell(found.conflicts, conflicts.map(wantedOf));
  }

  return {
    ...{ after, counts, names, manifest, missing, unproved, replaced, deleted, addKnown },
    isEmpty: (): boolean => counts.objects + deleted.length === 0,
    isFull: (): boolean =>
      counts.objects >= most.objects || held.reduce((sum, { length }) => sum + length, 0) >= most.left,
    /** Sees an object that the target alone has. The mark of a folder is nobody's data. */
    addBesides(object: RemoteObject): void {
      if (isFolderMark(object)) return;
      if (found.lost.deleted.objects === mostDeleted) found.tooManyLost = true;
      if (found.tooManyLost === true) return;
      const copy = copyOf(object);
      lose(found.lost.deleted, [copy]);
      deleted.push(copy);
    },
    add(pairs: readonly Pair[]): void {
      for (const { wanted } of pairs) {
        if (wanted.beside !== undefined) beside.see({ name: wanted.name, beside: wanted.beside });
        names.add(wanted.name);
        counts.objects += 1;
        counts.bytes += wanted.size;
      }
      const same: RemoteObject[] = [];
      const others: Both[] = [];
      for (const { wanted, there } of pairs) {
        // Compares one by one: of a page of objects that are there already, nothing is to be held.
        const is = there === undefined ? undefined : likeness(wanted, there);
        if (there === undefined) missing.push(copyOf(wanted));
        else if (is === "unproved") unproved.push(copiesOf({ wanted, there }));
        else if (is === "other") others.push({ wanted, there });
        else same.push(wanted);
      }
      addKnown(same, others);
    },
  };
}

/** A copy: a part of a page's text holds all of that page in memory. */
const copyOf = ({ beside, ...object }: ListedObject): ListedObject => ({
  ...RemoteObject.parse(JSON.parse(JSON.stringify(object))),
  ...(beside === undefined ? {} : { beside }),
});

const copiesOf = ({ wanted, there }: Both): Both => ({ wanted: copyOf(wanted), there: copyOf(there) });

const wantedOf = ({ wanted }: Both): RemoteObject => wanted;

/** Adds names, as many as are told. */
function tell(names: string[], objects: readonly RemoteObject[]): void {
  for (const { name } of objects.slice(0, mostNames - names.length)) names.push(name);
}

/** A part that is closed, and lists that were cut from it. */
export type ClosedPart = {
  part: Omit<Part, "n">;
  lists: Omit<WorkList, "n" | "part">[];
};

/** Closes a part: what its listings do not say is asked for, its manifest is kept, and what is left is cut into lists. */
export async function closePart(
  work: Surveying,
  open: OpenPart,
  through: string | undefined,
): Promise<ClosedPart> {
  const { hub, id, request, found, keep, settings } = work;
  const { after, counts, manifest, names } = open;
  const listed = { missing: open.missing, proved: [], unproved: open.unproved, conflicts: [] };
  const asked = await askedOf(work, listed, work.questions);
  /** With the MD5 that the source's store was asked for. */
  const told = ({ beside: _, ...object }: ListedObject): RemoteObject => {
    const md5 = object.md5 === undefined ? asked.source.get(object.name) : undefined;
    return md5 === undefined ? object : { ...object, md5 };
  };
  const compared = settled(listed, [asked]);
  const toldOf = ({ wanted, there }: Both): Both => ({ wanted: told(wanted), there });
  open.addKnown(
    compared.proved.map(({ wanted }) => told(wanted)),
    compared.conflicts.map(toldOf),
  );
  const by = byCarrier(open.missing, { ...request, sampled: await sampledOf(work, names.taken()) });
  const [copied, moved] = [by.rclone.map(told), by.mover.map(told)];
  const unproved = compared.unproved.map((both) => told(both.wanted));
  manifest.add([...copied, ...moved], "missing");
  // Names what lies there, where it may be replaced once it has been read.
  const named = (both: Both): Losing => ({ ...told(both.wanted), old: both.there });
  manifest.add(request.mode === undefined ? unproved : compared.unproved.map(named), "unproved");
  const replaced = open.replaced.map(named);
  manifest.add(replaced, "replace");
  lose(
    found.lost.replaced,
    open.replaced.map(({ there }) => there),
  );
  manifest.add(
    open.deleted.map((object) => ({ ...object, old: object })),
    "delete",
  );
  manifest.add(by.nobody, "unmovable");
  counts.objects -= by.nobody.length;
  counts.bytes -= by.nobody.reduce((sum, { size }) => sum + size, 0);
  counts.unmovable += by.nobody.length;
  tell(found.unmovable, by.nobody);
  const kept = await manifest.keep({ hub, id }, keep);
  const target = new Map(listed.unproved.map(({ there }) => [there.name, there]));
  const name = `part-${kept.sha256.slice(0, 16)}`;
  await keepEvidence({ keep }, { hub, id, name }, { evidence: [asked], target });
  found.unproved += unproved.length;
  found.tally.parts += 1;
  const replacing = replaced.map(replacementOf);
  const cuts = cutLists({ copied, moved: [...moved, ...replacing], unproved }, settings);
  if (cuts === undefined) found.tooLarge = true;
  const lists: ClosedPart["lists"] = [];
  for (const { flags, ...todo } of cuts ?? []) {
    const size = sizeOf(todo);
    const copy = [...todo.copied, ...todo.moved];
    addList(found.tally, { copy, readBack: readBackIn(todo, request), flags });
    const files = await filesOf({ hub, id, request }, todo, keep);
    lists.push({ ...size, left: size, state: "open", attempt: 1, errors: 0, flags, ...files });
  }
  const deleting = { copied: [], moved: open.deleted.map(deletionOf), unproved: [] };
  for (const { flags, ...todo } of cutLists(deleting, settings) ?? []) {
    const size = sizeOf(todo);
    const files = await filesOf({ hub, id, request }, todo, keep);
    const counts = { state: "open", attempt: 1, errors: 0 } as const;
    lists.push({ ...size, left: size, ...counts, flags, ...files, deletes: true });
  }
  const range = { ...(after === undefined ? {} : { after }), ...(through === undefined ? {} : { through }) };
  return { part: { ...kept, ...range, ...counts }, lists };
}

/** Looks at what stands beside the bytes of some objects, of a store whose listings do not say it; gives the kinds that were found so far. */
async function sampledOf(
  { request: { from }, beside, deps }: Surveying,
  names: readonly string[],
): Promise<readonly BesideKind[]> {
  if (isInGoogle(from.store)) return [];
  const sample = { path: from.path, names: sampleOf(names, beside.left()) };
  for (const described of await deps.describe(from.remote, from.store, sample)) beside.see(described);
  return beside.kinds();
}
