// Record of what happened in a simulation, in order; its digest tells whether two runs were the same.
import { createHash } from "node:crypto";

/** Begins one. */
export function timelineBy(now: () => Date) {
  const lines: string[] = [];
  const hash = createHash("sha256");
  return {
    lines,
    note(what: string): void {
      const line = `${now().toISOString().slice(5, 23)} ${what}`;
      lines.push(line);
      hash.update(`${line}\n`);
    },
    digest: () => hash.copy().digest("hex").slice(0, 16),
  };
}
