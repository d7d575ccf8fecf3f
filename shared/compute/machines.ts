// The machines of transfers, through the real @google-cloud/compute. What is to be expected comes back as a value: the name
// is taken, the zone is full, a quota is used up; the rest is thrown.

import type { InstancesClient } from "@google-cloud/compute/build/src/v1/instances_client.js";
import type { ZoneOperationsClient } from "@google-cloud/compute/build/src/v1/zone_operations_client.js";
import { z } from "zod";
import type { Endpoints } from "../endpoints.ts";
import { passing } from "../errors.ts";
import { identityAuth } from "../google-auth.ts";
import type { TransferSettings } from "../settings.ts";
import { type MachineOrder, machineBody, requestIdOf } from "./machine.ts";

export type Machine = {
  name: string;
  zone: string;
  status: string;
  labels: Record<string, string>;
  createdAt: string;
};

/** `pending`: it is not known yet; ask again by the same order. */
export type Made = "made" | "pending" | "already-there" | "no-capacity" | "quota";

export type Machines = {
  make: (order: MachineOrder, settings: TransferSettings) => Promise<Made>;
  /** Every transfer machine of the project, or those with these labels, in all zones. */
  list: (labels?: Record<string, string>) => Promise<Machine[]>;
  /** Asks for it to go; that it has gone already is fine. */
  remove: (zone: string, name: string) => Promise<"asked" | "gone">;
};

const scopes = ["https://www.googleapis.com/auth/compute"];

const Instance = z.object({
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
  error: z.object({ errors: z.array(z.object({ code: z.string().nullish() })).nullish() }).nullish(),
});
type Operation = z.infer<typeof Operation>;

export function machines(options: { project: string; endpoints: Pick<Endpoints, "compute"> }): Machines {
  const { project, endpoints } = options;
  type Clients = { instances: InstancesClient; operations: ZoneOperationsClient };
  let clients: Promise<Clients> | undefined;

  async function build(): Promise<Clients> {
    // The package's index loads the clients of every service, which takes a second.
    const [{ InstancesClient }, { ZoneOperationsClient }] = await Promise.all([
      import("@google-cloud/compute/build/src/v1/instances_client.js"),
      import("@google-cloud/compute/build/src/v1/zone_operations_client.js"),
    ]);
    const far = endpoints.compute === undefined ? undefined : new URL(endpoints.compute);
    const settings = {
      projectId: project,
      // REST, and so no gRPC: Compute Engine has no other wire.
      fallback: true as const,
      authClient: await identityAuth(scopes),
      ...(far === undefined
        ? {}
        : { apiEndpoint: far.hostname, port: Number(far.port), protocol: far.protocol.slice(0, -1) }),
    };
    return { instances: new InstancesClient(settings), operations: new ZoneOperationsClient(settings) };
  }
  const built = (): Promise<Clients> => {
    clients ??= build();
    return clients;
  };

  return {
    async make(order, settings) {
      const { instances, operations } = await built();
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
        const [later] = await operations.wait({ project, zone: order.zone, operation: begun.name });
        const ended = Operation.parse(later);
        return isDone(ended) ? outcomeOf(ended) : "pending";
      } catch (error) {
        const known = expected(error);
        if (known === undefined) throw error;
        return known;
      }
    },

    async list(labels = {}) {
      const { instances } = await built();
      const filter = Object.entries({ groundcrew: "transfer", ...labels })
        .map(([key, value]) => `(labels.${key} = ${value})`)
        .join(" ");
      const found: Machine[] = [];
      for await (const [name, answer] of instances.aggregatedListAsync(
        { project, filter },
        { autoPaginate: false },
      )) {
        const { instances: some, warning } = Zone.parse(answer);
        // A zone that says nothing may hold machines: to take them for gone would make them twice.
        if (warning?.code === "UNREACHABLE") throw passing(`${name} did not say which machines it has`);
        found.push(...(some ?? []).map(machineOf));
      }
      return found;
    },

    async remove(zone, name) {
      const { instances } = await built();
      try {
        await instances.delete({ project, zone, instance: name }, callOptions);
        return "asked";
      } catch (error) {
        if (isMissing(error)) return "gone";
        throw error;
      }
    },
  };
}

/** For making and deleting, idempotent by request id and by name: a lost answer is asked for again. */
const callOptions = {
  timeout: 60_000,
  retry: {
    retryCodes: [4, 14],
    backoffSettings: {
      initialRetryDelayMillis: 200,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 3000,
      initialRpcTimeoutMillis: 20_000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 20_000,
      totalTimeoutMillis: 40_000,
    },
  },
};

function machineOf({ name, zone, status, labels, creationTimestamp }: z.infer<typeof Instance>): Machine {
  return { name, zone, status, labels: labels ?? {}, createdAt: creationTimestamp ?? "" };
}

const isDone = ({ status }: Operation): boolean => status === "DONE" || status === 2104194;

/** A full zone shows here, after a 200 to the request (https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-resource-availability). */
function outcomeOf({ error }: Operation): Made {
  const codes = (error?.errors ?? []).map(({ code }) => code ?? "");
  if (codes.length === 0) return "made";
  const known = codes.map(outcomeOfCode).find((one) => one !== undefined);
  if (known !== undefined) return known;
  throw Object.assign(new Error("a machine was not made"), {
    code: codes[0]?.replace(/[^A-Z0-9_]/g, "").slice(0, 40),
  });
}

function outcomeOfCode(code: string): Made | undefined {
  if (/^(ZONE_RESOURCE_POOL_EXHAUSTED(_WITH_DETAILS)?|STOCKOUT|UNSUPPORTED_OPERATION)$/.test(code))
    return "no-capacity";
  if (/QUOTA_EXCEEDED$|^QUOTA/.test(code)) return "quota";
  return code === "RESOURCE_ALREADY_EXISTS" ? "already-there" : undefined;
}

/** The client gives gRPC's numbers, and HTTP's where it has none. */
const Coded = z.object({ code: z.union([z.number(), z.string()]) });
const codeOf = (error: unknown): number => Number(Coded.safeParse(error).data?.code);

const isMissing = (error: unknown): boolean => [5, 404].includes(codeOf(error));

function expected(error: unknown): Made | undefined {
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : "";
  if ([6, 409].includes(code) || (code === 10 && /already exists/i.test(words))) return "already-there";
  if (/ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources/.test(words)) return "no-capacity";
  if (/quota/i.test(words) && [3, 7, 8, 400, 403, 429].includes(code)) return "quota";
  return undefined;
}
