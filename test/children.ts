// The processes that this test file has started. One that outlives its test would keep Jest's own process from its end.
import type { ChildProcess } from "node:child_process";

const living = new Set<ChildProcess>();

/** Gives the process back, and remembers it until it has ended. */
export function ownChild<T extends ChildProcess>(child: T): T {
  living.add(child);
  child.once("exit", () => living.delete(child));
  child.once("error", () => living.delete(child));
  return child;
}

/** Ends what is left. */
export function endChildren(): void {
  for (const child of living) child.kill("SIGKILL");
}
