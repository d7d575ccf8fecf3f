// One function in a thread of its own, as one container in the cloud: loads its index.ts, which registers with the Functions
// Framework, and serves it. It has only the environment that it was given.
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { z } from "zod";

const { name, module } = z.object({ name: z.string(), module: z.url() }).parse(workerData);

await import(module);
const server = getTestServer(name);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  parentPort?.postMessage({ port });
});
