// Harness for tests of a hub's troubles: deliveries that end as a test says, the minute's tick, and what stands afterwards.
import { lookAtIncidents } from "../../../functions/resume-work/incidents.ts";
import type { ReceiveDeps } from "../../../shared/delivery/receive.ts";
import type { Result } from "../../../shared/delivery/recorder.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { nothingKnown } from "../../../shared/flow/incident-stage.ts";
import { openIn } from "../../../shared/flow/incidents.ts";
import type { Settings } from "../../../shared/settings.ts";
import { flowHarness, type Message } from "../../functions/flow-harness.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { hint } from "./settle-harness.ts";

export const settings = settingsOf({ hubs: { prod: { members: fewMembers } } });
export const done = { outcome: "done", title: "nothing to change" } as const satisfies Result;

/** The same function in another process: it remembers nothing. */
export const another = (more: Partial<ReceiveDeps> = {}): Partial<ReceiveDeps> => ({
  knownIncidents: nothingKnown(),
  ...more,
});

export async function incidentHarness() {
  const harness = await flowHarness("sync-members");
  const state = async () => Incidents.parse(await harness.jsonOf("head/incidents/prod.json"));
  return {
    ...harness,
    /** One delivery of an event whose handler says this, or throws it; what it is answered. */
    async ends(
      said: Result | (() => Error),
      {
        event = hint,
        while: meanwhile = async () => {},
        ...message
      }: Message<"sync-members"> & { event?: object; while?: () => Promise<void> } = {},
    ): Promise<number> {
      const handle = async (): Promise<Result> => {
        await meanwhile();
        if (typeof said === "function") throw said();
        return said;
      };
      return (await harness.deliver(handle, event, message)).status;
    },
    /** The minute's tick, of a process that has just begun. */
    tick: (by: Settings = settings) => lookAtIncidents({}, { ...harness.deps, ...another(), settings: by }),
    state,
    open: async () => openIn(await state()).map(({ key, kind }) => [key, kind]),
    /** The keys of what was told: under one key people get one message. */
    told: () => [...new Set(harness.notices().map(({ key }) => key.replace(/\/2026-[^/]*/, "")))],
  };
}
