// Answers that Pub/Sub has been seen to give to a publish, over gRPC: `status` is gRPC's own number, `body` its sentence.
import { type Entry, reads } from "./entry.ts";

const pubsub = reads("pubsub");

const noTopic = pubsub("settling", "no-topic", "its topic is not there", /the project's owner deploys again/);
const identity = pubsub(
  "settling",
  "identity",
  "the token of the function's service account was not accepted",
  /the service account is there and enabled/,
);

export const pubsubEntries: Entry<"publish">[] = [
  {
    call: "publish",
    source: "https://github.com/googleapis/nodejs-pubsub/issues/1269",
    status: 5,
    body: "Resource not found (resource=193060).",
    reads: noTopic,
  },
  {
    call: "publish",
    source: "https://github.com/postmastery/webhook-forwarder-gcp/issues/1",
    status: 5,
    body: "Resource not found (resource=webhook).",
    reads: noTopic,
  },
  {
    call: "publish",
    source: "https://github.com/googleapis/nodejs-pubsub/issues/1180",
    status: 7,
    body: "User not authorized to perform this action.",
    reads: pubsub(
      "settling",
      "permission",
      "the function's service account lacks the permission pubsub.topics.publish on its topic",
      /the project's owner deploys again, which grants what the function's row in shared\/functions\.ts publishes/,
    ),
  },
  {
    call: "publish",
    source: "https://github.com/googleapis/java-pubsub/issues/1438",
    status: 16,
    body: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    reads: identity,
  },
  {
    call: "publish",
    source: "https://github.com/googleapis/google-cloud-python/issues/5014",
    status: 16,
    body: "Deadline Exceeded",
    reads: identity,
  },
  {
    call: "publish",
    source: "https://github.com/googleapis/google-cloud-go/issues/1532",
    status: 16,
    body: "Getting metadata from plugin failed with error: Could not refresh access token: Could not fetch URI /computeMetadata/v1/instance/service-accounts/default/token?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fpubsub",
    reads: {
      service: "metadata",
      cause: "no-token",
      lasts: "settling",
      why: "the metadata server gives the function's service account no token",
      next: /may be used by the function, and deploys again/,
    },
  },
  {
    call: "publish",
    source: "https://github.com/GoogleCloudPlatform/DataflowTemplates/issues/2263",
    status: 8,
    body: "Resource has been exhausted (e.g. check quota).",
    reads: pubsub(
      "transient",
      "rate-limit",
      "the requests of this minute are used up",
      /^nothing: it is tried again by itself/,
      60,
    ),
  },
  {
    call: "publish",
    source: "https://github.com/fastlane/fastlane/issues/21537",
    status: 7,
    body: "Project #123456789 has been deleted.",
    reads: pubsub(
      "lasting",
      "project-gone",
      "the project is deleted, suspended, or none that the function may use",
      /the project's owner restores it/,
    ),
  },
];
