// The two servers that the scenarios run on - ours, and Google's emulator where it is installed - and an endpoint to push to.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import http from "node:http";
import { createConnection } from "node:net";
import { join } from "node:path";
import type { PubSub } from "@google-cloud/pubsub";
import { type PubsubFarEnd, pubsubFarEnd } from "../../../local/pubsub/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { listen } from "../../../local/wire/listen.ts";
import { type MovableClock, stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState, type State } from "../../../local/wire/state.ts";
import { pubsubClient } from "../../../shared/bus/client.ts";
import { ownChild } from "../../children.ts";
import { until } from "../../patience.ts";
import { freePort } from "../free-port.ts";

export const project = "sample-hub";
const scopes = ["https://www.googleapis.com/auth/pubsub"];

/**
 * Ours, with the topic `notice` and its subscription `known`, and the clients under Google's own, which send what they are given.
 * https://docs.cloud.google.com/nodejs/docs/reference/pubsub/latest
 */
export async function oursByRequest() {
  const world = await ours();
  await world.farEnd.createTopic("notice");
  await world.farEnd.createSubscription({ name: "known", topic: "notice" });
  const { v1 } = await import("@google-cloud/pubsub");
  await world.client.getClientConfig();
  const publisher = new v1.PublisherClient({ ...world.client.options });
  const subscriber = new v1.SubscriberClient({ ...world.client.options });
  return {
    ...world,
    publisher,
    subscriber,
    async stop() {
      await publisher.close();
      await subscriber.close();
      await world.stop();
    },
  };
}

/** Our far end in this process, and a client with the operator's token. */
export async function ours(
  options: { state?: State; clock?: MovableClock; random?: () => number; onHold?: boolean } = {},
) {
  const state = options.state ?? openState(":memory:");
  const clock = options.clock ?? stoppedClock(new Date("2026-03-02T08:00:00Z"));
  const faults = faultStore();
  const known = identities({ state, project });
  const farEnd: PubsubFarEnd = await pubsubFarEnd({
    state,
    clock,
    random: options.random ?? (() => 0),
    identities: known,
    faults,
    project,
    onHold: options.onHold ?? false,
  });
  const clients: PubSub[] = [];
  const clientOf = async (email: string): Promise<PubSub> => {
    const authorization = async () => `Bearer ${known.mint(email, scopes).token}`;
    const client = await pubsubClient({ project, endpoint: farEnd.address, authorization });
    clients.push(client);
    return client;
  };
  const client = await clientOf(operatorIdentity(project));
  return {
    farEnd,
    state,
    clock,
    faults,
    identities: known,
    client,
    clientOf,
    async stop() {
      for (const one of clients) await one.close();
      await farEnd.close();
    },
  };
}

export type Pushed = {
  headers: http.IncomingHttpHeaders;
  body: {
    message: { data?: string; attributes?: Record<string, string>; messageId: string; publishTime: string };
    subscription: string;
    deliveryAttempt?: number;
  };
  at: number;
  text: string;
};

/** An endpoint that notes what it gets; `answer` gives the status, or "hang" for none. */
export async function endpoint(answer: (pushed: Pushed, count: number) => number | "hang" = () => 204) {
  const got: Pushed[] = [];
  const waiting: { met: () => boolean; done: () => void }[] = [];
  const when = (met: () => boolean): Promise<void> =>
    new Promise((done) => (met() ? done() : waiting.push({ met, done })));
  let held: () => Promise<void> = async () => undefined;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body: Pushed["body"] = JSON.parse(Buffer.concat(chunks).toString());
      const text = Buffer.from(body.message.data ?? "", "base64").toString();
      const pushed = { headers: request.headers, body, at: Date.now(), text };
      got.push(pushed);
      const status = answer(pushed, got.length);
      if (status === 102) response.writeProcessing();
      else if (status !== "hang") void held().then(() => response.writeHead(status).end());
      for (const one of waiting) if (one.met()) one.done();
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    got,
    /** Answers come only after this. */
    hold(before: () => Promise<void>) {
      held = before;
    },
    /** Resolves when that many have come. */
    count: (count: number): Promise<void> => when(() => got.length >= count),
    /** Resolves when one of that kind has come. */
    until: (wanted: (pushed: Pushed) => boolean): Promise<void> => when(() => got.some(wanted)),
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Google's emulator, or the reason why it isn't here. */
export async function googles(): Promise<
  { client: PubSub; address: string; pid: number; stop: () => Promise<void> } | { missing: string }
> {
  const jar = emulatorJar();
  if (typeof jar !== "string") return jar;
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = ownChild(
    spawn("java", ["-jar", jar, "--host=127.0.0.1", `--port=${port}`], { stdio: "ignore" }),
  );
  const stopped = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await until(async () => child.exitCode !== null || (await listens(port)));
  if (child.exitCode !== null) return { missing: `Google's emulator ended with ${child.exitCode}` };
  const client = await pubsubClient({
    project,
    endpoint: address,
    authorization: async () => "Bearer nobody",
  });
  return {
    client,
    address,
    pid: child.pid ?? 0,
    async stop() {
      await client.close();
      child.kill("SIGKILL");
      await stopped;
    },
  };
}

function emulatorJar(): string | { missing: string } {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
  } catch {
    return { missing: "java is not installed" };
  }
  try {
    const format = "--format=value(installation.sdk_root)";
    const root = execFileSync("gcloud", ["info", format], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const folder = join(root.trim(), "platform/pubsub-emulator/lib");
    const jar = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith(".jar")) : undefined;
    return jar === undefined ? { missing: "gcloud has no Pub/Sub emulator" } : join(folder, jar);
  } catch {
    return { missing: "gcloud is not installed" };
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
