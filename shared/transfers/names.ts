// The names of a transfer: where its records lie in the ledger, and what its machines are called.

/** The folder of what is written once: request, lists, reports, receipt. */
export const transferFolder = (hub: string, id: string): string => `transfers/${hub}/${id}`;

/** The folder into which a transfer's machines write how they and their lists have ended. */
export const reportsFolder = (hub: string, id: string): string => `${transferFolder(hub, id)}/reports`;

type Word = { n: number; attempt: number; state: string };

/** Last word of a shard's machine on itself. */
export const machineReport = (hub: string, id: string, { n, attempt, state }: Word): string =>
  `${reportsFolder(hub, id)}/${n}-${attempt}-${state}.json`;

/** Last word of a machine on a list. */
export const listReport = (hub: string, id: string, { n, attempt, state }: Word): string =>
  `${reportsFolder(hub, id)}/list-${n}-${attempt}-${state}.json`;

/** The folder in which a transfer's machines take lists, each from the others: what is in it is replaced. */
export const leasesFolder = (hub: string, id: string): string => `leases/${hub}/${id}`;

/** The lists that machines may take. */
export const boardFile = (hub: string, id: string): string => `${leasesFolder(hub, id)}/board.tsv`;

/** The last word of a shard's machine while it copies. */
export const lastWord = (hub: string, id: string, { n, attempt }: { n: number; attempt: number }): string =>
  `${leasesFolder(hub, id)}/machine-${n}-${attempt}.json`;

/** The states of a hub's transfers. */
export const transferStates = (hub: string): string => `head/transfers/${hub}/`;

/** The state of one transfer. */
export const transferState = (hub: string, id: string): string => `${transferStates(hub)}${id}.json`;

/** The survey of a transfer that goes on. */
export const surveyHead = (hub: string, id: string): string => `head/surveys/${hub}/${id}.json`;

/** The machine of a shard: the same name means the same work. */
export const machineName = (hub: string, id: string, shard: number): string =>
  `transfer-${hub}-${id}-${shard}`;

/** Finds another hub whose transfers' machines may be called as this one's: "a" with "b-c" and "a-b" with "c". It is told by the longer name. */
export const hubOfSameNames = (hub: string, id: string, hubs: readonly string[]): string | undefined =>
  hubs.find((other) => other.length > hub.length && `${hub}-${id}`.startsWith(`${other}-`));
