// Work of a transfer's machine in a simulation, in place of bash and rclone: it takes lists, copies, leaves the same reports as the start-up
// script and deletes itself, one step a time, as its own identity. It may be preempted, fail or go dumb.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { FarEnd } from "../../../local/wire/far-end.ts";
import { machineIdentity } from "../../../shared/functions.ts";
import type { Random } from "../random.ts";
import { known, project, type World } from "../world.ts";
import type { Life } from "./dollars.ts";
import { carry, type Task, tasksIn } from "./mover.ts";
import type { There } from "./transfer-ends.ts";
import type { MachineWrite } from "./transfer-writes.ts";

type Machine = {
  name: string;
  zone: string;
  attributes: Record<string, string>;
  alive: boolean;
  life: Life;
  ended: () => void;
  /** List in hand: its name, which writing of its lease is this machine's, and what is left of it. */
  hand: { key: string; generation: string; tasks: Task[] } | undefined;
  /** Lists that it has taken so far. */
  lists: number;
  /** End that it will come to: most end well. */
  fate: "done" | "failed" | "dumb" | "lies" | "stays";
  after: number;
  /** Since when it has nothing to do any more. */
  idleSince: number | undefined;
};

/** Answer of Cloud Storage to a writing. */
const Written = z.object({ generation: z.string() });

/**
 * @param there gives what a bucket has now.
 * @param wrote is told of each write of a machine at a target.
 */
export function makeFleet(
  world: World,
  random: Random,
  {
    there,
    wrote,
    deletesItself,
  }: {
    there: (bucket: string) => Map<string, There>;
    wrote: (write: MachineWrite) => void;
    deletesItself: boolean;
  },
) {
  const machines: Machine[] = [];
  /** Work of the far end that waits for time to move. */
  let later: (() => void)[] = [];
  let calmSince = Number.POSITIVE_INFINITY;
  const token = `Bearer ${known.mint(machineIdentity(project), ["https://www.googleapis.com/auth/cloud-platform"]).token}`;

  async function call(
    host: "storage" | "compute",
    method: string,
    path: string,
    body?: string,
  ): Promise<Response> {
    const farEnd: FarEnd | undefined = world.hosts.get(`${host}.far`);
    if (farEnd === undefined) throw new Error(`the world has no ${host}`);
    const headers = { authorization: token, "content-type": "application/json" };
    return farEnd.fetch(
      new Request(`http://${host}.far${path}`, { method, headers, ...(body === undefined ? {} : { body }) }),
    );
  }
  const allowed = (machine: Machine, what: string, answer: Response): boolean => {
    if ([401, 403].includes(answer.status))
      world.timeline.note(`machine ${machine.name} compute ${what} = ${answer.status}`);
    return answer.ok;
  };

  async function report({ name, attributes: of }: Machine, what: string, body: object): Promise<void> {
    const object = encodeURIComponent(`${of["reports"]}/${what}.json`);
    const query = `uploadType=media&ifGenerationMatch=0&name=${object}`;
    const text = JSON.stringify({ v: 1, bytes: 0, objects: 0, rclone: "rclone-scripted", ...body });
    const answer = await call("storage", "POST", `/upload/storage/v1/b/${of["ledger"]}/o?${query}`, text);
    world.timeline.note(`machine ${name} reports ${what}: ${answer.status}`);
  }

  async function remove(machine: Machine): Promise<void> {
    machine.after += 1;
    const path = `/compute/v1/projects/${project}/zones/${machine.zone}/instances/${machine.name}`;
    allowed(machine, "deletes itself", await call("compute", "DELETE", path));
  }

  const leaseOf = ({ attributes: of }: Machine, key: string): string => `${of["leases"]}/${key}`;
  const held = ({ attributes: of }: Machine): string => `${of["shard"]}-${of["attempt"]}`;

  /** An object of the ledger, and which writing of it; of generation 0 where there is none. */
  async function look(
    machine: Machine,
    name: string,
  ): Promise<{ text: string; generation: string } | undefined> {
    const path = `/storage/v1/b/${machine.attributes["ledger"]}/o/${encodeURIComponent(name)}?alt=media`;
    const answer = await call("storage", "GET", path);
    if (answer.status === 404) return { text: "", generation: "0" };
    if (!allowed(machine, "reads the ledger", answer)) return undefined;
    return { text: await answer.text(), generation: answer.headers.get("x-goog-generation") ?? "" };
  }

  /** Writes a list's lease, where nobody has since; gives which writing that is. */
  async function swap(
    machine: Machine,
    key: string,
    { text, generation }: { text: string; generation: string },
  ): Promise<string | undefined> {
    const name = encodeURIComponent(leaseOf(machine, key));
    const query = `uploadType=media&ifGenerationMatch=${generation}&name=${name}`;
    const path = `/upload/storage/v1/b/${machine.attributes["ledger"]}/o?${query}`;
    const answer = await call("storage", "POST", path, text);
    return answer.ok ? Written.parse(await answer.json()).generation : undefined;
  }

  const taking = (machine: Machine): string => {
    const until = Math.floor(world.now().getTime() / 1000) + Number(machine.attributes["lease-seconds"]);
    return `taken ${held(machine)} ${until}`;
  };

  /** Takes the first list that nobody works on; "later" where others do, and may let theirs lie. */
  async function take(machine: Machine): Promise<Machine["hand"] | "later" | "none"> {
    const board = await look(machine, leaseOf(machine, "board.tsv"));
    if (board === undefined) return "later";
    let end: "later" | "none" = "none";
    for (const line of board.text.split("\n").slice(0, -1)) {
      const [key = "", copy = "-", , move = "-"] = line.split("\t");
      const lease = await look(machine, leaseOf(machine, key));
      if (lease === undefined) return "later";
      const [state = "", holder = "", until = "0"] = lease.text.split(" ");
      if (state === "ended") continue;
      const isHeld = Number(until) * 1000 >= world.now().getTime();
      const isBefore = holder.startsWith(`${machine.attributes["shard"]}-`);
      if (state === "taken" && isHeld && !isBefore) {
        end = "later";
        continue;
      }
      const generation = await swap(machine, key, { text: taking(machine), generation: lease.generation });
      if (generation === undefined) continue;
      const textOf = async (file: string): Promise<string> =>
        file === "-" ? "" : ((await look(machine, decodeURIComponent(file)))?.text ?? "");
      return { key, generation, tasks: tasksIn(await textOf(copy), await textOf(move)) };
    }
    return end;
  }

  /** Does one object of its list, and tells what has become of the target. */
  async function work({ name: machine, attributes: of }: Machine, task: Task): Promise<void> {
    const [from = "", ...source] = (of["source-path"] ?? "").split("/");
    const [bucket = "", ...target] = (of["target-path"] ?? "").split("/");
    const name = [...target, task.name].join("/");
    const before = there(bucket).get(name);
    await carry(
      (...given) => call("storage", ...given),
      { bucket, name, task },
      () => read(of["source-kind"], from, [...source, task.name].join("/")),
    );
    const after = there(bucket).get(name);
    if (before?.generation !== after?.generation)
      wrote({ machine, transfer: of["reports"]?.split("/")[2] ?? "", bucket, name, before, after });
  }

  async function read(kind: string | undefined, bucket: string, name: string): Promise<string | undefined> {
    if (kind === "s3") {
      const file = join(world.folder, bucket, name);
      return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    }
    const found = await call(
      "storage",
      "GET",
      `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`,
    );
    return found.ok ? found.text() : undefined;
  }

  /** One step of a machine's life. */
  async function step(machine: Machine): Promise<void> {
    if (machine.fate === "dumb" && machine.hand !== undefined) return;
    if ((machine.fate === "stays" || !deletesItself) && machine.idleSince !== undefined) return;
    if (machine.after > 0) return remove(machine);
    if (machine.hand === undefined) {
      const taken = await take(machine);
      // It was made for a list that another machine has perhaps let lie.
      if (taken === "later" && machine.lists === 0) return;
      if (taken === "later" || taken === "none" || taken === undefined) return leave(machine, "done");
      machine.hand = taken;
      machine.lists += 1;
    }
    const { key, tasks } = machine.hand;
    for (let count = random.between(1, 4); count > 0; count -= 1) {
      const task = tasks.shift();
      if (task === undefined) break;
      if (machine.fate !== "lies" || random.chance(0.5)) await work(machine, task);
    }
    if (tasks.length > 0 && machine.fate !== "failed") {
      const { generation } = machine.hand;
      const renewed = await swap(machine, key, { text: taking(machine), generation });
      // Another machine has it by now.
      machine.hand = renewed === undefined ? undefined : { key, generation: renewed, tasks };
      return;
    }
    const isFailed = machine.fate === "failed";
    const end = isFailed ? { state: "failed", exit: 1, why: "rclone" } : { state: "done", exit: 0 };
    await report(machine, `list-${key}-${end.state}`, end);
    await swap(machine, key, { text: `ended ${held(machine)}`, generation: machine.hand.generation });
    machine.hand = undefined;
    if (isFailed) await leave(machine, "failed");
  }

  async function leave(machine: Machine, state: "done" | "failed"): Promise<void> {
    await report(machine, `${held(machine)}-${state}`, { state, exit: state === "done" ? 0 : 70 });
    machine.idleSince = world.now().getTime();
    if (machine.fate !== "stays" && deletesItself) await remove(machine);
  }

  return {
    /** The compute far end's own waiting. */
    after(work: () => void): undefined {
      later.push(work);
    },
    runner(of: { name: string; zone: string; attributes: Record<string, string> }) {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const fate = random.chance(world.weather.fault > 0 ? 0.25 : 0)
        ? random.pick("failed", "failed", "dumb", "lies", "lies", "stays")
        : "done";
      const machine: Machine = {
        ...of,
        alive: true,
        life: { transfer: of.attributes["reports"]?.split("/")[2] ?? "", from: world.now().getTime() },
        ended: end,
        hand: undefined,
        lists: 0,
        fate,
        after: 0,
        idleSince: undefined,
      };
      machines.push(machine);
      world.timeline.note(`machine ${of.name} starts in ${of.zone}; it will be ${fate}`);
      return {
        pid: 1000 + machines.length,
        kill() {
          machine.alive = false;
          machine.life.until = world.now().getTime();
          end();
        },
        ended,
      };
    },
    /** Time has moved: what waited happens, and each machine does a step. */
    async tick(): Promise<void> {
      const due = later;
      later = [];
      for (const work of due) work();
      await settled();
      for (const machine of random.shuffled(machines.filter(({ alive }) => alive))) await step(machine);
      await settled();
    },
    /** Machines that have had nothing to do for so long, counted from when all was calm. */
    idleFor(milliseconds: number): string[] {
      const now = world.now().getTime();
      return machines
        .filter(({ alive, idleSince = now }) => alive && now - Math.max(idleSince, calmSince) > milliseconds)
        .map(({ name }) => name);
    },
    lives: (): Life[] => machines.map(({ life }) => life),
    calmed(): void {
      calmSince = world.now().getTime();
    },
    async notice(name: string): Promise<void> {
      const machine = machines.find((each) => each.alive && each.name === name);
      if (machine === undefined || random.chance(0.4)) return;
      await report(machine, `${held(machine)}-preempted`, { state: "preempted" });
      const { hand } = machine;
      if (hand !== undefined) await swap(machine, hand.key, { ...hand, text: `left ${held(machine)}` });
    },
  };
}

/** The far end ends machines in promises of its own. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
