// A worker over the real ledger with a scripted cloud: machines that copy when they are looked at. Any of its calls can be wrapped.
import { runTransfer } from "../../../functions/run-transfer/handler.ts";
import type { RunTransferDeps } from "../../../functions/run-transfer/work.ts";
import { type MovableClock, stoppedClock } from "../../../local/wire/movable-clock.ts";
import type { Ground } from "../../../shared/compute/ground.ts";
import type { Machines } from "../../../shared/compute/machines.ts";
import type { EventOf } from "../../../shared/events.ts";
import { budgetStore } from "../../../shared/flow/budget-store.ts";
import type { Ledger, LedgerFiles, ledger } from "../../../shared/ledger.ts";
import type { Effect } from "../../../shared/records.ts";
import { cutTo } from "../../../shared/remotes/list.ts";
import { byBytes, isWithin } from "../../../shared/remotes/names.ts";
import type { Settings } from "../../../shared/settings.ts";
import { type RemoteObject, TransferState } from "../../../shared/transfers/records.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { ledgerHarness, project } from "../../shared/ledger-harness.ts";
import { iowa } from "./samples.ts";
import { scriptedCloud } from "./scripted-cloud.ts";
import type { Stores } from "./stores.ts";

export const objectsOf = (count: number): RemoteObject[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `object ${index}`,
    size: 30_000,
    md5: index.toString(16).padStart(32, "0"),
  }));
/** Thirty objects of which each third is copied by one machine. */
export const source = objectsOf(30);

export type Struck = <A extends unknown[], R>(
  call: (...given: A) => Promise<R>,
) => (...given: A) => Promise<R>;
type Event = EventOf<"transfer-request">;

/** Request of a person in every test: from persistent:a to pod-inbox:a. */
export const asked = {
  v: 1,
  hub: "sample",
  id: "t1",
  from: "persistent:a",
  to: "pod-inbox:a",
  why: "person",
} as const satisfies Event;

/**
 * A worker over the real ledger, with a scripted cloud. `refusal` is what Compute Engine answers to whoever asks for a machine,
 * for all the time; `struck` wraps each call that may be struck.
 */
export async function transferHarness(
  options: {
    source?: readonly RemoteObject[];
    target?: readonly RemoteObject[];
    preempt?: ReadonlySet<string>;
    refusal?: Error | undefined;
    struck?: Struck;
    settings?: Settings;
    /** So long no zone has room. */
    fullMinutes?: number;
    /** Compute Engine in place of the scripted cloud, by its own clock. */
    compute?: { adapter: Machines; clock: Pick<MovableClock, "now" | "moveBy"> };
    /** Stores that hold bytes. */
    stores?: Stores;
    /** Ends uploads at the target. */
    endUploads?: RunTransferDeps["endUploads"];
    /** Folders that the stores have. */
    folders?: RunTransferDeps["folders"];
    /** Ledger that is served already. */
    served?: Awaited<ReturnType<typeof ledgerHarness>>;
  } = {},
) {
  const served = options.served ?? (await ledgerHarness());
  const books = await served.ledgerOf("run-transfer");
  const { compute, preempt = new Set<string>(), refusal, fullMinutes = 0, struck = (call) => call } = options;
  const clock = compute?.clock ?? stoppedClock(new Date("2026-11-21T10:00:00Z"));
  const { now } = clock;
  const objects = [...(options.source ?? source)];
  const { stores } = options;
  const scripted = scriptedCloud({ books, now, preempt, refusal, source: objects, fullMinutes, stores });
  const fleet = compute === undefined ? scripted : { ...scripted, cloud: compute.adapter };
  for (const object of options.target ?? []) fleet.target.set(object.name, object);
  const notices = new Set<string>();
  const published: [name: string, event: object][] = [];
  const listed: string[] = [];
  const effects: Effect[] = [];
  let refused: { error: Error; of: string | undefined } | undefined;
  let reversed = false;
  const steps: string[] = [];
  const run = {
    step: (what: string) => void steps.push(what),
    effect: (effect: Effect) => void effects.push(effect),
  };
  const settings = options.settings ?? sampleSettings();
  const deps = depsOf({
    ...{ struck, books, machines: fleet.cloud, now, settings },
    async *list(name, _remote, of) {
      listed.push(name);
      if (refused !== undefined && (refused.of ?? name) === name) throw refused.error;
      const end = name === "persistent" ? "source" : "target";
      const all =
        stores === undefined ? (end === "source" ? objects : [...fleet.target.values()]) : stores.list(end);
      const objectsOfPage = (of.path === "a" ? all : []).filter((object) =>
        isWithin(object.name, { after: of.after }),
      );
      objectsOfPage.sort((a, b) => (reversed && end === "target" ? -1 : 1) * byBytes(a.name, b.name));
      yield* cutTo(only(objectsOfPage), of);
    },
    async publish(name, event) {
      published.push([name, event]);
      if (name === "notice" && "key" in event) notices.add(String(event.key));
      return "1";
    },
  });
  if (stores !== undefined)
    deps.askSums = async (name, _remote, { names }) =>
      stores.ask(name === "persistent" ? "source" : "target", names);
  if (options.endUploads !== undefined) deps.endUploads = options.endUploads;
  if (options.folders !== undefined) deps.folders = options.folders;
  if (compute !== undefined) deps.pause = async (milliseconds) => clock.moveBy(milliseconds);
  let messages = 0;
  return {
    ...fleet,
    /** The stores, or one remote's, refuse to be listed from now on; without an error they do not. */
    refuseLists(error: Error | undefined, of?: string): void {
      refused = error === undefined ? undefined : { error, of };
    },
    /** The target lists the last names first from now on. */
    reverseTarget(): void {
      reversed = true;
    },
    /** Subnetworks are so from now on. */
    networkIs(now: Awaited<ReturnType<Ground["subnetwork"]>>): void {
      deps.ground = { subnetwork: async () => now };
    },
    /** The source has an object no more. */
    forget(name: string): void {
      const at = objects.findIndex((one) => one.name === name);
      if (at >= 0) objects.splice(at, 1);
    },
    /** The source has an object, or another one of that name. */
    offer(object: RemoteObject): void {
      const at = objects.findIndex(({ name }) => name === object.name);
      objects.splice(at < 0 ? objects.length : at, 1, object);
    },
    /** A machine has copied an object. */
    copy(name: string): void {
      const object = objects.find((one) => one.name === name);
      if (object !== undefined) fleet.target.set(name, object);
    },
    notices,
    published,
    /** Names of the remotes, in the order in which they were listed. */
    listed,
    effects,
    /** Sentences of all runs. */
    steps,
    books,
    served,
    names: served.names,
    jsonOf: served.jsonOf,
    close: served.close,
    /** Delivers an event; in mode `plan`, where that is given. */
    deliver(
      event: Event,
      { messageId, mode = "apply" }: { messageId?: string; mode?: "plan" | "apply" } = {},
    ) {
      messages += 1;
      const flows = { ...settings.flows, "run-transfer": mode };
      const delivery = { messageId: messageId ?? `message ${messages}` };
      return runTransfer(event, run, delivery, { ...deps, settings: { ...settings, project, flows } });
    },
    moveBy: clock.moveBy,
    now,
    /** The transfer's state; undefined where there is none. */
    state: async (id: string = asked.id): Promise<TransferState | undefined> =>
      (await books.read(`head/transfers/sample/${id}.json`, TransferState))?.value,
    async receipts(): Promise<string[]> {
      return (await served.names("transfers/")).filter((name) => name.endsWith("receipt.json"));
    },
  };
}

async function* only<T>(page: T): AsyncGenerator<T> {
  yield page;
}

/** Gives a worker what it runs on. Each of its calls may be struck. */
export function depsOf({
  struck = (call) => call,
  books,
  machines,
  list,
  publish,
  ...rest
}: Pick<RunTransferDeps, "machines" | "list" | "publish" | "now" | "settings"> & {
  struck?: Struck;
  books: ReturnType<typeof ledger>;
}): RunTransferDeps {
  const records: Ledger & LedgerFiles = {
    create: struck(books.create),
    // A generic function keeps its type only where it is written out.
    read: (name, schema) => struck(() => books.read(name, schema))(),
    swap: struck(books.swap),
    remove: struck(books.remove),
    list: struck(books.list),
    keep: struck(books.keep),
    replace: struck(books.replace),
    bytes: struck(books.bytes),
  };
  const pause = async () => undefined;
  return {
    ...rest,
    ledger: records,
    budgets: budgetStore({ ledger: records, now: rest.now, random: () => 0.5, pause }),
    ground: { subnetwork: struck(async () => "reaches-google" as const) },
    machines: { make: struck(machines.make), list: struck(machines.list), remove: struck(machines.remove) },
    async *list(...given) {
      await struck(async () => undefined)();
      yield* list(...given);
    },
    ranges: struck(async () => [{}]),
    folders: struck(async () => []),
    askSums: struck(async () => new Map()),
    describe: struck(async () => []),
    locate: async ({ kind }) => (kind === "gcs" ? iowa : undefined),
    endUploads: struck(async () => ({ ended: 0, left: 0 })),
    publish: (name, event) => struck(() => publish(name, event))(),
    pause,
    wires: {},
  };
}
