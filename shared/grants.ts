// Rights of each identity, spelt out from its row in the vendor's words. Pulumi grants just these, and
// the far ends answer 403 to everything else.
import {
  type GroundPart,
  ledgerBucket,
  type MachineVerb,
  machineIdentity,
  mayPublish,
  type Row,
} from "./functions.ts";

/** A permission in the vendor's words, on one resource (a bucket's grants end in a prefix of object names). */
export type Grant = { permission: string; on: string };

const may = {
  read: ["storage.objects.get", "storage.objects.list"],
  create: ["storage.objects.get", "storage.objects.list", "storage.objects.create"],
  change: ["storage.objects.get", "storage.objects.list", "storage.objects.create", "storage.objects.delete"],
} as const;

const machineVerbs: Record<MachineVerb, readonly string[]> = {
  make: ["compute.instances.create"],
  look: ["compute.instances.list", "compute.instances.get"],
  delete: ["compute.instances.delete"],
};

const ground: Record<GroundPart, string> = {
  disks: "compute.disks.list",
  quotas: "compute.regions.get",
  subnetworks: "compute.subnetworks.get",
};

/** Every machine of ours, in a condition on the name; a trailing * stands for any end. */
export const machinesOf = (project: string): string => `projects/${project}/instances/transfer-*`;

/**
 * Lists what a machine may do: copy between the remotes, fetch its tools, leave reports, delete itself. `buckets` are the Google-shaped
 * remotes', and `replaceable` those of them in which objects may be lost.
 */
export function machineGrants(
  project: string,
  buckets: readonly string[],
  replaceable: readonly string[] = [],
): Grant[] {
  return [
    { permission: "compute.instances.delete", on: machinesOf(project) },
    { permission: "secretmanager.versions.access", on: `projects/${project}/secrets/transfer-keys` },
    ...may.create.map((permission) => ({
      permission,
      on: `buckets/${ledgerBucket(project)}/objects/transfers/`,
    })),
    // A machine takes a list by its lease, which it replaces when it has ended, or when another one let it lie.
    ...may.change.map((permission) => ({
      permission,
      on: `buckets/${ledgerBucket(project)}/objects/leases/`,
    })),
    ...may.read.map((permission) => ({ permission, on: `buckets/${ledgerBucket(project)}/objects/tools/` })),
    ...buckets.flatMap((bucket) =>
      may[replaceable.includes(bucket) ? "change" : "create"].map((permission) => ({
        permission,
        on: `buckets/${bucket}/objects/`,
      })),
    ),
  ];
}

/** Everything a function's identity may do, spelt out; what is not here is refused. */
export function grantsOf(row: Row, project: string, remoteBuckets: readonly string[] = []): Grant[] {
  const machines = row.machines ?? [];
  return [
    ...machines.flatMap((verb) =>
      machineVerbs[verb].map((permission) => ({ permission, on: machinesOf(project) })),
    ),
    ...(row.ground ?? []).map((what) => ({ permission: ground[what], on: `projects/${project}` })),
    // Reading an operation, for whoever starts one, and giving a machine its identity.
    ...(machines.includes("delete")
      ? [{ permission: "compute.zoneOperations.get", on: `projects/${project}` }]
      : []),
    ...(machines.includes("make")
      ? [{ permission: "iam.serviceAccounts.actAs", on: machineIdentity(project) }]
      : []),
    ...(row.listsRemotes === true
      ? remoteBuckets.map((bucket) => ({
          permission: "storage.objects.list",
          on: `buckets/${bucket}/objects/`,
        }))
      : []),
    ...mayPublish(row).map((topic) => ({
      permission: "pubsub.topics.publish",
      on: `projects/${project}/topics/${topic}`,
    })),
    ...row.secrets.map((name) => ({
      permission: "secretmanager.versions.access",
      on: `projects/${project}/secrets/${name}`,
    })),
    ...row.ledger.flatMap(({ prefix, may: verb }) =>
      may[verb].map((permission) => ({
        permission,
        on: `buckets/${ledgerBucket(project)}/objects/${prefix}`,
      })),
    ),
  ];
}
