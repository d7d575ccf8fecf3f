// The first page's answer: what needs a person, and how each flow stands.

import type { Home, ImagesLine, NeedsYou } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import type { ImagesState } from "../../../shared/images/records.ts";
import { needsPerson } from "../../../shared/images/standing.ts";
import type { QuotaState } from "../../../shared/quota/records.ts";
import type { MembersHead } from "../../../shared/records.ts";
import type { Heads, HeadsOf } from "../heads.ts";
import { imageLines } from "../images/lines.ts";
import type { Plans } from "../plans/plans.ts";
import type { UndeliveredBook } from "../undelivered/undelivered.ts";
import { type FlowDeps, flowCards } from "./flows.ts";

export type HomeDeps = FlowDeps & {
  heads: Heads;
  quotas: HeadsOf<QuotaState>;
  images: HeadsOf<ImagesState>;
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

async function needsYou(deps: HomeDeps): Promise<NeedsYou[]> {
  const { heads, quotas, plans, undelivered } = deps;
  const [members, homes, open, images] = await Promise.all([
    heads.all(),
    quotas.all(),
    undelivered.open(),
    imageLines(deps),
  ]);
  const ofHomes = await Promise.all(
    [...homes].map(async ([hub, head]): Promise<NeedsYou[]> => {
      if ("unreadable" in head) return [unreadableRecord(hub, head.unreadable)];
      const { trouble } = head;
      return [
        ...(await approval(hub, head.waiting?.plan, plans, "changed home")),
        ...(trouble === undefined
          ? []
          : [{ kind: "trouble" as const, hub, text: `${trouble.what} (${hub})`, next: trouble.next }]),
      ];
    }),
  );
  const ofHubs = await Promise.all(
    [...members].map(async ([hub, head]): Promise<NeedsYou[]> => {
      if ("unreadable" in head) return [unreadableRecord(hub, head.unreadable)];
      return [...(await approval(hub, head.waiting?.plan, plans)), ...rejected(hub, head)];
    }),
  );
  const undeliveredText =
    open === 1 ? "1 event could not be delivered" : `${open} events could not be delivered`;
  return [
    ...ofHubs.flat(),
    ...ofHomes.flat(),
    ...images.flatMap(imagesNeed),
    ...(open === 0 ? [] : [{ kind: "undelivered" as const, count: open, text: undeliveredText }]),
  ];
}

const unreadableRecord = (hub: string, { what, why, next }: Explanation): NeedsYou => ({
  kind: "unreadable",
  hub,
  text: `${what}: ${why}. ${next}`,
});

/** A release that is held back, or a branch that somebody works on: both wait for people. */
function imagesNeed({ hub, seen, unreadable }: ImagesLine): NeedsYou[] {
  if (unreadable !== undefined) return [unreadableRecord(hub, unreadable)];
  if (seen === undefined || !needsPerson[seen.standing]) return [];
  return [{ kind: "look", hub, page: "/images", text: `Images of ${hub}: ${seen.sentence}` }];
}

async function approval(
  hub: string,
  hash: string | undefined,
  plans: Plans,
  what = "change",
): Promise<NeedsYou[]> {
  if (hash === undefined) return [];
  const plan = await plans.one(hub, hash);
  if (plan !== undefined && plan.state !== "waiting") return [];
  const count = Object.values(plan?.verdicts ?? {}).filter((verdict) => verdict === null).length;
  const changes = count === 1 ? `1 ${what} waits` : `${count} ${what}s wait`;
  return [{ kind: "approval", hub, hash, text: `${changes} for your word on ${hub}` }];
}

function rejected(hub: string, { rejected: cells }: MembersHead): NeedsYou[] {
  if (cells.length === 0) return [];
  const text =
    cells.length === 1
      ? "1 cell of the sheet cannot be used"
      : `${cells.length} cells of the sheet cannot be used`;
  return [{ kind: "rejected", hub, cells, text: `${text} (${hub})` }];
}
