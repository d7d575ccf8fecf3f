// The names of a transfer: where its records lie in the ledger, and what its machines are called.

/** The folder of what is written once: request, lists, reports, receipt. */
export const transferFolder = (hub: string, id: string): string => `transfers/${hub}/${id}`;

/** The folder into which a transfer's machines write how far they are. */
export const reportsFolder = (hub: string, id: string): string => `${transferFolder(hub, id)}/reports`;

/** The states of a hub's transfers. */
export const transferStates = (hub: string): string => `head/transfers/${hub}/`;

/** The state of one transfer. */
export const transferState = (hub: string, id: string): string => `${transferStates(hub)}${id}.json`;

/** The machine of a shard: the same name means the same work. */
export const machineName = (hub: string, id: string, shard: number): string =>
  `transfer-${hub}-${id}-${shard}`;
