// The life of machines: each runs the real start-up script until it is deleted, taken away, or has run for as long as it may.
// What may be asked of them, and in which words, is the far end's.
import { join } from "node:path";
import * as z from "zod";
import type { Machine } from "../../shared/compute/machines.ts";
import { startUpScript } from "../../shared/compute/startup.ts";
import { metadataFarEnd } from "../metadata/far-end.ts";
import { hostFor, newSecret, type OwnCallers } from "../wire/callers.ts";
import { type Served, serveFarEnd } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import type { State } from "../wire/state.ts";
import { lagging } from "../wire/weather.ts";
import { OurBody } from "./body.ts";
import { type Ground, reachesGoogle, usualGround } from "./ground.ts";
import { computeState, type Instance, newId, type Operation } from "./state.ts";
import { boot, type Guest, killLeftBehind, wipe } from "./vm.ts";

/** Real milliseconds between the notice of a preemption and the end; Google gives 30 s. */
const usualGraceMs = 1500;
/** Real milliseconds before a deleted machine ends: the answer goes out first, for it may be the machine itself that asks. */
const answerMs = 50;

export type MachinesOptions = {
  state: State;
  identities: Identities;
  faults: Faults;
  clock: MovableClock;
  project: string;
  /** Folder of the machines' disks. */
  folder: string;
  /** Gives the PATH on which machines find their programs. */
  path: () => Promise<string>;
  graceMs?: number;
  /** Subnetworks and quotas of the project: as a deployment makes them unless this says otherwise. */
  ground?: Ground;
  /** Way to know a machine's processes as the instance's: by its user unless this says otherwise. */
  own?: OwnCallers;
  /** Runs a machine instead of its start-up script, without a metadata server: for simulations. */
  runner?: (machine: { name: string; zone: string; attributes: Record<string, string> }) => Guest;
  /** Leaves those alone that have run for longer than they may: for simulations. */
  forgetsLimits?: boolean;
  /** Waits in real time unless a simulation moves its own. */
  after?: (work: () => void, milliseconds: number) => NodeJS.Timeout | undefined;
};

const byUser: OwnCallers = { byUser: true, secret: "" };

type Asked = { zone: string; requestId: string; user: string };

/** Script in place of ours for a machine to which no packet comes back: it waits for an answer. */
const reachesNothing = "#!/bin/bash\nwhile :; do sleep 3600; done\n";

const isSpot = ({ body }: Instance): boolean => OurBody.parse(body).scheduling.provisioningModel === "SPOT";
type Running = { guest: Guest; metadata: Pick<Served, "close"> };

export function hostMachines(options: MachinesOptions) {
  const {
    identities,
    faults,
    clock,
    project,
    folder,
    path,
    runner,
    after = setTimeout,
    own = byUser,
    ground = usualGround,
  } = options;
  const past = lagging<Instance[]>(faults.sky, "compute");
  const store = computeState(options.state, () => past.keep(store.all));
  const seen = (): Instance[] => past.seen() ?? store.all();
  const exhausted = new Map<string, string>();
  const guests = new Map<string, Running>();
  const doomed = new Map<string, NodeJS.Timeout | undefined>();
  const waiters = new Set<() => void>();
  let closing = false;

  const diskOf = ({ name, id }: Instance): string => join(folder, `${name}-${id}`);
  // Machines of an earlier process have no power any more, and nobody works on what was asked then.
  for (const instance of store.all()) {
    killLeftBehind(instance.pid, diskOf(instance));
    wipe(diskOf(instance));
    store.drop(instance.id);
  }
  store.endAll();

  function tellWaiters(): void {
    if (store.all().length > 0 && !closing) return;
    for (const settle of waiters) settle();
    waiters.clear();
  }

  async function start(instance: Instance, operation: Operation): Promise<void> {
    const { id, name, zone } = instance;
    const { metadata: given, serviceAccounts } = OurBody.parse(instance.body);
    const attributes = Object.fromEntries(given.items.map(({ key, value }) => [key, value]));
    const runs = (running: Running): void => {
      guests.set(id, running);
      store.set(id, { status: "RUNNING", pid: running.guest.pid, preempted: 0 });
      store.end(operation.id);
    };
    if (runner !== undefined) {
      runs({ guest: runner({ name, zone, attributes }), metadata: { close: async () => undefined } });
      return;
    }
    const programs = await path();
    const isPreempted = (): boolean => store.find(zone, name)?.preempted === 1;
    // A secret of the machine's own: curl has it in its arguments, which other users may read on some systems.
    const its = { ...own, secret: newSecret() };
    const metadata = await serveFarEnd(
      metadataFarEnd({
        identities,
        faults,
        email: serviceAccounts[0]?.email ?? "",
        project,
        attributes,
        machine: { name, zone, isPreempted },
      }),
      0,
      { own: its },
    );
    // It may have been deleted while this was prepared.
    if (closing || store.find(zone, name)?.id !== id) {
      await metadata.close();
      if (!closing) store.end(operation.id);
      return;
    }
    try {
      const guest = boot({
        folder: diskOf(instance),
        // Never what somebody has sent, whatever was let in: it runs as whoever started this program.
        script: reachesGoogle(instance, ground) ? startUpScript : reachesNothing,
        metadataHost: hostFor(its, metadata.port),
        path: programs,
      });
      runs({ guest, metadata });
    } catch (error) {
      await metadata.close();
      throw error;
    }
  }

  /** The power goes, and the disk with it. */
  async function end(instance: Instance): Promise<void> {
    clearTimeout(doomed.get(instance.id));
    doomed.delete(instance.id);
    const running = guests.get(instance.id);
    guests.delete(instance.id);
    running?.guest.kill();
    await running?.guest.ended;
    await running?.metadata.close();
    wipe(diskOf(instance));
    if (closing) return;
    store.drop(instance.id);
    tellWaiters();
  }

  function begin(
    kind: Operation["kind"],
    target: string,
    { zone, requestId, user }: Asked,
    error?: string,
  ): Operation {
    const id = newId();
    const operation: Operation = {
      id,
      name: `operation-${id}`,
      zone,
      kind,
      target,
      requestId,
      status: "RUNNING",
      at: clock.now().toISOString(),
      error,
      user,
    };
    store.begin(operation);
    return operation;
  }

  return {
    find: store.find,
    /** Machines as those see them who read. */
    seen,
    seenOf: (zone: string, name: string): Instance | undefined =>
      seen().find((each) => each.zone === zone && [each.name, each.id].includes(name)),
    operation: store.operation,
    operationOf: store.operationOf,
    /** An operation as it is for one who comes back to it: one that is to fail has failed by then. */
    later(operation: Operation): Operation {
      if (operation.error === undefined || operation.status === "DONE") return operation;
      store.end(operation.id, operation.error);
      return { ...operation, status: "DONE" };
    },
    isClosing: () => closing,

    /** Makes a machine of a body that has been looked at; where there is no room, the operation says so. */
    make(body: unknown, asked: Asked): Operation {
      const { name } = OurBody.parse(body);
      const code = exhausted.get(asked.zone) ?? faults.sky.noRoom();
      const operation = begin("insert", name, asked, code);
      // Google takes the request, and finds out afterwards: whoever waits for the operation is told.
      if (code !== undefined) return operation;
      const instance: Instance = {
        id: newId(),
        zone: asked.zone,
        name,
        status: "PROVISIONING",
        createdAt: operation.at,
        body: z.record(z.string(), z.json()).parse(body),
        pid: 0,
        preempted: 0,
      };
      store.put(instance);
      start(instance, operation).catch(async () => {
        if (closing) return;
        store.end(operation.id, "ZONE_RESOURCE_POOL_EXHAUSTED");
        await end(instance);
      });
      return operation;
    },

    remove(instance: Instance, asked: Asked): Operation {
      const operation = begin("delete", instance.name, asked);
      store.set(instance.id, { ...instance, status: "STOPPING" });
      after(() => void end(instance).then(() => closing || store.end(operation.id)), answerMs);
      return operation;
    },

    /** Takes away those that have run for longer than they may, by the clock that people move. */
    enforceLimits(): void {
      if (options.forgetsLimits === true) return;
      for (const instance of store.all()) {
        const { seconds } = OurBody.parse(instance.body).scheduling.maxRunDuration;
        const ranMs = clock.now().getTime() - Date.parse(instance.createdAt);
        if (ranMs > Number(seconds) * 1000) void end(instance);
      }
    },

    machines: (): Machine[] =>
      store.all().map(({ id, name, zone, status, createdAt, body }) => ({
        id,
        name,
        zone,
        status,
        createdAt,
        labels: OurBody.parse(body).labels,
      })),

    /** Takes a Spot machine away as Google may at any moment; false when there is none of the name. */
    preempt(name: string): boolean {
      const found = store
        .all()
        .find((instance) => instance.name === name && instance.status === "RUNNING" && isSpot(instance));
      if (found === undefined) return false;
      if (doomed.has(found.id)) return true;
      store.set(found.id, { ...found, preempted: 1 });
      doomed.set(
        found.id,
        after(() => void end(found), options.graceMs ?? usualGraceMs),
      );
      return true;
    },

    /** A zone that has no room, or no quota, from now on; without a code it has again. */
    exhaust(zone: string, code?: string): void {
      if (code === undefined) exhausted.delete(zone);
      else exhausted.set(zone, code);
    },

    /** Counts the machines that were ever made. */
    made: (): number =>
      store.operations().filter(({ kind, error }) => kind === "insert" && error === undefined).length,

    /** Settled when no machine is there. */
    async idle(): Promise<void> {
      if (store.all().length > 0 && !closing) await new Promise<void>((resolve) => waiters.add(resolve));
    },

    async close(): Promise<void> {
      closing = true;
      for (const timer of doomed.values()) clearTimeout(timer);
      // The rows stay: the next process finds machines without power, which is a preemption.
      for (const { guest, metadata } of guests.values()) {
        guest.kill();
        await guest.ended;
        await metadata.close();
      }
      tellWaiters();
    },
  };
}
