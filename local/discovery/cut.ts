// Run by hand: node local/discovery/cut.ts <folder of discovery documents>. Cuts what the far ends serve out of Google's
// discovery documents into schema/. Add a method here before a far end gets a route for it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** Every method of Google's that production or a conformance client calls; the far ends serve these and no others. */
export const served = {
  "storage.v1": [
    "storage.buckets.get",
    "storage.buckets.getStorageLayout",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.insert",
    "storage.objects.list",
  ],
  "sheets.v4": ["sheets.spreadsheets.batchUpdate", "sheets.spreadsheets.get"],
  "drive.v3": ["drive.channels.stop", "drive.files.get", "drive.files.watch"],
  "gmail.v1": ["gmail.users.messages.send"],
  "secretmanager.v1": ["secretmanager.projects.secrets.versions.access"],
  "compute.v1": [
    "compute.instances.aggregatedList",
    "compute.instances.delete",
    "compute.instances.get",
    "compute.instances.insert",
    "compute.disks.aggregatedList",
    "compute.regions.get",
    "compute.subnetworks.get",
    "compute.zoneOperations.wait",
  ],
} as const;

/** Methods of Google's that a deployment calls. No far end serves them: tests hold the program's resources against them. */
export const deployed = {
  "deploy.artifactregistry.v1": ["artifactregistry.projects.locations.repositories.create"],
  "deploy.cloudfunctions.v2": ["cloudfunctions.projects.locations.functions.create"],
  "deploy.cloudresourcemanager.v3": ["cloudresourcemanager.projects.setIamPolicy"],
  "deploy.cloudscheduler.v1": ["cloudscheduler.projects.locations.jobs.create"],
  "deploy.compute.v1": ["compute.firewalls.insert", "compute.networks.insert", "compute.subnetworks.insert"],
  "deploy.iam.v1": ["iam.projects.roles.create", "iam.projects.serviceAccounts.create"],
  "deploy.monitoring.v3": [
    "monitoring.projects.alertPolicies.create",
    "monitoring.projects.notificationChannels.create",
  ],
  "deploy.pubsub.v1": ["pubsub.projects.subscriptions.create", "pubsub.projects.topics.create"],
  "deploy.secretmanager.v1": ["secretmanager.projects.secrets.create"],
  "deploy.storage.v1": [
    "storage.buckets.insert",
    "storage.managedFolders.insert",
    "storage.notifications.insert",
    "storage.objects.insert",
  ],
} as const;

const Json = z.record(z.string(), z.json());
type Json = z.infer<typeof Json>;

const Method = z.object({
  id: z.string(),
  httpMethod: z.string(),
  path: z.string(),
  parameters: z.record(z.string(), Json).default({}),
  request: Json.optional(),
  response: Json.optional(),
  mediaUpload: Json.optional(),
});
type Method = z.infer<typeof Method>;

const Resource = z.object({
  methods: z.record(z.string(), Method).default({}),
  get resources(): z.ZodOptional<z.ZodRecord<z.ZodString, typeof Resource>> {
    return z.record(z.string(), Resource).optional();
  },
});
type Resource = z.infer<typeof Resource>;

const Document = z.object({
  name: z.string(),
  version: z.string(),
  revision: z.string(),
  rootUrl: z.url(),
  parameters: z.record(z.string(), Json),
  schemas: z.record(z.string(), Json),
  resources: z.record(z.string(), Resource),
});

/** Fields that are kept of a schema, by API: a far end refuses the other kinds of a request before it looks at their schemas. */
const keptInPart: Record<string, Record<string, readonly string[]>> = {
  drive: { File: ["trashed"] },
  sheets: { Request: ["updateCells", "updateSheetProperties"], Response: [] },
};

const licence = "Apache-2.0, as published in google-api-python-client";
const wordsOnly = new Set([
  "description",
  "enumDescriptions",
  "enumDeprecated",
  "annotations",
  "deprecated",
  "readOnly",
]);

/** The listed methods of one discovery document, with all that they refer to, without descriptions. */
export function cut(document: unknown, ids: readonly string[]): Record<string, unknown> {
  const { name, version, revision, rootUrl, parameters, schemas, resources } = Document.parse(document);
  const known = new Map(Object.values(resources).flatMap(methodsOf));
  const methods = ids.map((id) => {
    const method = known.get(id);
    if (method === undefined) throw new Error(`${name} ${version} has no method ${id}`);
    return method;
  });
  const needed = new Map<string, Json>();
  const queue = methods.flatMap((method) => referencesIn([method.request, method.response]));
  for (const reference of queue) {
    const whole = schemas[reference];
    if (needed.has(reference)) continue;
    const schema = whole === undefined ? undefined : inPart(whole, keptInPart[name]?.[reference]);
    if (schema === undefined) throw new Error(`${name} ${version} has no schema ${reference}`);
    needed.set(reference, schema);
    queue.push(...referencesIn(schema));
  }
  return {
    source: `${rootUrl}$discovery/rest?version=${version}`,
    licence,
    revision,
    parameters: withoutWords(parameters, true),
    methods: Object.fromEntries(methods.map((method) => [method.id, withoutWords(method)])),
    schemas: Object.fromEntries(
      [...needed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, schema]) => [id, withoutWords(schema)]),
    ),
  };
}

function inPart(schema: Json, names: readonly string[] | undefined): Json {
  if (names === undefined) return schema;
  const all = Object.entries(Json.parse(schema["properties"]));
  return { ...schema, properties: Object.fromEntries(all.filter(([name]) => names.includes(name))) };
}

function methodsOf(resource: Resource): [string, Method][] {
  return [
    ...Object.values(resource.methods).map((method): [string, Method] => [method.id, method]),
    ...Object.values(resource.resources ?? {}).flatMap(methodsOf),
  ];
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : referencesIn(inner),
  );
}

/** A property may itself be called "description": only the keywords of a schema go, never the names that it declares. */
function withoutWords(value: unknown, namesHere = false): unknown {
  if (Array.isArray(value)) return value.map((inner) => withoutWords(inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => namesHere || !wordsOnly.has(key))
      .map(([key, inner]) => [
        key,
        withoutWords(inner, !namesHere && (key === "properties" || key === "parameters")),
      ]),
  );
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined)
    throw new Error("usage: node local/discovery/cut.ts <folder of discovery documents>");
  for (const [api, ids] of Object.entries({ ...served, ...deployed })) {
    const file = `${api.replace("deploy.", "")}.json`;
    const document: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const text = `${JSON.stringify(cut(document, ids), null, 1)}\n`;
    writeFileSync(new URL(`schema/${api}.json`, import.meta.url), text);
  }
}
