// Publishing by the production adapter, over gRPC, to a server that refuses everything with a recorded status.

import { Server, ServerCredentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bus } from "../../shared/bus/publish.ts";
import { failureIn } from "../../shared/failure.ts";
import { atlas, cutAnywhere, type Recorded } from "./entry.ts";
import { silence, thrown } from "./google-bodies.ts";
import { pubsubEntries } from "./google-pubsub.ts";

const event = { v: 1 as const, hub: "leap", why: "edit" as const };
const bytes = (given: Buffer): Buffer => given;
let recorded: Recorded = { status: 13, body: "" };
let address = "";
const server = new Server();
beforeAll(async () => {
  const publish = {
    path: "/google.pubsub.v1.Publisher/Publish",
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  };
  server.addService(
    { publish },
    {
      publish: (_: unknown, answer: (error: { code: number; details: string }) => void) =>
        answer({ code: recorded.status, details: recorded.body }),
    },
  );
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  address = `127.0.0.1:${await promise}`;
});
afterAll(() => server.forceShutdown());

const publishTo = async (pubsub: string, options: Partial<Parameters<typeof bus>[0]> = {}) => {
  const ours = bus({
    project: "example-hub",
    endpoints: { pubsub },
    authorization: async () => "Bearer a",
    ...options,
  });
  const error = await thrown(ours.publish("sheet-changed", event));
  await ours.close();
  return error;
};
async function send(answer: Recorded) {
  recorded = answer;
  return publishTo(address);
}

atlas(pubsubEntries, send);
cutAnywhere(pubsubEntries, send, 20);

test.each([
  ["UNAVAILABLE", 14, "The service was unable to fulfill your request. Please try again. [code=8a75]"],
  ["DEADLINE_EXCEEDED", 4, "Deadline Exceeded"],
  ["INTERNAL", 13, "An internal error has occurred"],
])("%s is asked for again, and is transient when patience ends", async (_, status, body) => {
  recorded = { status, body };
  const error = await publishTo(address, { timeoutMilliseconds: 300 });
  expect(failureIn(error)).toMatchObject({ service: "pubsub", lasts: "transient" });
});

test("nobody, and somebody who never answers, are told by name", async () => {
  const silent = await silence();
  const far = new URL(silent.url).host;
  for (const host of [far, "127.0.0.1:1"]) {
    const error = await publishTo(host, { timeoutMilliseconds: 300 });
    expect(failureIn(error)).toMatchObject({ service: "pubsub", cause: "no-answer", lasts: "transient" });
  }
  silent.close();
});
