// A cloud for the tests of transfers: its machines copy when they are looked at.
import { labelsOf, type MachineOrder, requestIdOf } from "../../../shared/compute/machine.ts";
import type { Machine, Machines } from "../../../shared/compute/machines.ts";
import type { ledger } from "../../../shared/ledger.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import type { Stores } from "./stores.ts";

/** Its second look at a machine finds it done and gone, or taken away half-way. */
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

  async function work(): Promise<void> {
    for (const [name, entry] of machines) {
      entry.looks += 1;
      if (entry.looks < 2) continue;
      const { order } = entry;
      const text = await books.bytes(decodeURIComponent(order.parameters["list"] ?? ""));
      const names = (text?.toString() ?? "").split("\n").slice(0, -1);
      const taken = preempt.has(`${order.shard}-${order.attempt}`);
      for (const each of taken ? names.slice(0, Math.floor(names.length / 2)) : names) {
        stores?.copy(each);
        const object = source.find((one) => one.name === each);
        if (object !== undefined) target.set(each, object);
      }
      if (stores !== undefined && !taken) await readBack(order, stores);
      const report = `${order.parameters["reports"]}/${order.shard}-${order.attempt}-${taken ? "preempted" : "done"}.json`;
      await books.create(report, { v: 1, state: taken ? "preempted" : "done", exit: 0 });
      machines.delete(name);
    }
  }

  /** As the start-up script does, after it has copied. */
  async function readBack({ parameters, shard, attempt }: MachineOrder, { sum }: Stores): Promise<void> {
    for (const end of ["source", "target"] as const) {
      if (parameters[`${end}-back-lines`] === "0") continue;
      const names =
        (await books.bytes(decodeURIComponent(parameters[`${end}-back`] ?? "")))?.toString() ?? "";
      const lines = names
        .split("\n")
        .slice(0, -1)
        .flatMap((name) => {
          const md5 = sum(end, name);
          return md5 === undefined ? [] : [`${md5}  ${name}\n`];
        });
      const report = `${parameters["reports"]}/${shard}-${attempt}-${end}.sums`;
      await books.keep(report, Buffer.from(lines.join("")), "text/plain");
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
