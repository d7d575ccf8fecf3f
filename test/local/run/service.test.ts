// A service's instances as they are run: told where to listen, asked to end before they are ended, and started anew.
import { existsSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { runningService } from "../../../local/run/service.ts";
import { socketFolder } from "../../../local/run/socket-folder.ts";
import { startInspected, startThread, type Thread } from "../../../local/run/threads.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { freePort } from "../free-port.ts";
import { fewSettings } from "../sample/sample-settings.ts";

const sockets = socketFolder();
afterAll(() => sockets.remove());

/** Threads that do as they are told, and a record of what that was. */
function harness() {
  const did: string[] = [];
  const clock = stoppedClock(new Date("2026-11-28T10:00:00Z"));
  const threads: { listen: () => void; die: () => void }[] = [];
  const start = (): Thread => {
    const number = threads.length + 1;
    const { promise: listening, resolve: listen } = Promise.withResolvers<void>();
    const { promise: ended, resolve: die } = Promise.withResolvers<void>();
    threads.push({ listen, die });
    did.push(`start ${number}`);
    return {
      listening,
      ended,
      tell: ({ env, socket }) => did.push(`${number} is ${env["K_SERVICE"]} at ${socket.split("/").at(-1)}`),
      askToEnd: () => did.push(`SIGTERM ${number}`),
      end: async () => void did.push(`end ${number}`),
    };
  };
  const env = () => ({ K_SERVICE: "resume-work" });
  const service = runningService("resume-work", { env, write: () => undefined, sockets, start, clock });
  /** Asks, and gives what became of it and how to say that it is over. */
  function ask() {
    const { promise, resolve } = Promise.withResolvers<string | number>();
    const over = service.ask({ begin: (socket) => resolve(socket.split("/").at(-1) ?? ""), end: resolve });
    return { promise, over };
  }
  return { did, clock, threads, service, ask };
}

test("an idle instance is asked to end by SIGTERM, not ended, and the next request starts another", async () => {
  const on = harness();
  const first = on.ask();
  on.threads[0]?.listen();
  expect(await first.promise).toBe("resume-work-1.sock");
  first.over();
  on.clock.moveBy(2 * 60_000);
  const second = on.ask();
  on.threads[1]?.listen();
  expect(await second.promise).toBe("resume-work-2.sock");
  expect(on.did).toEqual([
    "start 1",
    "1 is resume-work at resume-work-1.sock",
    "SIGTERM 1",
    "start 2",
    "2 is resume-work at resume-work-2.sock",
  ]);
  await on.service.close();
  expect(on.did.slice(5).toSorted()).toEqual(["end 1", "end 2"]);
});

test("what was loaded before is the first instance, and gets its environment with the first request", async () => {
  const on = harness();
  on.service.load();
  expect(on.did).toEqual(["start 1"]);
  const { promise, over } = on.ask();
  on.threads[0]?.listen();
  expect(await promise).toBe("resume-work-1.sock");
  over();
  expect(on.did).toEqual(["start 1", "1 is resume-work at resume-work-1.sock"]);
});

test("an instance that does not come up: 503, and the next request starts another", async () => {
  const on = harness();
  const first = on.ask();
  on.threads[0]?.die();
  expect(await first.promise).toBe(503);
  const second = on.ask();
  on.threads[1]?.listen();
  expect(await second.promise).toBe("resume-work-2.sock");
});

test("after its end a service answers 503 and starts nothing", async () => {
  const on = harness();
  await on.service.close();
  expect(await on.ask().promise).toBe(503);
  expect(on.did).toEqual([]);
});

test("a function's thread ends at SIGTERM, and its socket goes with it", async () => {
  const thread = startThread("resume-work", () => undefined);
  const socket = sockets.socketOf("thread");
  thread.tell({ env: { GROUNDCREW_SETTINGS: JSON.stringify(fewSettings) }, socket });
  await thread.listening;
  expect(existsSync(socket)).toBe(true);
  thread.askToEnd();
  await thread.ended;
  expect(existsSync(socket)).toBe(false);
});

test("a function that is inspected is a process that a debugger finds, and ends at SIGTERM like a thread", async () => {
  const port = await freePort();
  const start = startInspected("resume-work", port);
  const process_ = start("resume-work", () => undefined);
  const socket = sockets.socketOf("inspected");
  process_.tell({ env: { GROUNDCREW_SETTINGS: JSON.stringify(fewSettings) }, socket });
  await process_.listening;
  const [found] = z
    .array(z.object({ title: z.string() }))
    .parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
  expect(found?.title).toContain("local/run/thread.ts");
  process_.askToEnd();
  await process_.ended;
  expect(existsSync(socket)).toBe(false);
});
