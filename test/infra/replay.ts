// The topics and subscriptions of a graph, made again on a server that speaks Pub/Sub, by the real client: what its bounds and
// names refuse, mocks would take.
import type { PubSub } from "@google-cloud/pubsub";
import * as z from "zod";
import type { Graph } from "./graph.ts";

const Topic = z.object({ name: z.string(), project: z.string() });
const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => ({ seconds: Number(text.slice(0, -1)) }));
const Subscription = z.strictObject({
  name: z.string(),
  project: z.string(),
  topic: z.string(),
  ackDeadlineSeconds: z.number(),
  messageRetentionDuration: seconds,
  // Pulumi's "never" is a policy without a time here.
  expirationPolicy: z.strictObject({ ttl: z.literal("") }).transform(() => ({})),
  retryPolicy: z.strictObject({ minimumBackoff: seconds, maximumBackoff: seconds }),
  pushConfig: z.strictObject({
    pushEndpoint: z.string(),
    oidcToken: z.strictObject({ serviceAccountEmail: z.string(), audience: z.string() }),
  }),
  deadLetterPolicy: z
    .strictObject({ deadLetterTopic: z.string(), maxDeliveryAttempts: z.number() })
    .optional(),
});
type Subscription = z.infer<typeof Subscription>;

/** Makes them all, and gives what the server says that it has: a line a subscription. */
export async function replay(graph: Graph, client: PubSub): Promise<string[]> {
  for (const inputs of graph.of("pubsub/topic:Topic")) await client.createTopic(Topic.parse(inputs).name);
  const lines: string[] = [];
  for (const inputs of graph.of("pubsub/subscription:Subscription"))
    lines.push(await make(Subscription.parse(inputs), client));
  return lines;
}

async function make(subscription: Subscription, client: PubSub): Promise<string> {
  const { name, topic, project: _project, deadLetterPolicy, ...options } = subscription;
  const [made] = await client.createSubscription(topic, name, {
    ...options,
    ...(deadLetterPolicy === undefined ? {} : { deadLetterPolicy }),
  });
  const [told] = await made.getMetadata();
  return [
    name,
    told.topic?.split("/").at(-1),
    told.ackDeadlineSeconds,
    told.retryPolicy?.minimumBackoff?.seconds,
    told.retryPolicy?.maximumBackoff?.seconds,
    told.deadLetterPolicy?.deadLetterTopic?.split("/").at(-1) ?? "-",
    told.deadLetterPolicy?.maxDeliveryAttempts ?? "-",
    told.expirationPolicy?.ttl ? "expires" : "never",
    told.pushConfig?.oidcToken?.serviceAccountEmail?.split("@")[0],
    told.pushConfig?.pushEndpoint,
  ].join(" ");
}

const to = (name: string): string => `pubsub-push https://${name}-123456789012.us-central1.run.app`;

/** Lines that any server must say of the whole graph; written by hand. */
export const expected = [
  `bump-image release-published 300 10 600 undelivered 100 never ${to("bump-image")}`,
  `check-consent consent-due 60 10 600 undelivered 100 never ${to("check-consent")}`,
  `check-transfers transfer-check-due 120 10 600 undelivered 100 never ${to("check-transfers")}`,
  `forget-person forget-due 540 10 600 undelivered 100 never ${to("forget-person")}`,
  `forward-quota-report report-arrived 30 10 600 undelivered 100 never ${to("forward-quota-report")}`,
  `forward-transfer-report transfer-reported 60 10 600 undelivered 100 never ${to("forward-transfer-report")}`,
  `record-dead-letter undelivered 60 10 600 - - never ${to("record-dead-letter")}`,
  `renew-watch watch-due 60 10 600 undelivered 100 never ${to("renew-watch")}`,
  `resume-work continue-due 60 10 600 undelivered 100 never ${to("resume-work")}`,
  `run-transfer transfer-request 540 10 600 undelivered 100 never ${to("run-transfer")}`,
  `scan-quotas quota-scan-due 120 10 600 undelivered 100 never ${to("scan-quotas")}`,
  `send-notice notice 60 10 600 undelivered 100 never ${to("send-notice")}`,
  `sweep-machines sweep-due 300 10 600 undelivered 100 never ${to("sweep-machines")}`,
  `sync-members sheet-changed 540 10 600 undelivered 100 never ${to("sync-members")}`,
];
