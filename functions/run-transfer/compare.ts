// Compares what is to be at the target of a transfer with what is there, page by page of the target's listing: of a million objects
// at each end one side is held. Pure.
import { type Evidence, likeness, likenessBy } from "../../shared/transfers/proof.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";

/** An object that is to be there, and what is there under its name. */
export type Pair = { wanted: RemoteObject; there: RemoteObject };

/** Objects that are to be at the target, by how they are there. */
export type Compared = {
  missing: RemoteObject[];
  /** Counts of those whose content is the same, by what proves it. */
  proved: Record<"listed" | Evidence["by"], number>;
  /** Of the same size, and nothing says whether of the same content. */
  unproved: Pair[];
  /** Names of those of another content. */
  conflicts: string[];
};

/** Opens a comparison: `take` is given the target's listing, `end` gives what came of it. */
export function comparison(objects: readonly RemoteObject[]) {
  const wanted = inOrder(objects);
  const compared: Compared = {
    missing: [],
    proved: { listed: 0, asked: 0, read: 0 },
    unproved: [],
    conflicts: [],
  };
  /** Objects that came after one of a later name: stores order names by their bytes, and some by nothing. */
  const late = new Map<string, RemoteObject>();
  let at = 0;
  let last = "";

  function judge(wanted: RemoteObject, there: RemoteObject): void {
    const is = likeness(wanted, there);
    if (is === "same") compared.proved.listed += 1;
    else if (is === "unproved") compared.unproved.push({ wanted, there });
    else compared.conflicts.push(wanted.name);
  }

  function takeOne(there: RemoteObject): void {
    if (there.name < last) {
      late.set(there.name, there);
      return;
    }
    last = there.name;
    for (let next = wanted[at]; next !== undefined && next.name <= last; next = wanted[at]) {
      if (next.name === last) judge(next, there);
      else compared.missing.push(next);
      at += 1;
    }
  }

  return {
    take: (page: readonly RemoteObject[]): void => page.forEach(takeOne),
    end(): Compared {
      const missing = [...compared.missing, ...wanted.slice(at)];
      if (late.size === 0) return { ...compared, missing };
      const stillMissing = missing.filter((object) => {
        const there = late.get(object.name);
        if (there !== undefined) judge(object, there);
        return there === undefined;
      });
      return { ...compared, missing: stillMissing };
    },
  };
}

/** Puts objects into the order of their names, where they are in none: listings mostly are. */
function inOrder(objects: readonly RemoteObject[]): readonly RemoteObject[] {
  const isInOrder = objects.every(
    ({ name }, index) => index === 0 || (objects[index - 1]?.name ?? "") <= name,
  );
  return isInOrder ? objects : objects.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Decides by evidence on what listings left unproved. */
export function settled(compared: Compared, evidence: readonly Evidence[]): Compared {
  const proved = { ...compared.proved };
  const conflicts = [...compared.conflicts];
  const unproved = compared.unproved.filter(({ wanted, there }) => {
    const { is, by } = likenessBy(wanted, there, evidence);
    if (is === "same") proved[by] += 1;
    else if (is === "other") conflicts.push(wanted.name);
    return is === "unproved";
  });
  return { ...compared, proved, conflicts, unproved };
}

/** Counts all that are proved. */
export const countOf = ({ listed, asked, read }: Compared["proved"]): number => listed + asked + read;
