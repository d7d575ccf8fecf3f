// The incidents of all hubs as people see them, and what a person says of one: that they have seen it, or that it is over.
import type { Clock } from "../../../shared/clock.ts";
import type { IncidentLine } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import type { Incidents } from "../../../shared/flow/incident-records.ts";
import { changeIncidents, type IncidentDeps, nothingKnown } from "../../../shared/flow/incident-stage.ts";
import { acknowledged, closed, isOpen, openIn, resolved } from "../../../shared/flow/incidents.ts";
import { headingOf } from "../../../shared/flow/runbook.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import type { Publish } from "../events/send.ts";
import { type Refusal, refuse } from "../http/refusal.ts";
import type { StatesOf } from "../states.ts";

type Deps = { ledger: Ledger; publish: Publish; now: Clock };

export type IncidentStore = {
  /** The open ones, those that only a person mends first; then what is over, newest first; and states that cannot be read. */
  all: () => Promise<{
    open: IncidentLine[];
    over: IncidentLine[];
    unreadable: { hub: string; why: Explanation }[];
  }>;
  /** Nobody is reminded of it for a week. */
  acknowledge: (key: string, by: string) => Promise<{ said: string } | Refusal>;
  close: (key: string) => Promise<{ said: string } | Refusal>;
  /** An event of the hub was dealt with under Undelivered: closes what waited for it and for no other. */
  undeliveredResolved: (hub: string, left: ReadonlySet<string>) => Promise<void>;
};

export function incidentStore(deps: Deps, states: StatesOf<Incidents>): IncidentStore {
  const { ledger, publish, now } = deps;
  // A person's word is rare: what is remembered is never asked.
  const change = (hub: string, next: Parameters<typeof changeIncidents>[1]) => {
    const stage: IncidentDeps = { ledger, publish, now, knownIncidents: nothingKnown() };
    return changeIncidents(hub, next, stage, { tells: false });
  };

  async function decide(
    key: string,
    said: string,
    next: (state: Incidents, ofHub: string, at: Date) => Incidents | undefined,
  ): Promise<{ said: string } | Refusal> {
    const hub = key.slice(0, key.indexOf("/"));
    // Checks the key, for what is typed here becomes part of an object's name.
    if (!/^[a-z][a-z0-9-]{0,19}\/[a-z][a-z0-9-]*\/[a-z0-9-]{1,80}$/.test(key)) return noIncident;
    let found = false;
    await change(hub, (state, at) => {
      const after = next(state, key.slice(hub.length + 1), at);
      found = after !== undefined;
      return after ?? state;
    });
    return found ? { said } : noIncident;
  }

  return {
    async all() {
      const open: IncidentLine[] = [];
      const over: IncidentLine[] = [];
      const unreadable: { hub: string; why: Explanation }[] = [];
      for (const [hub, state] of await states.all()) {
        if ("unreadable" in state) {
          unreadable.push({ hub, why: state.unreadable });
          continue;
        }
        open.push(...openIn(state).map((incident) => ({ ...incident, ...lineOf(hub, incident) })));
        for (const [key, incident] of Object.entries(state.incidents))
          if (!isOpen(incident)) over.push({ ...incident, ...lineOf(hub, { key, ...incident }) });
      }
      const newest = (a: IncidentLine, b: IncidentLine) => ((a.closed ?? "") < (b.closed ?? "") ? 1 : -1);
      return { open, over: over.sort(newest), unreadable };
    },
    acknowledge: (key, by) =>
      decide(key, "seen: nobody is reminded of it for a week", (state, of, at) =>
        acknowledged(state, of, by, at),
      ),
    close: (key) =>
      decide(key, "closed: should it show again, it is a new one", (state, of, at) => closed(state, of, at)),
    async undeliveredResolved(hub, left) {
      await change(hub, (state, at) => resolved(state, left, at));
    },
  };
}

type Known = Parameters<typeof headingOf>[0] & { key: string };
const lineOf = (hub: string, incident: Known) => ({
  hub,
  key: `${hub}/${incident.key}`,
  runbook: headingOf(incident),
});

const noIncident = refuse(
  404,
  "nothing was done",
  "no open incident has this key",
  "list them: `npx groundcrew incidents`",
);
