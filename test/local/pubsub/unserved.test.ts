// Fields and methods of Pub/Sub that are not served: each is refused with UNIMPLEMENTED, and noted. The fields are those of
// https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1
import type { PubSub } from "@google-cloud/pubsub";
import { afterAll, expect, test } from "@jest/globals";
import { takeViolations } from "../../../local/wire/called-routes.ts";
import { oursByRequest, project } from "./servers.ts";

const world = await oursByRequest();
const { publisher, subscriber } = world;
afterAll(() => world.stop());

const topic = `projects/${project}/topics/notice`;
const known = `projects/${project}/subscriptions/known`;
type Topic = Parameters<typeof publisher.createTopic>[0];
type Subscription = NonNullable<Parameters<typeof subscriber.createSubscription>[0]>;

const topics: [string, Topic][] = [
  ["messageStoragePolicy", { messageStoragePolicy: { allowedPersistenceRegions: ["europe-west1"] } }],
  ["kmsKeyName", { kmsKeyName: "projects/p/locations/l/keyRings/r/cryptoKeys/k" }],
  ["schemaSettings", { schemaSettings: { schema: "projects/p/schemas/s", encoding: "JSON" } }],
  ["ingestionDataSourceSettings", { ingestionDataSourceSettings: { awsKinesis: { streamArn: "a" } } }],
  ["messageTransforms", { messageTransforms: [{ javascriptUdf: { functionName: "f", code: "c" } }] }],
  ["tags", { tags: { "1/env": "test" } }],
];
const subscriptions: [string, Omit<Subscription, "name">][] = [
  ["bigqueryConfig", { bigqueryConfig: { table: "p.d.t" } }],
  ["cloudStorageConfig", { cloudStorageConfig: { bucket: "b" } }],
  ["enableExactlyOnceDelivery", { enableExactlyOnceDelivery: true }],
  ["detached", { detached: true }],
  ["messageTransforms", { messageTransforms: [{ javascriptUdf: { functionName: "f", code: "c" } }] }],
  ["tags", { tags: { "1/env": "test" } }],
  [
    "pushConfig.noWrapper",
    { pushConfig: { pushEndpoint: "http://a.test", noWrapper: { writeMetadata: true } } },
  ],
  [
    "pushConfig.attributes.x-goog-version",
    { pushConfig: { pushEndpoint: "http://a.test", attributes: { "x-goog-version": "v1beta1" } } },
  ],
];

async function refused(asking: Promise<unknown>, what: string): Promise<void> {
  await expect(asking).rejects.toMatchObject({ code: 12, details: `${what} is not served here` });
  expect(takeViolations()).toEqual([`request: Pub/Sub is not served ${what}`]);
}

test.each(topics)("a topic's %s", async (field, asked) => {
  const name = `projects/${project}/topics/other`;
  await refused(publisher.createTopic({ name, ...asked }), `the field ${field}`);
  expect((await world.client.getTopics())[0].map((each) => each.name)).toEqual([topic]);
});

test.each(subscriptions)("a subscription's %s", async (field, asked) => {
  const name = `projects/${project}/subscriptions/other`;
  await refused(subscriber.createSubscription({ name, topic, ...asked }), `the field ${field}`);
  expect(await namesOf(world.client)).toEqual([known]);
});

test.each(["bigquery_config", "enable_exactly_once_delivery", "push_config.push_endpoint"])(
  "a change of %s",
  async (path) => {
    const change = { subscription: { name: known }, updateMask: { paths: [path] } };
    await refused(subscriber.updateSubscription(change), `the mask ${path}`);
  },
);

test("a snapshot, and a method", async () => {
  await refused(subscriber.seek({ subscription: known, snapshot: "projects/p/snapshots/s" }), "a snapshot");
  await refused(publisher.detachSubscription({ subscription: known }), "DetachSubscription");
});

test("schemas, and the rights of a topic", async () => {
  const { v1 } = await import("@google-cloud/pubsub");
  const rights = world.client.topic("notice").iam.getPolicy();
  await refused(rights, "GetIamPolicy");
  const schemas = new v1.SchemaServiceClient({ ...world.client.options });
  await refused(schemas.getSchema({ name: `projects/${project}/schemas/s` }), "GetSchema");
  await schemas.close();
});

test("what only the service sets is passed over, and so is what has its default", async () => {
  const name = `projects/${project}/subscriptions/plain`;
  const asked = { state: "ACTIVE", enableExactlyOnceDelivery: false, tags: {} } as const;
  await subscriber.createSubscription({ name, topic, pushConfig: { pubsubWrapper: {} }, ...asked });
  expect(await namesOf(world.client)).toEqual([known, name]);
  await subscriber.deleteSubscription({ subscription: name });
});

const namesOf = async (client: PubSub): Promise<string[]> =>
  (await client.getSubscriptions())[0].map(({ name }) => name);
