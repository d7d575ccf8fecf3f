// Troubles of the disk that a sample hub lies on, whoever meets them: the file system says them in its words, SQLite in its own.
import { codeOf, type Explanation } from "../../shared/errors.ts";
import { codeOfState } from "./state.ts";

export type DiskTrouble = "full" | "read-only" | "failing" | "damaged";

const codes: Record<string, DiskTrouble> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
  EIO: "failing",
};

/** Finds the trouble behind what was thrown; undefined where it is not the disk's. */
export function diskTrouble(error: unknown): DiskTrouble | undefined {
  const code = codeOfState(error);
  return code === "busy" ? undefined : (code ?? codes[codeOf(error)]);
}

/** Words for a trouble: what it is, and what ends it. */
export const troubleWords = {
  full: { is: "the disk is full", mend: "make room" },
  "read-only": { is: "the system allows no writing there", mend: "give yourself the right to write there" },
  failing: { is: "the disk fails", mend: "look at the disk, or at the server that it is on" },
  damaged: {
    is: "its .groundcrew/state.db is damaged",
    mend: "put it back from a copy, or delete the folder",
  },
} as const satisfies Record<DiskTrouble, { is: string; mend: string }>;

/** Puts into words what ends an instance on a folder, or keeps it from its start; undefined where it is not the disk's doing. */
export function explainDisk(error: unknown, folder: string): Explanation | undefined {
  const trouble = diskTrouble(error);
  if (trouble === undefined) return undefined;
  const { is, mend } = troubleWords[trouble];
  return {
    what: `the sample hub in ${folder} cannot go on`,
    why: is,
    next: `${mend}, and start again: it goes on where it stopped. Or name another folder: --world <dir>`,
  };
}
