// Reads what the last run of a flow saw, for each hub. The listing tells the generation, so an unchanged state is read and
// parsed once: it has megabytes on a large hub.
import * as z from "zod";
import { type Explanation, isPermanent } from "../../shared/errors.ts";
import { Incidents } from "../../shared/flow/incident-records.ts";
import { incidentsFolder } from "../../shared/flow/incident-stage.ts";
import { ImagesState } from "../../shared/images/records.ts";
import type { Entry, Ledger } from "../../shared/ledger.ts";
import { MembersState } from "../../shared/members/records.ts";
import { QuotaState } from "../../shared/quota/records.ts";
import { Waiting } from "../../shared/records.ts";

/** An explanation stands for a state that cannot be understood. */
export type StateOf<T> = T | { unreadable: Explanation };
export type State = StateOf<MembersState>;

/** The part that the states of all flows have alike. */
export const Waits = z.object({ waiting: Waiting.optional() });
type Waits = z.infer<typeof Waits>;

export type StatesOf<T> = {
  /** By hub; a hub without a run yet has none. */
  all: () => Promise<Map<string, StateOf<T>>>;
};
export type States = StatesOf<MembersState>;

export const states = (ledger: Ledger): States => statesIn(ledger, "head/members/", MembersState);
export const quotaStates = (ledger: Ledger): StatesOf<QuotaState> =>
  statesIn(ledger, "head/quota/", QuotaState);
export const imageStates = (ledger: Ledger): StatesOf<ImagesState> =>
  statesIn(ledger, "head/images/", ImagesState);

/** Reads of a flow's states what waits for a person, and nothing else. `folder` has an object a hub. */
export const waitingStates = (ledger: Ledger, folder: string): StatesOf<Waits> =>
  statesIn(ledger, folder, Waits);

/** Reads of transfers that wait for a person what waits: by hub and id. */
export const transfersWaiting = (ledger: Ledger): StatesOf<Waits> =>
  statesIn(ledger, "head/transfers/", Waits, ({ metadata }) => metadata["state"] === "waiting");

export const incidentHeads = (ledger: Ledger): StatesOf<Incidents> =>
  statesIn(ledger, incidentsFolder, Incidents);

function statesIn<T extends object>(
  ledger: Ledger,
  folder: string,
  schema: z.ZodType<T>,
  isWanted: (entry: Entry) => boolean = () => true,
): StatesOf<T> {
  const kept = new Map<string, { generation: string; state: T }>();
  return {
    async all() {
      const entries = await ledger.list(folder);
      const found = await Promise.all(
        entries
          .filter(isWanted)
          .map(async ({ name, generation }): Promise<[string, StateOf<T>] | undefined> => {
            const hub = name.slice(folder.length, -".json".length);
            const known = kept.get(hub);
            if (known?.generation === generation) return [hub, known.state];
            try {
              const read = await ledger.read(name, schema);
              if (read === undefined) return undefined;
              kept.set(hub, { generation: read.generation, state: read.value });
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
