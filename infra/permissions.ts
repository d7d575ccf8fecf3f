// Pure: the grants of shared/functions.ts as bindings of roles, each on the narrowest resource that the cloud has. What the
// cloud wants besides, which no far end on a laptop asks for, is listed here with its reason and nowhere else.
import { subnetworksOf } from "../shared/compute/placement.ts";
import { deployedBy } from "../shared/deployed.ts";
import { type FunctionName, identityOf, ledgerBucket, machineIdentity, rowOf } from "../shared/functions.ts";
import { type Grant, grantsOf, machineGrants, machinesOf } from "../shared/grants.ts";
import type { Settings } from "../shared/settings.ts";

/** Roles of our own, for the predefined ones hold more: an id, and what it holds. */
export const roles = {
  groundcrewObjectsList: ["storage.objects.list"],
  groundcrewObjectsRead: ["storage.objects.get", "storage.objects.list"],
  groundcrewObjectsCreate: ["storage.objects.create", "storage.objects.get", "storage.objects.list"],
  groundcrewObjectsChange: [
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
  ],
  groundcrewPublish: ["pubsub.topics.publish"],
  groundcrewSecretRead: ["secretmanager.versions.access"],
  groundcrewInstancesMake: [
    "compute.instances.create",
    // A machine is made with metadata, labels and an identity: https://cloud.google.com/compute/docs/instances/create-start-instance
    "compute.instances.setLabels",
    "compute.instances.setMetadata",
    "compute.instances.setServiceAccount",
  ],
  groundcrewInstancesList: ["compute.instances.list"],
  groundcrewInstancesGet: ["compute.instances.get"],
  groundcrewInstancesDelete: ["compute.instances.delete"],
  // A disk has its machine's labels: https://cloud.google.com/compute/docs/labeling-resources
  groundcrewDisksMake: ["compute.disks.create", "compute.disks.setLabels"],
  groundcrewSubnetworkUse: ["compute.subnetworks.use", "compute.subnetworks.useExternalIp"],
  groundcrewImagesUse: ["compute.images.useReadOnly"],
  groundcrewOperationsGet: ["compute.zoneOperations.get"],
  groundcrewMakingRead: ["compute.subnetworks.get", "compute.zoneOperations.get"],
  groundcrewGroundRead: ["compute.disks.list", "compute.regions.get", "compute.subnetworks.get"],
  groundcrewActAs: ["iam.serviceAccounts.actAs"],
} as const satisfies Record<string, readonly string[]>;
export type RoleId = keyof typeof roles;

export type Place =
  | { kind: "project" }
  | { kind: "topic"; name: string }
  | { kind: "secret"; name: string }
  | { kind: "bucket"; name: string }
  /** A managed folder of the ledger's bucket: rights on it hold for objects whose names begin so, and for listing them. */
  | { kind: "folder"; name: string }
  | { kind: "identity"; email: string }
  | { kind: "subnetwork"; path: string };

export type Condition = { title: string; expression: string };

/** One identity's role on one place. */
export type Binding = { identity: string; role: RoleId; on: Place; condition?: Condition };

/** By name, as nothing else tells our machines from others before they are there. */
const ourMachines: Condition = {
  title: "machines of transfers",
  expression:
    'resource.type == "compute.googleapis.com/Instance" && resource.name.extract("/instances/{name}").startsWith("transfer-")',
};
const ourDisks: Condition = {
  title: "disks of transfers' machines",
  expression:
    'resource.type == "compute.googleapis.com/Disk" && resource.name.extract("/disks/{name}").startsWith("transfer-")',
};

/** Permissions on machines have roles of their own: a list has no name to set a condition on. */
const machineRoles: Record<string, RoleId> = {
  "compute.instances.create": "groundcrewInstancesMake",
  "compute.instances.list": "groundcrewInstancesList",
  "compute.instances.get": "groundcrewInstancesGet",
  "compute.instances.delete": "groundcrewInstancesDelete",
};

/**
 * Every binding of the functions and of the machines. `foreignBuckets` are remotes of other projects, whose owners grant
 * by hand, for a project's own roles hold in it alone.
 */
export function bindingsOf(settings: Settings, foreignBuckets: readonly string[] = []): Binding[] {
  const { project } = settings;
  const { functions, machines, remoteBuckets, replaceableBuckets, secrets, topics } = deployedBy(settings);
  const here = remoteBuckets.filter((bucket) => !foreignBuckets.includes(bucket));
  const there = new Set([
    ...topics.map((topic) => `projects/${project}/topics/${topic}`),
    ...secrets.map((secret) => `projects/${project}/secrets/${secret}`),
  ]);
  const granted = (grants: Grant[]): Grant[] =>
    grants.filter(({ on }) => there.has(on) || !/\/(topics|secrets)\//.test(on));
  return [
    ...functions.flatMap((name) =>
      bindingsFor(name, granted(grantsOf(rowOf(name), project, here)), project, settings),
    ),
    ...(machines
      ? bindingsFor("machine", machineGrants(project, here, replaceableBuckets), project, settings)
      : []),
  ];
}

function bindingsFor(
  who: FunctionName | "machine",
  grants: Grant[],
  project: string,
  settings: Settings,
): Binding[] {
  const identity = who === "machine" ? machineIdentity(project) : identityOf(who, project);
  const onMachines = grants.filter(({ on }) => on === machinesOf(project));
  const others = Map.groupBy(
    grants.filter((grant) => !onMachines.includes(grant)),
    ({ on }) => on,
  );
  return [
    ...[...others].map(([on, some]): Binding => {
      const permissions = some.map(({ permission }) => permission);
      return { identity, role: roleOf(permissions), on: placeOf(on, project) };
    }),
    ...onMachines.map(({ permission }): Binding => {
      const role = machineRoles[permission];
      if (role === undefined) throw new Error(`infra/permissions.ts has no role for ${permission}`);
      const condition = role === "groundcrewInstancesList" ? {} : { condition: ourMachines };
      return { identity, role, on: { kind: "project" }, ...condition };
    }),
    ...(onMachines.some(({ permission }) => permission === "compute.instances.create")
      ? besidesMaking(identity, settings)
      : []),
  ];
}

/** A machine comes with a disk of its name, made from an image, and stands in a network. */
function besidesMaking(identity: string, { project, hubs }: Settings): Binding[] {
  const made = Object.values(hubs).flatMap(({ transfers }) => transfers?.machine ?? []);
  const subnetworks = new Set(made.flatMap(subnetworksOf));
  // An image of another project is public, or its owners let us use it.
  const ownImage = made.some(({ image }) => image.startsWith(`projects/${project}/`));
  return [
    { identity, role: "groundcrewDisksMake", on: { kind: "project" }, condition: ourDisks },
    ...(ownImage ? [{ identity, role: "groundcrewImagesUse", on: { kind: "project" } } as const] : []),
    ...[...subnetworks].map((path): Binding => {
      return { identity, role: "groundcrewSubnetworkUse", on: { kind: "subnetwork", path } };
    }),
  ];
}

function roleOf(permissions: readonly string[]): RoleId {
  const wanted = [...new Set(permissions)].sort().join(" ");
  const found = Object.entries(roles).find(([, held]) => [...held].sort().join(" ") === wanted);
  if (found === undefined) throw new Error(`infra/permissions.ts has no role that holds just: ${wanted}`);
  return found[0] as RoleId;
}

function placeOf(on: string, project: string): Place {
  const [, bucket, prefix = ""] = /^buckets\/([^/]+)\/objects\/(.*)$/.exec(on) ?? [];
  if (bucket !== undefined)
    return bucket === ledgerBucket(project) && prefix !== ""
      ? { kind: "folder", name: prefix }
      : { kind: "bucket", name: bucket };
  const [, kind, name = ""] = /^projects\/[^/]+\/(topics|secrets)\/(.+)$/.exec(on) ?? [];
  if (kind !== undefined) return { kind: kind === "topics" ? "topic" : "secret", name };
  if (on === `projects/${project}`) return { kind: "project" };
  if (on.endsWith(".gserviceaccount.com")) return { kind: "identity", email: on };
  throw new Error(`infra/permissions.ts does not know where ${on} is`);
}
