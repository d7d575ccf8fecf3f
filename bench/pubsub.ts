// A burst of events, publish -> push handler: our durable Pub/Sub against Google's emulator, which stores nothing. Both run
// as a process of their own, with the same client and handler, in turn; read the ratios, not the seconds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PubSub } from "@google-cloud/pubsub";
import * as z from "zod";
import { pubsubClient } from "../shared/bus/client.ts";
import { googles } from "../test/local/pubsub/servers.ts";
import { bytesOf, median } from "./figures.ts";

const project = "sample-hub";
const Address = z.object({ address: z.string(), authorization: z.string() });

export type BurstRun = { server: "ours" | "google"; milliseconds: number; peakBytes: number; lost: number };
export type PubsubBench = {
  messages: number;
  runs: BurstRun[];
  /** Reason why Google's emulator is missing from it. */
  skipped?: string;
  /** Google's median time through ours, and our median memory through Google's. */
  timesFaster?: number;
  shareOfMemory?: number;
};

/** Runs the burst on each server in turn. */
export async function benchPubsub(
  options: { messages?: number; rounds?: number } = {},
): Promise<PubsubBench> {
  const { messages = 10_000, rounds = 3 } = options;
  const runs: BurstRun[] = [];
  let skipped: string | undefined;
  for (let round = 0; round < rounds; round += 1) {
    runs.push(await oursOnce(messages));
    const google = await googlesOnce(messages);
    if ("missing" in google) skipped = google.missing;
    else runs.push(google);
  }
  const [ours, google] = (["ours", "google"] as const).map((server) => {
    const of = runs.filter((run) => run.server === server);
    return {
      time: median(of.map((run) => run.milliseconds)),
      memory: median(of.map((run) => run.peakBytes)),
    };
  });
  if (skipped !== undefined || ours === undefined || google === undefined)
    return { messages, runs, skipped: skipped ?? "no runs" };
  return { messages, runs, timesFaster: google.time / ours.time, shareOfMemory: ours.memory / google.memory };
}

async function oursOnce(messages: number): Promise<BurstRun> {
  const folder = mkdtempSync(join(tmpdir(), "bench-pubsub-"));
  const alone = join(import.meta.dirname, "../local/pubsub/alone.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", alone, join(folder, "state.db"), project],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const { address, authorization } = Address.parse(JSON.parse(line));
    const client = await pubsubClient({
      project,
      endpoint: address,
      authorization: async () => authorization,
    });
    const run = await burst(client, child.pid ?? 0, messages);
    await client.close();
    return { server: "ours", ...run };
  } finally {
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(folder, { recursive: true });
  }
}

async function googlesOnce(messages: number): Promise<BurstRun | { missing: string }> {
  const emulator = await googles();
  if ("missing" in emulator) return emulator;
  try {
    return { server: "google", ...(await burst(emulator.client, emulator.pid, messages)) };
  } finally {
    await emulator.stop();
  }
}

/** From the first publish to the last delivery. */
async function burst(client: PubSub, pid: number, messages: number): Promise<Omit<BurstRun, "server">> {
  const got = new Set<string>();
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  const handler = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(204).end();
      const { message } = JSON.parse(Buffer.concat(chunks).toString());
      got.add(message.messageId);
      if (got.size === messages) resolve();
    });
  });
  await new Promise<void>((done) => handler.listen(0, "127.0.0.1", done));
  const { port } = handler.address() as AddressInfo;
  const [topic] = await client.createTopic("burst");
  await topic.createSubscription("burst", { pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/` } });
  const start = performance.now();
  const data = Buffer.from(JSON.stringify({ v: 1, hub: "sample", why: "edit" }));
  const published = Array.from({ length: messages }, () => topic.publishMessage({ data }));
  const ids = await Promise.all(published);
  const late = setTimeout(resolve, 60_000);
  await complete;
  clearTimeout(late);
  const milliseconds = performance.now() - start;
  const peakBytes = bytesOf(pid, "VmHWM");
  handler.closeAllConnections();
  await new Promise((done) => handler.close(done));
  return { milliseconds, peakBytes, lost: ids.filter((id) => !got.has(id)).length };
}

/** One line a run, and the ratios. */
export function pubsubTable(bench: PubsubBench): string {
  const lines = bench.runs.map(
    ({ server, milliseconds, peakBytes, lost }) =>
      `| ${server.padEnd(6)} | ${(milliseconds / 1000).toFixed(2)} s | ${Math.round(bench.messages / (milliseconds / 1000))} | ${Math.round(peakBytes / 2 ** 20)} MB | ${lost} |`,
  );
  const ratio =
    bench.timesFaster === undefined || bench.shareOfMemory === undefined
      ? `Google's emulator was skipped: ${bench.skipped}`
      : `ours is ${bench.timesFaster.toFixed(2)} times as fast (goal 2.5), with ${bench.shareOfMemory.toFixed(2)} of the memory (goal 0.25)`;
  return [
    `burst of ${bench.messages} events, publish -> push handler`,
    "| server | all delivered | a second | peak memory | lost |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    ratio,
  ].join("\n");
}

if (import.meta.main) console.log(pubsubTable(await benchPubsub()));
