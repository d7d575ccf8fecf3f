// Runs each function in a worker thread from its own index.ts, started by its first request as a platform would, behind one
// gateway: http://127.0.0.1:<port>/<function>/... A thread that dies is started again by the next request.
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Worker } from "node:worker_threads";
import { type FunctionName, functionNames } from "../shared/functions.ts";
import { guarded } from "./wire/guarded.ts";
import { listen } from "./wire/listen.ts";

type Thread = { worker: Worker; port: Promise<number>; hasEnvironment: boolean };

export type FunctionRunner = {
  /** The gateway's address of a function. */
  urlOf: (name: FunctionName) => string;
  /** Forwards a request to a function, as the gateway does; for a listener of the function's own. */
  forward: (name: FunctionName, path: string, request: IncomingMessage, response: ServerResponse) => void;
  /** Has a function's thread load what it needs; its environment, and the door, come with the first request. */
  load: (name: FunctionName) => void;
  /** Starts a function's thread before its first request. */
  warm: (name: FunctionName) => Promise<void>;
  close: () => Promise<void>;
};

export async function functionRunner(options: {
  env: (name: FunctionName) => Record<string, string>;
  /** What the functions write: one JSON line a call. */
  write: (line: string) => void;
}): Promise<FunctionRunner> {
  const agent = new Agent({ keepAlive: true });
  const threads = new Map<FunctionName, Thread>();
  let closing = false;

  function thread(name: FunctionName): Promise<number> {
    const running = threads.get(name) ?? load(name);
    if (!running.hasEnvironment) {
      running.worker.postMessage(options.env(name));
      running.hasEnvironment = true;
    }
    return running.port;
  }

  function load(name: FunctionName): Thread {
    const worker = new Worker(new URL("./function-thread.ts", import.meta.url), {
      env: {},
      workerData: {
        name,
        handler: new URL(`../functions/${name}/handler.ts`, import.meta.url).href,
        index: new URL(`../functions/${name}/index.ts`, import.meta.url).href,
      },
      stdout: true,
      stderr: true,
    });
    worker.stdout.setEncoding("utf8").on("data", options.write);
    worker.stderr.setEncoding("utf8").on("data", options.write);
    const port = new Promise<number>((resolve, reject) => {
      worker.once("message", (message: { port: number }) => resolve(message.port));
      worker.once("error", (error) => {
        options.write(
          `${JSON.stringify({ severity: "ERROR", message: "function died", source: name, why: String(error) })}\n`,
        );
        reject(error);
      });
      worker.once("exit", () => {
        threads.delete(name);
        reject(new Error(`${name} ended`));
      });
    });
    port.catch(() => threads.delete(name));
    const loading = { worker, port, hasEnvironment: false };
    threads.set(name, loading);
    return loading;
  }

  function forward(
    name: FunctionName,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const fail = () => {
      if (!response.headersSent) response.writeHead(503, { "content-type": "text/plain" });
      response.end();
    };
    if (closing) {
      fail();
      return;
    }
    thread(name).then((port) => {
      const { method, headers } = request;
      const onwards = httpRequest({ agent, host: "127.0.0.1", port, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.once("error", fail);
      });
      onwards.once("error", fail);
      request.pipe(onwards);
    }, fail);
  }

  const gateway = createServer(
    guarded((request, response) => {
      const [, name = "", rest = ""] = /^\/([^/?]+)(.*)$/.exec(request.url ?? "") ?? [];
      if (!isFunction(name)) response.writeHead(404).end();
      else forward(name, rest.startsWith("/") ? rest : `/${rest}`, request, response);
    }),
  );
  gateway.keepAliveTimeout = 60_000;
  const port = await listen(gateway);

  return {
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    forward,
    load: (name) => void load(name),
    warm: async (name) => void (await thread(name)),
    async close() {
      closing = true;
      gateway.close();
      gateway.closeAllConnections();
      agent.destroy();
      await Promise.all([...threads.values()].map(({ worker }) => worker.terminate()));
    },
  };
}

const isFunction = (name: string): name is FunctionName => (functionNames as string[]).includes(name);
