// The first page's answer: what needs a person, and how each flow stands.
import type { Home, NeedsYou } from "../../shared/control.ts";
import type { Explanation } from "../../shared/errors.ts";
import type { MembersHead, QuotaHead } from "../../shared/records.ts";
import { type FlowDeps, flowCards } from "./flows.ts";
import type { Heads, HeadsOf } from "./heads.ts";
import type { Plans } from "./plans.ts";
import type { UndeliveredBook } from "./undelivered.ts";

export type HomeDeps = FlowDeps & {
  heads: Heads;
  quotas: HeadsOf<QuotaHead>;
  plans: Plans;
  undelivered: UndeliveredBook;
  sample: boolean;
};

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

async function needsYou({ heads, quotas, plans, undelivered }: HomeDeps): Promise<NeedsYou[]> {
  const [members, homes, open] = await Promise.all([heads.all(), quotas.all(), undelivered.open()]);
  const ofHomes = await Promise.all(
    [...homes].map(async ([hub, head]): Promise<NeedsYou[]> => {
      if ("unreadable" in head) return [unreadable(hub, head.unreadable)];
      const { trouble } = head;
      return [
        ...(await approval(hub, head, plans, "changed home")),
        ...(trouble === undefined
          ? []
          : [{ kind: "trouble" as const, hub, text: `${trouble.what} (${hub})`, next: trouble.next }]),
      ];
    }),
  );
  const ofHubs = await Promise.all(
    [...members].map(async ([hub, head]): Promise<NeedsYou[]> => {
      if ("unreadable" in head) return [unreadable(hub, head.unreadable)];
      return [...(await approval(hub, head, plans)), ...rejected(hub, head)];
    }),
  );
  const undeliveredText =
    open === 1 ? "1 event could not be delivered" : `${open} events could not be delivered`;
  return [
    ...ofHubs.flat(),
    ...ofHomes.flat(),
    ...(open === 0 ? [] : [{ kind: "undelivered" as const, count: open, text: undeliveredText }]),
  ];
}

const unreadable = (hub: string, { what, why, next }: Explanation): NeedsYou => ({
  kind: "unreadable",
  hub,
  text: `${what}: ${why}. ${next}`,
});

async function approval(
  hub: string,
  { waiting }: Pick<MembersHead, "waiting">,
  plans: Plans,
  what = "change",
): Promise<NeedsYou[]> {
  if (waiting === undefined) return [];
  const plan = await plans.one(hub, waiting.hash);
  if (plan !== undefined && plan.state !== "waiting") return [];
  const changes = waiting.held === 1 ? `1 ${what} waits` : `${waiting.held} ${what}s wait`;
  return [{ kind: "approval", hub, hash: waiting.hash, text: `${changes} for your word on ${hub}` }];
}

function rejected(hub: string, { rejected: cells }: MembersHead): NeedsYou[] {
  if (cells.length === 0) return [];
  const text =
    cells.length === 1
      ? "1 cell of the sheet cannot be used"
      : `${cells.length} cells of the sheet cannot be used`;
  return [{ kind: "rejected", hub, cells, text: `${text} (${hub})` }];
}
