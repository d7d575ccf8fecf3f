// Work of a transfer's machine in a simulation, in place of bash and rclone: it reads its list, copies, leaves the same
// reports as the start-up script and deletes itself, one step a time, as its own identity. It may be preempted, fail or go dumb.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FarEnd } from "../../../local/wire/far-end.ts";
import { machineIdentity } from "../../../shared/functions.ts";
import type { Random } from "../random.ts";
import { known, project, type World } from "../world.ts";
import type { Life } from "./dollars.ts";

type Machine = {
  name: string;
  zone: string;
  attributes: Record<string, string>;
  alive: boolean;
  life: Life;
  ended: () => void;
  list: string[] | undefined;
  told: number;
  /** End that it will come to: most end well. */
  fate: "done" | "failed" | "dumb" | "lies" | "stays";
  after: number;
  /** Since when it has nothing to do any more. */
  idleSince: number | undefined;
};

export function makeFleet(world: World, random: Random) {
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

  async function report({ name, attributes: of }: Machine, state: string, body: object): Promise<void> {
    const object = encodeURIComponent(`${of["reports"]}/${of["shard"]}-${of["attempt"]}-${state}.json`);
    const query = `uploadType=media&ifGenerationMatch=0&name=${object}`;
    const text = JSON.stringify({ v: 1, bytes: 0, objects: 0, rclone: "rclone-scripted", ...body });
    const answer = await call("storage", "POST", `/upload/storage/v1/b/${of["ledger"]}/o?${query}`, text);
    world.timeline.note(`machine ${name} reports ${state}: ${answer.status}`);
  }

  async function remove(machine: Machine): Promise<void> {
    machine.after += 1;
    const path = `/compute/v1/projects/${project}/zones/${machine.zone}/instances/${machine.name}`;
    allowed(machine, "deletes itself", await call("compute", "DELETE", path));
  }

  async function listOf(machine: Machine): Promise<string[]> {
    const { ledger, list } = machine.attributes;
    const answer = await call("storage", "GET", `/storage/v1/b/${ledger}/o/${list}?alt=media`);
    allowed(machine, "reads its list", answer);
    return answer.ok ? (await answer.text()).split("\n").slice(0, -1) : [];
  }

  async function copy({ attributes: of }: Machine, name: string): Promise<void> {
    const [from = "", ...source] = (of["source-path"] ?? "").split("/");
    const [to = "", ...target] = (of["target-path"] ?? "").split("/");
    const text = await read(of["source-kind"], from, [...source, name].join("/"));
    if (text === undefined) return;
    // --immutable: what is there is left alone.
    const query = `uploadType=media&ifGenerationMatch=0&name=${encodeURIComponent([...target, name].join("/"))}`;
    await call("storage", "POST", `/upload/storage/v1/b/${to}/o?${query}`, text);
  }

  async function read(kind: string | undefined, bucket: string, name: string): Promise<string | undefined> {
    if (kind === "s3") return readFileSync(join(world.folder, bucket, name), "utf8");
    const found = await call(
      "storage",
      "GET",
      `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`,
    );
    return found.ok ? found.text() : undefined;
  }

  /** One step of a machine's life. */
  async function step(machine: Machine): Promise<void> {
    if (machine.fate === "dumb" && machine.list !== undefined) return;
    if (machine.fate === "stays" && machine.idleSince !== undefined) return;
    if (machine.after > 0) return remove(machine);
    machine.list ??= await listOf(machine);
    for (let count = random.between(1, 4); count > 0 && machine.list.length > 0; count -= 1) {
      const name = machine.list.shift() ?? "";
      if (machine.fate !== "lies" || random.chance(0.5)) await copy(machine, name);
    }
    if (machine.list.length > 0 && machine.fate !== "failed") {
      machine.told += 1;
      if (machine.told <= 2)
        await report(machine, `progress-${String(machine.told).padStart(6, "0")}`, { state: "progress" });
      return;
    }
    if (machine.fate === "failed")
      await report(machine, "failed", { state: "failed", exit: 1, why: "rclone" });
    else await report(machine, "done", { state: "done", exit: 0 });
    machine.idleSince = world.now().getTime();
    if (machine.fate !== "stays") await remove(machine);
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
        list: undefined,
        told: 0,
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
      if (machine !== undefined && random.chance(0.6))
        await report(machine, "preempted", { state: "preempted" });
    },
  };
}

/** The far end ends machines in promises of its own. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
