// Operations of vendors' whole descriptions, and far ends of ours to send them to, in process. The descriptions lie beside the project,
// where they are at hand.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import * as z from "zod";
import { served as servedByGoogle } from "../../local/discovery/cut.ts";
import { restOperations } from "../../local/github/schema/cut.ts";
import { secretsFarEnd } from "../../local/secrets/far-end.ts";
import { takeViolations } from "../../local/wire/called-routes.ts";
import type { FarEnd } from "../../local/wire/far-end.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { identities } from "../../local/wire/identity.ts";
import { openState } from "../../local/wire/state.ts";
import { computeHarness } from "../local/compute/harness.ts";
import { bare } from "../local/github/bare.ts";
import { harness as googleHarness } from "../local/google/harness.ts";
import { storageHarness } from "../local/storage/harness.ts";
import { randomOf } from "../simulate/random.ts";
import { saySkipped } from "../skipped.ts";

type Parameter = { name: string; value: string };
type Operation = { id: string; method: string; path: string; query: Parameter[] };
export type Vendor = { name: string; farEnd: FarEnd; served: Operation[]; unserved: Operation[] };

const folder = process.env["GROUNDCREW_VENDOR"] ?? join(import.meta.dirname, "../../../shared/vendor");

const Named = z.object({
  location: z.string().optional(),
  type: z.string().default("string"),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
});
const Method = z.object({
  id: z.string(),
  httpMethod: z.string(),
  path: z.string(),
  parameters: z.record(z.string(), Named).default({}),
});
type Resources = {
  methods?: Record<string, z.infer<typeof Method>> | undefined;
  resources?: Record<string, Resources> | undefined;
};
const Resources: z.ZodType<Resources> = z.lazy(() =>
  z.object({
    methods: z.record(z.string(), Method).optional(),
    resources: z.record(z.string(), Resources).optional(),
  }),
);
const Discovery = z.object({
  servicePath: z.string(),
  parameters: z.record(z.string(), Named),
  resources: z.record(z.string(), Resources),
});

const methodsOf = ({ methods = {}, resources = {} }: Resources): z.infer<typeof Method>[] => [
  ...Object.values(methods),
  ...Object.values(resources).flatMap(methodsOf),
];

/** Makes a name of several parts that its pattern takes. */
const wholeName = (pattern: string): string => pattern.replaceAll("[^/]+", "x").replaceAll(/[$^]/g, "");

const exampleOf = ({ type, format = "", enum: names }: z.infer<typeof Named>): string =>
  names?.[0] ??
  (/int/.test(format) ? "1" : undefined) ??
  { integer: "1", number: "1", boolean: "true" }[type] ??
  "x";

function operationsOfGoogle(api: string): Operation[] {
  const { servicePath, parameters, resources } = Discovery.parse(
    JSON.parse(readFileSync(join(folder, "google-discovery", `${api}.json`), "utf8")),
  );
  return Object.values(resources)
    .flatMap(methodsOf)
    .map(({ id, httpMethod, path, parameters: own }) => ({
      id,
      method: httpMethod,
      path: `/${servicePath}${path.replaceAll(/\{(\+?)(\w+)\}/g, (_, whole: string, name: string) => (whole === "" ? "x" : wholeName(own[name]?.pattern ?? "x")))}`,
      query: Object.entries({ ...parameters, ...own })
        .filter(([, { location }]) => location === "query")
        .map(([name, one]) => ({ name, value: exampleOf(one) })),
    }));
}

const Rest = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ parameters: z.array(z.looseObject({})).optional() })),
  ),
  components: z.object({
    parameters: z.record(z.string(), z.looseObject({ name: z.string(), in: z.string() })),
  }),
});

function operationsOfGithub(): Operation[] {
  const { paths, components } = Rest.parse(
    JSON.parse(readFileSync(join(folder, "github", "openapi.json"), "utf8")),
  );
  const resolved = (one: Record<string, unknown>) =>
    typeof one["$ref"] === "string" ? components.parameters[one["$ref"].split("/").at(-1) ?? ""] : one;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      id: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, "1"),
      query: parameters
        .map(resolved)
        .filter((one) => one?.["in"] === "query")
        .map((one) => ({ name: String(one?.["name"]), value: "1" })),
    })),
  );
}

/** The vendors with their far ends; none where their descriptions are not at hand. */
export async function published(test: string): Promise<Vendor[]> {
  if (!existsSync(folder)) {
    saySkipped(test, "the vendors' descriptions are not at hand; GROUNDCREW_VENDOR names their folder");
    return [];
  }
  const [storage, google, compute] = [
    await storageHarness(),
    await googleHarness({ csv: "a\n" }),
    await computeHarness(),
  ];
  afterAll(async () => {
    await storage.close();
    await google[Symbol.asyncDispose]();
    await compute.close();
  });
  const state = openState(":memory:");
  const known = identities({ state, project: "x" });
  const secrets = secretsFarEnd({ identities: known, faults: faultStore(), project: "x", folder: "nowhere" });
  const farEnds: Record<keyof typeof servedByGoogle, FarEnd> = {
    "storage.v1": storage.farEnd,
    "sheets.v4": google.far,
    "drive.v3": google.far,
    "gmail.v1": google.far,
    "secretmanager.v1": secrets,
    "compute.v1": compute.far,
  };
  const there = readdirSync(join(folder, "google-discovery"));
  const ofGoogle = Object.entries(farEnds)
    .filter(([api]) => there.includes(`${api}.json`))
    .map(
      ([api, farEnd]): Vendor =>
        vendorOf(api, farEnd, operationsOfGoogle(api), Object.values(servedByGoogle).flat()),
    );
  return [...ofGoogle, vendorOf("github", bare().farEnd, operationsOfGithub(), restOperations)];
}

const vendorOf = (name: string, farEnd: FarEnd, all: Operation[], served: readonly string[]): Vendor => ({
  name,
  farEnd,
  served: all.filter(({ id }) => served.includes(id) && id !== "storage.objects.insert"),
  unserved: all.filter(({ id }) => !served.includes(id)),
});

async function ask(
  { farEnd }: Vendor,
  { method, path }: Operation,
  query: string,
): Promise<{ status: number; noted: number }> {
  const writes = ["POST", "PUT", "PATCH"].includes(method);
  const request = new Request(`http://far.test${path}${query}`, {
    method,
    headers: { "user-agent": "test", ...(writes && { "content-type": "application/json" }) },
    ...(writes && { body: "{}" }),
  });
  const { status } = await farEnd.fetch(request);
  return { status, noted: takeViolations().filter((each) => /is not served /.test(each)).length };
}

/** Asks an operation with each of its parameters by itself, and gives those that were refused with 501 and a note. */
export async function refusedWords(
  vendor: Vendor,
  operation: Operation,
): Promise<{ all: string[]; refused: string[] }> {
  const refused: string[] = [];
  for (const { name, value } of operation.query) {
    const { status, noted } = await ask(vendor, operation, `?${encodeURIComponent(name)}=${value}`);
    if ((status === 501) !== (noted === 1))
      throw new Error(`${operation.id} ${name}: ${status}, ${noted} notes`);
    if (status === 501) refused.push(name);
  }
  return { all: operation.query.map(({ name }) => name), refused };
}

/** Asks so many of the operations that are not served, drawn by a seed, and names those that were not refused with 501 and a note. */
export async function unservedOf(vendor: Vendor, most: number): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of randomOf(1).shuffled(vendor.unserved).slice(0, most)) {
    const { status, noted } = await ask(vendor, operation, "");
    if (status !== 501 || noted !== 1) wrong.push(`${operation.id}: ${status}, ${noted} notes`);
  }
  return wrong;
}
