// Reads a graph the way the cloud would: who may do what, where. Roles of our own are opened by what the graph says they
// hold; the few predefined ones by hand.
import * as z from "zod";
import { ledgerBucket } from "../../shared/functions.ts";
import { machinesOf } from "../../shared/grants.ts";
import type { Graph } from "./graph.ts";

/** `on` is spelt as in shared/functions.ts. */
export type Right = { who: string; permission: string; on: string; condition?: string };

/** Permissions of the predefined roles that the program may use, as Google's reference of roles lists them (wide ones by their name). */
const predefined: Record<string, readonly string[]> = {
  "roles/run.invoker": ["run.routes.invoke"],
  "roles/run.servicesInvoker": ["run.routes.invoke"],
  "roles/pubsub.publisher": ["pubsub.topics.publish"],
  "roles/pubsub.subscriber": ["pubsub.subscriptions.consume"],
  "roles/iam.serviceAccountOpenIdTokenCreator": ["iam.serviceAccounts.getOpenIdToken"],
  "roles/logging.logWriter": ["logging.logEntries.create"],
  "roles/storage.objectViewer": ["storage.objects.get", "storage.objects.list"],
  "roles/artifactregistry.writer": ["artifactregistry.writer"],
};

const Role = z.object({ name: z.string().optional(), roleId: z.string(), permissions: z.array(z.string()) });
const Binding = z.looseObject({
  role: z.string(),
  member: z.string(),
  condition: z.object({ expression: z.string() }).optional(),
  project: z.string().optional(),
  topic: z.string().optional(),
  subscription: z.string().optional(),
  secretId: z.string().optional(),
  bucket: z.string().optional(),
  managedFolder: z.string().optional(),
  serviceAccountId: z.string().optional(),
  subnetwork: z.string().optional(),
  repository: z.string().optional(),
  location: z.string().optional(),
  name: z.string().optional(),
});
type Binding = z.infer<typeof Binding>;

export function rightsIn(graph: Graph, project: string): Right[] {
  const custom = new Map(
    graph.of("projects/iAMCustomRole:IAMCustomRole").map((inputs): [string, readonly string[]] => {
      const { roleId, permissions } = Role.parse(inputs);
      return [`projects/${project}/roles/${roleId}`, permissions];
    }),
  );
  return graph.resources
    .filter(({ type }) => /iam(member|binding|policy)$/i.test(type))
    .flatMap(({ type, inputs }) => {
      const binding = Binding.parse(inputs);
      const permissions = custom.get(binding.role) ?? predefined[binding.role];
      if (permissions === undefined) throw new Error(`${binding.role} is a role that nobody has looked at`);
      const { expression } = binding.condition ?? {};
      return permissions.map((permission) => ({
        who: binding.member.replace(/^serviceAccount:/, ""),
        permission,
        on: placeOf(type, binding, project),
        ...(expression === undefined ? {} : { condition: expression }),
      }));
    });
}

function placeOf(type: string, binding: Binding, project: string): string {
  const { bucket, managedFolder, condition } = binding;
  const kind = type.split("/")[0];
  if (managedFolder !== undefined) return `buckets/${bucket}/objects/${managedFolder}`;
  if (bucket !== undefined) return `buckets/${bucket}/objects/`;
  if (binding.topic !== undefined) return `projects/${project}/topics/${binding.topic}`;
  if (binding.subscription !== undefined) return `projects/${project}/subscriptions/${binding.subscription}`;
  if (binding.secretId !== undefined) return `projects/${project}/secrets/${binding.secretId}`;
  if (binding.serviceAccountId !== undefined) return binding.serviceAccountId.split("/").at(-1) ?? "";
  if (binding.subnetwork !== undefined) return `subnetworks/${binding.subnetwork}`;
  if (binding.repository !== undefined) return `repositories/${binding.repository}`;
  if (kind === "cloudrunv2") return `services/${binding.name}`;
  if (kind !== "projects") throw new Error(`${type} binds a role where this test does not look`);
  return condition?.expression.includes('extract("/instances/{name}").startsWith("transfer-")') === true
    ? machinesOf(project)
    : `projects/${project}`;
}

/** Names for sets of permissions on objects; any other set is spelt out. */
const verbs: Record<string, string> = {
  list: "list",
  "get list": "read",
  "create get list": "create",
  "create delete get list": "change",
};

/** One identity's rights in a few lines: what, and in short where. */
export function tableOf(rights: readonly Right[], who: string, project: string): string[] {
  const short = (on: string): string =>
    on
      .replace(`buckets/${ledgerBucket(project)}/objects/`, "ledger:")
      .replace(/^buckets\/(.*)\/objects\/$/, "bucket:$1")
      .replace(/^projects\/[^/]+\/(?:topics|secrets|subscriptions|instances)\//, "")
      .replace(/^(?:services|subnetworks|repositories)\//, "")
      .replace(/^projects\/[^/]+$/, "project")
      .replace(/@.*/, "");
  const own = rights.filter((right) => right.who === who);
  const object = "storage.objects.";
  const onObjects = Map.groupBy(
    own.filter(({ permission }) => permission.startsWith(object)),
    ({ on }) => on,
  );
  const lines = [
    ...own.filter(({ permission }) => !permission.startsWith(object)),
    ...[...onObjects].map(([on, some]) => {
      const held = some.map(({ permission }) => permission.slice(object.length)).sort();
      return { permission: `objects ${verbs[held.join(" ")] ?? held.join(" ")}`, on };
    }),
  ];
  return [...Map.groupBy(lines, ({ permission }) => permission)]
    .map(
      ([permission, some]) =>
        `${permission}: ${some
          .map(({ on }) => short(on))
          .sort()
          .join(" ")}`,
    )
    .sort();
}
