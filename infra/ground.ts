// Ground that everything stands on: the APIs, the platform's own agents, and the addresses that functions will have.
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { type Deployed, deployedBy } from "../shared/deployed.ts";
import type { FunctionName } from "../shared/functions.ts";
import type { Settings } from "../shared/settings.ts";

export type Ground = {
  settings: Settings;
  deployed: Deployed;
  project: string;
  region: string;
  /** Nothing can be made before the APIs are enabled. */
  after: { dependsOn: pulumi.Resource[] };
  /** Google's own account that delivers messages, and the one that tells of new objects. */
  agents: { pubsub: pulumi.Output<string>; storage: pulumi.Output<string> };
  /**
   * The address that Cloud Run gives a service by its name, known before the service is there: so a function can be told
   * its own, and the audience of its push tokens with it (https://cloud.google.com/run/docs/triggering/https-request).
   */
  addressOf: (name: FunctionName) => pulumi.Output<string>;
};

const always = [
  "artifactregistry",
  "cloudbuild",
  "cloudfunctions",
  "cloudscheduler",
  "gmail",
  "iam",
  "logging",
  "monitoring",
  "pubsub",
  "run",
  "secretmanager",
  "storage",
];

/** The APIs that a stack calls. */
export function apisOf(settings: Settings): string[] {
  const { functions, machines } = deployedBy(settings);
  return [
    ...always,
    ...(functions.includes("sync-members") ? ["drive", "sheets"] : []),
    ...(machines ? ["compute"] : []),
  ].sort();
}

export function ground(settings: Settings, region: string): Ground {
  const { project } = settings;
  const apis = apisOf(settings).map(
    (api) =>
      new gcp.projects.Service(`api-${api}`, {
        project,
        service: `${api}.googleapis.com`,
        // Others in the project may use it.
        disableOnDestroy: false,
      }),
  );
  const after = { dependsOn: apis };
  const pubsub = new gcp.projects.ServiceIdentity(
    "pubsub-agent",
    { project, service: "pubsub.googleapis.com" },
    after,
  );
  const { number } = gcp.organizations.getProjectOutput({ projectId: project });
  return {
    settings,
    deployed: deployedBy(settings),
    project,
    region,
    after,
    agents: {
      pubsub: pubsub.email,
      storage: gcp.storage.getProjectServiceAccountOutput({ project }, after).emailAddress,
    },
    addressOf: (name) => pulumi.interpolate`https://${name}-${number}.${region}.run.app`,
  };
}

/** A member of a policy. */
export const account = (email: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.interpolate`serviceAccount:${email}`;
