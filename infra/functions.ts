// The functions: archives named by their content, so that a deployment touches what changed; each with its own identity and
// only its own surroundings; doors open to all, workers to the push identity alone.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { type FunctionName, identityOf, pushIdentity, rowOf } from "../shared/functions.ts";
import type { Settings } from "../shared/settings.ts";
import type { Archive } from "./bundles/archive.ts";
import type { Ground } from "./ground.ts";
import { type Identities, letBuild } from "./identities.ts";

export type Making = {
  who: Identities;
  archives: ReadonlyMap<FunctionName, Archive>;
  /** Folder where archives are written for the upload. */
  folder: string;
  grants: ReadonlyMap<string, pulumi.Resource[]>;
  /** Says whether the console's token has a value; without it the console is there and lets nobody in. */
  consoleOpen: boolean;
};

/** Cloud Run takes no larger variable. */
const maximumVariableBytes = 32_768;

/** Gives, for each function, what must be there before it can be called. */
export function functions(ground: Ground, making: Making): Map<FunctionName, pulumi.Resource[]> {
  const { project, region, after, deployed } = ground;
  const archives = new gcp.storage.Bucket(
    "archives",
    {
      project,
      name: `${project}-functions`,
      location: region.toUpperCase(),
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      forceDestroy: true,
    },
    after,
  );
  const images = new gcp.artifactregistry.Repository(
    "images",
    {
      project,
      location: region,
      repositoryId: "groundcrew",
      format: "DOCKER",
      cleanupPolicies: [
        { id: "newest", action: "KEEP", mostRecentVersions: { keepCount: 3 } },
        { id: "old", action: "DELETE", condition: { olderThan: "2592000s", tagState: "ANY" } },
      ],
    },
    after,
  );
  const build = letBuild(ground, making.who.builder, { archives, images });
  mkdirSync(making.folder, { recursive: true });
  return new Map(
    deployed.functions.map((name) => [name, deploy(name, ground, making, { archives, images, build })]),
  );
}

type Yard = {
  archives: gcp.storage.Bucket;
  images: gcp.artifactregistry.Repository;
  build: pulumi.Resource[];
};

function deploy(name: FunctionName, ground: Ground, making: Making, yard: Yard): pulumi.Resource[] {
  const { project, region } = ground;
  const row = rowOf(name);
  const identity = making.who.of(identityOf(name, project));
  const deployed = new gcp.cloudfunctionsv2.Function(
    name,
    {
      project,
      location: region,
      name,
      description:
        row.kind === "door" ? "A door of Groundcrew" : `A worker of Groundcrew: hears ${row.hears}`,
      buildConfig: {
        runtime: "nodejs24",
        entryPoint: name,
        serviceAccount: making.who.builder.name,
        dockerRepository: yard.images.id,
        source: {
          storageSource: { bucket: yard.archives.name, object: upload(name, making, yard.archives).name },
        },
      },
      serviceConfig: {
        serviceAccountEmail: identity.email,
        timeoutSeconds: row.timeoutSeconds,
        availableMemory: "512Mi",
        availableCpu: "1",
        maxInstanceCount: row.instances,
        maxInstanceRequestConcurrency: row.concurrency,
        // Pushes of Pub/Sub count as internal (https://cloud.google.com/run/docs/securing/ingress).
        ingressSettings: row.kind === "door" ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY",
        allTrafficOnLatestRevision: true,
        environmentVariables: surroundings(name, ground, making.consoleOpen),
        secretEnvironmentVariables: secretSurroundings(name, project, making.consoleOpen),
      },
    },
    { dependsOn: [...(making.grants.get(identityOf(name, project)) ?? []), ...yard.build] },
  );
  const invoker = new gcp.cloudrunv2.ServiceIamMember(`invoke-${name}`, {
    project,
    location: region,
    name: deployed.name,
    ...(row.kind === "door"
      ? { role: "roles/run.invoker", member: "allUsers" }
      : { role: "roles/run.servicesInvoker", member: making.who.of(pushIdentity(project)).member }),
  });
  return [deployed, invoker];
}

function upload(
  name: FunctionName,
  { archives, folder }: Making,
  bucket: gcp.storage.Bucket,
): gcp.storage.BucketObject {
  const archive = archives.get(name);
  if (archive === undefined) throw new Error(`${name} has no archive`);
  const file = `${name}-${archive.sha256.slice(0, 16)}.zip`;
  const path = join(folder, file);
  writeFileSync(path, archive.bytes);
  return new gcp.storage.BucketObject(`archive-${name}`, {
    bucket: bucket.name,
    name: `functions/${file}`,
    contentType: "application/zip",
    source: new pulumi.asset.FileAsset(path),
  });
}

/** The settings as every function is given them; refused where they are too large for that. */
export function textOf(settings: Settings): string {
  const text = JSON.stringify(settings);
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumVariableBytes)
    throw new Error(
      `the settings are too large for a function's environment: they have ${bytes} bytes, and Cloud Run takes ${maximumVariableBytes}; divide the hubs among two stacks`,
    );
  return text;
}

/** Gives the variables of a function: the same that the sample hub sets. */
function surroundings(
  name: FunctionName,
  { project, settings, addressOf }: Ground,
  consoleOpen: boolean,
): Record<string, pulumi.Input<string>> {
  return {
    NODE_ENV: "production",
    GOOGLE_CLOUD_PROJECT: project,
    GROUNDCREW_SETTINGS: textOf(settings),
    ...(rowOf(name).kind === "worker" ? { GROUNDCREW_AUDIENCE: addressOf(name) } : {}),
    ...(name === "renew-watch" ? { GROUNDCREW_SHEET_WEBHOOK: addressOf("sheet-webhook") } : {}),
    ...(name === "console" && consoleOpen ? { GROUNDCREW_CONSOLE_ORIGIN: addressOf("console") } : {}),
  };
}

/** By reference: the value stays in Secret Manager, and each start of an instance reads the newest. */
function secretSurroundings(name: FunctionName, project: string, consoleOpen: boolean) {
  if (name !== "console" || !consoleOpen) return [];
  return rowOf(name).secrets.map((secret) => ({
    key: "GROUNDCREW_CONSOLE_TOKEN",
    projectId: project,
    secret,
    version: "latest",
  }));
}
