// One function in a thread of its own, or in a process that a debugger can attach to, as one container in the cloud: loads its
// index.ts, which registers with the Functions Framework, and serves it on the socket that it is told. It has only the environment
// that it is given, which may come after what it loads.
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { carrySecret } from "../wire/callers.ts";

/** First message from the starter at the other end. */
const told = parentPort === null ? once(process, "message") : once(parentPort, "message");

const z = await import("zod");
const Asked = z.object({ name: z.string(), handler: z.string(), index: z.string() });
const Told = z.object({ env: z.record(z.string(), z.string()), socket: z.string() });
const { name, handler, index } = Asked.parse(workerData ?? JSON.parse(process.argv[2] ?? ""));
const { getTestServer } = await import("@google-cloud/functions-framework/testing");
await Promise.all([import("../../shared/delivery/compose.ts"), import(handler)]);
const [message] = await told;
const { env, socket } = Told.parse(message);
Object.assign(process.env, env);
carrySecret(process.env["GCE_METADATA_HOST"] ?? "");
await import(index);
const server = getTestServer(name);
// Only the front end comes here, and it closes what it has opened.
server.keepAliveTimeout = 0;
server.listen(socket, () =>
  parentPort === null ? process.send?.("listening") : parentPort.postMessage("listening"),
);

(parentPort ?? process).on("message", (asked: unknown) => {
  if (asked !== "SIGTERM") return;
  server.close();
  // The framework's own listener ends the process at once; a thread has none unless the function adds one.
  if (!process.emit("SIGTERM", "SIGTERM")) process.exit();
});
