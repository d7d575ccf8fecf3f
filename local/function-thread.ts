// One function in a thread of its own, as one container in the cloud: loads its index.ts, which registers with the Functions
// Framework, and serves it. It has only the environment that it was given.
import { enableCompileCache } from "node:module";
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

type Asked = { name: string; module: string; compileCache: string };
const { name, module, compileCache }: Asked = workerData;

// Before anything large is loaded: a start then takes two thirds of the time.
enableCompileCache(compileCache);
const { getTestServer } = await import("@google-cloud/functions-framework/testing");
await import(module);
const server = getTestServer(name);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  parentPort?.postMessage({ port });
});
