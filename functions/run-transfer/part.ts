// A part of a survey: objects whose names follow each other. Of what is at the target already only a line in the manifest is held; what is
// left is cut into lists when the part is closed.
import * as z from "zod";
import type { LedgerFiles } from "../../shared/ledger.ts";
import type { BesideKind } from "../../shared/remotes/beside.ts";
import type { ListedObject } from "../../shared/remotes/list.ts";
import { byBytes } from "../../shared/remotes/names.ts";
import type { Pair } from "../../shared/remotes/pairs.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import { likeness } from "../../shared/transfers/proof.ts";
import { type Losses, Part, RemoteObject, WorkList } from "../../shared/transfers/records.ts";
import { byCarrier } from "./carriers.ts";
import { type Both, settled } from "./compare.ts";
import { cutLists, sizeOf } from "./cut.ts";
import { askedOf, keepEvidence, type Questions } from "./evidence.ts";
import { addLost, type Found, tell } from "./found.ts";
import type { leftBehindBy } from "./left-behind.ts";
import { deletionOf, filesOf, readBackIn, replacementOf } from "./lists.ts";
import { type Losing, openManifest } from "./manifest.ts";
import { mostNames } from "./plan.ts";
import { sampleOf, sampler } from "./sample.ts";
import { addList } from "./tally.ts";
import type { Copying } from "./work.ts";

/** Objects of a part at most, and those of them that are not known to be at the target. */
const usual = { objects: 50_000, left: 10_000 };
/** A transfer deletes no more objects than this: whoever has more to delete means a folder, and has other means for it. */
export const mostDeleted = 100_000;

export type Looking = Pick<Copying, "hub" | "id" | "request" | "settings"> & {
  /** Limits of a part, where they are not the usual ones. */
  most?: typeof usual;
  deps: Pick<Copying["deps"], "list" | "ranges" | "askSums" | "describe">;
};

function lose(lost: Losses, objects: readonly RemoteObject[]): void {
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  addLost(lost, { objects: objects.length, bytes, names: namesIn(objects) });
}

const namesIn = (objects: readonly RemoteObject[]): string[] =>
  objects.slice(0, mostNames).map(({ name }) => name);

/** Work that all parts of a range share, and what they have found together. */
export type Surveying = Looking & {
  keep: LedgerFiles["keep"];
  questions: Questions;
  beside: ReturnType<typeof leftBehindBy>;
  found: Found;
  /** Number of the target's objects that are to be deleted, of all ranges. */
  losing: { objects: number };
};

export type OpenPart = ReturnType<typeof openPart>;

/** Opens a part, of names after this one. */
export function openPart(
  {
    beside,
    found,
    request: { mode },
    most = usual,
  }: Pick<Surveying, "beside" | "found" | "request" | "most">,
  after: string | undefined,
) {
  const manifest = openManifest();
  const counts = { objects: 0, bytes: 0, already: 0, conflicts: 0, unmovable: 0 };
  const names = sampler();
  const missing: ListedObject[] = [];
  const unproved: Both[] = [];
  const replaced: Both[] = [];
  const deleted: RemoteObject[] = [];
  const isFull = (): boolean =>
    counts.objects >= most.objects ||
    missing.length + unproved.length + replaced.length + deleted.length >= most.left;

  function addBesides(objects: readonly RemoteObject[]): void {
    lose(found.lost.deleted, objects);
    for (const object of objects) deleted.push(object);
  }

  function addKnown(proved: readonly RemoteObject[], conflicts: readonly Both[]): void {
    manifest.add(proved, "same");
    counts.already += proved.length;
    if (mode !== undefined) {
      for (const both of conflicts) replaced.push(copiesOf(both));
      return;
    }
    manifest.add(conflicts.map(wantedOf), "other");
    counts.conflicts += conflicts.length;
    tell(found.conflicts, namesIn(conflicts.map(wantedOf)));
  }

  return {
    ...{ after, counts, names, manifest, missing, unproved, replaced, deleted, addKnown },
    isEmpty: (): boolean => counts.objects + deleted.length === 0,
    isFull,
    addBesides,
    /**
     * Adds the pairs of a page from a place on, and of what the target alone has, in `besides`, all that comes before them. Gives the place
     * where the part was full: where it ends is told by its objects, and not by the pages that they came in.
     */
    add(pairs: readonly Pair[], from: number, besides: RemoteObject[]): number {
      const same: RemoteObject[] = [];
      let at = from;
      for (const { wanted, there } of from === 0 ? pairs : pairs.slice(from)) {
        if (isFull()) break;
        at += 1;
        if (besides.length > 0) addBesides(besides.splice(0, countBefore(besides, wanted.name)));
        if (wanted.beside !== undefined) beside.see({ name: wanted.name, beside: wanted.beside });
        names.add(wanted.name);
        counts.objects += 1;
        counts.bytes += wanted.size;
        // Compares one by one: of a page of objects that are there already, nothing is to be held.
        const is = there === undefined ? undefined : likeness(wanted, there);
        if (there === undefined) missing.push(copyOf(wanted));
        else if (is === "unproved") unproved.push(copiesOf({ wanted, there }));
        else if (is === "other") addKnown(same.splice(0), [{ wanted, there }]);
        else same.push(wanted);
      }
      addKnown(same, []);
      return at;
    },
  };
}

/** Counts those in front of a list, in the order of names, that come before a name. */
function countBefore(objects: readonly RemoteObject[], name: string): number {
  const at = objects.findIndex((one) => byBytes(one.name, name) > 0);
  return at === -1 ? objects.length : at;
}

/** A copy: a part of a page's text holds all of that page in memory. */
export const copyOf = ({ beside, ...object }: ListedObject): ListedObject => ({
  ...RemoteObject.parse(JSON.parse(JSON.stringify(object))),
  ...(beside === undefined ? {} : { beside }),
});

const copiesOf = ({ wanted, there }: Both): Both => ({ wanted: copyOf(wanted), there: copyOf(there) });

const wantedOf = ({ wanted }: Both): RemoteObject => wanted;

/** A part that is closed, and lists that were cut from it, of which no machine has begun any. */
export const ClosedPart = z.strictObject({
  part: Part.omit({ n: true }),
  lists: z.array(WorkList.omit({ n: true, part: true, state: true, attempt: true, errors: true })),
});
export type ClosedPart = z.infer<typeof ClosedPart>;

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
  tell(found.unmovable, namesIn(by.nobody));
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
    lists.push({ ...size, left: size, flags, ...files });
  }
  const deleting = { copied: [], moved: open.deleted.map(deletionOf), unproved: [] };
  for (const { flags, ...todo } of cutLists(deleting, settings) ?? []) {
    const size = sizeOf(todo);
    const files = await filesOf({ hub, id, request }, todo, keep);
    lists.push({ ...size, left: size, flags, ...files, deletes: true });
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
