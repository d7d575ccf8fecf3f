// What the last run of a flow saw, for each hub. The listing tells the generation, so an unchanged head, which has
// megabytes on a large hub, is read and parsed once.
import type { z } from "zod";
import { type Explanation, isPermanent } from "../../shared/errors.ts";
import { ImagesState } from "../../shared/images/records.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { QuotaState } from "../../shared/quota/records.ts";
import { MembersHead } from "../../shared/records.ts";

/** An explanation stands for a head that cannot be understood. */
export type HeadOf<T> = T | { unreadable: Explanation };
export type Head = HeadOf<MembersHead>;

export type HeadsOf<T> = {
  /** By hub; a hub without a run yet has none. */
  all: () => Promise<Map<string, HeadOf<T>>>;
};
export type Heads = HeadsOf<MembersHead>;

export const heads = (ledger: Ledger): Heads => headsIn(ledger, "head/members/", MembersHead);
export const quotaHeads = (ledger: Ledger): HeadsOf<QuotaState> => headsIn(ledger, "head/quota/", QuotaState);
export const imageHeads = (ledger: Ledger): HeadsOf<ImagesState> =>
  headsIn(ledger, "head/images/", ImagesState);

function headsIn<T extends object>(ledger: Ledger, folder: string, schema: z.ZodType<T>): HeadsOf<T> {
  const kept = new Map<string, { generation: string; head: T }>();
  return {
    async all() {
      const entries = await ledger.list(folder);
      const found = await Promise.all(
        entries.map(async ({ name, generation }): Promise<[string, HeadOf<T>] | undefined> => {
          const hub = name.slice(folder.length, -".json".length);
          const known = kept.get(hub);
          if (known?.generation === generation) return [hub, known.head];
          try {
            const read = await ledger.read(name, schema);
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
