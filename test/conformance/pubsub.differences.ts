// Known differences between Google's emulator and the cloud; ours follows the cloud. The same code asks both. A server
// that answers otherwise than its column says fails, also the emulator, so that the list stays true.
import type { PubSub } from "@google-cloud/pubsub";
import { expect, test } from "@jest/globals";
import { fresh, receiver, topicOf } from "./pubsub.scenarios.ts";

export type Side = "ours" | "emulator";
type Difference = {
  question: string;
  ask: (client: PubSub) => Promise<unknown>;
  /** As the cloud's documentation has it. */
  ours: unknown;
  emulator: unknown;
};

const codeOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => "taken",
    (error: { code?: unknown }) => error.code,
  );

async function publishing(client: PubSub, attributes: Record<string, string>): Promise<unknown> {
  const topic = await topicOf(client);
  return codeOf(topic.publishMessage({ data: Buffer.from("x"), attributes }));
}

/** Pushes "0" and "1" in order; `status` answers the first that comes. Gives all that came. */
async function inOrder(client: PubSub, status: number): Promise<string[]> {
  const hook = await receiver((_pushed, count) => (count === 1 ? status : 204));
  const [topic] = await client.createTopic(fresh("topic"));
  topic.setPublishOptions({ messageOrdering: true });
  await topic.createSubscription(fresh("sub"), { pushEndpoint: hook.url, enableMessageOrdering: true });
  for (const data of ["0", "1"]) await topic.publishMessage({ data: Buffer.from(data), orderingKey: "k" });
  await hook.until((pushed) => pushed.text === "1");
  return hook.got.map(({ text }) => text);
}

/** The first push to a subscription with a dead-letter policy and a token to be signed. */
async function firstPush(client: PubSub) {
  const hook = await receiver();
  const topic = await topicOf(client);
  const dead = await topicOf(client);
  await topic.createSubscription(fresh("sub"), {
    pushConfig: {
      pushEndpoint: hook.url,
      oidcToken: { serviceAccountEmail: "push@sample-hub.iam.gserviceaccount.com", audience: "a-door" },
    },
    deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 5 },
  });
  await topic.publishMessage({ data: Buffer.from("x") });
  await hook.count(1);
  return hook.got[0];
}

async function filtered(client: PubSub): Promise<string[]> {
  const hook = await receiver();
  const [topic] = await client.createTopic(fresh("topic"));
  topic.setPublishOptions({ messageOrdering: true });
  await topic.createSubscription(fresh("sub"), {
    pushEndpoint: hook.url,
    enableMessageOrdering: true,
    filter: 'attributes.hub = "leap"',
  });
  for (const hub of ["other", "leap"])
    await topic.publishMessage({ data: Buffer.from(hub), attributes: { hub }, orderingKey: "k" });
  await hook.until((pushed) => pushed.text === "leap");
  return hook.got.map(({ text }) => text);
}

const hundredAndOne = Object.fromEntries(Array.from({ length: 101 }, (_unused, index) => [`k${index}`, "v"]));

export const differences: Difference[] = [
  {
    question: "a push answered 202 is done",
    ask: (client) => inOrder(client, 202),
    ours: ["0", "1"],
    emulator: ["0", "0", "1"],
  },
  {
    question: "a push carries the token that was asked for",
    ask: async (client) => (await firstPush(client))?.headers.authorization !== undefined,
    ours: true,
    emulator: false,
  },
  {
    question: "a push says which attempt it is",
    ask: async (client) => (await firstPush(client))?.body.deliveryAttempt,
    ours: 1,
    emulator: undefined,
  },
  {
    question: "a filter keeps back what does not match",
    ask: filtered,
    ours: ["leap"],
    emulator: ["other", "leap"],
  },
  {
    question: "a filter that is none",
    ask: async (client) =>
      codeOf(client.createSubscription(await topicOf(client), fresh("sub"), { filter: "hub = leap" })),
    ours: 3,
    emulator: "taken",
  },
  {
    question: "an ack deadline of 5 s",
    ask: async (client) =>
      codeOf(client.createSubscription(await topicOf(client), fresh("sub"), { ackDeadlineSeconds: 5 })),
    ours: 3,
    emulator: "taken",
  },
  {
    question: "retention of 31 days",
    ask: async (client) =>
      codeOf(
        client.createSubscription(await topicOf(client), fresh("sub"), {
          messageRetentionDuration: { seconds: 31 * 86_400 },
        }),
      ),
    ours: "taken",
    emulator: 3,
  },
  {
    question: "101 attributes",
    ask: (client) => publishing(client, hundredAndOne),
    ours: 3,
    emulator: "taken",
  },
  {
    question: "an attribute that begins with goog",
    ask: (client) => publishing(client, { googly: "x" }),
    ours: 3,
    emulator: "taken",
  },
  {
    question: "an attribute of 1,025 bytes",
    ask: (client) => publishing(client, { k: "x".repeat(1025) }),
    ours: 3,
    emulator: "taken",
  },
];

/** Holds one side's answers against its column. */
export function knownDifferences(side: Side, client: PubSub): void {
  test.each(differences)("$question", async (difference) => {
    expect(await difference.ask(client)).toEqual(difference[side]);
  });
}
