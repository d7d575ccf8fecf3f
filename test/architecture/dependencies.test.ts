// Tests of package.json: a package that only tests, benchmarks and the sample hub need is a devDependency.
// `npm ci --omit=dev` installs what a deployment takes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { root, sourcesOf } from "./source.ts";

const names = z.record(z.string(), z.string()).transform((all) => Object.keys(all));
const { dependencies, devDependencies } = z
  .object({ dependencies: names, devDependencies: names })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

/** The packages that rooms load, at first or at once; types are taken away before anything runs. */
const loadedBy = (...rooms: string[]): Set<string> =>
  new Set(
    sourcesOf(...rooms)
      .flatMap(({ imports }) => imports.filter(({ when }) => when !== "type").map(({ to }) => to))
      .filter((to) => !to.endsWith(".ts") && !to.startsWith("node:"))
      .map((to) =>
        to
          .split("/")
          .slice(0, to.startsWith("@") ? 2 : 1)
          .join("/"),
      ),
  );
const deployed = loadedBy("functions", "shared", "infra", "cli");

test("the dependencies are what functions, infra and the command line load, and nothing else", () => {
  expect([...deployed].toSorted()).toEqual(dependencies.toSorted());
});

test("the devDependencies are what tests, benchmarks and the sample hub load besides, or a tool", () => {
  const others = loadedBy("local", "test", "bench", "scaffold");
  const missing = [...others].filter(
    (name) => !dependencies.includes(name) && !devDependencies.includes(name),
  );
  expect(missing).toEqual([]);
  const tools = new Set(["@biomejs/biome", "@types/node", "@types/nodemailer", "jest", "typescript"]);
  expect(devDependencies.filter((name) => !others.has(name) && !tools.has(name))).toEqual([]);
});
