// Answers of Pub/Sub to an event that it does not take, and who can mend each.
import * as z from "zod";
import { failed, type Pattern } from "../failure.ts";
import { googleFailure } from "../google-failure.ts";
import { certain, general } from "../google-patterns.ts";

const Worded = z.object({ message: z.string() });

/** In grpc-js's load-balancing-call.js, where the client gets no token of its own; and in client.ts, where we get it. */
export const noToken = "No access token could be got for this identity.";
const tokenless = new RegExp(`Getting metadata from plugin failed|${noToken}`);

/** The error to throw for what the Pub/Sub client threw. `what` names the event. */
export function busFailure(what: string, error: unknown): Error {
  if (tokenless.test(Worded.safeParse(error).data?.message ?? ""))
    return failed(
      {
        service: "metadata",
        cause: "no-token",
        lasts: "settling",
        explanation: {
          what,
          why: "the metadata server gives the function's service account no token",
          next: "the project's owner looks whether the service account is enabled and may be used by the function, and deploys again",
        },
      },
      { cause: error },
    );
  return googleFailure({ service: "pubsub", what }, error, (answer) => [
    ...certain("pubsub", answer),
    ...patterns,
    ...general(answer),
  ]);
}

/** https://docs.cloud.google.com/pubsub/docs/reference/error-codes */
const patterns: readonly Pattern[] = [
  {
    status: 404,
    code: /^NOT_FOUND$/,
    cause: "no-topic",
    lasts: "settling",
    why: "its topic is not there",
    next: "the project's owner deploys again, which makes it; it is tried again by itself meanwhile",
  },
  {
    status: [400, 403],
    text: /KMS|CryptoKey|customer.managed/i,
    cause: "encryption-key",
    lasts: "settling",
    why: "the key that the topic is encrypted with cannot be used",
    next: "the project's owner lets Pub/Sub's service agent use the key (Key Management in the Cloud console), or enables the key again",
  },
  {
    status: 403,
    code: /^(PERMISSION_DENIED|IAM_PERMISSION_DENIED)$/,
    cause: "permission",
    lasts: "settling",
    why: "the function's service account lacks the permission pubsub.topics.publish on its topic",
    next: "the project's owner deploys again, which grants what the function's row in shared/functions.ts publishes, and adds it there first where it is not; it is tried again by itself",
  },
  {
    status: 400,
    code: /^INVALID_ARGUMENT$/,
    cause: "not-taken",
    lasts: "lasting",
    why: "Pub/Sub does not take it in this form",
    next: "whoever changed what makes the event: compare its size and its attributes with Pub/Sub's limits (https://docs.cloud.google.com/pubsub/quotas)",
  },
];
