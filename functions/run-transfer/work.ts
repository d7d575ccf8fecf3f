// What the parts of one look at a transfer share.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Machines } from "../../shared/compute/machines.ts";
import type { RunBook } from "../../shared/delivery/recorder.ts";
import type { ListRemote } from "../../shared/remotes/list.ts";
import type { EndUploads } from "../../shared/remotes/uploads.ts";
import type { Settings, TransferSettings } from "../../shared/settings.ts";
import type { Books } from "./book.ts";
import type { Wires } from "./order.ts";
import type { Request } from "./request.ts";

export type RunTransferDeps = {
  ledger: Books;
  machines: Machines;
  list: ListRemote;
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
  request: Request;
  settings: TransferSettings;
  run: RunBook;
  deps: RunTransferDeps;
};
