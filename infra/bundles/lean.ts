// An esbuild plugin that leaves out of a bundle what libraries load and nobody uses here. Each rule counts the files that
// it matched, and says how many it must match: after an update of a client it fails the build instead of doing nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin, PluginBuild } from "esbuild";
import { reachable } from "./protos.ts";

/** Client that an import path leads into; a function's bundle has some of them, or none. */
export type Client = "pubsub" | "gax" | "compute" | "zod" | "yaml";

export type RuleName =
  | "pubsub-static-classes"
  | "gax-static-classes"
  | "compute-protos"
  | "compute-without-grpc"
  | "zod-languages"
  | "yaml-where-used";

type Rule = {
  name: RuleName;
  /** Client that the rule is for. The rule must match so many times, or more often, where the bundle holds it. */
  where: Client;
  times: number;
  what: string;
  install: (build: PluginBuild, hit: () => void) => void;
};

/** Files under node_modules, on any system. */
const file = (path: string): RegExp =>
  new RegExp(`[\\\\/]node_modules[\\\\/]${path.replaceAll("/", "[\\\\/]")}$`);

function replaced(filter: RegExp, contents: string): Rule["install"] {
  return (build, hit) =>
    build.onLoad({ filter }, () => {
      hit();
      return { contents, loader: "js" };
    });
}

const emptied = (filter: RegExp): Rule["install"] => replaced(filter, "module.exports = {};");

const rules: readonly Rule[] = [
  {
    name: "pubsub-static-classes",
    where: "pubsub",
    times: 2,
    what: "protos.js of @google-cloud/pubsub and @google-cloud/pubsub-api: classes that are only re-exported",
    install: emptied(file("@google-cloud/pubsub(-api)?/build/protos/protos\\.js")),
  },
  {
    name: "gax-static-classes",
    where: "gax",
    times: 2,
    what: "iam_service.js and locations.js of google-gax: classes that are only re-exported",
    install: emptied(file("google-gax/build/protos/(iam_service|locations)\\.js")),
  },
  {
    name: "compute-protos",
    where: "compute",
    times: 1,
    what: "protos.json of @google-cloud/compute, of which two services are used",
    install: (build, hit) =>
      build.onLoad({ filter: file("@google-cloud/compute/build/protos/protos\\.json") }, ({ path }) => {
        hit();
        return { contents: reachable(readFileSync(path, "utf8"), computeServices), loader: "json" };
      }),
  },
  {
    name: "compute-without-grpc",
    where: "compute",
    times: 2,
    what: "what @google-cloud/compute imports of google-gax: gRPC comes with it, and Compute Engine speaks REST only",
    install: withoutGrpc,
  },
  {
    name: "zod-languages",
    where: "zod",
    times: 1,
    what: "the messages of zod in some fifty languages other than English",
    install: replaced(file("zod/v4/locales/index\\.js"), 'export { default as en } from "./en.js";'),
  },
  {
    name: "yaml-where-used",
    where: "yaml",
    times: 1,
    what: "yaml where nothing is read by it: a function gets its settings as JSON",
    install: (build, hit) => {
      const seen = Symbol("seen");
      build.onResolve({ filter: /^yaml$/ }, async ({ path, pluginData, ...where }) => {
        if (pluginData === seen) return undefined;
        hit();
        const { importer, namespace, resolveDir, kind } = where;
        const found = await build.resolve(path, { importer, namespace, resolveDir, kind, pluginData: seen });
        return { path: found.path, errors: found.errors, sideEffects: false };
      });
    },
  },
];

const computeServices = { version: "google.cloud.compute.v1", services: ["Instances", "ZoneOperations"] };

/** google-gax/fallback speaks REST; it lacks one thing that the compute client takes from the whole. */
const gaxOverRest = `
const fallback = require("google-gax/fallback");
module.exports = { ...fallback, fallback, loggingUtils: require("google-logging-utils") };
`;

function withoutGrpc(build: PluginBuild, hit: () => void): void {
  const importers = /[\\/]node_modules[\\/]@google-cloud[\\/]compute[\\/]/;
  build.onResolve({ filter: /^google-gax$/ }, ({ importer }) => {
    if (!importers.test(importer)) return undefined;
    hit();
    return { path: "google-gax over REST", namespace: "lean", pluginData: importer };
  });
  build.onLoad({ filter: /.*/, namespace: "lean" }, ({ pluginData }) => ({
    contents: gaxOverRest,
    loader: "js",
    resolveDir: createRequire(pluginData).resolve.paths(".")?.[0] ?? "",
  }));
}

/** Number of times that each rule matched; a rule whose client is not in the bundle is not there. */
export type Hits = Partial<Record<RuleName, number>>;

/** The plugin for one build, and what its rules did once the build has ended. */
export function lean(): { plugin: Plugin; hits: (inputs: readonly string[]) => Hits } {
  const counts = new Map<RuleName, number>();
  const plugin: Plugin = {
    name: "lean",
    setup(build) {
      for (const { name, install } of rules)
        install(build, () => counts.set(name, (counts.get(name) ?? 0) + 1));
    },
  };
  return {
    plugin,
    hits(inputs) {
      const found = rules.filter(({ where }) => inputs.some((input) => holds[where].test(input)));
      for (const { name, times, what } of found) {
        const count = counts.get(name) ?? 0;
        if (count >= times) continue;
        throw new Error(
          `the rule ${name} matched ${count} times instead of ${times}: it leaves out ${what}. ` +
            "The client was probably updated: look where it keeps this now and mend the rule in infra/bundles/lean.ts.",
        );
      }
      return Object.fromEntries(found.map(({ name }) => [name, counts.get(name) ?? 0]));
    },
  };
}

/** A client is in the bundle when any file of its package is. */
const holds: Record<Client, RegExp> = {
  pubsub: /(^|\/)node_modules\/@google-cloud\/pubsub(-api)?\//,
  gax: /(^|\/)node_modules\/google-gax\//,
  compute: /(^|\/)node_modules\/@google-cloud\/compute\//,
  zod: /(^|\/)node_modules\/zod\//,
  yaml: /(^|\/)node_modules\/yaml\//,
};
