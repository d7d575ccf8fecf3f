// Notifications that the store sends by itself. Pulumi, the sample hub and the functions read them here.
import type { EventName } from "./events.ts";

/** A bucket's messages about new objects: what Cloud Storage publishes where, for names that begin so. */
export const notifications = {
  reports: { prefix: "reports/", on: "OBJECT_FINALIZE", publishes: "report-arrived" },
  transfers: { prefix: "transfers/", on: "OBJECT_FINALIZE", publishes: "transfer-reported" },
} as const satisfies Record<string, { prefix: string; on: "OBJECT_FINALIZE"; publishes: EventName }>;
