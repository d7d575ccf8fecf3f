// Records of a transfer, for the tests of what is decided by them.

import { type Compared, comparison } from "../../../functions/run-transfer/compare.ts";
import type { Seen } from "../../../functions/run-transfer/gather.ts";
import { byName } from "../../../functions/run-transfer/plan.ts";
import type { Evidence } from "../../../shared/transfers/proof.ts";
import type { RemoteObject, Shard, TransferState } from "../../../shared/transfers/records.ts";

/** Stores that say no more than their listings. */
export const nothingAsked: Evidence = { by: "asked", source: new Map(), target: new Map() };

/** Both ends as a look at them has them. */
export function endsOf({
  source,
  target = [],
  ...more
}: {
  source: readonly RemoteObject[];
  target?: readonly RemoteObject[];
} & Partial<NonNullable<Seen["ends"]>>): NonNullable<Seen["ends"]> {
  const { movable, unmovable } = byName(source);
  return { movable, unmovable, compared: compared(movable, target), asked: nothingAsked, ...more };
}

/** Compares two listings. */
export function compared(wanted: readonly RemoteObject[], target: readonly RemoteObject[]): Compared {
  const there = comparison(wanted);
  there.take(target);
  return there.end();
}

/** A shard that waits for its first machine. */
export const shard = (change: Partial<Shard> = {}): Shard => ({
  n: 0,
  objects: 10,
  bytes: 100,
  state: "waiting",
  attempt: 1,
  round: 0,
  full: [],
  preemptions: 0,
  errors: 0,
  list: "list",
  left: { objects: 10, bytes: 100 },
  ...change,
});

/** A transfer that runs, of these shards. */
export const transfer = (shards: Shard[], change: Partial<TransferState> = {}): TransferState => ({
  v: 1,
  hub: "sample",
  id: "t1",
  from: "persistent:a",
  to: "pod-inbox:a",
  state: "running",
  hash: "h",
  manifest: "m",
  sha256: "s",
  objects: 10,
  bytes: 100,
  already: 0,
  conflicts: 0,
  unmovable: 0,
  flags: { transfers: 1, checkers: 1, uploadConcurrency: 1, chunkMiB: 16, bufferMiB: 16 },
  machineType: "e2",
  dollars: 1,
  limitDollars: 5,
  hours: 1,
  limitHours: 2,
  shards,
  machines: 0,
  machineSeconds: 0,
  startedAt: "2026-11-21T09:59:00.000Z",
  said: "",
  ...change,
});
