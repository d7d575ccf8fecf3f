// A burst that is more than a worker's instances can take at once: Pub/Sub's core and the front end's on one movable clock. The
// platform's 429s are delivery attempts (https://github.com/firebase/firebase-functions/issues/962), and must lose nothing.
import { expect, test } from "@jest/globals";
import { audienceOf } from "../../../local/instance/provision.ts";
import { deliveries, type Leased } from "../../../local/pubsub/deliveries.ts";
import { directory } from "../../../local/pubsub/directory.ts";
import { createSubscription } from "../../../local/pubsub/operations.ts";
import { newTopic, subscriptionName, topicName } from "../../../local/pubsub/resource.ts";
import { gate } from "../../../local/run/gate.ts";
import { instances } from "../../../local/run/instances.ts";
import { tokenReader } from "../../../local/run/token.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { oidcIssuer } from "../../../local/wire/oidc.ts";
import { openState } from "../../../local/wire/state.ts";
import { pushTokenVerifier } from "../../../shared/delivery/push-token.ts";
import { pushIdentity, rowOf } from "../../../shared/functions.ts";

const project = "sample-hub";
const name = "send-notice";
const row = rowOf(name);
/** As Pub/Sub's far end has it. */
const mostInFlight = 128;
const handlingMilliseconds = 2000;

/** A topic of notices with its subscription and its dead letters. */
function notices(now: () => number, maxAttempts: number) {
  const state = openState(":memory:");
  let draws = 0;
  const known = directory(state);
  const flow = deliveries({ state, directory: known, now, random: () => (draws++ % 97) / 97 });
  for (const topic of ["notice", "undelivered"])
    known.putTopic(newTopic(project, { name: topicName(project, topic) }));
  const held = createSubscription({ directory: known, now }, project, {
    name: subscriptionName(project, name),
    topic: topicName(project, "notice"),
    push: { endpoint: "http://127.0.0.1:1/" },
    ackDeadlineSeconds: row.timeoutSeconds,
    retry: { minimumMilliseconds: 10_000, maximumMilliseconds: 600_000 },
    deadLetter: { topic: topicName(project, "undelivered"), maxAttempts },
  });
  const dead = createSubscription({ directory: known, now }, project, {
    name: subscriptionName(project, "dead"),
    topic: topicName(project, "undelivered"),
  });
  return { state, flow, held, dead };
}

/** Throws where the gate or the code refuses a push's token; the code's own look is taken once. */
function doorOf(state: ReturnType<typeof openState>) {
  const issuer = oidcIssuer(state);
  const check = gate({
    project,
    read: tokenReader({ certificates: issuer.certificates, seconds: () => Date.now() / 1000 }),
  });
  const email = pushIdentity(project);
  const audience = audienceOf(name);
  const verify = pushTokenVerifier({ audience, email, endpoints: {}, behindCloudRun: true });
  let verified = false;
  return async (): Promise<void> => {
    const authorization = `Bearer ${issuer.tokenFor(email, audience)}`;
    const checked = check(name, { path: "/", rawHeaders: ["authorization", authorization] });
    if ("refused" in checked) throw new Error(`the gate answered ${checked.refused.status}`);
    if (!verified && !(await verify(checked.rawHeaders[1]))) throw new Error("the code refuses the token");
    verified = true;
  };
}

/** Publishes so many notices at once, and lets time pass until nothing waits any more. */
async function burst(count: number, maxAttempts: number) {
  const clock = stoppedClock(new Date("2026-11-28T10:00:00Z"));
  const now = () => clock.now().getTime();
  const { state, flow, held, dead } = notices(now, maxAttempts);
  const passDoor = doorOf(state);
  const starting: number[] = [];
  const pool = instances(row, { now, start: (id) => void starting.push(id), stop: () => undefined });

  const atWork: { until: number; end: () => void }[] = [];
  const handled: number[] = [];
  const counts = { inFlight: 0, most: 0, tooMany: 0 };

  async function push({ message, attempt }: Leased): Promise<void> {
    counts.inFlight += 1;
    await passDoor();
    const over = pool.ask({
      begin() {
        const end = () => {
          handled.push(message.id);
          counts.inFlight -= 1;
          flow.acknowledge(held, message.id, attempt);
          over();
        };
        atWork.push({ until: now() + handlingMilliseconds, end });
        counts.most = Math.max(counts.most, atWork.length);
      },
      end(status) {
        expect(status).toBe(429);
        counts.tooMany += 1;
        counts.inFlight -= 1;
        flow.fail(held, message.id, attempt);
      },
    });
  }

  const message = { data: Buffer.from("{}"), attributes: {}, orderingKey: "" };
  flow.publish(
    topicName(project, "notice"),
    Array.from({ length: count }, () => message),
  );
  for (;;) {
    for (const leased of flow.lease(held, mostInFlight - counts.inFlight, Number.MAX_SAFE_INTEGER))
      await push(leased);
    for (const id of starting.splice(0)) pool.ready(id);
    const times = [flow.nextDue(held), ...(counts.inFlight > 0 ? [pool.nextDue()] : []), atWork[0]?.until];
    const due = Math.min(...times.filter((at) => at !== undefined));
    if (!Number.isFinite(due)) break;
    clock.moveBy(Math.max(0, due - now()));
    while (atWork[0] !== undefined && atWork[0].until <= now()) atWork.shift()?.end();
    pool.look();
  }
  const deadLetters = flow.lease(dead, count, Number.MAX_SAFE_INTEGER).length;
  state.close();
  return { handled, deadLetters, ...counts };
}

test("2,000 notices of 2 s each against five instances of one: all are handled, and none twice", async () => {
  const { handled, deadLetters, most, tooMany } = await burst(2000, 100);
  expect([handled.length, new Set(handled).size, deadLetters]).toEqual([2000, 2000, 0]);
  expect(most).toBe(row.instances * row.concurrency);
  // Otherwise it was no burst.
  expect(tooMany).toBeGreaterThan(1000);
});

test("five attempts, as they once were, would not do", async () => {
  const { handled, deadLetters } = await burst(1000, 5);
  expect(deadLetters).toBeGreaterThan(0);
  expect(handled.length + deadLetters).toBe(1000);
});
