// What the console's pages and its API share: the readings of the ledger that keep something between requests.
import type { Clock } from "../../shared/clock.ts";
import type { ImagesState } from "../../shared/images/records.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { Log } from "../../shared/log.ts";
import type { QuotaState } from "../../shared/quota/records.ts";
import type { Settings } from "../../shared/settings.ts";
import type { Publish } from "./events/send.ts";
import { type Heads, type HeadsOf, heads, imageHeads, quotaHeads } from "./heads.ts";
import type { Access } from "./http/guard.ts";
import { type Plans, plans } from "./plans/plans.ts";
import { type RunIndex, runIndex } from "./runs/index-of-days.ts";
import type { WorldClient } from "./sample/hub.ts";
import { type Transfers, transfers } from "./transfers/transfers.ts";
import { type UndeliveredBook, undeliveredBook } from "./undelivered/undelivered.ts";

export type ConsoleDeps = {
  settings: Settings;
  ledger: Ledger;
  /** Gives the message's id. */
  publish: Publish;
  now: Clock;
  log: Log;
  /** Without it nobody is let in. */
  access: Access | undefined;
  /** Only on a sample hub. */
  world?: WorldClient;
  /** The sample hub found no current rclone, and so speaks S3 to both ends of a transfer. */
  oldRclone?: boolean;
};

export type Crew = ConsoleDeps & {
  sample: boolean;
  runs: RunIndex;
  heads: Heads;
  quotas: HeadsOf<QuotaState>;
  images: HeadsOf<ImagesState>;
  plans: Plans;
  undelivered: UndeliveredBook;
  transfers: Transfers;
};

export function crewOf(deps: ConsoleDeps): Crew {
  const members = heads(deps.ledger);
  const quotas = quotaHeads(deps.ledger);
  const images = imageHeads(deps.ledger);
  return {
    ...deps,
    sample: deps.world !== undefined,
    runs: runIndex(deps),
    heads: members,
    quotas,
    images,
    plans: plans(deps, { "sync-members": members, "scan-quotas": quotas, "bump-image": images }),
    undelivered: undeliveredBook(deps),
    transfers: transfers(deps),
  };
}
