// Incidents and sights of an invented hub.
import type { Incident } from "../../../shared/flow/incident-records.ts";
import type { Sight } from "../../../shared/flow/incidents.ts";

export const reason = {
  what: "GitHub did not let the App in",
  why: "its installation is suspended",
  next: "Unsuspend it.",
};

export const sightOf = (more: Partial<Sight> = {}): Sight => ({
  flow: "sync-members",
  worker: "sync-members",
  cause: "github-suspended",
  kind: "undelivered",
  reason,
  service: "github",
  needs: ["sheets", "github"],
  lasting: true,
  waits: false,
  reach: "team",
  toldByFlow: false,
  ...more,
});

export function incidentOf(more: Partial<Incident> = {}): Incident {
  const { worker, toldByFlow: _, ...sight } = sightOf();
  return {
    ...sight,
    workers: [worker],
    opened: "2026-11-21T08:00:00.123Z",
    seen: "2026-11-21T08:00:00.123Z",
    told: 1,
    toldAt: "2026-11-21T08:00:00.123Z",
    ...more,
  };
}
