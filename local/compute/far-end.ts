// Compute Engine's REST API as the real @google-cloud/compute speaks it, for the machines of transfers (machines.ts). Every
// request and answer is held against Google's discovery document; bodies that could leave a machine behind are refused.
import { setTimeout as sleep } from "node:timers/promises";
import { type Context, Hono } from "hono";
import * as z from "zod";
import { machineIdentity } from "../../shared/functions.ts";
import { jsonOf } from "../../shared/json.ts";
import { discovery } from "../discovery/validate.ts";
import { ofEveryCall } from "../discovery/words.ts";
import { violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import { closed, notedFor, unservedWithin, type Vocabulary } from "../wire/vocabulary.ts";
import { instanceResource, operationResource, refusalAnswer, refusals, regionZones } from "./answers.ts";
import { bodyProblem, OurBody, servedBody } from "./body.ts";
import { diskResource, regionResource, subnetworkResource, usualGround } from "./ground.ts";
import { pageOver } from "./listing.ts";
import { hostMachines, type MachinesOptions } from "./machines.ts";
import { unservedValue } from "./parts.ts";
import type { Instance, Operation } from "./state.ts";

const api = discovery("compute.v1");

/**
 * Real milliseconds for which an operation is waited for, as long as Google holds it
 * (https://cloud.google.com/compute/docs/reference/rest/v1/zoneOperations/wait).
 */
const longestWaitMs = 120_000;
const lookEveryMs = 20;

const root = "/compute/v1/projects/:project";
const instances = `${root}/zones/:zone/instances`;
const list = `${root}/aggregated/instances`;
const disks = `${root}/aggregated/disks`;
const page = ["filter", "maxResults", "pageToken"];
const vocabulary: Record<string, Vocabulary> = {
  [`POST ${instances}`]: { query: ["requestId"] },
  [`DELETE ${instances}/:instance`]: { query: ["requestId"] },
  [`GET ${list}`]: { query: page },
  [`GET ${disks}`]: { query: page },
};

export type ComputeFarEnd = FarEnd & { violations: string[] } & Pick<
    ReturnType<typeof hostMachines>,
    "machines" | "preempt" | "exhaust" | "made" | "idle" | "close" | "enforceLimits"
  >;

export function computeFarEnd(options: MachinesOptions): ComputeFarEnd {
  const { identities, faults, project, ground = usualGround } = options;
  const host = hostMachines(options);
  const violations = violationList();
  const noted = notedFor("Compute Engine", violations);

  const notServed = (what: string): Response =>
    refusalAnswer({ status: 501, reason: "notImplemented", message: noted(what) });

  const operationNow = (operation: Operation, c: Context): Response => {
    const current = host.operation(operation.zone, operation.name) ?? operation;
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

  /** A page of what lies in all zones. */
  function listOf(kind: "instances" | "disks", all: Parameters<typeof pageOver>[1], c: Context): Response {
    const { filter, maxResults, pageToken } = c.req.query();
    const found = pageOver(kind, all, { filter, maxResults, pageToken });
    if ("unserved" in found) return notServed(found.unserved);
    if ("invalid" in found) return refusalAnswer(refusals.invalid(found.invalid));
    return answer(`compute.${kind}.aggregatedList`, {
      kind: kind === "instances" ? "compute#instanceAggregatedList" : "compute#diskAggregatedList",
      id: `projects/${project}/aggregated/${kind}`,
      ...found,
    });
  }

  type Entry = { c: Context; email: string; body: unknown };
  const guard =
    (methodId: string, permission: string, act: (entry: Entry) => Promise<Response> | Response) =>
    async (c: Context): Promise<Response> => {
      const text = c.req.method === "POST" ? await c.req.text() : "";
      // The client says nothing as the JSON of an empty string.
      const body: unknown = text === "" || text === '""' ? undefined : jsonOf(text);
      if (body === undefined && text !== "" && text !== '""')
        return refusalAnswer(refusals.invalid("Parse Error"));
      if (body === undefined && methodId === "compute.instances.insert")
        return refusalAnswer(refusals.invalid("Required field 'resource' not specified"));
      const { project: named = [], ...query } = c.req.queries();
      const problems = api.checkRequest(methodId, { params: c.req.param(), query: { ...query }, body });
      violations.push(...problems);
      if (problems.length > 0) return refusalAnswer(refusals.invalid(problems.join("; ")));
      const asked = c.req.param("project") ?? "";
      // Node's client says again in the query what the path says.
      if (named.some((each) => each !== asked)) return notServed("a query word project that the path denies");
      if (asked !== project) return refusalAnswer(refusals.missing(`projects/${asked}`));
      const caller = identities.callerOf(c.req.header("authorization"));
      if (caller === undefined) return refusalAnswer(refusals.anonymous());
      const strange = addressProblem(c);
      if (strange !== undefined) return refusalAnswer(refusals.invalid(strange));
      const on = resourceOf(permission, c, body);
      if (!identities.may(caller.email, permission, on))
        return refusalAnswer(refusals.forbidden(permission, on));
      host.enforceLimits();
      return act({ c, email: caller.email, body });
    };

  function resourceOf(permission: string, c: Context, body: unknown): string {
    if (!permission.startsWith("compute.instances.")) return `projects/${project}`;
    if (permission === "compute.instances.list") return `projects/${project}/instances/transfer-*`;
    const named = c.req.param("instance");
    const name = named === undefined ? nameIn(body) : (host.find(zoneOf(c), named)?.name ?? named);
    return `projects/${project}/instances/${name}`;
  }

  const isThere = (subnetwork: string): boolean =>
    Object.hasOwn(ground.subnetworks, subnetwork.slice(`projects/${project}/`.length));
  const zoneOf = (c: Context): string => c.req.param("zone") ?? "";
  const pathOf = (zone: string, name: string): string =>
    `projects/${project}/zones/${zone}/instances/${name}`;

  /** Answers what was asked before under the same id, which is acted upon once (https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert). */
  function answeredBefore(c: Context, kind: Operation["kind"], target: string): Response | undefined {
    const before = host.operationOf(c.req.query("requestId") ?? "");
    if (before === undefined) return undefined;
    if (before.kind !== kind || before.zone !== zoneOf(c) || before.target !== target)
      return notServed("a request id that another request had");
    return operationNow(host.later(before), c);
  }

  function insert({ c, email, body }: Entry): Response {
    const zone = zoneOf(c);
    const requestId = c.req.query("requestId") ?? "";
    const before = answeredBefore(c, "insert", nameIn(body));
    if (before !== undefined) return before;
    const strange = unservedWithin(body, servedBody);
    if (strange !== undefined) return notServed(`the field ${strange} of compute.instances.insert`);
    const problem = bodyProblem(body, { project, zone });
    if (problem !== undefined) return refusalAnswer(refusals.invalid(problem));
    const value = unservedValue(body, { project, zone });
    if (value !== undefined) return notServed(`this value of ${value} of compute.instances.insert`);
    const as = machineIdentity(project);
    if (!identities.may(email, "iam.serviceAccounts.actAs", as))
      return refusalAnswer(refusals.forbidden("iam.serviceAccounts.actAs", as));
    const { name, networkInterfaces } = OurBody.parse(body);
    const nowhere = networkInterfaces.find(({ subnetwork }) => !isThere(subnetwork));
    if (nowhere !== undefined)
      return refusalAnswer(
        refusals.invalid(
          `Invalid value for field 'resource.networkInterfaces[0].subnetwork': '${nowhere.subnetwork}'. The referenced subnetwork resource cannot be found.`,
        ),
      );
    if (host.find(zone, name) !== undefined) return refusalAnswer(refusals.taken(pathOf(zone, name)));
    return operationNow(host.make(body, { zone, requestId, user: email }), c);
  }

  /** Acts on the machine of the address, if there is one. */
  function onMachine(c: Context, act: (found: Instance) => Response, find = host.find): Response {
    const [zone, name] = [zoneOf(c), c.req.param("instance") ?? ""];
    const found = find(zone, name);
    return found === undefined ? refusalAnswer(refusals.missing(pathOf(zone, name))) : act(found);
  }

  const remove = ({ c, email }: Entry): Response =>
    answeredBefore(c, "delete", c.req.param("instance") ?? "") ??
    onMachine(c, (found) => {
      const requestId = c.req.query("requestId") ?? "";
      return operationNow(host.remove(found, { zone: found.zone, requestId, user: email }), c);
    });

  const app = new Hono();
  app.use(failing("compute", faults));
  app.use(closed(vocabulary, [ofEveryCall, { query: ["project"], type: "json" }], (what) => notServed(what)));
  app.post(instances, guard("compute.instances.insert", "compute.instances.create", insert));
  app.delete(`${instances}/:instance`, guard("compute.instances.delete", "compute.instances.delete", remove));
  app.get(
    `${instances}/:instance`,
    guard("compute.instances.get", "compute.instances.get", ({ c }) =>
      onMachine(
        c,
        (found) => answer("compute.instances.get", instanceResource(found, placeOf(c))),
        host.seenOf,
      ),
    ),
  );
  app.get(
    list,
    guard("compute.instances.aggregatedList", "compute.instances.list", ({ c }) =>
      listOf(
        "instances",
        host.seen().map((found) => ({
          zone: found.zone,
          labels: OurBody.parse(found.body).labels,
          resource: instanceResource(found, placeOf(c)),
        })),
        c,
      ),
    ),
  );
  app.get(
    disks,
    guard("compute.disks.aggregatedList", "compute.disks.list", ({ c }) =>
      listOf(
        "disks",
        host.seen().map((found) => ({
          zone: found.zone,
          labels: OurBody.parse(found.body).disks[0]?.initializeParams.labels ?? {},
          resource: diskResource(found, placeOf(c)),
        })),
        c,
      ),
    ),
  );
  app.get(
    `${root}/regions/:region/subnetworks/:subnetwork`,
    guard("compute.subnetworks.get", "compute.subnetworks.get", ({ c }) => {
      const path = `regions/${c.req.param("region")}/subnetworks/${c.req.param("subnetwork")}`;
      const found = subnetworkResource(path, ground, placeOf(c));
      return found === undefined
        ? refusalAnswer(refusals.missing(`projects/${project}/${path}`))
        : answer("compute.subnetworks.get", found);
    }),
  );
  app.get(
    `${root}/regions/:region`,
    guard("compute.regions.get", "compute.regions.get", ({ c }) => {
      const region = c.req.param("region") ?? "";
      if (!regionZones.some((zone) => zone.startsWith(`${region}-`)))
        return refusalAnswer(refusals.missing(`projects/${project}/regions/${region}`));
      return answer("compute.regions.get", regionResource(region, ground, host.seen(), placeOf(c)));
    }),
  );
  app.post(
    `${root}/zones/:zone/operations/:operation/wait`,
    guard("compute.zoneOperations.wait", "compute.zoneOperations.get", async ({ c }) => {
      const name = c.req.param("operation") ?? "";
      const find = (): Operation | undefined => {
        const found = host.operation(zoneOf(c), name);
        return found && host.later(found);
      };
      const until = Date.now() + longestWaitMs;
      while (find()?.status === "RUNNING" && Date.now() < until && !host.isClosing())
        await sleep(lookEveryMs);
      const found = host.isClosing() ? undefined : find();
      return found === undefined ? refusalAnswer(refusals.missing(name)) : operationNow(found, c);
    }),
  );
  offerRoutes("compute", app);

  const { machines, preempt, exhaust, made, idle, close, enforceLimits } = host;
  return { fetch: app.fetch, violations, machines, preempt, exhaust, made, idle, close, enforceLimits };
}

const nameIn = (body: unknown): string => z.object({ name: z.string() }).safeParse(body).data?.name ?? "";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Says what is wrong with a zone or a request's id, as far as it can be seen. */
function addressProblem(c: Context): string | undefined {
  const zone = c.req.param("zone");
  const requestId = c.req.query("requestId") ?? "";
  if (zone !== undefined && !/^[a-z]+-[a-z]+\d+-[a-z]$/.test(zone))
    return `Invalid value for field 'zone': '${zone}'. Unknown zone.`;
  const isId = requestId === "" || (uuid.test(requestId) && !/^[0-]+$/.test(requestId));
  return isId ? undefined : "Invalid value for field 'requestId': must be a valid UUID.";
}
