// The first page's answer: what needs a person, and how each flow stands.
import type { HeldPlanLine, Home, NeedsYou } from "../../../shared/control.ts";
import type { IncidentStore } from "../incidents/incidents.ts";
import { type Plans, takesAccess } from "../plans/plans.ts";
import { type FlowDeps, flowCards } from "./flows.ts";

export type HomeDeps = FlowDeps & { incidents: IncidentStore; plans: Plans; sample: boolean };

export async function home(deps: HomeDeps): Promise<Home> {
  const { settings, now, sample } = deps;
  const [needs, flows] = await Promise.all([needsYou(deps), flowCards(deps)]);
  return {
    installation: settings.name,
    sample,
    project: settings.project,
    hubs: Object.entries(settings.hubs).map(([hub, { organisation }]) => ({ hub, organisation })),
    now: now().toISOString(),
    needsYou: needs,
    flows,
  };
}

/**
 * Lists what waits for a person's word, then what people have by mistake, then the open incidents, and nothing else. A hold is listed once:
 * as what waits.
 */
async function needsYou({ incidents, plans }: HomeDeps): Promise<NeedsYou[]> {
  const [{ open, unreadable }, all] = await Promise.all([incidents.all(), plans.all()]);
  const waiting = all.filter(({ state }) => state === "waiting");
  const isListed = new Set(waiting.map(({ hub, flow }) => `${hub}/${flow}`));
  return [
    ...unreadable.map(({ hub, why: { what, why, next } }): NeedsYou => {
      return { kind: "unreadable", hub, text: `${what}: ${why}. ${next}` };
    }),
    ...waiting.map(({ hub, plan: { hash }, verdicts }): NeedsYou => {
      const count = Object.values(verdicts).filter((verdict) => verdict === null).length;
      const changes = count === 1 ? "1 change waits" : `${count} changes wait`;
      return { kind: "approval", hub, hash, text: `${changes} for your word on ${hub}` };
    }),
    ...all.flatMap(keptAccess),
    ...open
      .filter(({ kind, hub, flow }) => kind !== "held" || !isListed.has(`${hub}/${flow}`))
      .map((incident): NeedsYou => {
        const { hub, reason } = incident;
        return { kind: "incident", hub, text: reason.what, incident };
      }),
  ];
}

/** Names access that the sheet does not give and that was left by a rejection: it stays in sight until somebody has taken or accepted it. */
function keptAccess({ hub, flow, state, plan: { hash, held }, verdicts }: HeldPlanLine): NeedsYou[] {
  if (state !== "rejected") return [];
  const kept = held.filter((item) => takesAccess(flow, item) && verdicts[item.hash] === "rejected");
  const people = new Set(kept.map(({ about }) => about.toLowerCase())).size;
  if (people === 0) return [];
  const who = people === 1 ? "1 person has" : `${people} people have`;
  return [
    {
      kind: "approval",
      hub,
      hash,
      text: `${who} access on ${hub} that the sheet does not give: rejected to be taken back`,
    },
  ];
}
