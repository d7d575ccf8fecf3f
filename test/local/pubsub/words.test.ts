// Fields that foreign clients send and this server does not do: each is refused by its name, and nothing is made.
import { afterAll, expect, test } from "@jest/globals";
import { ours } from "./servers.ts";

const served = await ours();
afterAll(() => served.stop());
const { client } = served;

const policies = { messageStoragePolicy: { allowedPersistenceRegions: ["us-central1"] } };
test("a topic's place is refused", async () => {
  await expect(client.createTopic({ name: client.topic("placed").name, ...policies })).rejects.toMatchObject({
    code: 12,
    details: "The field messageStoragePolicy is not supported by this server.",
  });
  expect((await client.topic("placed").exists())[0]).toBe(false);
});

test.each([
  { tags: { "a/b": "c" } },
  { pushConfig: { pushEndpoint: "https://a.example.org", attributes: { "x-goog-version": "v1beta1" } } },
])("%j of a subscription is refused", async (words) => {
  const [topic] = await client.topic("topic").get({ autoCreate: true });
  await expect(topic.createSubscription("worded", words)).rejects.toMatchObject({ code: 12 });
  expect((await topic.subscription("worded").exists())[0]).toBe(false);
});

test("what the service alone writes is passed over, as it does", async () => {
  const [topic] = await client.createTopic({ name: client.topic("stated").name, state: "ACTIVE" });
  expect((await topic.getMetadata())[0].state).toBe("ACTIVE");
});
