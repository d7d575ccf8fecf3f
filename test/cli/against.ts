// The `groundcrew` command with an instance of the test's behind it: its first argument says which. Only tests start it.
import { setTimeout as wait } from "node:timers/promises";
import { runProcess } from "../../cli/process.ts";
import { sessionLink } from "../../shared/control.ts";
import { Run } from "../../shared/records.ts";
import type { Harness } from "./spawned.ts";

const [given = "{}", ...args] = process.argv.slice(2);
const { running, startable }: Harness = JSON.parse(given);

await runProcess(args, async () => ({
  findInstance: async () => running,
  async startInstance({ world, log }) {
    if (startable === undefined)
      throw Object.assign(new Error("no"), {
        name: "InstanceError",
        explanation: { what: "this sample hub is already running", why: "it is held", next: "stop it" },
      });
    const { origin, token, runs = [], closeMs = 0 } = startable;
    log("a line of the instance");
    return {
      url: sessionLink({ origin, token }),
      origin,
      token,
      world,
      flows: ["sync-members"],
      runOnce: async () => runs.map((run) => Run.parse(run)),
      close: () => wait(closeMs),
    };
  },
}));
