// The whole program under Pulumi's mocks: every resource that it asks for, with plain values, as one list.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { StackOptions } from "../../infra/stack.ts";
import { Settings } from "../../shared/settings.ts";

export const project = "example-hub-ops";
export const region = "us-central1";
const projectNumber = "123456789012";
/** Gives the address at which Cloud Run serves a function. */
export const addressOf = (name: string): string => `https://${name}-${projectNumber}.${region}.run.app`;

export type Resource = { type: string; name: string; inputs: Record<string, unknown> };

export type Graph = {
  resources: Resource[];
  /** The inputs of every resource of a type, such as `pubsub/topic:Topic`; throws where there is none, for then nothing is tested. */
  of: (type: string) => Record<string, unknown>[];
  outputs: Record<string, string>;
};

/** Settings with all that a hub can have; each test takes away what it is about. */
export function settingsWith(
  change: { flows?: Partial<Settings["flows"]>; hubs?: readonly string[]; project?: string } = {},
): Settings {
  const hub = (name: string) => ({
    organisation: "example-hub",
    url: `https://${name}.example.org`,
    members: { spreadsheet: "1ExampleSpreadsheetId", tiers: { Public: "public-access" } },
    images: { upstream: "example/infrastructure", files: "config/clusters/example/*.values.yaml" },
    quota: { scheme: "legacy", advice: "25 GB", limit: "50 GB" },
    transfers: {
      remotes: {
        ours: { kind: "gcs", bucket: `${name}-ours` },
        theirs: { kind: "gcs", bucket: `${name}-theirs` },
        pod: { kind: "s3", bucket: "pod", endpoint: "https://pod.example.org" },
      },
      prices: { asOf: "2026-11-01" },
    },
  });
  return Settings.parse({
    project: change.project ?? project,
    name: "Example hub",
    team: {
      mail: ["crew@example.org", "second@example.org"],
      sender: "hub@example.org",
      slack: { channel: "C0EXAMPLE1" },
    },
    github: { appId: 123456 },
    flows: {
      "sync-members": "plan",
      "scan-quotas": "plan",
      "bump-image": "apply",
      "run-transfer": "apply",
      ...change.flows,
    },
    hubs: Object.fromEntries((change.hubs ?? ["prod"]).map((name) => [name, hub(name)])),
  });
}

const bytesOf = (name: string) => Buffer.from(`an archive of ${name}`);

/** Has a program make its resources; Google's own answers are made up here. */
export async function graphOf(program: () => Promise<Record<string, pulumi.Output<string>>>): Promise<Graph> {
  const resources: Resource[] = [];
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs }) {
      resources.push({ type: type.replace(/^gcp:/, ""), name, inputs });
      return { id: idOf(type, inputs) ?? `${name}-id`, state: { ...inputs, ...computed(type, inputs) } };
    },
    call({ token, inputs }) {
      if (token === "gcp:organizations/getProject:getProject") return { ...inputs, number: projectNumber };
      if (token === "gcp:storage/getProjectServiceAccount:getProjectServiceAccount")
        return { emailAddress: `service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com` };
      if (token === "gcp:compute/getSubnetwork:getSubnetwork")
        return {
          network: `https://www.googleapis.com/compute/v1/projects/${project}/global/networks/default`,
        };
      throw new Error(`the program asks for ${token}, which this test does not know`);
    },
  });
  // Pulumi keeps a stack for each of its promises, which is most of what a run costs.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await collect(program, resources);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function collect(
  program: () => Promise<Record<string, pulumi.Output<string>>>,
  resources: Resource[],
): Promise<Graph> {
  const outputs = await program();
  const plain = Object.entries(outputs).map(
    ([name, output]) => new Promise<[string, string]>((done) => output.apply((value) => done([name, value]))),
  );
  const known = Object.fromEntries(await Promise.all(plain));
  await pulumi.runtime.disconnect();
  // They come as their inputs are known, which differs from run to run.
  resources.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
  return {
    resources,
    of(type) {
      const found = resources.filter((one) => one.type === type).map(({ inputs }) => inputs);
      if (found.length === 0) throw new Error(`no resource is a ${type}`);
      return found;
    },
    outputs: known,
  };
}

/** The graph of a stack, with stand-ins for the archives. */
export async function stackOf(
  settings: Settings,
  change: Partial<Pick<StackOptions, "region" | "foreignBuckets" | "consoleOpen">> = {},
): Promise<Graph> {
  const { stack } = await import("../../infra/stack.ts");
  const archiveFolder = mkdtempSync(join(tmpdir(), "archives-"));
  try {
    return await graphOf(() =>
      stack({
        settings,
        region,
        archiveFolder,
        releaseOf: async ({ version }) => `/releases/${version}.zip`,
        archiveOf: async (name) => ({
          bytes: bytesOf(name),
          sha256: createHash("sha256").update(bytesOf(name)).digest("hex"),
        }),
        ...change,
      }),
    );
  } finally {
    rmSync(archiveFolder, { recursive: true });
  }
}

const Named = z.looseObject({
  accountId: z.string().optional(),
  project: z.string().optional(),
  name: z.string().optional(),
  roleId: z.string().optional(),
  repositoryId: z.string().optional(),
  location: z.string().optional(),
  service: z.string().optional(),
});

/** Gives what the cloud would tell of a new resource. */
function computed(type: string, inputs: unknown): Record<string, unknown> {
  const { accountId, project: of = "", roleId, service } = Named.parse(inputs);
  const email = `${accountId}@${of}.iam.gserviceaccount.com`;
  switch (type) {
    case "gcp:serviceaccount/account:Account":
      return { email, member: `serviceAccount:${email}`, name: `projects/${of}/serviceAccounts/${email}` };
    case "gcp:projects/iAMCustomRole:IAMCustomRole":
      return { name: `projects/${of}/roles/${roleId}` };
    case "gcp:projects/serviceIdentity:ServiceIdentity":
      return { email: `service-${projectNumber}@gcp-sa-${service?.split(".")[0]}.iam.gserviceaccount.com` };
    default:
      return {};
  }
}

/** Ids that other resources take. */
function idOf(type: string, inputs: unknown): string | undefined {
  const { project: of, name, location, repositoryId } = Named.parse(inputs);
  if (type === "gcp:pubsub/topic:Topic") return `projects/${of}/topics/${name}`;
  if (type === "gcp:artifactregistry/repository:Repository")
    return `projects/${of}/locations/${location}/repositories/${repositoryId}`;
  return undefined;
}
