// The whole of Groundcrew on one machine: far ends, functions, schedules and console over one sample hub's folder. It keeps
// nothing in memory that matters: kill it at any moment and start it again.

import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { sessionLink } from "../../shared/control.ts";
import type { FunctionName, Row } from "../../shared/functions.ts";
import { Run } from "../../shared/records.ts";
import { type FrontEnd, frontEnd } from "../run/front-end.ts";
import { socketFolder } from "../run/socket-folder.ts";
import { startInspected } from "../run/threads.ts";
import { sheetFiles } from "../sample/files-of-hubs.ts";
import { imageWorld } from "../sample/image-world.ts";
import { memberWorld } from "../sample/member-world.ts";
import { sampleOrganisations } from "../sample/organisation.ts";
import { transferRequests } from "../sample/transfer-requests.ts";
import {
  defaultPeople,
  instanceError,
  makeWorld,
  peopleIn,
  readSettings,
  type WorldFolder,
} from "../sample/world.ts";
import { worldDoor } from "../sample/world-door.ts";
import { takeState } from "../sample/world-state.ts";
import { watchWorld } from "../sample/world-watch.ts";
import { explainDisk } from "../wire/disk.ts";
import { serveFarEnd } from "../wire/far-end.ts";
import { guarded } from "../wire/guarded.ts";
import { type MovableClock, movableClock } from "../wire/movable-clock.ts";
import type { State } from "../wire/state.ts";
import { keepAddress } from "./address.ts";
import { consolePort } from "./console-port.ts";
import { environment } from "./environment.ts";
import { type FarEnds, farEnds } from "./far-ends.ts";
import { functionLog } from "./function-log.ts";
import { lateEvents } from "./late-events.ts";
import { ledgerWindow } from "./ledger-window.ts";
import { finishWork } from "./once.ts";
import { provision } from "./provision.ts";
import { startRetention } from "./retention.ts";
import { runLog } from "./run-log.ts";
import { startFlows, startSchedules, triggersOf } from "./schedules.ts";

export type Instance = {
  /** The address that opens a session with the console. */
  url: string;
  origin: string;
  token: string;
  /** The sample hub's folder. */
  world: string;
  flows: string[];
  /** Sets each flow going once, finishes the work so begun, and gives its runs. */
  runOnce: (options?: { onProgress?: (line: string) => void }) => Promise<Run[]>;
  /** For tests: the far ends, and the clock. */
  farEnds: FarEnds;
  clock: MovableClock;
  /** For tests: the names of stored records that begin so. */
  listed: (prefix: string) => Promise<string[]>;
  close: () => Promise<void>;
};

export type InstanceOptions = {
  world: string;
  /** Number of people that a new sample hub has. */
  people?: number;
  /** The console's port; where it is taken, that is an error. Without one: the usual port, or any that is free. */
  port?: number;
  /** Names that the console is reached by where its port is forwarded: `<host>` or `<host>:<port>`. */
  allowHosts?: readonly string[];
  /** False for a single pass: no console, no schedules, no watching. */
  console: boolean;
  /** A console for one command: nothing is set going by itself, or a plan would find its changes already made. */
  idle?: boolean;
  /** Runs this function in a process that a debugger attaches to. */
  inspect?: FunctionName;
  log: (line: string) => void;
  /** For tests: another table of functions to grant permissions from. */
  rows?: Record<string, Row>;
  /** For tests: address of a store that others wrote, in place of our own for every S3 remote. */
  s3?: string;
};

/** A moment for the browser that was waiting. */
const firstPageMs = 300;

/** Starts it; what the disk does not allow is an explanation. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  try {
    return await begin(options);
  } catch (error) {
    const explanation = explainDisk(error, options.world);
    throw explanation === undefined ? error : instanceError(explanation);
  }
}

async function begin(options: InstanceOptions): Promise<Instance> {
  const world = makeWorld(options.world, options.people ?? defaultPeople, options.log);
  // Closes again what was opened, the last first, where the start fails half-way.
  await using opened = new AsyncDisposableStack();
  const state = takeState(world);
  opened.defer(() => state.close());
  const { runner, ...instance } = await open({ world, state }, options, opened);
  const everything = opened.move();
  return {
    ...instance,
    async close() {
      // The functions end before what they call.
      await runner.close();
      await everything.disposeAsync();
    },
  };
}

async function open(
  { world, state }: { world: WorldFolder; state: State },
  options: InstanceOptions,
  opened: AsyncDisposableStack,
) {
  const settings = readSettings(world);
  const { project } = settings;
  const functions = functionLog(world.log, options.log);
  opened.defer(functions.close);
  const runner: FrontEnd = await frontEnd({
    project,
    env: (name) => environmentOf(name),
    write: functions.write,
    certificates: () => far.certificates(),
    sockets: socketFolder({ keptIn: world.sockets }),
    ...(options.inspect === undefined ? {} : { start: startInspected(options.inspect) }),
  });
  opened.defer(runner.close);
  // A person waits for this one: it loads while the far ends are made.
  if (options.console) runner.load("console");
  const clock = movableClock(world.clock);
  const records = runLog(options.log);
  const far = await farEnds({
    world,
    settings,
    state,
    clock,
    random: Math.random,
    ...(options.rows === undefined ? {} : { rows: options.rows }),
    ...(options.s3 === undefined ? {} : { s3: options.s3 }),
    onRecord: records.written,
  });
  opened.defer(far.close);
  for (const organisation of sampleOrganisations(settings, peopleIn(world))) far.github.seed(organisation);
  const webhook = () => (options.console ? runner.urlOf("github-webhook") : undefined);
  const images = imageWorld({ world, settings, far, webhook, log: options.log });
  const members = memberWorld({ world, settings, far, log: options.log });
  const window = ledgerWindow({ storage: far.storage, identities: far.identities, project });
  records.readFrom((name) => window.read(name, Run));

  const token = far.secrets.consoleToken;
  const { allowHosts = [] } = options;
  const consoleServer = createServer(
    guarded((request, response) => runner.forward("console", request, response), {
      allowHosts,
      hasPages: true,
      hasSessions: true,
    }),
  );
  opened.defer(() => {
    consoleServer.close();
    consoleServer.closeAllConnections();
  });
  const port = options.console ? await consolePort(consoleServer, options.port) : 0;
  const { origin } = new URL(`http://127.0.0.1:${port}`);
  const lively = options.console && options.idle !== true;
  const scheduler = startSchedules(settings, far, { clock, state, enabled: lively });
  opened.defer(scheduler.close);
  const late = lateEvents({ state, clock, publish: far.pubsub.publish, enabled: lively });
  opened.defer(late.close);
  const door = await serveFarEnd(
    worldDoor({
      token,
      clock,
      faults: far.faults,
      weather: far.weather,
      movedMs: () => Math.round(clock.now().getTime() - Date.now()),
      schedules: scheduler.list,
      look: {
        folder: world.root,
        mailbox: world.mailbox,
        slackLog: world.slackLog,
        hubs: sheetFiles(settings, world),
        github: far.github,
        late,
        buckets: world.buckets,
      },
      decidePull: images.decide,
      // A machine at work is work that is not done yet.
      pending: () => far.pubsub.pending() + far.compute.machines().length,
      machines: { list: far.compute.machines, preempt: far.compute.preempt },
    }),
  );
  opened.defer(door.close);
  const environmentOf = (name: FunctionName) =>
    environment(name, {
      world,
      settings,
      far,
      urlOf: runner.urlOf,
      door: door.url,
      token,
      origin,
      allowHosts,
    });
  const requests = transferRequests({
    folder: world.requests,
    settings,
    publish: (payload) => far.pubsub.publish("transfer-request", JSON.stringify(payload)),
    log: options.log,
  });

  // People come first: what waits to be delivered begins once the console has answered.
  await Promise.all([
    provision(far.pubsub, { settings, urlOf: runner.urlOf }),
    options.console && firstAnswer(origin, token),
  ]);
  if (options.console) keepAddress(world, { pid: process.pid, origin, token });
  // People who wait for the page get it before six functions start at once.
  if (lively) await setTimeout(firstPageMs);
  const sweep = startRetention({ window, clock, log: options.log });
  opened.defer(sweep.close);
  images.catchUp();
  far.pubsub.release();
  if (options.idle === true) members.welcome();
  if (lively) {
    const saved = () => {
      // Starts together those that have ended: one after the other they would have a person wait for each.
      runner.warm("sheet-webhook");
      runner.warm("sync-members");
      runner.warm("send-notice");
      return members.saved();
    };
    const watched = { ...members, saved };
    const watching = await watchWorld({
      world,
      settings,
      images,
      members: watched,
      requests,
      log: options.log,
    });
    opened.defer(watching.close);
    await startFlows(settings, far);
    // The first saved file among the homes is to be seen at once, too.
    if (settings.flows["scan-quotas"] !== "off") runner.warm("forward-quota-report");
    // A save while nothing ran is told now.
    void members.saved();
    await requests.all();
  }
  return {
    runner,
    url: sessionLink({ origin, token }),
    origin,
    token,
    world: world.root,
    flows: Object.keys(settings.flows),
    farEnds: far,
    clock,
    listed: async (prefix: string) => (await window.list(prefix)).map(({ name }) => name),
    async runOnce({ onProgress = options.log } = {}) {
      members.welcome();
      const begun = records.begin();
      await Promise.all(
        triggersOf(settings).map(([topic, payload]) => far.pubsub.publish(topic, JSON.stringify(payload))),
      );
      await requests.all();
      await finishWork({ pubsub: far.pubsub, machines: far.compute, window, clock, onProgress });
      return begun();
    },
  };
}

/** Has the console load and read all that its first page needs. */
async function firstAnswer(origin: string, token: string): Promise<void> {
  const answer = await fetch(`${origin}/api/home`, { headers: { authorization: `Bearer ${token}` } });
  await answer.body?.cancel();
}
