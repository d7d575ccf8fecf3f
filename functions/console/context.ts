// Context that the console's pages and its API share: the readings of the ledger that keep something between requests.
import type { Clock } from "../../shared/clock.ts";
import type { ImagesState } from "../../shared/images/records.ts";
import type { Ledger, LedgerFiles } from "../../shared/ledger.ts";
import type { Log } from "../../shared/log.ts";
import type { QuotaState } from "../../shared/quota/records.ts";
import type { Settings } from "../../shared/settings.ts";
import type { SheetReader } from "../../shared/sheets/read.ts";
import type { Publish } from "./events/send.ts";
import type { Access } from "./http/guard.ts";
import { type IncidentStore, incidentStore } from "./incidents/incidents.ts";
import { applicationStore, type ReadApplications } from "./members/applications.ts";
import { type Plans, plans, type WaitingStates } from "./plans/plans.ts";
import { type RunIndex, runIndex } from "./runs/index-of-days.ts";
import type { WorldClient } from "./sample/hub.ts";
import {
  imageStates,
  incidentHeads,
  quotaStates,
  type States,
  type StatesOf,
  states,
  transfersWaiting,
} from "./states.ts";
import { type Transfers, transfers } from "./transfers/transfers.ts";
import { type UndeliveredStore, undeliveredStore } from "./undelivered/undelivered.ts";

export type ConsoleDeps = {
  settings: Settings;
  ledger: Ledger & Pick<LedgerFiles, "bytes">;
  /** Gives the message's id. */
  publish: Publish;
  now: Clock;
  log: Log;
  /** Reads a tab with the console's own identity. */
  readTab: SheetReader["readTab"];
  /** Without it nobody is let in. */
  access: Access | undefined;
  /** Only on a sample hub. */
  world?: WorldClient;
  /** The sample hub found no current rclone, and so speaks S3 to both ends of a transfer. */
  oldRclone?: boolean;
};

export type ConsoleContext = ConsoleDeps & {
  sample: boolean;
  runs: RunIndex;
  states: States;
  quotas: StatesOf<QuotaState>;
  images: StatesOf<ImagesState>;
  plans: Plans;
  incidents: IncidentStore;
  undelivered: UndeliveredStore;
  transfers: Transfers;
  applications: ReadApplications;
};

export function contextOf(deps: ConsoleDeps): ConsoleContext {
  const members = states(deps.ledger);
  const quotas = quotaStates(deps.ledger);
  const incidents = incidentStore(deps, incidentHeads(deps.ledger));
  const images = imageStates(deps.ledger);
  const waiting: WaitingStates = {
    "sync-members": members,
    "scan-quotas": quotas,
    "bump-image": images,
    "run-transfer": transfersWaiting(deps.ledger),
  };
  return {
    ...deps,
    sample: deps.world !== undefined,
    runs: runIndex(deps),
    states: members,
    quotas,
    images,
    plans: plans(deps, waiting),
    incidents,
    undelivered: undeliveredStore({ ...deps, states: members }, incidents),
    transfers: transfers(deps),
    applications: applicationStore(deps),
  };
}
