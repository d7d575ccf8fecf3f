// Topics and subscriptions of the sample hub follow from the tables, with the settings' own retries.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { audienceOf, provision } from "../../../local/instance/provision.ts";
import { deadLetterTopic, eventNames } from "../../../shared/events.ts";
import { functionNames, rowOf } from "../../../shared/functions.ts";
import { ours, project } from "../pubsub/servers.ts";
import { settingsOf } from "../sample/sample-settings.ts";

type Subscription = Parameters<Parameters<typeof provision>[0]["createSubscription"]>[0];

const settings = settingsOf({ project, retry: { minimumSeconds: 3, maximumSeconds: 70 } });
const topics: string[] = [];
const subscriptions: Subscription[] = [];

beforeAll(() =>
  provision(
    {
      createTopic: async (name) => void topics.push(name),
      createSubscription: async (subscription) => void subscriptions.push(subscription),
    },
    { settings, urlOf: (name) => `http://127.0.0.1:1/${name}` },
  ),
);

test("a topic for each event, and one for dead letters", () => {
  expect([...topics].sort()).toEqual([...eventNames, deadLetterTopic].sort());
});

test("a subscription for each worker, and for no door", () => {
  const workers = functionNames.filter((name) => rowOf(name).kind === "worker");
  expect(subscriptions.map(({ name }) => name).sort()).toEqual([...workers].sort());
});

test("as the settings say: pushed as one identity to one audience, backed off, then a dead letter", () => {
  expect(subscriptions.find(({ name }) => name === "send-notice")).toEqual({
    name: "send-notice",
    topic: "notice",
    push: {
      endpoint: "http://127.0.0.1:1/send-notice",
      oidc: {
        email: `pubsub-push@${project}.iam.gserviceaccount.com`,
        audience: "https://send-notice-415104041262.us-central1.run.app",
      },
    },
    ackDeadlineSeconds: 60,
    retry: { minimumMilliseconds: 3000, maximumMilliseconds: 70_000 },
    neverExpires: true,
    deadLetter: { topic: "undelivered", maxAttempts: 100 },
  });
});

test("dead letters themselves are tried for ever", () => {
  const recorder = subscriptions.find(({ topic }) => topic === deadLetterTopic);
  expect(recorder?.name).toBe("record-dead-letter");
  expect(recorder).not.toHaveProperty("deadLetter");
});

test("no two functions share an audience", () => {
  expect(new Set(functionNames.map(audienceOf)).size).toBe(functionNames.length);
});

let world: Awaited<ReturnType<typeof ours>> | undefined;
afterAll(() => world?.stop());

test("the Pub/Sub of the sample hub takes it, and takes it again at the next start with other addresses", async () => {
  world = await ours();
  for (const port of [1, 2])
    await provision(world.farEnd, { settings, urlOf: (name) => `http://127.0.0.1:${port}/${name}` });
  const [{ pushConfig, deadLetterPolicy }] = await world.client.subscription("send-notice").getMetadata();
  expect([pushConfig?.pushEndpoint, deadLetterPolicy?.maxDeliveryAttempts]).toEqual([
    "http://127.0.0.1:2/send-notice",
    100,
  ]);
});
