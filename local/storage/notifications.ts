// Notifications of Cloud Storage about new objects, as a bucket asks for them: the object's resource, with attributes that say
// what happened. https://cloud.google.com/storage/docs/pubsub-notifications
import type { Clock } from "../../shared/clock.ts";
import { notifications } from "../../shared/notifications.ts";
import type { PubsubFarEnd } from "../pubsub/far-end.ts";

export type Changed = { bucket: string; name: string; generation: number };

/** Tells of an object as every notification of shared/functions.ts that it fits asks for. */
export function notifier(options: {
  pubsub: Pick<PubsubFarEnd, "publish">;
  now: Clock;
}): (object: Changed) => void {
  const { pubsub, now } = options;
  return ({ bucket, name, generation }) => {
    for (const [id, { prefix, on, publishes }] of Object.entries(notifications)) {
      if (!name.startsWith(prefix)) continue;
      const at = now().toISOString();
      const resource = {
        kind: "storage#object",
        id: `${bucket}/${name}/${generation}`,
        name,
        bucket,
        generation: String(generation),
        contentType: "application/json",
        timeCreated: at,
        updated: at,
      };
      const attributes = {
        eventType: on,
        bucketId: bucket,
        objectId: name,
        objectGeneration: String(generation),
        eventTime: at,
        payloadFormat: "JSON_API_V1",
        notificationConfig: `projects/_/buckets/${bucket}/notificationConfigs/${id}`,
      };
      // At least once is Cloud Storage's promise; here a message that cannot be stored is lost, and the next scan makes up for it.
      void pubsub.publish(publishes, JSON.stringify(resource), attributes).catch(() => undefined);
    }
  };
}
