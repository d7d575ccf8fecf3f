// Cloud Run's front end of a simulation: the sample hub's own rules, by the movable clock, with processes in place of threads.
// Who dies, and how long a call takes, is up to the one who simulates.
import { gate } from "../../local/run/gate.ts";
import { type Instances, instances } from "../../local/run/instances.ts";
import { tokenReader } from "../../local/run/token.ts";
import type { Received } from "../../shared/delivery/receive.ts";
import { type FunctionName, rowOf } from "../../shared/functions.ts";
import { type Answer, tokenFor } from "./house.ts";
import { issuer, project, type World } from "./world.ts";

/** The code's answer, or that its process died, or died without anybody noticing. */
export type Outcome = Received | "dies" | "hangs";

const check = gate({
  project,
  read: tokenReader({ certificates: issuer.certificates, seconds: () => Date.now() / 1000 }),
});

export type SimulatedFrontEnd = {
  /**
   * Pushes to a function. `run` does the work in one of its processes; `refused` is called with what the platform answers itself, at
   * the time at which it does. Resolves when the code has ended: with its answer where that still counts.
   */
  push: (
    name: FunctionName,
    raw: Buffer,
    calls: {
      run: (process: Answer, request: Parameters<Answer>[0]) => Promise<Outcome>;
      refused: (status: number) => void;
    },
  ) => Promise<Received | undefined>;
};

export function simulatedFrontEnd(
  { clock }: Pick<World, "clock">,
  start: (name: FunctionName) => Answer,
): SimulatedFrontEnd {
  type Service = { pool: Instances; processes: Map<number, Answer> };
  const services = new Map<FunctionName, Service>();

  function serviceOf(name: FunctionName): Service {
    const known = services.get(name);
    if (known !== undefined) return known;
    const processes = new Map<number, Answer>();
    const pool = instances(rowOf(name), {
      now: () => clock.now().getTime(),
      start(instance) {
        processes.set(instance, start(name));
        pool.ready(instance);
      },
      stop: (instance) => void processes.delete(instance),
    });
    clock.onMove(pool.look);
    const made = { pool, processes };
    services.set(name, made);
    return made;
  }

  return {
    async push(name, raw, { run, refused }) {
      const checked = check(name, { path: "/", rawHeaders: ["authorization", tokenFor(name)] });
      if ("refused" in checked) throw new Error(`the platform answers ${checked.refused.status} to a push`);
      const [, authorization = ""] = checked.rawHeaders;
      const { pool, processes } = serviceOf(name);
      let working: Promise<Outcome> | undefined;
      let at: number | undefined;
      let hangs = false;
      let isRefused = false;
      const over = pool.ask({
        begin(instance) {
          const process = processes.get(instance);
          if (process === undefined) throw new Error(`${name} has no instance ${instance}`);
          at = instance;
          working = run(process, { authorization, raw });
        },
        end(status) {
          isRefused = true;
          refused(status);
          if (hangs && at !== undefined) pool.gone(at);
        },
      });
      // Nobody else lets the time of the queue pass.
      while (working === undefined && !isRefused) clock.moveBy(1000);
      const outcome = await working;
      if (outcome === "hangs") hangs = true;
      else if (outcome === "dies" && at !== undefined) pool.gone(at);
      else over();
      return isRefused || outcome === "hangs" || outcome === "dies" ? undefined : outcome;
    },
  };
}
