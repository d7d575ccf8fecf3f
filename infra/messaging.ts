// Topics, the push subscriptions that we own, the schedules, and what Cloud Storage tells of. A message that no attempt can
// deliver goes to record-dead-letter, and no subscription ever lapses for being idle.
import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { maximumAttempts } from "../shared/delivery/time-budget.ts";
import { deadLetterTopic } from "../shared/events.ts";
import { type FunctionName, pushIdentity, rowOf } from "../shared/functions.ts";
import { account, type Ground } from "./ground.ts";
import type { Identities } from "./identities.ts";

export type Topics = ReadonlyMap<string, gcp.pubsub.Topic>;

/** Time for which messages that nobody took are kept: the longest that costs nothing more. */
const kept = `${7 * 86_400}s`;

export function topics({ project, deployed, after }: Ground): Topics {
  return new Map(deployed.topics.map((name) => [name, new gcp.pubsub.Topic(name, { project, name }, after)]));
}

/** Gives a topic by its name. There is none for what nobody hears, so it throws. */
function heard(topics: Topics, name: string): gcp.pubsub.Topic {
  const topic = topics.get(name);
  if (topic === undefined) throw new Error(`the topic ${name} is needed, and nobody hears it`);
  return topic;
}

/** One for each worker, pushed as the push identity to the audience that the worker verifies. */
export function subscriptions(
  ground: Ground,
  topics: Topics,
  who: Identities,
  callable: ReadonlyMap<FunctionName, pulumi.Resource[]>,
): void {
  const { project, settings, agents, addressOf } = ground;
  const { retry } = settings;
  const dead = heard(topics, deadLetterTopic);
  const pusher = who.of(pushIdentity(project));
  const intoDeadLetters = new gcp.pubsub.TopicIAMMember("dead-letters", {
    project,
    topic: dead.name,
    role: "roles/pubsub.publisher",
    member: account(agents.pubsub),
  });
  // Projects made before April 2021 need this grant; elsewhere it changes nothing.
  const signing = new gcp.serviceaccount.IAMMember("push-tokens", {
    serviceAccountId: pusher.name,
    role: "roles/iam.serviceAccountOpenIdTokenCreator",
    member: account(agents.pubsub),
  });
  for (const [name, ready] of callable) {
    const row = rowOf(name);
    if (row.hears === undefined) continue;
    const subscription = new gcp.pubsub.Subscription(
      name,
      {
        project,
        name,
        topic: heard(topics, row.hears).id,
        ackDeadlineSeconds: row.timeoutSeconds,
        messageRetentionDuration: kept,
        expirationPolicy: { ttl: "" },
        retryPolicy: {
          minimumBackoff: `${retry.minimumSeconds}s`,
          maximumBackoff: `${retry.maximumSeconds}s`,
        },
        pushConfig: {
          pushEndpoint: addressOf(name),
          oidcToken: { serviceAccountEmail: pusher.email, audience: addressOf(name) },
        },
        // Sets no end to the attempts: an event is tried again until it is recorded.
        ...(row.hears === deadLetterTopic
          ? {}
          : { deadLetterPolicy: { deadLetterTopic: dead.id, maxDeliveryAttempts: maximumAttempts } }),
      },
      { dependsOn: [...ready, intoDeadLetters, signing] },
    );
    if (row.hears === deadLetterTopic) continue;
    new gcp.pubsub.SubscriptionIAMMember(`dead-letters-${name}`, {
      project,
      subscription: subscription.name,
      role: "roles/pubsub.subscriber",
      member: account(agents.pubsub),
    });
  }
}

/** Cloud Scheduler publishes as its own agent, which may. */
export function schedules({ project, region, deployed, after }: Ground, topics: Topics): void {
  for (const { name, cron, topic, payload } of deployed.jobs)
    new gcp.cloudscheduler.Job(
      `schedule-${name}`,
      {
        project,
        region,
        name,
        schedule: cron,
        timeZone: "Etc/UTC",
        pubsubTarget: {
          topicName: heard(topics, topic).id,
          data: Buffer.from(JSON.stringify(payload)).toString("base64"),
        },
        retryConfig: { retryCount: 3 },
      },
      after,
    );
}

/** New objects of the ledger's bucket, as events. */
export function notifications(
  { project, deployed, agents }: Ground,
  topics: Topics,
  bucket: gcp.storage.Bucket,
): void {
  for (const { id, prefix, on, publishes } of deployed.notifications) {
    const topic = heard(topics, publishes);
    const may = new gcp.pubsub.TopicIAMMember(`notification-${id}`, {
      project,
      topic: topic.name,
      role: "roles/pubsub.publisher",
      member: account(agents.storage),
    });
    new gcp.storage.Notification(
      `notification-${id}`,
      {
        bucket: bucket.name,
        topic: topic.id,
        payloadFormat: "JSON_API_V1",
        eventTypes: [on],
        objectNamePrefix: prefix,
      },
      { dependsOn: [may] },
    );
  }
}
