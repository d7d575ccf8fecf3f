// Parts of its libraries that a function's thread leaves out. Each file is asked for here by its path: after an update of a library that keeps
// it elsewhere, this fails instead of the memory growing in silence.
import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";

const script = `
  const [, lean, root] = process.argv;
  await import(lean);
  const { createRequire } = await import("node:module");
  const require = createRequire(root);
  const classes = ["@google-cloud/pubsub", "@google-cloud/pubsub-api"].map((name) => name + "/build/protos/protos.js");
  const ofPubsub = createRequire(require.resolve("@google-cloud/pubsub"));
  const ofGax = createRequire(ofPubsub.resolve("google-gax"));
  const { nested } = require("@google-cloud/compute/build/protos/protos.json").nested.google.nested.cloud.nested.compute;
  console.log(JSON.stringify({
    classes: [
      ...classes.map(ofPubsub),
      ...["iam_service", "locations"].map((name) => ofGax("../protos/" + name + ".js")),
    ].map((found) => Object.keys(found).length),
    languages: Object.keys((await import(require.resolve("zod").replace(/cjs$/, "js"))).locales),
    versions: Object.keys(nested),
    services: ["Instances", "ZoneOperations"].map((name) => Object.keys(nested.v1.nested[name].methods).length > 2),
  }));`;

test("classes that nobody uses, languages that nobody reads, versions that nobody asks for", () => {
  const lean = new URL("../../../local/run/lean-modules.ts", import.meta.url).href;
  const args = ["--no-warnings", "--input-type=module", "-e", script, lean, import.meta.url];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    classes: [0, 0, 0, 0],
    languages: ["en"],
    versions: ["v1"],
    services: [true, true],
  });
});
