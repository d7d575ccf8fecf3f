// Killed in the middle of a burst, again and again, and started on the same file: nothing that was confirmed is lost.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { pubsubClient } from "../../../shared/bus/client.ts";
import { ownChild } from "../../children.ts";
import { patienceMs } from "../../patience.ts";
import { freePort } from "../free-port.ts";
import { endpoint, project } from "./servers.ts";

const messages = 2_000;
const kills = 3;
const mostInFlight = 128;

const folder = mkdtempSync(join(tmpdir(), "pubsub-kill-"));
const alone = join(import.meta.dirname, "../../../local/pubsub/alone.ts");
let child: ChildProcess | undefined;
const cleanUps: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  await kill();
  rmSync(folder, { recursive: true });
});

async function start(port: string): Promise<{ address: string; authorization: string }> {
  child = ownChild(
    spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", alone, join(folder, "state.db"), project, port],
      { stdio: ["ignore", "pipe", "inherit"] },
    ),
  );
  let line = "";
  for await (const chunk of child.stdout ?? []) {
    line += chunk;
    if (line.includes("\n")) break;
  }
  return JSON.parse(line);
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

// The client's own back-off grows fourfold, to seconds that would only be waited for.
const soon = {
  retry: {
    retryCodes: [2, 4, 10, 13, 14],
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 1.5,
      maxRetryDelayMillis: 400,
      initialRpcTimeoutMillis: patienceMs,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: patienceMs,
      totalTimeoutMillis: patienceMs,
    },
  },
};

test("a burst survives kill -9", async () => {
  const hook = await endpoint();
  cleanUps.push(hook.close);
  const { address, authorization } = await start(String(await freePort()));
  const client = await pubsubClient({ project, endpoint: address, authorization: async () => authorization });
  cleanUps.push(() => client.close());
  const [topic] = await client.createTopic("burst");
  topic.setPublishOptions({ batching: { maxMessages: 20, maxMilliseconds: 1 }, gaxOpts: soon });
  await topic.createSubscription("burst", { pushEndpoint: hook.url, ackDeadlineSeconds: 600 });
  const publishing = Promise.all(
    Array.from({ length: messages }, (_, index) => topic.publishMessage({ data: Buffer.from(`${index}`) })),
  );
  for (let round = 1; round <= kills; round += 1) {
    await hook.count(hook.got.length + 200);
    await kill();
    await start(address.split(":")[1] ?? "");
  }
  const confirmed = await publishing;
  while (distinct(hook.got) < messages) await hook.count(hook.got.length + 1);
  const delivered = new Set(hook.got.map(({ body }) => body.message.messageId));
  expect(confirmed).toHaveLength(messages);
  expect(confirmed.filter((id) => !delivered.has(id))).toEqual([]);
  expect(new Set(confirmed).size).toBe(messages);
  expect(new Set(hook.got.map(({ text }) => text)).size).toBe(messages);
  // Twice comes only what was under way when it was killed, or published twice because the answer was lost.
  expect(hook.got.length - messages).toBeLessThanOrEqual(kills * mostInFlight * 2);
});

const distinct = (got: { text: string }[]): number => new Set(got.map(({ text }) => text)).size;
