// The machines of transfers, through the real @google-cloud/compute. What is to be expected comes back as a value: the name
// is taken, the zone is full, a quota is used up; the rest is thrown.

import type { InstancesClient } from "@google-cloud/compute/build/src/v1/instances_client.js";
import type { ZoneOperationsClient } from "@google-cloud/compute/build/src/v1/zone_operations_client.js";
import type { Compute } from "google-auth-library";
import * as z from "zod";
import type { Endpoints } from "../endpoints.ts";
import { again, failed, failureIn, refused } from "../failure.ts";
import { identityAuth } from "../google-auth.ts";
import type { TransferSettings } from "../settings.ts";
import { type MachineOrder, machineBody, requestIdOf } from "./machine.ts";
import {
  computeFailure,
  type Expected,
  expectedOf,
  expectedOfOperation,
  isGone,
  operationFailure,
} from "./refusals.ts";

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

const scopes = ["https://www.googleapis.com/auth/compute"];

const Instance = z.object({
  id: z.string(),
  name: z.string(),
  zone: z.string().transform((url) => url.slice(url.lastIndexOf("/") + 1)),
  status: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
  creationTimestamp: z.string().nullish(),
});
const Zone = z.object({
  instances: z.array(Instance).nullish(),
  warning: z.object({ code: z.string().nullish() }).nullish(),
});
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

type Clients = { instances: InstancesClient; operations: ZoneOperationsClient; auth: Compute };

/** @param options `patienceMs` bounds a call with all of its repetitions. */
export function machines(options: {
  project: string;
  endpoints: Pick<Endpoints, "compute">;
  patienceMs?: number;
}): Machines {
  const { project, endpoints, patienceMs = 40_000 } = options;
  const callOptions = patient(patienceMs);
  const built = clientsFor(project, endpoints);

  return {
    async make(order, settings) {
      const { instances, operations } = await built(making);
      const instanceResource = machineBody(order, project, settings);
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
      const found: Machine[] = [];
      const zones = instances.aggregatedListAsync(
        { project, filter },
        { ...callOptions, autoPaginate: false },
      );
      let isList = false;
      try {
        for await (const [, answer] of zones) {
          isList = true;
          const { instances: some, warning } = Zone.parse(answer);
          // A zone that says nothing may hold machines: to take them for gone would make them twice.
          if (warning?.code === "UNREACHABLE") throw unreachable();
          found.push(...(some ?? []).map(machineOf));
        }
      } catch (error) {
        throw failureIn(error) === undefined ? computeFailure(listing, error) : error;
      }
      // Every zone is named, those with no machines by a warning that says so: whatever names none is an answer of another shape
      // (https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList).
      if (!isList) throw refused({ service: "compute", what: listing }, "unreadable", []);
      return found;
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

/** The vendor's clients, made at the first call and kept. `what` cannot be done where there is no token. */
function clientsFor(
  project: string,
  endpoints: Pick<Endpoints, "compute">,
): (what: string) => Promise<Clients> {
  let clients: Promise<Clients> | undefined;
  return async (what) => {
    clients ??= build(project, endpoints);
    const ready = await clients;
    // Fetched before the call, for the client would try and try without one, and forget why.
    await ready.auth.getAccessToken().catch((error: unknown) => {
      throw computeFailure(what, error);
    });
    return ready;
  };
}

async function build(project: string, endpoints: Pick<Endpoints, "compute">): Promise<Clients> {
  // The package's index loads the clients of every service, which takes a second.
  const [{ InstancesClient }, { ZoneOperationsClient }] = await Promise.all([
    import("@google-cloud/compute/build/src/v1/instances_client.js"),
    import("@google-cloud/compute/build/src/v1/zone_operations_client.js"),
  ]);
  const auth = await identityAuth(scopes);
  const far = endpoints.compute === undefined ? undefined : new URL(endpoints.compute);
  const settings = {
    projectId: project,
    // REST, and so no gRPC: Compute Engine has no other wire.
    fallback: true as const,
    authClient: auth,
    ...(far === undefined
      ? {}
      : { apiEndpoint: far.hostname, port: Number(far.port), protocol: far.protocol.slice(0, -1) }),
  };
  return { instances: new InstancesClient(settings), operations: new ZoneOperationsClient(settings), auth };
}

/** Above the two minutes that Compute Engine holds the question. */
const waitMs = 150_000;

/** For listing, making, looking and deleting, idempotent by request id and by name: a lost answer is asked for again. */
const patient = (patienceMs: number) => ({
  timeout: 60_000,
  retry: {
    retryCodes: [4, 14],
    backoffSettings: {
      initialRetryDelayMillis: 200,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 3000,
      initialRpcTimeoutMillis: patienceMs / 2,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: patienceMs / 2,
      totalTimeoutMillis: patienceMs,
    },
  },
});

const unreachable = (): Error =>
  failed({
    service: "compute",
    cause: "zone-unreachable",
    lasts: "transient",
    explanation: { what: listing, why: "a zone did not say which machines it has", next: again("compute") },
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
