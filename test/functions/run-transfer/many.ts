// Many transfers of one hub at once, over the real ledger and Compute Engine's far end with the real client. Machines copy when
// they are told to.
import { runTransfer } from "../../../functions/run-transfer/handler.ts";
import type { Machines } from "../../../shared/compute/machines.ts";
import type { EventOf } from "../../../shared/events.ts";
import { byBytes, isWithin } from "../../../shared/remotes/names.ts";
import type { Settings } from "../../../shared/settings.ts";
import { type RemoteObject, TransferState } from "../../../shared/transfers/records.ts";
import { computeHarness } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { ledgerHarness, project } from "../../shared/ledger-harness.ts";
import { depsOf, objectsOf } from "./harness.ts";
import { worker } from "./worker.ts";

/** Names so many transfers. */
export const transfers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `t${index}`);

type Limits = Settings["hubs"][string]["limits"];

/** Each copies so many objects from persistent:<id> to scratch:<id>; `limits` are the hub's. */
export async function manyTransfers(limits: Partial<Limits>, objects = 30) {
  const served = await ledgerHarness();
  const books = await served.ledgerOf("run-transfer");
  const lists = new Map<string, Record<string, string>>();
  let most = 0;
  const compute = await computeHarness("run-transfer", {
    runner: ({ name, attributes }) => {
      lists.set(name, attributes);
      most = Math.max(most, compute.far.machines().length);
      return { pid: 0, kill: () => undefined, ended: Promise.resolve() };
    },
    after: (work) => {
      work();
      return undefined;
    },
  });
  let time = Date.parse("2026-11-21T10:00:00Z");
  const now = () => new Date(time);
  const sample = sampleSettings();
  const [hub] = Object.values(sample.hubs);
  if (hub === undefined) throw new Error("the sample settings have no hub");
  const settings: Settings = {
    ...sample,
    project,
    hubs: { sample: { ...hub, limits: { mailsPerDay: 2000, ...limits } } },
  };
  const source = objectsOf(objects);
  const targets = new Map<string, RemoteObject[]>();
  const notices: string[] = [];
  let together: { wait: () => Promise<void> } | undefined;
  const machines: Machines = {
    ...compute.adapter,
    async list(labels) {
      const found = await compute.adapter.list(labels);
      await together?.wait();
      return found;
    },
  };
  const deps = depsOf({
    ...{ books, machines, now, settings },
    async *list(name, _store, of) {
      const all = name === "persistent" ? source : (targets.get(of.path) ?? []);
      yield all.filter((object) => isWithin(object.name, of)).sort((a, b) => byBytes(a.name, b.name));
    },
    async publish(topic, event) {
      if (topic === "notice" && "key" in event) notices.push(String(event.key));
      return "1";
    },
  });
  let messages = 0;
  const state = async (id: string) =>
    (await books.read(`head/transfers/sample/${id}.json`, TransferState))?.value;

  /** So many looks at the machines are answered when all of them have looked: none sees what another one asks for. */
  function allLookAtOnce(count: number): void {
    let here = 0;
    let go = (): void => undefined;
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    together = {
      wait: async () => {
        here += 1;
        if (here === count) go();
        if (here <= count) await all;
      },
    };
  }

  return {
    books,
    names: served.names,
    plant: served.plant,
    jsonOf: served.jsonOf,
    notices,
    far: compute.far,
    now,
    moveTo: (at: string) => {
      time = Date.parse(at);
    },
    moveBy: (milliseconds: number) => {
      time += milliseconds;
    },
    state,
    /** Asks for these transfers at once, and lets those with machines copy until all have ended. */
    async playAll(ids: string[]) {
      allLookAtOnce(ids.length);
      await Promise.all(ids.map((id) => this.deliver(this.request(id))));
      const begun = await Promise.all(ids.map(state));
      const first = {
        machines: compute.far.machines().length,
        waits: begun.flatMap((one) => one?.waits ?? []),
      };
      let open = ids;
      for (let looks = 0; open.length > 0 && looks < 60; looks += 1) {
        await this.copy();
        this.moveBy(5000);
        // Those that have machines, and some of those that wait.
        const states = await Promise.all(open.map(state));
        const [having = [], others = []] = [false, true].map((waits) =>
          open.filter((_, index) => (states[index]?.waits !== undefined) === waits),
        );
        await Promise.all([...having, ...others.slice(0, 4)].map((id) => this.look(id)));
        const after = await Promise.all(open.map(state));
        open = open.filter((_, index) => after[index]?.state === "running");
      }
      const ends = (await Promise.all(ids.map(state))).map((one) => one?.state);
      return { first, ends, most };
    },
    look(id: string) {
      return this.deliver({ v: 1, hub: "sample", id, why: "continue" });
    },
    request: (id: string): EventOf<"transfer-request"> => ({
      v: 1,
      hub: "sample",
      id,
      from: `persistent:${id}`,
      to: `scratch:${id}`,
      why: "person",
    }),
    deliver(event: EventOf<"transfer-request">) {
      messages += 1;
      const run = { step: () => undefined, effect: () => undefined };
      return runTransfer(event, run, { messageId: `message ${messages}` }, deps);
    },
    /** Every machine copies a list, says so and deletes itself. */
    async copy(): Promise<void> {
      for (const machine of compute.far.machines()) {
        const { name, labels } = machine;
        const parameters = lists.get(name) ?? {};
        const { reports = "", shard, attempt } = parameters;
        const on = worker(books, parameters);
        const list = await on.take();
        const id = labels["transfer"] ?? "";
        const copied = source.filter((object) => list?.copy.includes(object.name) === true);
        targets.set(id, [...(targets.get(id) ?? []), ...copied]);
        if (list !== undefined) await on.end(list);
        await books.create(`${reports}/${shard}-${attempt}-done.json`, { v: 1, state: "done", exit: 0 });
        await compute.adapter.remove(machine);
      }
    },
    async close(): Promise<void> {
      await compute.close();
      await served.close();
    },
  };
}
