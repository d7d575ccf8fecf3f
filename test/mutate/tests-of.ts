// Says which tests are run for a file.
import { basename, dirname, join } from "node:path";
import { invariants } from "../architecture/invariants.ts";
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

type Test = { file: string; names: Set<string>; byHarness: Set<string>; reaches: Set<string> };
const tests: Test[] = [...importsOf.keys()]
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => ({
    file,
    names: loadedWith(file, () => false),
    byHarness: loadedWith(file, (one) => one.startsWith("test/")),
    reaches: loadedWith(file, () => true),
  }));

/** The tests that must fail when an invariant breaks that a file guards. */
const ofInvariants = (file: string): string[] =>
  invariants
    .filter(({ guards }) => guards.includes(file))
    .flatMap(({ tests }) => Object.keys(tests).map((test) => `test/${test}`));

/**
 * The tests of a file, in steps: of its name, of its folder, those elsewhere that import it, and those of its invariants that
 * import it through a harness. Where there are none, those that import it through any; where there are none of these either,
 * those that reach it in any way.
 */
export function testsOf(file: string): string[][] {
  const isNear = ({ file: test }: Test): boolean => test.startsWith(`test/${dirname(file)}/`);
  const isNamed = (test: Test): boolean =>
    isNear(test) && basename(test.file).split(".")[0] === basename(file, ".ts");
  const named = ofInvariants(file);
  const reaching = tests.filter((test) => test.reaches.has(file));
  const byHarness = reaching.filter((test) => test.byHarness.has(file));
  const stepOf = (test: Test): number =>
    [
      isNamed(test),
      isNear(test),
      test.names.has(file),
      test.byHarness.has(file) && named.includes(test.file),
    ].indexOf(true);
  const steps = [0, 1, 2, 3]
    .map((step) => reaching.filter((test) => stepOf(test) === step))
    .filter((step) => step.length > 0);
  if (reaching.length === 0) throw new Error(`${file} is reached by no test`);
  const found = steps.length > 0 ? steps : [byHarness.length > 0 ? byHarness : reaching];
  return found.map((step) => step.map((test) => test.file));
}
