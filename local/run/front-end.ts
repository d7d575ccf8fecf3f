// Cloud Run's front end for all functions of a sample hub: HTTP comes in, is checked, waits for an instance and goes on to its
// socket, and a line of it is kept. The rules are next door: gate.ts, instances.ts.
import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { type FunctionName, functionNames } from "../../shared/functions.ts";
import { guarded } from "../wire/guarded.ts";
import { listen } from "../wire/listen.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import { hostsOf, serviceAt } from "./addresses.ts";
import { gate } from "./gate.ts";
import { notFound } from "./pages.ts";
import { type Passing, passing, turnAway } from "./passing.ts";
import { requestLine } from "./request-log.ts";
import { runningService } from "./service.ts";
import { type SocketFolder, socketFolder } from "./socket-folder.ts";
import { startThread } from "./threads.ts";
import { tokenReader } from "./token.ts";

export type FrontEnd = {
  /** The address of a function on this machine. */
  urlOf: (name: FunctionName) => string;
  /** Takes a request to a function that came in at a listener of its own. */
  forward: (name: FunctionName, request: IncomingMessage, response: ServerResponse) => void;
  /** Has a function's thread load what it needs; its environment, and the door, come with the first request. */
  load: (name: FunctionName) => void;
  /** Starts a function's thread before its first request. */
  warm: (name: FunctionName) => void;
  close: () => Promise<void>;
};

export type FrontEndOptions = {
  project: string;
  env: (name: FunctionName) => Record<string, string>;
  /** Takes what the functions write, and a line a request. */
  write: (line: string) => void;
  /** Of who signs identity tokens: PEM by key id. */
  certificates: () => Record<string, string>;
  /** Folder of the sockets where the functions listen. */
  sockets?: SocketFolder;
  /** Starts a function: in a thread of this process, unless this says otherwise. */
  start?: typeof startThread;
  /** For tests: limits and idleness by another clock than the machine's. */
  clock?: Pick<MovableClock, "now" | "onMove">;
};

export async function frontEnd(options: FrontEndOptions): Promise<FrontEnd> {
  const { project, env, write, certificates } = options;
  const { sockets = socketFolder(), start = startThread, clock = steadyClock } = options;
  const agent = new Agent({ keepAlive: true });
  let closed = false;
  const check = gate({ project, read: tokenReader({ certificates, seconds: () => Date.now() / 1000 }) });
  const services = new Map(
    functionNames.map((name) => [
      name,
      runningService(name, { env: () => env(name), write, sockets, start, clock }),
    ]),
  );
  const serviceOf = (name: FunctionName) => {
    const service = services.get(name);
    if (service === undefined) throw new Error(`there is no ${name}`);
    return service;
  };

  function take(name: FunctionName, path: string, { request, response }: Passing): void {
    const [at, begun] = [new Date(), performance.now()];
    response.once("close", () => {
      // The folder of the log may be gone with the instance.
      if (closed) return;
      write(
        requestLine({
          service: name,
          project,
          method: request.method ?? "",
          url: `http://${request.headers.host ?? ""}${request.url ?? ""}`,
          status: response.writableFinished ? response.statusCode : callerLeft,
          at,
          milliseconds: performance.now() - begun,
          remoteIp: request.socket.remoteAddress ?? "",
          userAgent: request.headers["user-agent"] ?? "",
        }),
      );
    });
    const checked = check(name, { path, rawHeaders: request.rawHeaders });
    if ("refused" in checked) turnAway({ request, response }, checked.refused);
    else
      passing(
        { request, response },
        { path, rawHeaders: checked.rawHeaders, agent, ask: serviceOf(name).ask },
      );
  }

  const gateway = createServer(
    guarded(
      (request, response) => {
        const asked = serviceAt(request.headers.host ?? "", request.url ?? "/", project);
        if (asked === undefined) turnAway({ request, response }, notFound(request.url ?? "/"));
        else take(asked.name, asked.path, { request, response });
      },
      { allowHosts: functionNames.flatMap((name) => hostsOf(name, project)) },
    ),
  );
  const port = await listen(gateway);

  return {
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    forward: (name, request, response) => take(name, request.url ?? "/", { request, response }),
    load: (name) => serviceOf(name).load(),
    warm: (name) => serviceOf(name).warm(),
    async close() {
      closed = true;
      gateway.close();
      gateway.closeAllConnections();
      agent.destroy();
      await Promise.all([...services.values()].map(({ close }) => close()));
      sockets.remove();
    },
  };
}

/** As Cloud Logging has it of a caller who did not wait for the answer. */
const callerLeft = 499;

/** Steady, whatever becomes of the machine's idea of the time: limits are lengths. */
const steadyClock: Pick<MovableClock, "now" | "onMove"> = {
  now: () => new Date(performance.timeOrigin + performance.now()),
  onMove: () => () => undefined,
};
