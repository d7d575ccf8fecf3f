// Publishing through the real client, as the identity that the metadata server speaks for.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Hono } from "hono";
import { type Served, serveFarEnd } from "../../../local/wire/far-end.ts";
import { pubsubClient } from "../../../shared/bus/client.ts";
import { type Bus, bus } from "../../../shared/bus/publish.ts";
import { type FunctionName, identityOf } from "../../../shared/functions.ts";
import { endpoint, ours, project } from "../../local/pubsub/servers.ts";
import { ackDeadlineSeconds, patienceMs } from "../../patience.ts";

let world: Awaited<ReturnType<typeof ours>>;
let hook: Awaited<ReturnType<typeof endpoint>>;
let metadata: Served;
let asked = 0;
let published: Bus;

beforeAll(async () => {
  world = await ours();
  hook = await endpoint();
  for (const topic of ["notice", "sheet-changed", "transfer-reported"]) {
    await world.farEnd.createTopic(topic);
    await world.farEnd.createSubscription({
      name: topic,
      topic,
      push: { endpoint: hook.url },
      ackDeadlineSeconds,
    });
  }
  const app = new Hono();
  app.get("/computeMetadata/v1/instance/service-accounts/default/token", (c) => {
    asked += 1;
    const { token, expiresInSeconds } = world.identities.mint(identityOf("sync-members", project), []);
    c.header("Metadata-Flavor", "Google");
    return c.json({ access_token: token, expires_in: expiresInSeconds, token_type: "Bearer" });
  });
  app.all("*", (c) => c.text("", 404, { "Metadata-Flavor": "Google" }));
  metadata = await serveFarEnd(app);
  process.env["GCE_METADATA_HOST"] = `127.0.0.1:${metadata.port}`;
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  published = bus({ project, endpoints: { pubsub: world.farEnd.address } });
});

afterAll(async () => {
  await published.close();
  await world.stop();
  await hook.close();
  await metadata.close();
});

const notice = {
  v: 1 as const,
  hub: "leap",
  key: "welcome/ada",
  to: "team" as const,
  subject: "Hello",
  text: "Welcome.",
};

test("an event arrives as it was, with its name and version beside it, and one token serves many", async () => {
  const publishes = () => world.faults.calls().get("pubsub Publish") ?? 0;
  const before = publishes();
  hook.got.length = 0;
  const ids = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      published.publish("notice", { ...notice, key: `welcome/${index}` }, { run: "7" }),
    ),
  );
  await world.farEnd.idle();
  expect(new Set(ids).size).toBe(50);
  expect(hook.got).toHaveLength(50);
  const [first] = hook.got;
  expect(JSON.parse(first?.text ?? "")).toEqual({ ...notice, key: "welcome/0" });
  expect(first?.body.message.attributes).toEqual({ event: "notice", run: "7", v: "1" });
  expect(asked).toBe(1);
  expect(publishes() - before).toBe(1);
});

test("an event that breaks its schema is permanent, and its values are not told", async () => {
  const broken = published.publish("notice", { ...notice, subject: "" });
  await expect(broken).rejects.toMatchObject({
    name: "Permanent",
    explanation: { why: "its field subject breaks the event's schema" },
  });
});

const busOf = (name: FunctionName, timeoutMilliseconds = patienceMs) =>
  bus({
    project,
    endpoints: { pubsub: world.farEnd.address },
    authorization: async () => `Bearer ${world.identities.mint(identityOf(name, project), []).token}`,
    timeoutMilliseconds,
  });

test("a vendor's own message has no version beside it", async () => {
  const replayed = busOf("console");
  hook.got.length = 0;
  const report = { kind: "storage#object", bucket: "ledger", name: "transfers/a" } as const;
  await replayed.publish("transfer-reported", report);
  await world.farEnd.idle();
  expect(hook.got.map(({ body }) => body.message.attributes)).toEqual([{ event: "transfer-reported" }]);
  await replayed.close();
});

test("what was closed publishes nothing more", async () => {
  const closed = busOf("sync-members");
  await closed.publish("notice", notice);
  await closed.close();
  await expect(closed.publish("notice", notice)).rejects.toThrow("a notice event was not published");
});

test("a topic that the row doesn't grant is refused with the permission's name", async () => {
  const publish = published.publish("release-published", { v: 1, hub: "leap", why: "edit" });
  await expect(publish).rejects.toMatchObject({
    failure: { service: "pubsub", cause: "permission", lasts: "settling" },
    message: expect.stringContaining("pubsub.topics.publish"),
  });
  // One client has one token, whatever the topic.
  expect(asked).toBe(1);
});

test("a far end that is down for a moment costs a retry; one that stays down is an error, not a hang", async () => {
  const [patient, hasty] = [busOf("sync-members"), busOf("sync-members", 1_500)];
  const down = { kind: "status", status: 503 } as const;
  world.faults.add({ farEnd: "pubsub", match: "Publish", failure: down });
  await expect(patient.publish("notice", notice)).resolves.toMatch(/^\d+$/);
  world.faults.add({ farEnd: "pubsub", match: "Publish", times: 1_000, failure: down });
  await expect(hasty.publish("notice", notice)).rejects.toThrow("Pub/Sub did not answer");
  world.faults.clear();
  await patient.close();
  await hasty.close();
});

test("a call that was cancelled on its way is tried again, for it says nothing of the event", async () => {
  const cancelled = { kind: "status", status: 499 } as const;
  world.faults.add({ farEnd: "pubsub", match: "Publish", failure: cancelled });
  await expect(published.publish("notice", notice)).rejects.toMatchObject({
    failure: { service: "pubsub", cause: "cancelled", lasts: "transient" },
  });
  await expect(published.publish("notice", notice)).resolves.toMatch(/^\d+$/);
});

test("in the cloud the client is plain: with TLS, and its own identity", async () => {
  const [cloud, laptop] = await Promise.all([
    pubsubClient({ project }),
    pubsubClient({ project, endpoint: world.farEnd.address }),
  ]);
  expect([cloud, laptop].map(({ options }) => options.emulatorMode)).toEqual([undefined, true]);
});

test("no token, no publishing", async () => {
  const nameless = bus({
    project,
    endpoints: { pubsub: world.farEnd.address },
    authorization: async () => {
      throw new Error("no metadata server");
    },
  });
  await expect(nameless.publish("notice", notice)).rejects.toMatchObject({
    failure: { service: "metadata" },
  });
  await nameless.close();
});

test("an event larger than a message may be is refused at once, with its bytes", async () => {
  const bytes = 10_000_000;
  const event = {
    kind: "storage#object" as const,
    bucket: "x".repeat(bytes),
    name: "transfers/prod/a/reports/0-1-done.json",
  };
  await expect(published.publish("transfer-reported", event)).rejects.toThrow(/a message may have 10000000/);
});
