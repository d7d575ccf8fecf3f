// Makes the bindings of permissions.ts, each on its resource, and the roles that they need.
import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { ledgerBucket } from "../shared/functions.ts";
import type { Ground } from "./ground.ts";
import { type Identities, labelOf } from "./identities.ts";
import type { Ledger } from "./ledger.ts";
import type { Subnetworks } from "./machines.ts";
import type { Topics } from "./messaging.ts";
import { type Binding, bindingsOf, type RoleId, roles } from "./permissions.ts";

export type Places = {
  ledger: Ledger;
  topics: Topics;
  secrets: ReadonlyMap<string, gcp.secretmanager.Secret>;
  subnetworks: Subnetworks;
};

/** All that the functions and the machines may do, by the identity that may. */
export function grants(
  ground: Ground,
  who: Identities,
  places: Places,
  foreignBuckets: readonly string[],
): Map<string, pulumi.Resource[]> {
  const { project, after } = ground;
  const bindings = bindingsOf(ground.settings, foreignBuckets);
  const custom = new Map<RoleId, gcp.projects.IAMCustomRole>();
  for (const id of new Set(bindings.map(({ role }) => role)))
    custom.set(
      id,
      new gcp.projects.IAMCustomRole(
        id,
        { project, roleId: id, title: id, permissions: [...roles[id]], stage: "GA" },
        after,
      ),
    );
  const roleName = (id: RoleId): pulumi.Input<string> => custom.get(id)?.name ?? id;
  const made = new Map<string, pulumi.Resource[]>();
  for (const binding of bindings) {
    const resource = bind(binding, {
      ground,
      who,
      places,
      role: roleName(binding.role),
      name: `${labelOf(binding.identity)}-${binding.role}-${wordOf(binding)}`,
    });
    made.set(binding.identity, [...(made.get(binding.identity) ?? []), resource]);
  }
  return made;
}

type Making = {
  ground: Ground;
  who: Identities;
  places: Places;
  role: pulumi.Input<string>;
  name: string;
};

function bind(binding: Binding, { ground, who, places, role, name }: Making): pulumi.Resource {
  const { project, after } = ground;
  const { member } = who.of(binding.identity);
  const { on, condition } = binding;
  switch (on.kind) {
    case "project":
      return new gcp.projects.IAMMember(
        name,
        { project, role, member, ...(condition === undefined ? {} : { condition }) },
        after,
      );
    case "topic":
      return new gcp.pubsub.TopicIAMMember(name, {
        project,
        topic: found(places.topics, on.name).name,
        role,
        member,
      });
    case "secret":
      return new gcp.secretmanager.SecretIamMember(name, {
        project,
        secretId: found(places.secrets, on.name).secretId,
        role,
        member,
      });
    case "bucket": {
      const bucket = on.name === ledgerBucket(project) ? places.ledger.bucket.name : on.name;
      return new gcp.storage.BucketIAMMember(name, { bucket, role, member });
    }
    case "folder":
      return new gcp.storage.ManagedFolderIamMember(name, {
        bucket: places.ledger.bucket.name,
        managedFolder: places.ledger.folder(on.name).name,
        role,
        member,
      });
    case "identity":
      return new gcp.serviceaccount.IAMMember(name, {
        serviceAccountId: who.of(on.email).name,
        role,
        member,
      });
    case "subnetwork": {
      const { region, subnetwork: named } = subnetworkOf(on.path);
      const subnetwork = places.subnetworks.get(on.path)?.name ?? named;
      return new gcp.compute.SubnetworkIAMMember(name, { project, region, subnetwork, role, member }, after);
    }
  }
}

/** `regions/<region>/subnetworks/<name>`, as the settings have it. */
export function subnetworkOf(path: string): { region: string; subnetwork: string } {
  const [, region = "", , subnetwork = ""] = path.split("/");
  return { region, subnetwork };
}

/** A place in the name of a resource. */
function wordOf({ on }: Binding): string {
  if (on.kind === "project") return "project";
  if (on.kind === "identity") return labelOf(on.email);
  if (on.kind === "subnetwork") return on.path.replaceAll("/", "-");
  return on.name.replace(/\/$/, "").replaceAll("/", "-");
}

function found<T>(places: ReadonlyMap<string, T>, name: string): T {
  const place = places.get(name);
  if (place === undefined) throw new Error(`${name} is granted, and not made`);
  return place;
}
