// Compute Engine's REST API as the real @google-cloud/compute speaks it, for the machines of transfers. A machine runs the
// real start-up script as a process group. Every request and answer is held against Google's discovery document; bodies
// that could leave a machine behind are refused.
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { machineIdentity } from "../../shared/functions.ts";
import { discovery } from "../discovery/validate.ts";
import { type FarEnd, failing, offerRoutes, type Served, serveFarEnd } from "../far-end.ts";
import type { Faults } from "../faults.ts";
import type { Identities } from "../identity.ts";
import { metadataFarEnd } from "../metadata/far-end.ts";
import type { MovableClock } from "../movable-clock.ts";
import { violationList } from "../record.ts";
import type { State } from "../state.ts";
import { instanceResource, operationResource, refusalAnswer, refusals } from "./answers.ts";
import { bodyProblem, OurBody } from "./body.ts";
import { computeState, type Instance, newId, type Operation } from "./state.ts";
import { boot, type Guest, killLeftBehind, wipe } from "./vm.ts";

const api = discovery("compute.v1");

/** Real milliseconds between the notice of a preemption and the end; Google gives 30 s. */
const graceMs = 1500;

export type ComputeFarEnd = FarEnd & {
  violations: string[];
  machines: () => {
    name: string;
    zone: string;
    status: string;
    labels: Record<string, string>;
    createdAt: string;
  }[];
  /** Takes a machine away as Google may at any moment; false when there is none of the name. */
  preempt: (name: string) => boolean;
  /** A zone that has no room, or no quota, from now on; without a code it has again. */
  exhaust: (zone: string, code?: string) => void;
  /** How many machines were ever made. */
  made: () => number;
  /** Settled when no machine is there. */
  idle: () => Promise<void>;
  close: () => Promise<void>;
};

export function computeFarEnd(options: {
  state: State;
  identities: Identities;
  faults: Faults;
  clock: MovableClock;
  project: string;
  /** Where the machines' disks are. */
  folder: string;
  /** Where machines find their programs. */
  path: () => Promise<string>;
  graceMs?: number;
  /** Runs a machine instead of its start-up script, without a metadata server: for simulations. */
  runner?: (machine: { name: string; zone: string; attributes: Record<string, string> }) => Guest;
  /** Waits in real time unless a simulation moves its own. */
  after?: (work: () => void, milliseconds: number) => NodeJS.Timeout | undefined;
}): ComputeFarEnd {
  const { identities, faults, clock, project, folder, path, runner, after = setTimeout } = options;
  const book = computeState(options.state);
  const violations = violationList();
  const exhausted = new Map<string, string>();
  const guests = new Map<string, { guest: Guest; metadata: Pick<Served, "close"> }>();
  const doomed = new Map<string, NodeJS.Timeout | undefined>();
  const waiters = new Set<() => void>();
  let closing = false;

  const diskOf = ({ name, id }: Instance): string => join(folder, `${name}-${id}`);
  // Whoever was there before this process began has no power any more.
  for (const instance of book.all()) {
    killLeftBehind(instance.pid, diskOf(instance));
    wipe(diskOf(instance));
    book.drop(instance.id);
  }

  function ended(): void {
    if (book.all().length > 0) return;
    for (const settle of waiters) settle();
    waiters.clear();
  }

  async function start(instance: Instance, operation: Operation): Promise<void> {
    const {
      metadata: { items },
      serviceAccounts,
    } = OurBody.parse(instance.body);
    const attributes = Object.fromEntries(items.map(({ key, value }) => [key, value]));
    const runs = (guest: Guest, metadata: Pick<Served, "close">): void => {
      guests.set(instance.id, { guest, metadata });
      book.set(instance.id, { status: "RUNNING", pid: guest.pid, preempted: 0 });
      book.end(operation.id);
    };
    if (runner !== undefined) {
      const { name, zone } = instance;
      runs(runner({ name, zone, attributes }), { close: async () => undefined });
      return;
    }
    const metadata = await serveFarEnd(
      metadataFarEnd({
        identities,
        faults,
        email: serviceAccounts[0]?.email ?? "",
        project,
        attributes,
        machine: {
          name: instance.name,
          zone: instance.zone,
          isPreempted: () => book.find(instance.zone, instance.name)?.preempted === 1,
        },
      }),
    );
    const programs = await path();
    // It may have been deleted while this was prepared.
    if (closing || book.find(instance.zone, instance.name)?.id !== instance.id) {
      await metadata.close();
      book.end(operation.id);
      return;
    }
    const guest = boot({
      folder: diskOf(instance),
      script: attributes["startup-script"] ?? "",
      metadataHost: `127.0.0.1:${metadata.port}`,
      path: programs,
    });
    runs(guest, metadata);
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
    book.drop(instance.id);
    ended();
  }

  /** Those that have run for longer than they may, by the clock that people move. */
  function enforceLimits(): void {
    for (const instance of book.all()) {
      const { seconds } = OurBody.parse(instance.body).scheduling.maxRunDuration;
      if (clock.now().getTime() - Date.parse(instance.createdAt) > Number(seconds) * 1000) void end(instance);
    }
  }

  const operationNow = (operation: Operation, c: Context): Response => {
    const current = book.operation(operation.zone, operation.name) ?? operation;
    return answer("compute.zoneOperations.wait", operationResource(current, placeOf(c)));
  };
  const placeOf = (c: Context) => ({ origin: new URL(c.req.url).origin, project });

  function answer(methodId: string, body: unknown): Response {
    const problems = api.checkAnswer(methodId, body);
    violations.push(...problems);
    return problems.length === 0
      ? Response.json(body)
      : refusalAnswer({ status: 500, reason: "backendError", message: problems.join("; ") });
  }

  type Entry = { c: Context; email: string; body: unknown };
  const guard =
    (methodId: string, permission: string, act: (entry: Entry) => Promise<Response> | Response) =>
    async (c: Context): Promise<Response> => {
      const text = c.req.method === "POST" ? await c.req.text() : "";
      // The client says nothing as the JSON of an empty string.
      const body: unknown = text === "" || text === '""' ? undefined : jsonOf(text);
      const { project: _, ...query } = c.req.queries();
      const problems = api.checkRequest(methodId, { params: c.req.param(), query: { ...query }, body });
      violations.push(...problems);
      if (problems.length > 0) return refusalAnswer(refusals.invalid(problems.join("; ")));
      const caller = identities.callerOf(c.req.header("authorization"));
      if (caller === undefined) return refusalAnswer(refusals.anonymous());
      const on = resourceOf(permission, c, body);
      if (!identities.may(caller.email, permission, on))
        return refusalAnswer(refusals.forbidden(permission, on));
      enforceLimits();
      return act({ c, email: caller.email, body });
    };

  function resourceOf(permission: string, c: Context, body: unknown): string {
    if (permission === "compute.zoneOperations.get") return `projects/${project}`;
    if (permission === "compute.instances.list") return `projects/${project}/instances/transfer-*`;
    const name = c.req.param("instance") ?? z.object({ name: z.string() }).safeParse(body).data?.name ?? "";
    return `projects/${project}/instances/${name}`;
  }

  function insert({ c, email, body }: Entry): Response {
    const zone = c.req.param("zone") ?? "";
    const requestId = c.req.query("requestId") ?? "";
    // https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert: a request id is acted upon once.
    const before = book.operationOf(requestId);
    if (before !== undefined) return operationNow(before, c);
    const problem = bodyProblem(body, { project, zone, requestId });
    if (problem !== undefined) return refusalAnswer(refusals.invalid(problem));
    const ours = OurBody.parse(body);
    const as = machineIdentity(project);
    if (!identities.may(email, "iam.serviceAccounts.actAs", as))
      return refusalAnswer(refusals.forbidden("iam.serviceAccounts.actAs", as));
    const at = clock.now().toISOString();
    const operation = operationOf("insert", { zone, target: ours.name, requestId, at, user: email });
    if (book.find(zone, ours.name) !== undefined)
      return refusalAnswer(refusals.taken(`projects/${project}/zones/${zone}/instances/${ours.name}`));
    book.begin(operation);
    const code = exhausted.get(zone);
    if (code !== undefined) {
      book.end(operation.id, code);
      return operationNow(operation, c);
    }
    const kept = z.record(z.string(), z.json()).parse(body);
    const instance: Instance = {
      id: newId(),
      zone,
      name: ours.name,
      status: "PROVISIONING",
      createdAt: at,
      body: kept,
      pid: 0,
      preempted: 0,
    };
    book.put(instance);
    void start(instance, operation).catch(() => end(instance));
    return operationNow(operation, c);
  }

  function remove({ c, email }: Entry): Response {
    const [zone, name] = [c.req.param("zone") ?? "", c.req.param("instance") ?? ""];
    const instance = book.find(zone, name);
    if (instance === undefined)
      return refusalAnswer(refusals.missing(`projects/${project}/zones/${zone}/instances/${name}`));
    const at = clock.now().toISOString();
    const requestId = c.req.query("requestId") ?? "";
    const operation = operationOf("delete", { zone, target: name, requestId, at, user: email });
    book.begin(operation);
    book.set(instance.id, { ...instance, status: "STOPPING" });
    // The answer goes out first: it may be the machine itself that asks.
    after(() => void end(instance).then(() => closing || book.end(operation.id)), 50);
    return operationNow(operation, c);
  }

  const app = new Hono();
  app.use(failing("compute", faults));
  const root = "/compute/v1/projects/:project";
  app.post(
    `${root}/zones/:zone/instances`,
    guard("compute.instances.insert", "compute.instances.create", insert),
  );
  app.delete(
    `${root}/zones/:zone/instances/:instance`,
    guard("compute.instances.delete", "compute.instances.delete", remove),
  );
  app.get(
    `${root}/aggregated/instances`,
    guard("compute.instances.aggregatedList", "compute.instances.list", ({ c }) => {
      const wanted = filterOf(c.req.query("filter") ?? "");
      if (wanted === undefined) return refusalAnswer(refusals.invalid("Invalid list filter expression."));
      const zones: Record<string, { instances: unknown[] }> = {};
      for (const instance of book.all()) {
        const labels = OurBody.parse(instance.body).labels;
        if (!Object.entries(wanted).every(([key, value]) => labels[key] === value)) continue;
        const zone = zones[`zones/${instance.zone}`] ?? { instances: [] };
        zone.instances.push(instanceResource(instance, placeOf(c)));
        zones[`zones/${instance.zone}`] = zone;
      }
      return answer("compute.instances.aggregatedList", {
        kind: "compute#instanceAggregatedList",
        id: `projects/${project}/aggregated/instances`,
        items: zones,
      });
    }),
  );
  app.post(
    `${root}/zones/:zone/operations/:operation/wait`,
    guard("compute.zoneOperations.wait", "compute.zoneOperations.get", async ({ c }) => {
      const [zone, name] = [c.req.param("zone") ?? "", c.req.param("operation") ?? ""];
      const find = () => book.operation(zone, name);
      // As long as Google holds it (https://cloud.google.com/compute/docs/reference/rest/v1/zoneOperations/wait).
      const until = Date.now() + 120_000;
      while (find()?.status === "RUNNING" && Date.now() < until && !closing)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const found = closing ? undefined : find();
      return found === undefined ? refusalAnswer(refusals.missing(name)) : operationNow(found, c);
    }),
  );
  offerRoutes("compute", app);
  app.notFound(() => refusalAnswer({ status: 404, reason: "notFound", message: "Not Found" }));

  return {
    fetch: app.fetch,
    violations,
    machines: () =>
      book.all().map(({ name, zone, status, createdAt, body }) => ({
        name,
        zone,
        status,
        createdAt,
        labels: OurBody.parse(body).labels,
      })),
    preempt(name) {
      const found = book.all().find((instance) => instance.name === name && instance.status === "RUNNING");
      if (found === undefined) return false;
      if (doomed.has(found.id)) return true;
      book.set(found.id, { ...found, preempted: 1 });
      doomed.set(
        found.id,
        after(() => void end(found), options.graceMs ?? graceMs),
      );
      return true;
    },
    exhaust(zone, code) {
      if (code === undefined) exhausted.delete(zone);
      else exhausted.set(zone, code);
    },
    made: () =>
      book.operations().filter(({ kind, error }) => kind === "insert" && error === undefined).length,
    idle: () =>
      book.all().length === 0 || closing ? Promise.resolve() : new Promise((resolve) => waiters.add(resolve)),
    async close() {
      closing = true;
      for (const timer of doomed.values()) clearTimeout(timer);
      // The rows stay: the next process finds machines without power, which is a preemption.
      for (const { guest, metadata } of guests.values()) {
        guest.kill();
        await metadata.close();
      }
      for (const settle of waiters) settle();
    },
  };
}

function operationOf(
  kind: "insert" | "delete",
  what: Pick<Operation, "zone" | "target" | "requestId" | "at" | "user">,
): Operation {
  const id = newId();
  return { ...what, id, name: `operation-${id}`, kind, status: "RUNNING", error: undefined };
}

/** `(labels.a = b) (labels.c = d)`, as our client asks; undefined for anything else. */
function filterOf(filter: string): Record<string, string> | undefined {
  if (filter === "") return {};
  const terms = [...filter.matchAll(/\(labels\.([a-z0-9_-]+) = ([a-z0-9_-]*)\)/g)];
  if (terms.map(([whole]) => whole).join(" ") !== filter) return undefined;
  return Object.fromEntries(terms.map(([, key, value]) => [key, value]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
