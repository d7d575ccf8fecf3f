// Compares what is to be at the target of a transfer with what is there. Absence of evidence is no agreement. Pure.
import { type Evidence, likeness, likenessBy } from "../../shared/transfers/proof.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";

/** An object that is to be there, and what is there under its name. */
export type Both = { wanted: RemoteObject; there: RemoteObject };

/** Proof that content is the same: what both listings say, or evidence beyond them. */
export type ProvedBy = "listed" | Evidence["by"];

/** Objects that are to be at the target, by how they are there. */
export type Compared = {
  missing: RemoteObject[];
  /** Of the same content. */
  proved: (Both & { by: ProvedBy })[];
  /** Of the same size, and nothing says whether of the same content. */
  unproved: Both[];
  /** Of another content. */
  conflicts: Both[];
};

/** End of a part's objects: as they compare, and what of those that were to be deleted is gone or still there. */
export type Ended = Compared & { deleted: RemoteObject[]; kept: RemoteObject[] };

/** Compares by what listings say. */
export function compare(
  pairs: Iterable<{ wanted: RemoteObject; there: RemoteObject | undefined }>,
): Compared {
  const compared: Compared = { missing: [], proved: [], unproved: [], conflicts: [] };
  for (const { wanted, there } of pairs) {
    if (there === undefined) {
      compared.missing.push(wanted);
      continue;
    }
    const is = likeness(wanted, there);
    if (is === "same") compared.proved.push({ wanted, there, by: "listed" });
    else compared[is === "other" ? "conflicts" : "unproved"].push({ wanted, there });
  }
  return compared;
}

/** Decides by evidence on what listings left unproved. */
export function settled(compared: Compared, evidence: readonly Evidence[]): Compared {
  const proved = [...compared.proved];
  const conflicts = [...compared.conflicts];
  const unproved = compared.unproved.filter((both) => {
    const { is, by, source } = likenessBy(both.wanted, both.there, evidence);
    if (is === "same") proved.push({ ...both, wanted: source, by });
    else if (is === "other") conflicts.push({ ...both, wanted: source });
    return is === "unproved";
  });
  return { ...compared, proved, conflicts, unproved };
}
