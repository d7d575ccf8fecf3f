// A part of a survey: objects whose names follow each other. Of what is at the target already only a line in the manifest is held; what is
// left is cut into lists when the part is closed.
import type { LedgerFiles } from "../../shared/ledger.ts";
import { type Part, RemoteObject, type WorkList } from "../../shared/transfers/records.ts";
import { type Both, compare, settled } from "./compare.ts";
import { cutLists, sizeOf } from "./cut.ts";
import { askedOf, keepEvidence, type Questions } from "./evidence.ts";
import type { leftBehindBy } from "./left-behind.ts";
import { filesOf } from "./lists.ts";
import { openManifest } from "./manifest.ts";
import type { Pair } from "./pairs.ts";
import { isFolderMark, isMovable, mostNames } from "./plan.ts";
import { sampler } from "./sample.ts";
import type { Copying } from "./work.ts";

/** Objects of a part at most, and those of them that are not known to be at the target. */
const most = { objects: 50_000, left: 10_000 };

export type Looking = Pick<Copying, "hub" | "id" | "request" | "settings"> & {
  deps: Pick<Copying["deps"], "list" | "ranges" | "askSums" | "describe">;
};

/** Work that all parts of a survey share, and what they have found together. */
export type Surveying = Looking & {
  keep: LedgerFiles["keep"];
  questions: Questions;
  beside: ReturnType<typeof leftBehindBy>;
  found: {
    /** Names that cannot be copied, and those of another content at the target, as many as are told. */
    unmovable: string[];
    conflicts: string[];
    /** Number of objects to compare by reading. */
    unproved: number;
    largest: number;
    /** An object fits into no machine's memory, even in parts. */
    tooLarge?: true;
  };
};

export type OpenPart = ReturnType<typeof openPart>;

/** Opens a part, of names after this one. */
export function openPart({ beside, found }: Pick<Surveying, "beside" | "found">, after: string | undefined) {
  const manifest = openManifest();
  const counts = { objects: 0, bytes: 0, already: 0, conflicts: 0, unmovable: 0 };
  const names = sampler();
  const missing: RemoteObject[] = [];
  const unproved: Both[] = [];

  function addUnmovable(objects: readonly RemoteObject[]): void {
    manifest.add(objects, "unmovable");
    counts.unmovable += objects.length;
    tell(found.unmovable, objects);
  }
  function addKnown(proved: readonly Both[], conflicts: readonly Both[]): void {
    manifest.add(proved.map(wantedOf), "same");
    manifest.add(conflicts.map(wantedOf), "other");
    counts.already += proved.length;
    counts.conflicts += conflicts.length;
    tell(found.conflicts, conflicts.map(wantedOf));
  }

  return {
    ...{ after, counts, names, manifest, missing, unproved, addKnown },
    isEmpty: (): boolean => counts.objects + counts.unmovable === 0,
    isFull: (): boolean => counts.objects >= most.objects || missing.length + unproved.length >= most.left,
    add(pairs: readonly Pair[]): void {
      const movable: Pair[] = [];
      const unmovable: RemoteObject[] = [];
      for (const pair of pairs) {
        const { wanted } = pair;
        if (wanted.beside !== undefined) beside.see({ name: wanted.name, beside: wanted.beside });
        if (isFolderMark(wanted)) {
          beside.seeMark(wanted.name);
          continue;
        }
        names.add(wanted.name);
        if (!isMovable(wanted.name)) unmovable.push(wanted);
        else {
          movable.push(pair);
          counts.objects += 1;
          counts.bytes += wanted.size;
        }
      }
      if (unmovable.length > 0) addUnmovable(unmovable);
      const compared = compare(movable);
      addKnown(compared.proved, compared.conflicts);
      for (const object of compared.missing) missing.push(copyOf(object));
      for (const { wanted, there } of compared.unproved)
        unproved.push({ wanted: copyOf(wanted), there: copyOf(there) });
    },
  };
}

/** A copy: a part of a page's text holds all of that page in memory. */
const copyOf = (object: RemoteObject): RemoteObject => RemoteObject.parse(JSON.parse(JSON.stringify(object)));

const wantedOf = ({ wanted }: Both): RemoteObject => wanted;

/** Adds names, as many as are told. */
function tell(names: string[], objects: readonly RemoteObject[]): void {
  for (const { name } of objects.slice(0, mostNames - names.length)) names.push(name);
}

/** A part that is closed, and lists that were cut from it. */
export type ClosedPart = {
  part: Omit<Part, "n">;
  lists: Omit<WorkList, "n" | "part">[];
  names: readonly string[];
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
  const told = (object: RemoteObject): RemoteObject => {
    const md5 = object.md5 === undefined ? asked.source.get(object.name) : undefined;
    return md5 === undefined ? object : { ...object, md5 };
  };
  const compared = settled(listed, [asked]);
  open.addKnown(compared.proved.map(toldOf), compared.conflicts.map(toldOf));
  function toldOf({ wanted, there }: Both): Both {
    return { wanted: told(wanted), there };
  }
  const missing = compared.missing.map(told);
  const unproved = compared.unproved.map((both) => told(both.wanted));
  manifest.add(missing, "missing");
  manifest.add(unproved, "unproved");
  const kept = await manifest.keep({ hub, id }, keep);
  const target = new Map(listed.unproved.map(({ there }) => [there.name, there]));
  const name = `part-${kept.sha256.slice(0, 16)}`;
  await keepEvidence({ keep }, { hub, id, name }, { evidence: [asked], target });
  found.unproved += unproved.length;
  for (const { size } of [...missing, ...unproved]) found.largest = Math.max(found.largest, size);
  const cuts = cutLists({ missing, unproved }, settings);
  if (cuts === undefined) found.tooLarge = true;
  const lists: ClosedPart["lists"] = [];
  for (const { flags, ...todo } of cuts ?? []) {
    const size = sizeOf(todo);
    const files = await filesOf({ hub, id, request }, todo, keep);
    lists.push({ ...size, left: size, state: "open", attempt: 1, errors: 0, flags, ...files });
  }
  const range = { ...(after === undefined ? {} : { after }), ...(through === undefined ? {} : { through }) };
  return { part: { ...kept, ...range, ...counts }, lists, names: names.taken() };
}
