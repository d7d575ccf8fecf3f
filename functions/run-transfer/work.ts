// The work of one look at a transfer, which its parts share.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Ground } from "../../shared/compute/ground.ts";
import type { Machines } from "../../shared/compute/machines.ts";
import type { Recorder } from "../../shared/delivery/recorder.ts";
import type { BudgetStore } from "../../shared/flow/budget-store.ts";
import type { HeldLease } from "../../shared/flow/lease.ts";
import type { Ledger, LedgerFiles } from "../../shared/ledger.ts";
import type { AskSums, Describe } from "../../shared/remotes/heads.ts";
import type { ListRemote } from "../../shared/remotes/list.ts";
import type { Locate } from "../../shared/remotes/location.ts";
import type { FoldersOf, RangesOf } from "../../shared/remotes/ranges.ts";
import type { EndUploads } from "../../shared/remotes/uploads.ts";
import type { Limits } from "../../shared/settings/limits.ts";
import type { Settings, TransferSettings } from "../../shared/settings.ts";
import type { TransferAsked } from "../../shared/transfers/records.ts";
import type { Wires } from "./order.ts";
import type { RefusedRequest, Request } from "./request.ts";

export type RunTransferDeps = {
  ledger: Ledger & LedgerFiles;
  budgets: BudgetStore;
  machines: Machines;
  ground: Pick<Ground, "subnetwork">;
  list: ListRemote;
  ranges: RangesOf;
  folders: FoldersOf;
  askSums: AskSums;
  describe: Describe;
  locate: Locate;
  endUploads: EndUploads;
  publish: Publish;
  now: Clock;
  /** Real time: machines leave on it. */
  pause: (milliseconds: number) => Promise<void>;
  settings: Settings;
  wires: Wires;
};

export type Work = {
  hub: string;
  id: string;
  /** As it was asked for first, which is what counts. */
  asked: TransferAsked;
  request: Request | RefusedRequest;
  settings: TransferSettings;
  /** Limits of the hub, for all of its transfers together. */
  limits: Limits;
  /** Only a plan is made. */
  planning: boolean;
  /** Throws when another delivery has taken over. */
  check: HeldLease["check"];
  run: Recorder;
  deps: RunTransferDeps;
};

/** Work on a transfer whose request was found good. */
export type Copying = Work & { request: Request };
