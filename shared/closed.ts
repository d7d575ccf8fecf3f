// Closed vocabularies: a table names each member once, and the compiler holds every other table of the same members to it.

/** Lists the keys of a table in its order. The one cast: an object may have more keys than its type says, a table that is written down has not. */
export const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] =>
  Object.keys(table) as K[];

/** Makes a table with a value for each key. */
export const tableOf = <K extends string, T>(keys: readonly K[], make: (key: K) => T): Record<K, T> =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, T>;
