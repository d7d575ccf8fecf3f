// Threads that run functions: started, told their environment, asked to end as Cloud Run asks, and ended.
import { Worker } from "node:worker_threads";
import type { FunctionName } from "../../shared/functions.ts";

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

/** Starts a function's thread; `write` gets what it writes. */
export function startThread(name: FunctionName, write: (line: string) => void): Thread {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    env: {},
    workerData: {
      name,
      handler: new URL(`../../functions/${name}/handler.ts`, import.meta.url).href,
      index: new URL(`../../functions/${name}/index.ts`, import.meta.url).href,
    },
    stdout: true,
    stderr: true,
  });
  worker.stdout.setEncoding("utf8").on("data", write);
  worker.stderr.setEncoding("utf8").on("data", write);
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const listening = new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", (error) => {
      write(
        `${JSON.stringify({ severity: "ERROR", message: "function died", source: name, why: String(error) })}\n`,
      );
      reject(error);
    });
    worker.once("exit", () => reject(new Error(`${name} ended`)));
  });
  listening.catch(() => undefined);
  return {
    listening,
    ended,
    tell: (told) => worker.postMessage(told),
    askToEnd() {
      worker.postMessage("SIGTERM");
      const timer = setTimeout(() => void worker.terminate(), graceMilliseconds);
      timer.unref();
      void ended.then(() => clearTimeout(timer));
    },
    end: async () => void (await worker.terminate()),
  };
}
