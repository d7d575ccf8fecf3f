// The far end alone: what only ours does, and what needs the movable clock.
import { v1 } from "@google-cloud/pubsub";
import { afterEach, describe, expect, test } from "@jest/globals";
import { OAuth2Client } from "google-auth-library";
import { withinTimer } from "../../../local/pubsub/deadline.ts";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { oidcIssuer } from "../../../local/wire/oidc.ts";
import { identityOf } from "../../../shared/functions.ts";
import { ackDeadlineSeconds } from "../../patience.ts";
import { freePort } from "../free-port.ts";
import { endpoint, ours, project } from "./servers.ts";

const second = 1000;
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function world(options: Parameters<typeof ours>[0] = {}) {
  const started = await ours(options);
  cleanUps.push(started.stop);
  return started;
}

async function receiver(answer?: Parameters<typeof endpoint>[0]) {
  const started = await endpoint(answer);
  cleanUps.push(started.close);
  return started;
}

const noRetry = { gaxOpts: { retry: null } };

describe("push", () => {
  test("brings a message to its endpoint and forgets it once accepted", async () => {
    const { farEnd } = await world();
    const hook = await receiver();
    await farEnd.createTopic("sheet-changed");
    await farEnd.createSubscription({
      name: "sync",
      topic: "sheet-changed",
      push: { endpoint: hook.url },
      ackDeadlineSeconds,
    });
    const id = await farEnd.publish("sheet-changed", "hello", { hub: "leap" });
    await farEnd.idle();
    expect(hook.got.map(({ body }) => body)).toEqual([
      {
        message: {
          attributes: { hub: "leap" },
          data: "aGVsbG8=",
          messageId: id,
          message_id: id,
          publishTime: "2026-03-02T08:00:00.000Z",
          publish_time: "2026-03-02T08:00:00.000Z",
        },
        subscription: "projects/sample-hub/subscriptions/sync",
      },
    ]);
    expect(farEnd.pending()).toBe(0);
  });

  test("carries an OIDC token that google-auth-library verifies, and no other audience", async () => {
    const { farEnd, state } = await world();
    const hook = await receiver();
    const email = `push@${project}.iam.gserviceaccount.com`;
    await farEnd.createTopic("notice");
    await farEnd.createSubscription({
      name: "send",
      topic: "notice",
      push: { endpoint: hook.url, oidc: { email, audience: "send-notice" } },
      ackDeadlineSeconds,
    });
    await farEnd.publish("notice", "x");
    await farEnd.idle();
    const issuer = oidcIssuer(state);
    const served = await serveFarEnd(issuer.app);
    cleanUps.push(served.close);
    const verifier = new OAuth2Client({
      endpoints: { oauth2FederatedSignonPemCertsUrl: `${served.url}/certs` },
    });
    const idToken = hook.got[0]?.headers.authorization?.replace("Bearer ", "") ?? "";
    const ticket = await verifier.verifyIdToken({ idToken, audience: "send-notice" });
    expect(ticket.getPayload()).toMatchObject({
      iss: "https://accounts.google.com",
      aud: "send-notice",
      email,
      email_verified: true,
    });
    await expect(verifier.verifyIdToken({ idToken, audience: "somebody-else" })).rejects.toThrow("audience");
    const forged = `${idToken.slice(0, -8)}AAAAAAAA`;
    await expect(verifier.verifyIdToken({ idToken: forged, audience: "send-notice" })).rejects.toThrow(
      "signature",
    );
  });

  test.each([
    [102, true],
    [200, true],
    [201, true],
    [202, true],
    [204, true],
    [203, false],
    [301, false],
    [400, false],
    [500, false],
  ])("status %i acknowledges: %s", async (status, acknowledges) => {
    const { farEnd } = await world();
    const hook = await receiver(() => status);
    await farEnd.createTopic("notice");
    await farEnd.createSubscription({
      name: "send",
      topic: "notice",
      push: { endpoint: hook.url },
      ackDeadlineSeconds,
    });
    await farEnd.publish("notice", "x");
    await farEnd.idle();
    expect(farEnd.pending()).toBe(acknowledges ? 0 : 1);
  });

  test("backs off by the movable clock, then gives up into the dead-letter topic", async () => {
    const { farEnd, clock } = await world();
    const hook = await receiver(() => 500);
    const grave = await receiver();
    await farEnd.createTopic("notice");
    await farEnd.createTopic("undelivered");
    await farEnd.createSubscription({
      name: "dead-letters",
      topic: "undelivered",
      push: { endpoint: grave.url },
      ackDeadlineSeconds,
    });
    await farEnd.createSubscription({
      name: "send",
      topic: "notice",
      push: { endpoint: hook.url },
      ackDeadlineSeconds,
      deadLetter: { topic: "undelivered", maxAttempts: 5 },
      retry: { minimumMilliseconds: 10 * second, maximumMilliseconds: 60 * second },
    });
    await farEnd.publish("notice", "x", { hub: "leap" });
    const waits: number[] = [];
    for (;;) {
      await farEnd.idle();
      const due = farEnd.nextDue();
      if (due === undefined) break;
      waits.push(due.getTime() - clock.now().getTime());
      clock.moveBy(due.getTime() - clock.now().getTime());
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 60_000]);
    expect(hook.got.map(({ body }) => body.deliveryAttempt)).toEqual([1, 2, 3, 4, 5]);
    expect(grave.got.map(({ body }) => body.message.attributes)).toEqual([
      {
        hub: "leap",
        CloudPubSubDeadLetterSourceDeliveryCount: "5",
        CloudPubSubDeadLetterSourceSubscription: "send",
        CloudPubSubDeadLetterSourceSubscriptionProject: project,
        CloudPubSubDeadLetterSourceTopicPublishTime: "2026-03-02T08:00:00.000Z",
      },
    ]);
    expect(farEnd.pending()).toBe(0);
  });

  test("an endpoint that refuses the connection is asked again", async () => {
    const { farEnd, clock } = await world();
    await farEnd.createTopic("notice");
    await farEnd.createSubscription({
      name: "send",
      topic: "notice",
      push: { endpoint: `http://127.0.0.1:${await freePort()}/` },
      retry: { minimumMilliseconds: 10 * second, maximumMilliseconds: 600 * second },
    });
    await farEnd.publish("notice", "x");
    await farEnd.idle();
    expect(farEnd.nextDue()?.getTime()).toBe(clock.now().getTime() + 10 * second);
    expect(farEnd.pending()).toBe(1);
  });

  test("at most 128 are under way at once", async () => {
    const { farEnd } = await world();
    const hook = await receiver();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    hook.hold(() => released);
    await farEnd.createTopic("notice");
    await farEnd.createSubscription({
      name: "send",
      topic: "notice",
      push: { endpoint: hook.url },
      ackDeadlineSeconds,
    });
    await Promise.all(Array.from({ length: 400 }, (_, index) => farEnd.publish("notice", `${index}`)));
    await hook.count(128);
    // A round trip through everything that a 129th would pass.
    await farEnd.publish("notice", "last");
    await fetch(hook.url, { method: "POST", body: '{"message":{}}', signal: AbortSignal.timeout(50) }).catch(
      () => undefined,
    );
    expect(hook.got.filter(({ text }) => text !== "")).toHaveLength(128);
    release();
    await farEnd.idle();
    expect(hook.got.filter(({ text }) => text !== "")).toHaveLength(401);
  });
});

describe("identity", () => {
  test("a function publishes where its row says so, and nowhere else", async () => {
    const { farEnd, clientOf } = await world();
    await farEnd.createTopic("notice");
    await farEnd.createTopic("quota-scan-due");
    const client = await clientOf(identityOf("sync-members", project));
    await client.topic("notice").publishMessage({ data: Buffer.from("x") });
    await expect(
      client.topic("quota-scan-due").publishMessage({ data: Buffer.from("x") }),
    ).rejects.toMatchObject({
      code: 7,
      message: expect.stringContaining(
        "Permission 'pubsub.topics.publish' denied on resource 'projects/sample-hub/topics/quota-scan-due'",
      ),
    });
    await expect(client.createTopic("mine")).rejects.toMatchObject({ code: 7 });
  });

  test("a forged token is nobody's", async () => {
    const { farEnd, client } = await world();
    await farEnd.createTopic("notice");
    const { pubsubClient } = await import("../../../shared/bus/client.ts");
    const stranger = await pubsubClient({
      project,
      endpoint: farEnd.address,
      authorization: async () => "Bearer ya29.sample.bm90.real",
    });
    await expect(stranger.topic("notice").publishMessage({ data: Buffer.from("x") })).rejects.toMatchObject({
      code: 16,
    });
    await stranger.close();
    expect((await client.topic("notice").getMetadata())[0].name).toBe("projects/sample-hub/topics/notice");
  });
});

describe("faults", () => {
  test("a status comes back in gRPC's terms, and nothing is stored", async () => {
    const { farEnd, client, faults } = await world();
    await farEnd.createTopic("notice");
    await client.createSubscription("notice", "pulled");
    faults.add({ farEnd: "pubsub", match: "Publish", failure: { kind: "status", status: 403 } });
    await expect(
      client.topic("notice", noRetry).publishMessage({ data: Buffer.from("x") }),
    ).rejects.toMatchObject({ code: 7 });
    expect(farEnd.pending()).toBe(0);
  });

  test("a lost answer leaves the work done: the client's second try makes a second message", async () => {
    const { farEnd, client, faults } = await world();
    await farEnd.createTopic("notice");
    await client.createSubscription("notice", "pulled");
    faults.add({ farEnd: "pubsub", match: "Publish", failure: { kind: "lost-answer" } });
    await client.topic("notice").publishMessage({ data: Buffer.from("x") });
    expect(farEnd.pending()).toBe(2);
    expect(faults.calls().get("pubsub Publish")).toBe(2);
  });
});

test.each([
  ["4294967S", "2147483S"],
  ["71582789M", "2147483S"],
  ["99999999H", "2147483S"],
  ["2147483S", "2147483S"],
  ["600S", "600S"],
  ["600000m", "600000m"],
  ["soon", "soon"],
])("a deadline of %s is read as %s", (deadline, read) => {
  expect(withinTimer(deadline)).toBe(read);
});

test("a client that waits for five weeks publishes once, and is told so", async () => {
  const { farEnd, client } = await world();
  await farEnd.createTopic("patient");
  await farEnd.createSubscription({ name: "patient", topic: "patient" });
  const stub = new v1.PublisherClient({ ...client.options });
  const request = { topic: `projects/${project}/topics/patient`, messages: [{ data: "eA==" }] };
  const [{ messageIds }] = await stub.publish(request, { timeout: 35 * 24 * 3600 * second, retry: null });
  expect(messageIds).toHaveLength(1);
  expect(farEnd.pending()).toBe(1);
  await stub.close();
});
