// Makes topics and subscriptions of the sample hub from the same two tables that Pulumi reads, with the same settings.

import { maximumAttempts } from "../../shared/delivery/time-budget.ts";
import { deadLetterTopic, eventNames } from "../../shared/events.ts";
import { type FunctionName, functionNames, pushIdentity, rowOf } from "../../shared/functions.ts";
import type { Settings } from "../../shared/settings.ts";
import type { PubsubFarEnd } from "../pubsub/far-end.ts";
import { addressOf } from "../run/addresses.ts";

/** The audience of the push tokens for a function: the address that it would have in the cloud, as there. */
export const audienceOf = addressOf;

export async function provision(
  pubsub: Pick<PubsubFarEnd, "createTopic" | "createSubscription">,
  options: { settings: Settings; urlOf: (name: FunctionName) => string },
): Promise<void> {
  const { settings, urlOf } = options;
  const { retry, project } = settings;
  for (const topic of [...eventNames, deadLetterTopic]) await pubsub.createTopic(topic);
  for (const name of functionNames) {
    const row = rowOf(name);
    if (row.hears === undefined) continue;
    await pubsub.createSubscription({
      name,
      topic: row.hears,
      push: { endpoint: urlOf(name), oidc: { email: pushIdentity(project), audience: audienceOf(name) } },
      ackDeadlineSeconds: row.timeoutSeconds,
      retry: {
        minimumMilliseconds: retry.minimumSeconds * 1000,
        maximumMilliseconds: retry.maximumSeconds * 1000,
      },
      neverExpires: true,
      ...(row.hears === deadLetterTopic
        ? {}
        : { deadLetter: { topic: deadLetterTopic, maxAttempts: maximumAttempts } }),
    });
  }
}
