// What the last run of sync-members saw, for each hub. The listing tells the generation, so an unchanged head, which has
// megabytes on a large hub, is read and parsed once.
import { type Explanation, isPermanent } from "../../shared/errors.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { MembersHead } from "../../shared/records.ts";

/** An explanation stands for a head that cannot be understood. */
export type Head = MembersHead | { unreadable: Explanation };

export type Heads = {
  /** By hub; a hub without a run yet has none. */
  all: () => Promise<Map<string, Head>>;
};

export function heads(ledger: Ledger): Heads {
  const kept = new Map<string, { generation: string; head: MembersHead }>();
  return {
    async all() {
      const entries = await ledger.list("head/members/");
      const found = await Promise.all(
        entries.map(async ({ name, generation }): Promise<[string, Head] | undefined> => {
          const hub = name.slice("head/members/".length, -".json".length);
          const known = kept.get(hub);
          if (known?.generation === generation) return [hub, known.head];
          try {
            const read = await ledger.read(name, MembersHead);
            if (read === undefined) return undefined;
            kept.set(hub, { generation: read.generation, head: read.value });
            return [hub, read.value];
          } catch (error) {
            if (!isPermanent(error)) throw error;
            return [hub, { unreadable: error.explanation }];
          }
        }),
      );
      return new Map(found.filter((each) => each !== undefined));
    },
  };
}
