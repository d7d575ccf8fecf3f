// Pub/Sub of a simulation: the far end's own core - topics, leases, back-off, dead letters - under the movable clock, without
// gRPC and without ports. Who delivers, and when, is up to the one who simulates.
import { provision } from "../../local/instance/provision.ts";
import { deliveries, type Leased } from "../../local/pubsub/deliveries.ts";
import { directory, type Held } from "../../local/pubsub/directory.ts";
import { createSubscription } from "../../local/pubsub/operations.ts";
import { newTopic, subscriptionName, topicName } from "../../local/pubsub/resource.ts";
import type { State } from "../../local/wire/state.ts";
import type { Settings } from "../../shared/settings.ts";

export type { Held, Leased };

/** Makes every topic and subscription of the tables, as the sample hub does. */
export async function simulatedPubsub(options: {
  state: State;
  now: () => number;
  random: () => number;
  settings: Settings;
}) {
  const { state, now, random, settings } = options;
  const { project } = settings;
  const known = directory(state);
  const flow = deliveries({ state, directory: known, now, random });
  await provision(
    {
      async createTopic(name) {
        known.putTopic(newTopic(project, { name: topicName(project, name) }));
      },
      async createSubscription(asked) {
        const { deadLetter, name, topic } = asked;
        createSubscription({ directory: known, now }, project, {
          ...asked,
          name: subscriptionName(project, name),
          topic: topicName(project, topic),
          deadLetter: deadLetter && { ...deadLetter, topic: topicName(project, deadLetter.topic) },
        });
      },
    },
    { settings, urlOf: (name) => `http://${name}.far/` },
  );

  return {
    publish(topic: string, event: unknown, attributes: Record<string, string> = {}): string {
      const data = Buffer.from(JSON.stringify(event));
      return flow.publish(topicName(project, topic), [{ data, attributes, orderingKey: "" }]).join();
    },
    /** Takes up to so many messages of one subscription that are due. */
    lease: (held: Held, room: number): Leased[] =>
      flow.lease(held, room, now() + held.is.ackDeadlineSeconds * 1000),
    acknowledge: flow.acknowledge,
    fail: flow.fail,
    /** Subscriptions with something due now. */
    due(): Held[] {
      for (const held of known.subscriptions()) flow.expireLeases(held);
      return known.subscriptions().filter(flow.isDue);
    },
    /** Gives the time at which something becomes due, or a lease ends. */
    next(): number | undefined {
      const times = known.subscriptions().flatMap((held) => {
        const due = flow.nextDue(held);
        const lease = flow.nextLeaseEnd(held);
        return [...(due === undefined ? [] : [due]), ...(lease === undefined ? [] : [lease])];
      });
      return times.length === 0 ? undefined : Math.min(...times);
    },
    pending: flow.pending,
  };
}
