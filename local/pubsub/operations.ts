// Work of each unary request. It runs inside a turn's transaction, and checks everything before it writes. It knows nothing of
// gRPC or of who is calling.
import * as z from "zod";
import type { Held } from "./directory.ts";
import type { Hub } from "./hub.ts";
import { checkMessages } from "./message.ts";
import { notServed, refusal } from "./refusal.ts";
import {
  checked,
  checkName,
  deletedTopic,
  newSubscription,
  newTopic,
  type Subscription,
  type SubscriptionRequest,
} from "./resource.ts";
import * as wire from "./wire.ts";

const most = 600;

export function createTopic(hub: Hub, project: string, request: z.output<typeof wire.WireTopic>) {
  const { messageRetentionDuration: retentionMilliseconds, name, labels } = request;
  const topic = newTopic(project, {
    name,
    labels,
    ...(retentionMilliseconds !== undefined && { retentionMilliseconds }),
  });
  if (hub.directory.findTopic(name) !== undefined)
    throw refusal("ALREADY_EXISTS", `Resource already exists in the project (resource=${name}).`);
  hub.directory.putTopic(topic);
  return wire.topicOnWire(topic);
}

/** A new subscription from its wire form or from a provisioner. */
export function createSubscription(
  hub: Pick<Hub, "directory" | "now">,
  project: string,
  request: SubscriptionRequest,
): Held {
  const subscription = newSubscription(project, request);
  if (hub.directory.find(subscription.name) !== undefined)
    throw refusal(
      "ALREADY_EXISTS",
      `Resource already exists in the project (resource=${subscription.name}).`,
    );
  checkTopics(hub, project, subscription);
  return hub.directory.put(subscription, hub.now());
}

function checkTopics(
  hub: Pick<Hub, "directory">,
  project: string,
  { topic, deadLetter }: Subscription,
): void {
  if (topic !== deletedTopic) {
    checkName(project, "topics", topic);
    hub.directory.topic(topic);
  }
  if (deadLetter !== undefined) {
    checkName(project, "topics", deadLetter.topic);
    hub.directory.topic(deadLetter.topic);
  }
}

/** Changes that need no new subscription: everything but name, topic, filter and ordering. */
export function changeSubscription(hub: Hub, project: string, changed: Subscription): Held {
  const { is } = hub.directory.subscription(changed.name);
  for (const fixed of ["topic", "filter", "ordering"] as const)
    if (is[fixed] !== changed[fixed])
      throw refusal("INVALID_ARGUMENT", `The ${fixed} of a subscription cannot be changed.`);
  checkTopics(hub, project, changed);
  return hub.directory.put(checked(changed), hub.now());
}

export const UpdateSubscription = z.object({
  subscription: wire.WireSubscription,
  updateMask: z.object({ paths: z.array(z.string()).min(1) }),
});

// Which fields of ours a path of the mask names.
const masked: Record<string, readonly (keyof Subscription)[]> = {
  push_config: ["push"],
  ack_deadline_seconds: ["ackDeadlineSeconds"],
  retain_acked_messages: ["retainAcked"],
  message_retention_duration: ["retentionMilliseconds"],
  labels: ["labels"],
  expiration_policy: ["expiresAfterMilliseconds"],
  dead_letter_policy: ["deadLetter"],
  retry_policy: ["retry"],
  filter: ["filter"],
  enable_message_ordering: ["ordering"],
  topic: ["topic"],
};

/** Paths that the service takes and that are not done here; a part of a message is one as well. */
const unmasked = [
  "bigquery_config",
  "cloud_storage_config",
  "bigtable_config",
  "enable_exactly_once_delivery",
  "message_transforms",
  "tags",
];

export function updateSubscription(
  hub: Hub,
  project: string,
  request: z.output<typeof UpdateSubscription>,
): Held {
  const { is } = hub.directory.subscription(request.subscription.name);
  const asked = newSubscription(project, wire.requestOf(request.subscription));
  const changed: Record<string, unknown> = { ...is };
  for (const path of request.updateMask.paths) {
    const asWritten = path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const [field = "", ...part] = asWritten.split(".");
    if (unmasked.includes(field) || (part.length > 0 && masked[field] !== undefined))
      throw notServed(`the mask ${path}`);
    const fields = masked[asWritten];
    if (fields === undefined)
      throw refusal("INVALID_ARGUMENT", `Invalid update_mask: ${path} is not a field that can be updated.`);
    for (const field of fields) changed[field] = asked[field];
  }
  return changeSubscription(hub, project, without(changed));
}

/** Fields that are undefined are absent. */
function without(subscription: Record<string, unknown>): Subscription {
  return JSON.parse(JSON.stringify(subscription));
}

export function modifyPush(hub: Hub, name: string, push: Subscription["push"]): void {
  const { is } = hub.directory.subscription(name);
  const { push: _, ...rest } = is;
  hub.directory.put(checked(push === undefined ? rest : { ...rest, push }), hub.now());
}

export const Publish = z.object({ topic: z.string(), messages: z.array(wire.WireMessage) });

export function publish(hub: Hub, request: z.output<typeof Publish>): number[] {
  checkMessages(request.messages);
  hub.directory.topic(request.topic);
  return hub.deliveries.publish(request.topic, request.messages);
}

export function acknowledge(hub: Hub, held: Held, ackIds: readonly string[]): void {
  const answers = ackIds.map((id) => wire.ackIdOf(held, id));
  for (const { message, attempt } of answers) hub.deliveries.acknowledge(held, message, attempt);
}

/** A deadline of 0 is a nack. */
export function modifyDeadlines(
  hub: Hub,
  held: Held,
  ackIds: readonly string[],
  seconds: readonly number[],
): void {
  if (ackIds.length !== seconds.length)
    throw refusal("INVALID_ARGUMENT", "There must be as many deadlines as acknowledgement ids.");
  if (seconds.some((deadline) => deadline < 0 || deadline > most))
    throw refusal("INVALID_ARGUMENT", `An ack deadline must be between 0 and ${most} seconds.`);
  const answers = ackIds.map((id) => wire.ackIdOf(held, id));
  for (const [index, { message, attempt }] of answers.entries()) {
    const deadline = seconds[index] ?? 0;
    if (deadline === 0) hub.deliveries.fail(held, message, attempt);
    else hub.deliveries.extend(held, message, attempt, hub.now() + deadline * 1000);
  }
}

/** One page of a list of a `kind`; the token is the last name of the page before. */
export function pageOf<T extends { name: string }>(
  all: readonly T[],
  { pageSize, pageToken }: { pageSize: number; pageToken: string },
  kind: "topics" | "subscriptions",
): { items: T[]; nextPageToken: string } {
  // A token goes on in a list of its own kind (https://google.aip.dev/158#page-tokens).
  const [projects, , named] = pageToken.split("/");
  if (pageToken !== "" && (projects !== "projects" || named !== kind))
    throw refusal("INVALID_ARGUMENT", "The page_token is none that a page of this list gave.");
  const rest = all.filter(({ name }) => name > pageToken).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const items = rest.slice(0, pageSize > 0 ? Math.min(pageSize, 1000) : 100);
  return { items, nextPageToken: items.length < rest.length ? (items.at(-1)?.name ?? "") : "" };
}
