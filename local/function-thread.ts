// One function in a thread of its own, as one container in the cloud: loads its index.ts, which registers with the Functions
// Framework, and serves it. It has only the environment that it is given, which may come after what it loads.
import { once } from "node:events";
import { enableCompileCache } from "node:module";
import type { AddressInfo } from "node:net";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { compileCache } from "./compile-cache.ts";
import { carrySecret } from "./wire/callers.ts";

type Asked = { name: string; handler: string; index: string };
const { name, handler, index }: Asked = workerData;
const port = parentPort as MessagePort;
const environment = once(port, "message");

enableCompileCache(compileCache);
const { getTestServer } = await import("@google-cloud/functions-framework/testing");
await Promise.all([import("../shared/compose.ts"), import(handler)]);
const [env] = await environment;
Object.assign(process.env, env);
carrySecret(process.env["GCE_METADATA_HOST"] ?? "");
await import(index);
const server = getTestServer(name);
server.listen(0, "127.0.0.1", () => {
  const { port: listening } = server.address() as AddressInfo;
  port.postMessage({ port: listening });
});
