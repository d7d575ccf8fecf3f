// Mocks take any word for a value. So each resource is held, as the body of the request that it becomes, against Google's own
// description of its API; and where that is silent, against what the documentation says.
import { beforeAll, describe, expect, test } from "@jest/globals";
import { deployed } from "../../local/discovery/cut.ts";
import { type Api, discovery } from "../../local/discovery/validate.ts";
import { type Graph, type Resource, settingsWith, stackOf } from "./graph.ts";
import { askedOf } from "./rest.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await stackOf(settingsWith(), { consoleOpen: true });
});

/** Lists what is wrong with a resource. */
function problemsOf(resource: Resource): string[] {
  const asked = askedOf(resource);
  if (asked === undefined) return [];
  const { api, method, params, body } = asked;
  // As it crosses the wire: without what is undefined.
  const sent: unknown = JSON.parse(JSON.stringify(body));
  const { checkRequest } = discovery(api);
  const query = method === "storage.buckets.insert" ? { query: { project: "example-hub-ops" } } : {};
  return checkRequest(method, { params, body: sent, ...query });
}

test("every resource is what Google's description of its API takes", () => {
  expect(graph.resources.flatMap((resource) => problemsOf(resource))).toEqual([]);
});

test("every API that a deployment asks is asked by a resource here", () => {
  const asked = new Set(graph.resources.map((resource) => askedOf(resource)?.method));
  expect([...new Set(Object.values(deployed).flat())].filter((method) => !asked.has(method))).toEqual([]);
  for (const api of Object.keys(deployed) as Api[]) expect(discovery(api).revision).toMatch(/^2026\d{4}$/);
});

describe("a slip that mocks let pass is caught", () => {
  /** The first resource of a type, changed in its JSON. */
  function changed(type: string, from: string, to: string): Resource {
    const resource = graph.resources.find((one) => one.type === type);
    const before = JSON.stringify(resource?.inputs);
    expect(before).toContain(from);
    return { type, name: "changed", inputs: JSON.parse(before.replace(from, to)) };
  }

  test.each([
    [
      "a value that is none of an enum's",
      "cloudfunctionsv2/function:Function",
      '"ALLOW_INTERNAL_ONLY"',
      '"nope"',
      "serviceConfig.ingressSettings must be one of",
    ],
    [
      "a misspelt field, deep inside",
      "pubsub/subscription:Subscription",
      "minimumBackoff",
      "minimumBackof",
      "retryPolicy has the unknown field minimumBackof",
    ],
    [
      "a time in other words",
      "pubsub/subscription:Subscription",
      '"600s"',
      '"10 minutes"',
      "retryPolicy.maximumBackoff must match pattern",
    ],
    [
      "a number as a text",
      "cloudscheduler/job:Job",
      '"retryCount":3',
      '"retryCount":"3"',
      "retryConfig.retryCount must be integer",
    ],
    [
      "a stage that roles don't have",
      "projects/iAMCustomRole:IAMCustomRole",
      '"GA"',
      '"STABLE"',
      "role.stage must be one of",
    ],
    [
      "a comparison that alerts don't have",
      "monitoring/alertPolicy:AlertPolicy",
      "COMPARISON_GT",
      "COMPARISON_MORE",
      "conditions.0.conditionThreshold.comparison must be one of",
    ],
    [
      "a direction that firewalls don't have",
      "compute/firewall:Firewall",
      '"INGRESS"',
      '"IN"',
      "direction must be one of",
    ],
    [
      "a misspelt protection of a bucket",
      "storage/bucket:Bucket",
      "lifecycleRules",
      "lifecycleRule",
      "the body has the unknown field lifecycleRule",
    ],
  ])("%s", (_what, type, from, to, problem) => {
    const buckets = graph.resources.filter((one) => one.name === "ledger");
    const resource =
      type === "storage/bucket:Bucket" && buckets[0] !== undefined
        ? { ...buckets[0], inputs: JSON.parse(JSON.stringify(buckets[0].inputs).replace(from, to)) }
        : changed(type, from, to);
    expect(problemsOf(resource).join("\n")).toContain(problem);
  });
});

/** Fields whose values the description leaves open; the documentation does not. */
test("where the description is silent: runtime, memory, regions of buckets, formats, names", () => {
  const values = (type: string, field: RegExp): string[] => [
    ...new Set(
      graph
        .of(type)
        .flatMap((inputs) => [...JSON.stringify(inputs).matchAll(field)].map(([, value]) => value ?? "")),
    ),
  ];
  // https://cloud.google.com/functions/docs/runtime-support
  expect(values("cloudfunctionsv2/function:Function", /"runtime":"([^"]*)"/g)).toEqual(["nodejs24"]);
  // A whole CPU is what more than one request at a time needs: https://cloud.google.com/run/docs/about-concurrency
  expect(values("cloudfunctionsv2/function:Function", /"availableCpu":"([^"]*)"/g)).toEqual(["1"]);
  expect(values("cloudfunctionsv2/function:Function", /"availableMemory":"([^"]*)"/g)).toEqual(["512Mi"]);
  expect(values("storage/bucket:Bucket", /"location":"([^"]*)"/g)).toEqual(["US-CENTRAL1"]);
  // https://cloud.google.com/storage/docs/managed-folders: a managed folder's name ends in a slash.
  for (const folder of graph.of("storage/managedFolder:ManagedFolder"))
    expect(folder["name"]).toMatch(/^[^/].*\/$/);
  expect(values("storage/notification:Notification", /"payloadFormat":"([^"]*)"/g)).toEqual(["JSON_API_V1"]);
  // https://cloud.google.com/iam/docs/creating-custom-roles: letters, digits, underscores and periods.
  for (const id of values("projects/iAMCustomRole:IAMCustomRole", /"roleId":"([^"]*)"/g))
    expect(id).toMatch(/^[\w.]{3,64}$/);
  // A service's name and the project's number share one part of its address.
  for (const name of values("cloudfunctionsv2/function:Function", /"entryPoint":"([^"]*)"/g))
    expect(`${name}-123456789012`).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
});
