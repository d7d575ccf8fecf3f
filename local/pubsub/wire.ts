// Between the protocol's messages and ours. What a request holds beyond what this far end does is refused by name, never
// passed over in silence.
import * as z from "zod";
import type { Leased } from "./deliveries.ts";
import type { Held } from "./directory.ts";
import { notServed, refusal } from "./refusal.ts";
import type { Subscription, SubscriptionRequest, Topic } from "./resource.ts";

const undone = "not done here";

/** Tells whether a field has its protocol's default: on the wire that is the same as absent. */
const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  value === 0 ||
  value === false ||
  (typeof value === "string" && value.endsWith("_UNSPECIFIED")) ||
  (typeof value === "object" && !("seconds" in value) && Object.keys(value).length === 0);

/** An object of which fields that are set and not named here are refused. */
const closed = <T extends z.ZodRawShape>(shape: T) =>
  z.object(shape).catchall(z.unknown().refine(isUnset, undone));
/** Fields that only the service sets: it passes over what a request says of them. */
const ofService = z.unknown();

const Text = z.string().default("");
const Labels = z.record(z.string(), z.string()).default({});
const Absent = z.null(undone).optional();

export const Duration = z
  .object({ seconds: z.number().default(0), nanos: z.number().default(0) })
  .transform(({ seconds, nanos }) => seconds * 1000 + nanos / 1e6);

export const WireMessage = z
  .object({
    data: z.custom<Uint8Array>(ArrayBuffer.isView),
    attributes: z.record(z.string(), z.string()),
    orderingKey: z.string(),
  })
  .readonly();

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const WireTopic = closed({
  name: Text,
  labels: Labels,
  messageRetentionDuration: maybe(Duration),
  messageStoragePolicy: Absent,
  schemaSettings: Absent,
  ingestionDataSourceSettings: Absent,
  satisfiesPzs: ofService,
  state: ofService,
});

export const WirePushConfig = closed({
  pushEndpoint: Text,
  attributes: z
    .object({ "x-goog-version": z.literal("v1", undone).optional() })
    .catchall(Absent)
    .optional(),
  oidcToken: maybe(z.object({ serviceAccountEmail: Text, audience: Text })),
  pubsubWrapper: z.object({}).nullish(),
  noWrapper: Absent,
});

export const WireSubscription = closed({
  name: Text,
  topic: Text,
  pushConfig: maybe(WirePushConfig),
  ackDeadlineSeconds: z.number().default(0),
  retainAckedMessages: z.boolean().default(false),
  messageRetentionDuration: maybe(Duration),
  labels: Labels,
  enableMessageOrdering: z.boolean().default(false),
  expirationPolicy: maybe(z.object({ ttl: maybe(Duration) })),
  filter: Text,
  deadLetterPolicy: maybe(z.object({ deadLetterTopic: Text, maxDeliveryAttempts: z.number().default(0) })),
  retryPolicy: maybe(z.object({ minimumBackoff: maybe(Duration), maximumBackoff: maybe(Duration) })),
  bigqueryConfig: Absent,
  cloudStorageConfig: Absent,
  bigtableConfig: Absent,
  state: ofService,
  topicMessageRetentionDuration: ofService,
  analyticsHubSubscriptionInfo: ofService,
});

/** Reads a request; what isn't done here is named. */
export function read<T extends z.ZodType>(schema: T, request: unknown): z.output<T> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw issue?.message === undone
    ? notServed(`the field ${field}`)
    : refusal("INVALID_ARGUMENT", `Invalid value of the field ${field}.`);
}

/** Reads what a subscription's wire form asks for. */
export function requestOf(wire: z.output<typeof WireSubscription>): SubscriptionRequest {
  const { expirationPolicy, retryPolicy, deadLetterPolicy } = wire;
  return {
    name: wire.name,
    topic: wire.topic,
    push: pushOf(wire.pushConfig),
    ackDeadlineSeconds: wire.ackDeadlineSeconds,
    retainAcked: wire.retainAckedMessages,
    retentionMilliseconds: wire.messageRetentionDuration,
    labels: wire.labels,
    ordering: wire.enableMessageOrdering,
    filter: wire.filter,
    expiresAfterMilliseconds: expirationPolicy?.ttl,
    neverExpires: expirationPolicy !== undefined && expirationPolicy.ttl === undefined,
    deadLetter: deadLetterPolicy && {
      topic: deadLetterPolicy.deadLetterTopic,
      maxAttempts: deadLetterPolicy.maxDeliveryAttempts,
    },
    retry: retryPolicy && {
      minimumMilliseconds: retryPolicy.minimumBackoff ?? 10_000,
      maximumMilliseconds: retryPolicy.maximumBackoff ?? 600_000,
    },
  };
}

/** No endpoint means pull, as the cloud reads it. */
export function pushOf(wire: z.output<typeof WirePushConfig> | undefined): Subscription["push"] {
  if (wire === undefined || wire.pushEndpoint === "") return undefined;
  const { oidcToken, pushEndpoint } = wire;
  return {
    endpoint: pushEndpoint,
    ...(oidcToken && {
      oidc: { email: oidcToken.serviceAccountEmail, audience: oidcToken.audience || pushEndpoint },
    }),
  };
}

export function topicOnWire(topic: Topic): Record<string, unknown> {
  return {
    name: topic.name,
    labels: topic.labels,
    messageRetentionDuration: durationOnWire(topic.retentionMilliseconds),
    state: "ACTIVE",
  };
}

export function subscriptionOnWire({ is }: Held, topic: Topic | undefined): Record<string, unknown> {
  return {
    name: is.name,
    topic: is.topic,
    pushConfig: is.push
      ? {
          pushEndpoint: is.push.endpoint,
          attributes: { "x-goog-version": "v1" },
          ...(is.push.oidc && {
            oidcToken: { serviceAccountEmail: is.push.oidc.email, audience: is.push.oidc.audience },
          }),
        }
      : {},
    ackDeadlineSeconds: is.ackDeadlineSeconds,
    retainAckedMessages: is.retainAcked,
    messageRetentionDuration: durationOnWire(is.retentionMilliseconds),
    labels: is.labels,
    enableMessageOrdering: is.ordering,
    expirationPolicy: { ttl: durationOnWire(is.expiresAfterMilliseconds) },
    filter: is.filter,
    deadLetterPolicy: is.deadLetter && {
      deadLetterTopic: is.deadLetter.topic,
      maxDeliveryAttempts: is.deadLetter.maxAttempts,
    },
    retryPolicy: is.retry && {
      minimumBackoff: durationOnWire(is.retry.minimumMilliseconds),
      maximumBackoff: durationOnWire(is.retry.maximumMilliseconds),
    },
    topicMessageRetentionDuration: durationOnWire(topic?.retentionMilliseconds),
    state: "ACTIVE",
  };
}

/** Names one delivery, for acknowledging it. */
export const ackIdFor = (held: Held, { message, attempt }: Leased): string =>
  `${held.id}-${message.id}-${attempt}`;

export function receivedOnWire(held: Held, leased: Leased): Record<string, unknown> {
  const { message, attempt } = leased;
  return {
    ackId: ackIdFor(held, leased),
    message: {
      data: message.data,
      attributes: message.attributes,
      messageId: String(message.id),
      publishTime: durationOnWire(message.publishedAt),
      orderingKey: message.orderingKey,
    },
    deliveryAttempt: held.is.deadLetter === undefined ? 0 : attempt,
  };
}

/** Which delivery an acknowledgement speaks of. */
export function ackIdOf(held: Held, text: string): { message: number; attempt: number } {
  const [, id, message, attempt] = /^(\d{1,15})-(\d{1,15})-(\d{1,9})$/.exec(text) ?? [];
  if (id === undefined || Number(id) !== held.id)
    throw refusal("INVALID_ARGUMENT", "Some acknowledgement ids in the request were invalid.");
  return { message: Number(message), attempt: Number(attempt) };
}

function durationOnWire(milliseconds: number | undefined): { seconds: number; nanos: number } | undefined {
  if (milliseconds === undefined) return undefined;
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1e6) };
}
