// Refusals of requests: one of gRPC's status codes and a sentence, in the words of Google's answers.

/** The codes that are used here (https://grpc.io/docs/guides/status-codes/). */
export const status = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export type StatusName = keyof typeof status;
export type Refusal = Error & { code: number; details: string; unserved?: string };

/** Something to throw: the caller gets this code and this sentence, and nothing was written. */
export function refusal(name: StatusName, details: string): Refusal {
  return Object.assign(new Error(details), { name: "Refusal", code: status[name], details });
}

/** The refusal of what this far end does not serve of Pub/Sub. Whoever answers notes it. */
export const notServed = (what: string): Refusal =>
  Object.assign(refusal("UNIMPLEMENTED", `${what} is not served here`), { unserved: what });

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "Refusal" && "code" in error;
}

const fromHttp: Record<number, StatusName> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  409: "ALREADY_EXISTS",
  412: "FAILED_PRECONDITION",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** The gRPC code of an HTTP status, by google.rpc.Code's table; a fault is asked for in HTTP's terms. */
export function statusOfHttp(httpStatus: number): StatusName {
  return fromHttp[httpStatus] ?? "UNKNOWN";
}
