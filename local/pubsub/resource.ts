// Topics and subscriptions, and the rules that a new or changed one must keep.
// The bounds are those of the cloud (https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1).
import * as z from "zod";
import { filterOf } from "./filter.ts";
import { refusal } from "./refusal.ts";

export const Topic = z.strictObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  /** Time for which messages are kept for `Seek` though every subscription has acknowledged them. */
  retentionMilliseconds: z.number().optional(),
});
export type Topic = z.infer<typeof Topic>;

const Push = z.strictObject({
  endpoint: z.string(),
  oidc: z.strictObject({ email: z.string(), audience: z.string() }).optional(),
});

export const Subscription = z.strictObject({
  name: z.string(),
  /** `_deleted-topic_` once its topic is gone. */
  topic: z.string(),
  /** Absent: messages are pulled. */
  push: Push.optional(),
  ackDeadlineSeconds: z.number(),
  retainAcked: z.boolean(),
  retentionMilliseconds: z.number(),
  labels: z.record(z.string(), z.string()),
  ordering: z.boolean(),
  /** Absent: it never expires. */
  expiresAfterMilliseconds: z.number().optional(),
  filter: z.string(),
  deadLetter: z.strictObject({ topic: z.string(), maxAttempts: z.number() }).optional(),
  retry: z.strictObject({ minimumMilliseconds: z.number(), maximumMilliseconds: z.number() }).optional(),
});
export type Subscription = z.infer<typeof Subscription>;

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const plain = /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

/** A new subscription as asked for: what is absent takes the cloud's default. */
export type SubscriptionRequest = Pick<Subscription, "name" | "topic"> & {
  [K in Exclude<keyof Subscription, "name" | "topic">]?: Subscription[K] | undefined;
} & { neverExpires?: boolean };

export const deletedTopic = "_deleted-topic_";

/** The full name of a topic; a short one is taken as this project's. */
export const topicName = (project: string, name: string): string =>
  name.includes("/") ? name : `projects/${project}/topics/${name}`;
export const subscriptionName = (project: string, name: string): string =>
  name.includes("/") ? name : `projects/${project}/subscriptions/${name}`;

export function checkName(project: string, kind: "topics" | "subscriptions", name: string): void {
  const [projects, ofProject, kinds, short, ...rest] = name.split("/");
  const wellFormed =
    projects === "projects" &&
    kinds === kind &&
    rest.length === 0 &&
    ofProject !== "" &&
    plain.test(short ?? "");
  if (!wellFormed || short?.toLowerCase().startsWith("goog"))
    throw refusal("INVALID_ARGUMENT", `Invalid [${kind}] name: (name=${name})`);
  if (ofProject !== project) throw noProject(ofProject);
}

const noProject = (asked = "") =>
  refusal("NOT_FOUND", `Requested project not found or user does not have access to it (${asked}).`);

/** Refuses all projects but one; a list is asked for by `projects/<name>`. */
export function checkProject(project: string, asked: string): void {
  const [projects, name, ...rest] = asked.split("/");
  if (projects !== "projects" || !name || rest.length > 0)
    throw refusal("INVALID_ARGUMENT", `Invalid [project] name: (name=${asked})`);
  if (name !== project) throw noProject(name);
}

export function newTopic(
  project: string,
  request: Omit<Topic, "labels"> & { labels?: Topic["labels"] },
): Topic {
  checkName(project, "topics", request.name);
  const { retentionMilliseconds } = request;
  if (retentionMilliseconds !== undefined)
    within("message_retention_duration", retentionMilliseconds, 10 * minute, 31 * day);
  return { ...request, labels: request.labels ?? {} };
}

export function newSubscription(project: string, request: SubscriptionRequest): Subscription {
  checkName(project, "subscriptions", request.name);
  const { neverExpires, expiresAfterMilliseconds = 31 * day, ...rest } = request;
  return checked({
    name: rest.name,
    topic: rest.topic,
    ackDeadlineSeconds: rest.ackDeadlineSeconds || 10,
    retainAcked: rest.retainAcked ?? false,
    retentionMilliseconds: rest.retentionMilliseconds ?? 7 * day,
    labels: rest.labels ?? {},
    ordering: rest.ordering ?? false,
    filter: rest.filter ?? "",
    ...(neverExpires ? {} : { expiresAfterMilliseconds }),
    ...(rest.push && { push: rest.push }),
    ...(rest.deadLetter && {
      deadLetter: { ...rest.deadLetter, maxAttempts: rest.deadLetter.maxAttempts || 5 },
    }),
    ...(rest.retry && { retry: rest.retry }),
  });
}

/** The same subscription, or the refusal of the first rule that it breaks. */
export function checked(subscription: Subscription): Subscription {
  const { push, deadLetter, retry, expiresAfterMilliseconds } = subscription;
  filterOf(subscription.filter);
  within("ack_deadline_seconds", subscription.ackDeadlineSeconds * second, 10 * second, 600 * second);
  within("message_retention_duration", subscription.retentionMilliseconds, 10 * minute, 31 * day);
  if (expiresAfterMilliseconds !== undefined)
    within("expiration_policy.ttl", expiresAfterMilliseconds, day, 365 * 10 * day);
  if (retry !== undefined) {
    within("retry_policy.minimum_backoff", retry.minimumMilliseconds, 0, 600 * second);
    within("retry_policy.maximum_backoff", retry.maximumMilliseconds, 0, 600 * second);
    if (retry.minimumMilliseconds > retry.maximumMilliseconds)
      throw refusal("INVALID_ARGUMENT", "The minimum back-off must not be above the maximum.");
  }
  if (deadLetter !== undefined && !(deadLetter.maxAttempts >= 5 && deadLetter.maxAttempts <= 100))
    throw refusal("OUT_OF_RANGE", "max_delivery_attempts must be between 5 and 100.");
  if (push !== undefined) checkPush(push);
  return subscription;
}

// The cloud asks for https; a far end on a laptop also pushes to http.
function checkPush(push: z.infer<typeof Push>): void {
  const url = URL.canParse(push.endpoint) ? new URL(push.endpoint) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw refusal("INVALID_ARGUMENT", "Invalid push endpoint given: it must be a valid URL.");
  if (push.oidc !== undefined && !/^[^@\s]+@[^@\s]+$/.test(push.oidc.email))
    throw refusal("INVALID_ARGUMENT", "Invalid service account email of the push's OIDC token.");
}

function within(field: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most))
    throw refusal(
      "INVALID_ARGUMENT",
      `Invalid ${field}: it must be between ${least / second} and ${most / second} seconds.`,
    );
}
