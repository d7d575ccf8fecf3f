// Says which tests are run for a file.
import { basename, dirname, join } from "node:path";
import { sourcesOf } from "../architecture/source.ts";

/** Files that each file loads, and scripts beside it that a test starts as a process. */
const importsOf = new Map(
  sourcesOf("test", "functions", "shared", "local", "infra", "cli").map(({ file, imports, texts }) => {
    const started = texts.filter(({ says }) => /^\/[\w.-]+\.ts$/.test(says));
    return [
      file,
      [
        ...imports.filter(({ when }) => when !== "type").map(({ to }) => to),
        ...started.map(({ says }) => join(dirname(file), says)),
      ],
    ];
  }),
);

/** Everything that is loaded with a file, where `follows` says whether to look into one. */
function loadedWith(file: string, follows: (file: string) => boolean): Set<string> {
  const seen = new Set<string>();
  const look = (one: string): void => {
    for (const to of importsOf.get(one) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      if (follows(to)) look(to);
    }
  };
  look(file);
  return seen;
}

const tests = [...importsOf.keys()]
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => ({
    file,
    names: loadedWith(file, () => false),
    byHarness: loadedWith(file, (one) => one.startsWith("test/")),
    reaches: loadedWith(file, () => true),
  }));

/**
 * The tests of a file, in steps: of its name, of its folder, and those elsewhere that import it. Where there are none, those that
 * import it through a harness; where there are none of these either, those that reach it in any way.
 */
export function testsOf(file: string): string[][] {
  const isNear = (test: string): boolean => test.startsWith(`test/${dirname(file)}/`);
  const isNamed = (test: string): boolean =>
    isNear(test) && basename(test).split(".")[0] === basename(file, ".ts");
  const near = tests.filter((test) => isNear(test.file) && test.reaches.has(file));
  const direct = tests.filter((test) => test.names.has(file) && !isNear(test.file));
  const steps = [
    near.filter((test) => isNamed(test.file)),
    near.filter((test) => !isNamed(test.file)),
    direct,
  ].filter((step) => step.length > 0);
  if (steps.length > 0) return steps.map((step) => step.map((test) => test.file));
  const byHarness = tests.filter((test) => test.byHarness.has(file));
  const others = byHarness.length > 0 ? byHarness : tests.filter((test) => test.reaches.has(file));
  if (others.length === 0) throw new Error(`${file} is reached by no test`);
  return [others.map((test) => test.file)];
}
