// A resource of the graph as Google's REST API is asked for it. Fields are renamed and never picked, so that a misspelt one
// stays in the body and the vendor's description can refuse it.
import * as z from "zod";
import type { Api } from "../../local/discovery/validate.ts";
import { project, type Resource, region } from "./graph.ts";

export type Asked = { api: Api; method: string; params: Record<string, string>; body: unknown };

const Inputs = z.record(z.string(), z.unknown());
type Inputs = z.infer<typeof Inputs>;

/** Without the fields that are part of the path or of the query. */
function without(inputs: Inputs, ...fields: string[]): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !fields.includes(name)));
}

function renamed(inputs: Inputs, names: Record<string, string>): Inputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [names[name] ?? name, value]));
}

const object = (value: unknown): Inputs => Inputs.parse(value);
const list = (value: unknown): Inputs[] => z.array(Inputs).parse(value ?? []);
const word = (value: unknown): string => z.string().parse(value);
const location = `projects/${project}/locations/${region}`;

const asked: Record<string, (inputs: Inputs) => Asked> = {
  "artifactregistry/repository:Repository": (inputs) => ({
    api: "deploy.artifactregistry.v1",
    method: "artifactregistry.projects.locations.repositories.create",
    params: { parent: location },
    body: {
      ...without(inputs, "project", "location", "repositoryId"),
      cleanupPolicies: Object.fromEntries(
        list(inputs["cleanupPolicies"]).map((one) => [word(one["id"]), one]),
      ),
    },
  }),
  "cloudfunctionsv2/function:Function": (inputs) => ({
    api: "deploy.cloudfunctions.v2",
    method: "cloudfunctions.projects.locations.functions.create",
    params: { parent: location },
    body: { ...without(inputs, "project", "location"), name: `${location}/functions/${inputs["name"]}` },
  }),
  "cloudscheduler/job:Job": (inputs) => ({
    api: "deploy.cloudscheduler.v1",
    method: "cloudscheduler.projects.locations.jobs.create",
    params: { parent: location },
    body: { ...without(inputs, "project", "region"), name: `${location}/jobs/${inputs["name"]}` },
  }),
  "compute/firewall:Firewall": (inputs) => ({
    api: "deploy.compute.v1",
    method: "compute.firewalls.insert",
    params: { project: word(inputs["project"]) },
    body: {
      ...renamed(without(inputs, "project"), { denies: "denied", allows: "allowed" }),
      denied: list(inputs["denies"]).map((one) => renamed(one, { protocol: "IPProtocol" })),
    },
  }),
  "compute/network:Network": (inputs) => ({
    api: "deploy.compute.v1",
    method: "compute.networks.insert",
    params: { project: word(inputs["project"]) },
    body: without(inputs, "project"),
  }),
  "compute/subnetwork:Subnetwork": (inputs) => ({
    api: "deploy.compute.v1",
    method: "compute.subnetworks.insert",
    params: { project: word(inputs["project"]), region: word(inputs["region"]) },
    body: without(inputs, "project", "region"),
  }),
  "monitoring/alertPolicy:AlertPolicy": (inputs) => ({
    api: "deploy.monitoring.v3",
    method: "monitoring.projects.alertPolicies.create",
    params: { name: `projects/${inputs["project"]}` },
    body: without(inputs, "project"),
  }),
  "monitoring/notificationChannel:NotificationChannel": (inputs) => ({
    api: "deploy.monitoring.v3",
    method: "monitoring.projects.notificationChannels.create",
    params: { name: `projects/${inputs["project"]}` },
    body: without(inputs, "project"),
  }),
  "projects/iAMCustomRole:IAMCustomRole": (inputs) => ({
    api: "deploy.iam.v1",
    method: "iam.projects.roles.create",
    params: { parent: `projects/${inputs["project"]}` },
    body: {
      roleId: inputs["roleId"],
      role: renamed(without(inputs, "project", "roleId"), { permissions: "includedPermissions" }),
    },
  }),
  "pubsub/subscription:Subscription": (inputs) => ({
    api: "deploy.pubsub.v1",
    method: "pubsub.projects.subscriptions.create",
    params: { name: `projects/${inputs["project"]}/subscriptions/${inputs["name"]}` },
    body: {
      ...without(inputs, "project", "name"),
      // Pulumi's "never" is an empty text; the API's is a policy without a time.
      expirationPolicy: object(inputs["expirationPolicy"])["ttl"] === "" ? {} : inputs["expirationPolicy"],
    },
  }),
  "pubsub/topic:Topic": (inputs) => ({
    api: "deploy.pubsub.v1",
    method: "pubsub.projects.topics.create",
    params: { name: `projects/${inputs["project"]}/topics/${inputs["name"]}` },
    body: without(inputs, "project", "name"),
  }),
  "secretmanager/secret:Secret": (inputs) => ({
    api: "deploy.secretmanager.v1",
    method: "secretmanager.projects.secrets.create",
    params: { parent: `projects/${inputs["project"]}` },
    body: {
      ...without(inputs, "project", "secretId"),
      replication: renamed(object(inputs["replication"]), { auto: "automatic" }),
    },
  }),
  "serviceaccount/account:Account": (inputs) => ({
    api: "deploy.iam.v1",
    method: "iam.projects.serviceAccounts.create",
    params: { name: `projects/${inputs["project"]}` },
    body: { accountId: inputs["accountId"], serviceAccount: without(inputs, "project", "accountId") },
  }),
  "storage/bucket:Bucket": bucket,
  "storage/bucketObject:BucketObject": (inputs) => ({
    api: "deploy.storage.v1",
    method: "storage.objects.insert",
    params: { bucket: word(inputs["bucket"]) },
    body: without(inputs, "source"),
  }),
  "storage/managedFolder:ManagedFolder": (inputs) => ({
    api: "deploy.storage.v1",
    method: "storage.managedFolders.insert",
    params: { bucket: word(inputs["bucket"]) },
    body: inputs,
  }),
  "storage/notification:Notification": (inputs) => ({
    api: "deploy.storage.v1",
    method: "storage.notifications.insert",
    params: { bucket: word(inputs["bucket"]) },
    body: renamed(without(inputs, "bucket"), {
      eventTypes: "event_types",
      objectNamePrefix: "object_name_prefix",
      payloadFormat: "payload_format",
    }),
  }),
};

function bucket(inputs: Inputs): Asked {
  const { uniformBucketLevelAccess: enabled, publicAccessPrevention } = inputs;
  const softDelete = inputs["softDeletePolicy"];
  const rules = list(inputs["lifecycleRules"]).map((rule) => ({
    ...rule,
    condition: renamed(object(rule["condition"]), { matchesPrefixes: "matchesPrefix" }),
  }));
  return {
    api: "deploy.storage.v1",
    method: "storage.buckets.insert",
    params: {},
    body: {
      ...without(
        inputs,
        "project",
        "uniformBucketLevelAccess",
        "publicAccessPrevention",
        "softDeletePolicy",
        "lifecycleRules",
        "forceDestroy",
      ),
      iamConfiguration: { uniformBucketLevelAccess: { enabled }, publicAccessPrevention },
      ...(softDelete === undefined ? {} : { softDeletePolicy: seconds(object(softDelete)) }),
      lifecycle: { rule: rules },
    },
  };
}

const seconds = (policy: Inputs): Inputs => ({
  ...policy,
  retentionDurationSeconds: String(policy["retentionDurationSeconds"]),
});

/** Resources with no body worth checking: an API that is switched on, and the name of Google's own agent. */
const bodiless = new Set(["projects/service:Service", "projects/serviceIdentity:ServiceIdentity"]);

/** Gives what the API is asked for; undefined if there is nothing to check. */
export function askedOf({ type, inputs }: Resource): Asked | undefined {
  if (bodiless.has(type)) return undefined;
  if (/iammember$/i.test(type)) {
    const { role, member, condition } = inputs;
    return {
      api: "deploy.cloudresourcemanager.v3",
      method: "cloudresourcemanager.projects.setIamPolicy",
      params: { resource: `projects/${project}` },
      body: { policy: { version: 3, bindings: [{ role, members: [member], condition }] } },
    };
  }
  const make = asked[type];
  if (make === undefined) throw new Error(`test/infra/rest.ts does not know how ${type} is asked for`);
  return make(inputs);
}
