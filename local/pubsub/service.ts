// The gRPC skin: names the caller, asks whether it may, makes faults happen, and turns refusals into statuses.
import type * as grpc from "@grpc/grpc-js";
import * as z from "zod";
import { noteCall, offer, violationList } from "../wire/called-routes.ts";
import type { Failure, Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import { notedFor } from "../wire/vocabulary.ts";
import { readLongDeadlines } from "./deadline.ts";
import type { Hub } from "./hub.ts";
import { acknowledge, modifyDeadlines } from "./operations.ts";
import { type Decoded, protocol } from "./protocol.ts";
import { type Stream, stream } from "./pulls.ts";
import { isRefusal, notServed, refusal, statusOfHttp } from "./refusal.ts";
import { type Unary, unaryMethods } from "./unary.ts";
import * as wire from "./wire.ts";

// Room above the limit of a request, so that what is too large is refused with a sentence.
const mostBytesReceived = 20 * 1024 * 1024;

export type Guard = { identities: Identities; faults: Faults };
export type Service = {
  address: string;
  /** Requests under way, without streams. */
  underWay: () => number;
  close: () => Promise<void>;
};

type Call = { metadata: grpc.Metadata };

export async function serve(
  hub: Hub,
  options: Guard & { project: string; port: number; over: () => void },
): Promise<Service> {
  const { Server, ServerCredentials } = await import("@grpc/grpc-js");
  const services = await protocol();
  const server = new Server({
    "grpc.max_receive_message_length": mostBytesReceived,
    "grpc.max_send_message_length": -1,
  });
  const note = notedFor("Pub/Sub", violationList());
  let underWay = 0;
  const streams = new Set<AnyStream>();
  const unary = unaryMethods(hub, options.project);
  offer("pubsub", [...Object.keys(unary), "StreamingPull"]);

  for (const definition of [...services, rights]) {
    const handlers: grpc.UntypedServiceImplementation = {};
    for (const [method, { requestStream }] of Object.entries(definition))
      handlers[method] = requestStream ? streaming(method) : answering(method, unary[method]);
    server.addService(definition, handlers);
  }

  function answering(method: string, unaryMethod: Unary | undefined): grpc.handleUnaryCall<Decoded, unknown> {
    return async (call, callback) => {
      const { request, lost } = call.request;
      underWay += 1;
      try {
        if (unaryMethod === undefined) throw notServed(method);
        if (lost !== undefined) throw lost;
        const failure = await struck(options.faults, method);
        allow(options.identities, call, unaryMethod.permission, unaryMethod.on(request));
        const answer = await unaryMethod.answer(request, (listener) => call.on("cancelled", listener));
        if (failure !== undefined) throw lostAnswer();
        callback(null, answer);
      } catch (error) {
        if (isRefusal(error) && error.unserved !== undefined) note(error.unserved);
        callback(statusOf(error));
      } finally {
        underWay -= 1;
        setImmediate(options.over);
      }
    };
  }

  function streaming(method: string): grpc.handleBidiStreamingCall<Decoded, unknown> {
    return (call) => {
      streams.add(call);
      call.on("close", () => streams.delete(call));
      pullStream(hub, options, method, call, note);
    };
  }

  const readNoLonger = readLongDeadlines();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${options.port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    underWay: () => underWay,
    async close() {
      for (const call of streams) call.emit("error", refusal("UNAVAILABLE", "The server is shutting down."));
      server.forceShutdown();
      readNoLonger();
    },
  };
}

const asItComes = (bytes: Buffer): Buffer => bytes;
/** Methods by which rights are read and changed. Their description is not the client's; none is served, and each is noted. */
const rights: grpc.ServiceDefinition = Object.fromEntries(
  ["SetIamPolicy", "GetIamPolicy", "TestIamPermissions"].map((method) => [
    method,
    {
      path: `/google.iam.v1.IAMPolicy/${method}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItComes,
      requestDeserialize: (request: Buffer): Decoded => ({ request }),
      responseSerialize: asItComes,
      responseDeserialize: asItComes,
    },
  ]),
);

type AnyStream = grpc.ServerDuplexStream<Decoded, unknown>;

const StreamRequest = z.object({
  subscription: z.string(),
  ackIds: z.array(z.string()),
  modifyDeadlineSeconds: z.array(z.number()),
  modifyDeadlineAckIds: z.array(z.string()),
  streamAckDeadlineSeconds: z.number(),
  maxOutstandingMessages: z.number(),
  maxOutstandingBytes: z.number(),
});
type StreamRequest = z.output<typeof StreamRequest>;

/** One StreamingPull: the first request opens it, later ones acknowledge, extend, or only ask whether we are there. */
function pullStream(
  hub: Hub,
  guard: Guard,
  method: string,
  call: AnyStream,
  note: (what: string) => void,
): void {
  let open: { stream: Stream; subscription: string } | undefined;
  let ended = false;
  const end = (error: unknown): void => {
    if (ended) return;
    ended = true;
    open?.stream.close();
    if (isRefusal(error) && error.unserved !== undefined) note(error.unserved);
    if (error !== undefined) call.emit("error", statusOf(error));
  };

  async function start(first: StreamRequest): Promise<void> {
    const failure = await struck(guard.faults, method);
    allow(guard.identities, call, "pubsub.subscriptions.consume", first.subscription);
    if (failure !== undefined) throw lostAnswer();
    if (ended) return;
    await answer(first, first.subscription);
    if (ended) return;
    open = {
      subscription: first.subscription,
      stream: stream(hub, {
        subscription: first.subscription,
        deadlineSeconds: first.streamAckDeadlineSeconds,
        mostMessages: first.maxOutstandingMessages,
        mostBytes: first.maxOutstandingBytes,
        send: (leased, held) =>
          call.write({
            receivedMessages: leased.map((one) => wire.receivedOnWire(held, one)),
            subscriptionProperties: { messageOrderingEnabled: held.is.ordering },
          }),
      }),
    };
  }

  async function later(
    request: StreamRequest,
    { stream, subscription }: NonNullable<typeof open>,
  ): Promise<void> {
    // https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest
    if (request.subscription !== "")
      throw refusal("INVALID_ARGUMENT", "The subscription must be set in the first request only.");
    if (request.maxOutstandingMessages !== 0 || request.maxOutstandingBytes !== 0)
      throw refusal("INVALID_ARGUMENT", "max_outstanding_* must be set in the first request only.");
    if (request.streamAckDeadlineSeconds > 0) stream.setDeadline(request.streamAckDeadlineSeconds);
    if (!(await answer(request, subscription))) call.write({});
  }

  /** Acknowledges and extends what a request names, of this stream or another; tells whether it names anything. */
  async function answer(request: StreamRequest, subscription: string): Promise<boolean> {
    const { ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds } = request;
    if (ackIds.length === 0 && modifyDeadlineAckIds.length === 0 && modifyDeadlineSeconds.length === 0)
      return false;
    await hub.run(() => {
      const held = hub.directory.subscription(subscription);
      acknowledge(hub, held, ackIds);
      modifyDeadlines(hub, held, modifyDeadlineAckIds, modifyDeadlineSeconds);
    });
    return true;
  }

  // One after the other: what comes before the stream is open is no new beginning.
  let turn = Promise.resolve();
  const next = (work: () => Promise<void> | void): void => {
    turn = turn.then(() => (ended ? undefined : work())).catch(end);
  };
  call.on("data", ({ request: data, lost }: Decoded) =>
    next(() => {
      if (lost !== undefined) throw lost;
      const request = StreamRequest.parse(data);
      return open === undefined ? start(request) : later(request, open);
    }),
  );
  call.on("end", () => {
    next(() => end(undefined));
    turn.then(() => call.end());
  });
  call.on("cancelled", () => end(undefined));
  call.on("error", () => end(undefined));
}

/** Counts the call; what is asked for goes wrong here, but for a lost answer, which the caller loses later. */
async function struck(faults: Faults, method: string): Promise<Failure | undefined> {
  noteCall("pubsub", method);
  const failure = faults.strike("pubsub", method);
  switch (failure?.kind) {
    case "status":
      throw refusal(statusOfHttp(failure.status), failure.body ?? "A failure that was asked for.");
    case "delay":
      await faults.late(failure.milliseconds);
      return undefined;
    case "lost-answer":
    case "truncated":
    case undefined:
      return failure;
    default:
      return failure satisfies never;
  }
}

const lostAnswer = () => refusal("UNAVAILABLE", "The connection was lost, as was asked for.");

function allow(identities: Identities, call: Call, permission: string, resource: string): void {
  const [authorization] = call.metadata.get("authorization");
  const caller = identities.callerOf(authorization?.toString());
  if (caller === undefined)
    throw refusal(
      "UNAUTHENTICATED",
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    );
  if (!identities.may(caller.email, permission, resource))
    throw refusal(
      "PERMISSION_DENIED",
      `User not authorized to perform this action. Permission '${permission}' denied on resource '${resource}' (or it may not exist).`,
    );
}

function statusOf(error: unknown): { code: number; details: string } {
  if (isRefusal(error)) return { code: error.code, details: error.details };
  const { code, details } = refusal("INTERNAL", "The far end failed inside.");
  return { code, details };
}
