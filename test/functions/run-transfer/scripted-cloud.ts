// A cloud for the tests of transfers: its machines copy when they are looked at.
import { labelsOf, type MachineOrder, requestIdOf } from "../../../shared/compute/machine.ts";
import type { Machine, Machines } from "../../../shared/compute/machines.ts";
import type { ledger } from "../../../shared/ledger.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import type { Stores } from "./stores.ts";
import { type Moved, type Taken, worker } from "./worker.ts";

/** From its second look on a machine takes a list at each, or is taken away half-way; with nothing to take it is done and gone. */
export function scriptedCloud(options: {
  books: ReturnType<typeof ledger>;
  now: () => Date;
  preempt: ReadonlySet<string>;
  refusal: Error | undefined;
  source: readonly RemoteObject[];
  fullMinutes: number;
  /** Stores that hold bytes, in place of a target of records alone. */
  stores?: Stores | undefined;
}) {
  const { books, now, preempt, refusal, source, fullMinutes, stores } = options;
  const roomAt = now().getTime() + fullMinutes * 60_000;
  /** Requests that found no room: the vendor says so again whenever they come. */
  const refused = new Set<string>();
  const target = new Map<string, RemoteObject>();
  const machines = new Map<string, { machine: Machine; order: MachineOrder; looks: number }>();
  const made: string[] = [];

  /** As rclone and the mover do: what is there is left alone, but for what the plan has named as it lies there. */
  function carry({ name, replace, delete: gone }: Moved): boolean {
    if (stores !== undefined) return stores.copy(name, replace);
    const there = target.get(name);
    const isNamed = (lost: typeof replace): boolean =>
      lost !== undefined && there?.size === lost.size && there.md5 === lost.md5;
    if (gone !== undefined) {
      if (isNamed(gone)) target.delete(name);
      return false;
    }
    const object = source.find((one) => one.name === name);
    if (object === undefined || (there !== undefined && !isNamed(replace))) return false;
    target.set(name, object);
    return true;
  }

  async function work(): Promise<void> {
    for (const [name, entry] of machines) {
      entry.looks += 1;
      if (entry.looks < 2) continue;
      const { order } = entry;
      const { parameters } = order;
      const on = worker(books, parameters);
      const isTaken = preempt.has(`${order.shard}-${order.attempt}`);
      const list = await on.take();
      if (list !== undefined) {
        const all: Moved[] = [...list.copy.map((name) => ({ name })), ...list.move];
        const reached = isTaken ? all.slice(0, Math.floor(all.length / 2)) : all;
        const carried = reached.filter((each) => carry(each)).map(({ name }) => name);
        await on.moved(
          list,
          list.move.filter(({ name }) => carried.includes(name)),
        );
        if (!isTaken) {
          if (stores !== undefined) await readBack(on, list, stores);
          await on.end(list);
          continue;
        }
      }
      const state = isTaken ? "preempted" : "done";
      const report = `${parameters["reports"]}/${order.shard}-${order.attempt}-${state}.json`;
      await books.create(report, { v: 1, state, exit: 0 });
      machines.delete(name);
    }
  }

  /** As the start-up script does, after it has copied. */
  async function readBack(on: ReturnType<typeof worker>, list: Taken, stores: Stores): Promise<void> {
    const { sum, writing } = stores;
    if (list.target.length > 0)
      await on.writings(
        list,
        list.target.map((name) => ({ name, writing: writing(name) })),
      );
    for (const end of ["source", "target"] as const) {
      const lines = list[end].flatMap((name) => {
        const md5 = sum(end, name);
        return md5 === undefined ? [] : [`${md5}  ${name}\n`];
      });
      if (lines.length > 0) await on.sums(list, end, lines);
      stores.wasRead(end, list[end]);
    }
  }

  const cloud: Machines = {
    async make(order) {
      if (refusal !== undefined) throw refusal;
      const id = requestIdOf(order);
      if (made.includes(id)) return "made";
      if (refused.has(id) || now().getTime() < roomAt) {
        refused.add(id);
        return "no-capacity";
      }
      if (machines.has(order.name)) return "already-there";
      made.push(id);
      const createdAt = now().toISOString();
      const machine = {
        id,
        name: order.name,
        zone: order.zone,
        status: "RUNNING",
        labels: labelsOf(order),
        createdAt,
      };
      machines.set(order.name, { machine, order, looks: 0 });
      return "made";
    },
    async list() {
      await work();
      return [...machines.values()].map(({ machine }) => machine);
    },
    remove: async ({ name }) => (machines.delete(name) ? "asked" : "gone"),
  };

  return { cloud, target, machines, made };
}
