// Leaves out of a function's thread what its libraries load and nobody uses, as infra/bundles/lean.ts leaves it out of a bundle: a
// sample hub holds a dozen threads at once. It is loaded before anything else in the thread.
import { readFileSync } from "node:fs";
import { type LoadHookSync, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** Addresses of files in a package. */
const file = (path: string): RegExp => new RegExp(`/node_modules/${path}$`);

type Loaded = ReturnType<LoadHookSync>;
const instead: readonly { of: RegExp; give: (url: string) => Loaded }[] = [
  {
    // Classes that are only re-exported.
    of: file(
      "(@google-cloud/pubsub(-api)?/build/protos/protos|google-gax/build/protos/(iam_service|locations))\\.js",
    ),
    give: () => ({ format: "commonjs", source: "module.exports = {};", shortCircuit: true }),
  },
  {
    // Messages in some fifty languages.
    of: file("zod/v4/locales/index\\.js"),
    give: () => ({
      format: "module",
      source: 'export { default as en } from "./en.js";',
      shortCircuit: true,
    }),
  },
  {
    // Twelve megabytes, ten of which are comments, and the same in versions that nobody asks for.
    of: file("@google-cloud/compute/build/protos/protos\\.json"),
    give: (url) => ({ format: "json", source: firstVersion(fileURLToPath(url)), shortCircuit: true }),
  },
];

const versionsBeside = new Set(["v1beta", "v1small", "comment", "comments"]);
const firstVersion = (path: string): string =>
  JSON.stringify(JSON.parse(readFileSync(path, "utf8")), (key, value) =>
    versionsBeside.has(key) ? undefined : value,
  );

registerHooks({
  load: (url, context, next) => instead.find(({ of }) => of.test(url))?.give(url) ?? next(url, context),
});
