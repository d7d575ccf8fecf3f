// One service as it runs: its instances as threads, and time that takes effect on them. What gets through to an instance is
// an address of a socket; who may get there is decided before.
import { type FunctionName, rowOf } from "../../shared/functions.ts";
import { type MovableClock, wakeAfter } from "../wire/movable-clock.ts";
import { type Asking, instances } from "./instances.ts";
import type { SocketFolder } from "./socket-folder.ts";
import type { startThread, Thread } from "./threads.ts";

export type RunningService = {
  /** Asks for an instance; `begin` gets its socket. Gives what to call when the request is over. */
  ask: (asking: { begin: (socket: string) => void; end: Asking["end"] }) => () => void;
  /** Has the first thread load what it needs; its environment comes with the first request. */
  load: () => void;
  /** Starts an instance before the first request. */
  warm: () => void;
  close: () => Promise<void>;
};

export type ServiceOptions = {
  env: () => Record<string, string>;
  write: (line: string) => void;
  sockets: SocketFolder;
  start: typeof startThread;
  clock: Pick<MovableClock, "now" | "onMove">;
};

export function runningService(name: FunctionName, options: ServiceOptions): RunningService {
  const { env, write, sockets, start, clock } = options;
  const threads = new Map<number, { thread: Thread; socket: string }>();
  const ending = new Set<Thread>();
  let loaded: Thread | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const pool = instances(rowOf(name), {
    now: () => clock.now().getTime(),
    start(instance) {
      const thread = loaded ?? start(name, write);
      loaded = undefined;
      const socket = sockets.socketOf(`${name}-${instance}`);
      threads.set(instance, { thread, socket });
      thread.tell({ env: env(), socket });
      thread.listening.then(
        () => change(() => pool.ready(instance)),
        () => undefined,
      );
      void thread.ended.then(() => {
        threads.delete(instance);
        change(() => pool.gone(instance));
      });
    },
    stop(instance) {
      const thread = threads.get(instance)?.thread;
      threads.delete(instance);
      if (thread === undefined) return;
      ending.add(thread);
      thread.askToEnd();
      void thread.ended.then(() => ending.delete(thread));
    },
  });
  const ignore = clock.onMove(() => change(pool.look));

  /** Time takes effect again when it is due. */
  function change<T>(work: () => T): T | undefined {
    if (closed) return undefined;
    const result = work();
    clearTimeout(timer);
    const due = pool.nextDue();
    if (due !== undefined) timer = wakeAfter(due - clock.now().getTime(), () => change(pool.look)).unref();
    return result;
  }

  return {
    ask({ begin, end }) {
      const over = change(() =>
        pool.ask({
          begin(instance) {
            const socket = threads.get(instance)?.socket;
            if (socket === undefined) end(503);
            else begin(socket);
          },
          end,
        }),
      );
      if (over === undefined) end(503);
      return () => void change(() => over?.());
    },
    load() {
      loaded ??= start(name, write);
    },
    warm: () => void change(pool.warm),
    async close() {
      closed = true;
      clearTimeout(timer);
      ignore();
      const all = [...[...threads.values()].map(({ thread }) => thread), ...ending];
      await Promise.all([...all, ...(loaded === undefined ? [] : [loaded])].map((thread) => thread.end()));
    },
  };
}
