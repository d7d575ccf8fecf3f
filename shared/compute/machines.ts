// The machines of transfers, through the real @google-cloud/compute. What is to be expected comes back as a value: the name
// is taken, the zone is full, a quota is used up; the rest is thrown.

import * as z from "zod";
import { failed } from "../failure.ts";
import type { TransferSettings } from "../settings.ts";
import { type ComputeOptions, clientsOf, patient } from "./clients.ts";
import { type MachineOrder, machineBody, outlivesBy, requestIdOf } from "./machine.ts";
import {
  computeFailure,
  type Expected,
  expectedOf,
  expectedOfOperation,
  isGone,
  operationFailure,
} from "./refusals.ts";
import { inZones, ZoneOf } from "./zones.ts";

export type Machine = {
  /** The vendor's own, by which two machines of one name are told apart. */
  id: string;
  name: string;
  zone: string;
  status: string;
  labels: Record<string, string>;
  createdAt: string;
};

/** `pending`: it is not known yet; ask again by the same order. `failed`: no machine comes of this order, only of another round's. */
export type Made = "made" | "pending" | Expected | { failed: Error };

export type Machines = {
  make: (order: MachineOrder, settings: TransferSettings) => Promise<Made>;
  /** Every transfer machine of the project, or those with these labels, in all zones. */
  list: (labels?: Record<string, string>) => Promise<Machine[]>;
  /** Asks for this very machine to go, and for no other of its name; that it has gone already is fine. */
  remove: (machine: Pick<Machine, "id" | "zone" | "name">) => Promise<"asked" | "gone">;
};

const making = "a transfer machine cannot be made";
const listing = "the transfer machines cannot be listed";
const deleting = "a transfer machine cannot be deleted";

const Instance = z.object({
  id: z.string(),
  name: z.string(),
  zone: ZoneOf,
  status: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
  creationTimestamp: z.string().nullish(),
});
const Zone = z.object({ instances: z.array(Instance).nullish() });
const Operation = z.object({
  name: z.string(),
  status: z.union([z.string(), z.number()]).nullish(),
  error: z
    .object({
      errors: z.array(z.object({ code: z.string().nullish(), message: z.string().nullish() })).nullish(),
    })
    .nullish(),
  httpErrorStatusCode: z.number().nullish(),
});
type Operation = z.infer<typeof Operation>;

export function machines(options: ComputeOptions): Machines {
  const { project } = options;
  const callOptions = patient(options);
  const built = clientsOf(options, async (settings) => {
    const [{ InstancesClient }, { ZoneOperationsClient }] = await Promise.all([
      import("@google-cloud/compute/build/src/v1/instances_client.js"),
      import("@google-cloud/compute/build/src/v1/zone_operations_client.js"),
    ]);
    return { instances: new InstancesClient(settings), operations: new ZoneOperationsClient(settings) };
  });

  return {
    async make(order, settings) {
      const { instances, operations } = await built(making);
      const instanceResource = machineBody(order, project, settings);
      const outlives = outlivesBy(instanceResource);
      if (outlives !== undefined) throw unbounded(outlives);
      try {
        const [asked] = await instances.insert(
          { project, zone: order.zone, instanceResource, requestId: requestIdOf(order) },
          callOptions,
        );
        const begun = Operation.parse(asked.latestResponse);
        if (isDone(begun)) return outcomeOf(begun);
        // Held for two minutes at most, by a busy vendor not at all ("best effort", says the method's description): asked
        // once, for a loop could spin.
        const [later] = await operations.wait(
          { project, zone: order.zone, operation: begun.name },
          { timeout: waitMs },
        );
        const ended = Operation.parse(later);
        return isDone(ended) ? outcomeOf(ended) : "pending";
      } catch (error) {
        const known = expectedOf(error);
        if (known === undefined) throw computeFailure(making, error);
        return known;
      }
    },

    async list(labels = {}) {
      const { instances } = await built(listing);
      const filter = Object.entries({ groundcrew: "transfer", ...labels })
        .map(([key, value]) => `(labels.${key} = ${value})`)
        .join(" ");
      const zones = instances.aggregatedListAsync(
        { project, filter },
        { ...callOptions, autoPaginate: false },
      );
      const parts = await inZones(zones, Zone, listing);
      return parts.flatMap(({ instances: some }) => (some ?? []).map(machineOf));
    },

    async remove({ id, zone, name }) {
      const { instances } = await built(deleting);
      const which = { project, zone, instance: name };
      try {
        // Asked by its own name, for a listing may lag: another one may have the name by now.
        const [found] = await instances.get(which, callOptions);
        if (Instance.parse(found).id !== id) return "gone";
        await instances.delete(which, callOptions);
        return "asked";
      } catch (error) {
        if (isGone(error)) return "gone";
        throw computeFailure(deleting, error);
      }
    },
  };
}

/** Above the two minutes that Compute Engine holds the question. */
const waitMs = 150_000;

/** Nothing of ours asks for such a machine: one that nobody takes away costs money for ever. */
const unbounded = (why: string): Error =>
  failed({
    service: "compute",
    cause: "unbounded",
    lasts: "lasting",
    explanation: {
      what: making,
      why: `it could outlive its transfer: ${why}`,
      next: "tell whoever maintains Groundcrew: this is a mistake in its program",
    },
  });

function machineOf(found: z.infer<typeof Instance>): Machine {
  const { id, name, zone, status, labels, creationTimestamp } = found;
  return { id, name, zone, status, labels: labels ?? {}, createdAt: creationTimestamp ?? "" };
}

const isDone = ({ status }: Operation): boolean => status === "DONE" || status === 2104194;

function outcomeOf({ error, httpErrorStatusCode: status }: Operation): Made {
  const [first, ...rest] = error?.errors ?? [];
  if (first === undefined) return "made";
  const known = expectedOfOperation([first, ...rest]);
  if (known !== undefined) return known;
  return { failed: operationFailure(making, { ...first, status }) };
}
