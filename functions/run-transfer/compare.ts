// Compares what is to be at the target of a transfer with what is there. Pure.
import { type Evidence, likenessBy } from "../../shared/transfers/proof.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";

/** Objects that are to be at the target, by how they are there. */
export type Compared = {
  missing: RemoteObject[];
  /** Counts of those whose content is the same, by what proves it. */
  proved: Record<"listed" | Evidence["by"], number>;
  /** Of the same size, and nothing says whether of the same content. */
  unproved: RemoteObject[];
  /** Of another content. */
  conflicts: string[];
};

/** Compares what is to be at the target with what is there. */
export function compare(
  wanted: readonly RemoteObject[],
  target: readonly RemoteObject[],
  evidence: readonly Evidence[],
): Compared {
  const found = new Map(target.map((object) => [object.name, object]));
  const compared: Compared = {
    missing: [],
    proved: { listed: 0, asked: 0, read: 0 },
    unproved: [],
    conflicts: [],
  };
  for (const object of wanted) {
    const there = found.get(object.name);
    if (there === undefined) {
      compared.missing.push(object);
      continue;
    }
    const { is, by } = likenessBy(object, there, evidence);
    switch (is) {
      case "same":
        compared.proved[by] += 1;
        break;
      case "unproved":
        compared.unproved.push(object);
        break;
      case "other":
        compared.conflicts.push(object.name);
        break;
      default:
        is satisfies never;
    }
  }
  return compared;
}

/** Counts all that are proved. */
export const countOf = ({ listed, asked, read }: Compared["proved"]): number => listed + asked + read;
