// One function in a thread of its own, as one container in the cloud: loads its index.ts, which registers with the Functions
// Framework, and serves it on the socket that it is told. It has only the environment that it is given, which may come after
// what it loads.
import { once } from "node:events";
import { enableCompileCache } from "node:module";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { compileCache } from "../instance/compile-cache.ts";
import { carrySecret } from "../wire/callers.ts";

type Asked = { name: string; handler: string; index: string };
const { name, handler, index }: Asked = workerData;
const port = parentPort as MessagePort;
const told = once(port, "message");

enableCompileCache(compileCache);
const { getTestServer } = await import("@google-cloud/functions-framework/testing");
await Promise.all([import("../../shared/delivery/compose.ts"), import(handler)]);
const [{ env, socket }] = await told;
Object.assign(process.env, env);
carrySecret(process.env["GCE_METADATA_HOST"] ?? "");
await import(index);
const server = getTestServer(name);
// Only the front end comes here, and it closes what it has opened.
server.keepAliveTimeout = 0;
server.listen(socket, () => port.postMessage("listening"));

port.on("message", (message) => {
  if (message !== "SIGTERM") return;
  server.close();
  // The framework's own listener ends the process at once; a thread has none unless the function adds one.
  if (!process.emit("SIGTERM", "SIGTERM")) process.exit();
});
