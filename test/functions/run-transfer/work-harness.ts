// The work of one look at a transfer, whose machines answer as a test says; what was kept, asked and told can be seen afterwards.
import type { Copying } from "../../../functions/run-transfer/work.ts";
import type { MachineOrder } from "../../../shared/compute/machine.ts";
import type { Machine, Made } from "../../../shared/compute/machines.ts";
import type { State } from "../../../shared/flow/state.ts";
import type { ledger } from "../../../shared/ledger.ts";
import type { Effect } from "../../../shared/records.ts";
import { limitsOf } from "../../../shared/settings/limits.ts";
import type { RemoteObject, TransferState } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { depsOf } from "./harness.ts";
import { request } from "./samples.ts";

export const at = "2026-11-21T10:00:00.000Z";
export const settings = sampleTransfers();

/** Opens work from persistent:a to pod-inbox:a. `make` answers an order; what it throws, the vendor's client throws. */
export function workHarness(options: {
  books: ReturnType<typeof ledger>;
  make?: (order: MachineOrder) => Made;
  source?: readonly RemoteObject[];
  target?: readonly RemoteObject[];
}) {
  const { make = () => "made" as const, source = [], target = [] } = options;
  const kept: TransferState[] = [];
  const asked: { order: MachineOrder; standing: TransferState | undefined }[] = [];
  const steps: string[] = [];
  const effects: Effect[] = [];
  const pauses: number[] = [];
  const listed: Machine[] = [];
  const deps = depsOf({
    books: options.books,
    machines: {
      async make(order) {
        asked.push({ order, standing: kept.at(-1) });
        return make(order);
      },
      list: async () => [...listed],
      async remove({ id }) {
        const index = listed.findIndex((machine) => machine.id === id);
        const [machine] = index < 0 ? [] : listed.splice(index, 1);
        return machine?.status === "GONE" ? "gone" : "asked";
      },
    },
    async *list(name) {
      yield [...(name === "persistent" ? source : target)];
    },
    publish: async () => "1",
    now: () => new Date(at),
    settings: sampleSettings(),
  });
  deps.pause = async (milliseconds) => void pauses.push(milliseconds);
  const work: Copying = {
    ...{ hub: "sample", id: "t1", settings, planning: false, deps },
    check: async () => undefined,
    asked: { v: 1, from: "persistent:a", to: "pod-inbox:a", at },
    request,
    limits: limitsOf(sampleSettings().hubs["sample"]),
    run: { step: (what) => void steps.push(what), effect: (effect) => void effects.push(effect) },
  };
  const state: State<TransferState> = {
    value: () => kept.at(-1),
    keep: async (next) => void kept.push(next),
  };
  /** A machine that the vendor lists; one of status GONE has left when it is to be deleted. */
  const list = (shard: number, attempt: number, status = "RUNNING"): void => {
    const labels = { hub: "sample", transfer: "t1", shard: String(shard), attempt: String(attempt) };
    const name = `transfer-sample-t1-${shard}`;
    listed.push({ id: `${shard}-${attempt}`, name, zone: "z", status, labels, createdAt: at });
  };
  return { work, state, list, kept, asked, steps, effects, pauses };
}

/** Stands for a check of the lease that another delivery has taken. */
export const takenOver = () => Promise.reject(new Error("another delivery has taken over"));
