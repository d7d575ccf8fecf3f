// Compute Engine's words: errors, instances and operations, as its REST API writes them.
import type { Instance, Operation } from "./state.ts";

export type Refusal = { status: number; reason: string; message: string };

export const refusals = {
  anonymous: (): Refusal => ({
    status: 401,
    reason: "required",
    message: "Request is missing required authentication credential.",
  }),
  forbidden: (permission: string, on: string): Refusal => ({
    status: 403,
    reason: "forbidden",
    message: `Required '${permission}' permission for '${on}'`,
  }),
  invalid: (message: string): Refusal => ({ status: 400, reason: "invalid", message }),
  missing: (what: string): Refusal => ({
    status: 404,
    reason: "notFound",
    message: `The resource '${what}' was not found`,
  }),
  taken: (what: string): Refusal => ({
    status: 409,
    reason: "alreadyExists",
    message: `The resource '${what}' already exists`,
  }),
};

export const refusalAnswer = ({ status, reason, message }: Refusal): Response =>
  Response.json(
    { error: { code: status, message, errors: [{ message, domain: "global", reason }] } },
    { status },
  );

/** Zones of the region where the sample hub is: a list over all zones names each, whether it has machines or none. */
export const regionZones = ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"] as const;

export const emptyZone = (zone: string): Record<string, unknown> => ({
  warning: {
    code: "NO_RESULTS_ON_PAGE",
    message: `There are no results for scope 'zones/${zone}' on this page.`,
    data: [{ key: "scope", value: `zones/${zone}` }],
  },
});

export type Place = { origin: string; project: string };

const base = ({ origin, project }: Place): string => `${origin}/compute/v1/projects/${project}`;

export function instanceResource(instance: Instance, place: Place): Record<string, unknown> {
  const { id, zone, name, status, createdAt, body } = instance;
  const root = `${base(place)}/zones/${zone}`;
  return {
    ...body,
    kind: "compute#instance",
    id,
    name,
    creationTimestamp: createdAt,
    zone: root,
    selfLink: `${root}/instances/${name}`,
    status,
  };
}

export function operationResource(operation: Operation, place: Place): Record<string, unknown> {
  const { id, zone, kind, target, status, at, error, user } = operation;
  const root = `${base(place)}/zones/${zone}`;
  return {
    kind: "compute#operation",
    id,
    name: operation.name,
    operationType: kind,
    zone: root,
    targetLink: `${root}/instances/${target}`,
    selfLink: `${root}/operations/${operation.name}`,
    user,
    status,
    progress: status === "DONE" ? 100 : 0,
    insertTime: at,
    startTime: at,
    ...(status === "DONE" ? { endTime: at } : {}),
    ...(error === undefined || status !== "DONE"
      ? {}
      : {
          error: { errors: [{ code: error, message: wordsOf(error, root) }] },
          httpErrorStatusCode: error.startsWith("QUOTA") ? 403 : 503,
          httpErrorMessage: error.startsWith("QUOTA") ? "FORBIDDEN" : "SERVICE UNAVAILABLE",
        }),
  };
}

const wordsOf = (code: string, zone: string): string =>
  code.startsWith("QUOTA")
    ? "Quota 'PREEMPTIBLE_CPUS' exceeded. Limit: 0.0 in region us-central1."
    : `The zone '${zone}' does not have enough resources available to fulfill the request. Try a different zone, or try again later.`;
