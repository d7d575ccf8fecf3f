// Threads that run functions: started, told their environment, asked to end as Cloud Run asks, and ended. One that somebody debugs
// is a process of its own, for a debugger attaches to processes.
import { type ChildProcess, fork } from "node:child_process";
import type { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { FunctionName } from "../../shared/functions.ts";
import { compileCache } from "../instance/compile-cache.ts";

export type Thread = {
  /** Resolves when it listens; rejects where it ends before. */
  listening: Promise<void>;
  /** Resolves when it has ended. */
  ended: Promise<void>;
  /** Gives it its environment and the socket to listen on: without them it only loads. */
  tell: (told: { env: Record<string, string>; socket: string }) => void;
  /** https://cloud.google.com/run/docs/container-contract#instance-shutdown: SIGTERM, and ten seconds later the end. */
  askToEnd: () => void;
  end: () => Promise<void>;
};

const graceMilliseconds = 10_000;

const entry = new URL("./thread.ts", import.meta.url);
const lean = new URL("./lean-modules.ts", import.meta.url);
const askedOf = (name: FunctionName) => ({
  name,
  handler: new URL(`../../functions/${name}/handler.ts`, import.meta.url).href,
  index: new URL(`../../functions/${name}/index.ts`, import.meta.url).href,
});

/**
 * Begins a thread with the compile cache on before the first file of types: without it Node loads its compiler of types into each thread,
 * which is 8 MB and 50 ms (measured with six threads, Node 24.21).
 */
const begin = `
  const [, , cache, lean, entry] = process.argv;
  require("node:module").enableCompileCache(cache);
  import(lean).then(() => import(entry));
`;

/** Starts a function's thread; `write` gets what it writes. */
export function startThread(name: FunctionName, write: (line: string) => void): Thread {
  const worker = new Worker(begin, {
    eval: true,
    argv: [compileCache, lean.href, entry.href],
    env: {},
    workerData: askedOf(name),
    stdout: true,
    stderr: true,
  });
  worker.stdout.setEncoding("utf8").on("data", write);
  worker.stderr.setEncoding("utf8").on("data", write);
  return threadOf(worker, {
    name,
    write,
    send: (message) => worker.postMessage(message),
    end: async () => void (await worker.terminate()),
  });
}

/** Port at which debuggers look by themselves. */
export const usualInspectPort = 9229;

/** Starts this function in a process that a debugger attaches to, and all others as ever. Of several instances the first is it. */
export function startInspected(inspected: FunctionName, port = usualInspectPort): typeof startThread {
  let first: ChildProcess | undefined;
  return (name, write) => {
    if (name !== inspected || first?.exitCode === null) return startThread(name, write);
    const child = fork(fileURLToPath(entry), [JSON.stringify(askedOf(name))], {
      env: {},
      execArgv: [`--inspect=127.0.0.1:${port}`, "--disable-warning=ExperimentalWarning"],
      silent: true,
    });
    first = child;
    child.stdout?.setEncoding("utf8").on("data", write);
    child.stderr?.setEncoding("utf8").on("data", write);
    return threadOf(child, {
      name,
      write,
      send: (message) => void child.send(message),
      end: async () => void child.kill("SIGKILL"),
    });
  };
}

type Runs = {
  name: FunctionName;
  write: (line: string) => void;
  send: (message: object | string) => void;
  end: () => Promise<void>;
};

function threadOf(runs: EventEmitter, { name, write, send, end }: Runs): Thread {
  const ended = new Promise<void>((resolve) => runs.once("exit", () => resolve()));
  const listening = new Promise<void>((resolve, reject) => {
    runs.once("message", () => resolve());
    runs.once("error", (error) => {
      write(
        `${JSON.stringify({ severity: "ERROR", message: "function died", source: name, why: String(error) })}\n`,
      );
      reject(error);
    });
    runs.once("exit", () => reject(new Error(`${name} ended`)));
  });
  listening.catch(() => undefined);
  return {
    listening,
    ended,
    tell: send,
    askToEnd() {
      send("SIGTERM");
      const timer = setTimeout(() => void end(), graceMilliseconds);
      timer.unref();
      void ended.then(() => clearTimeout(timer));
    },
    end,
  };
}
