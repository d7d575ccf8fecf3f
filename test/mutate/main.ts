// `npm run mutate -- <area>`: changes what guards an invariant, one small thing at a time, and says which changes no test sees.
// An area is an invariant by its number, or a file; without one it is all invariants.
import { availableParallelism } from "node:os";
import { invariants } from "../architecture/invariants.ts";
import { root } from "../architecture/source.ts";
import { type Copy, copyOf } from "./copy.ts";
import type { Ran } from "./coverage.ts";
import { equivalents } from "./equivalents.ts";
import { chosenOf, type Mutant, mutantsOf } from "./mutants.ts";
import { testsOf } from "./tests-of.ts";

/** Mutants of a file. */
const perFile = 15;
/** Part of the mutants of an invariant that tests must see. */
const enough = 0.9;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text);

type Score = { killed: number; late: number; survived: Mutant[] };

const asked = process.argv.slice(2);
const areas = areasOf(asked);
const files = [...new Set(areas.flatMap((area) => area.files))];
const all = mutantsOf(root, files);
const isOf = (mutant: Mutant, { file, from, to }: (typeof equivalents)[number]): boolean =>
  mutant.file === file && mutant.from === from && mutant.to === to;
const stale = equivalents.filter(
  (each) => all.has(each.file) && !all.get(each.file)?.some((mutant) => isOf(mutant, each)),
);
const chosen = new Map(
  [...all].map(([file, mutants]) => [
    file,
    chosenOf(
      mutants.filter((mutant) => !equivalents.some((each) => isOf(mutant, each))),
      perFile,
    ),
  ]),
);
const count = [...chosen.values()].flat().length;
const began = performance.now();
let tried = 0;
let said = 0;
const scores = new Map<string, Score>();
type Traced = { test: string; seconds: number; ran: Ran };
const traces = new Map<string, Promise<Traced | undefined>>();
/** Tests that fail on the files as they are: they see no mutant. */
const failing: string[] = [];

const queue = [...chosen];
const copies = Array.from({ length: Math.min(2, availableParallelism()) }, () => copyOf(root));
const end = (): void => {
  for (const copy of copies) copy.remove();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    end();
    process.exit(130);
  });
try {
  await Promise.all(copies.map(work));
} finally {
  end();
}
process.exitCode = report() ? 0 : 1;

/** Gives the areas that were asked for, each with its files. */
function areasOf(asked: readonly string[]): { name: string; files: readonly string[] }[] {
  const known = invariants.map(({ guards }, index) => ({ name: `invariant ${index + 1}`, files: guards }));
  if (asked.length === 0) return known;
  return asked.map((one) => {
    if (one.endsWith(".ts")) return { name: one, files: [one] };
    const area = known[Number(one) - 1];
    if (area === undefined) {
      process.stderr.write(`"${one}" is no area: give a number from 1 to ${known.length}, or a file\n`);
      process.exit(2);
    }
    return area;
  });
}

async function work(copy: Copy): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [file, mutants] = next;
    const score = await scoreOf(copy, file, mutants);
    scores.set(file, score);
    tell(file, score);
  }
}

/**
 * Runs the mutants of a file with the tests of that file that run the place, the nearest and of these the quickest first, until
 * one fails.
 */
async function scoreOf(copy: Copy, file: string, mutants: readonly Mutant[]): Promise<Score> {
  const score: Score = { killed: 0, late: 0, survived: [...mutants] };
  for (const step of testsOf(file)) {
    if (score.survived.length === 0) break;
    for (const { test, seconds, ran } of await traced(copy, step)) {
      for (const mutant of score.survived.splice(0)) {
        if (!ran(file, mutant.at)) {
          score.survived.push(mutant);
          continue;
        }
        copy.write(file, mutant.text);
        const end = await copy.run(test, 30 + 3 * seconds);
        if (end === "passed") score.survived.push(mutant);
        else score.killed += 1;
        if (end === "late") score.late += 1;
        progress(end === "passed" ? 0 : 1);
      }
      copy.restore(file);
    }
  }
  progress(score.survived.length);
  return score;
}

/** Gives tests by how long they take on the files as they are. Each is run once, by whoever comes to it first. */
async function traced(copy: Copy, tests: readonly string[]): Promise<Traced[]> {
  for (const test of tests) {
    if (traces.has(test)) continue;
    const trace = copy.trace(test, [...chosen.keys()]).then((seen) => seen && { test, ...seen });
    traces.set(test, trace);
    if ((await trace) === undefined) failing.push(test);
  }
  const all = await Promise.all(tests.map((test) => traces.get(test)));
  return all.filter((trace) => trace !== undefined).sort((a, b) => a.seconds - b.seconds);
}

/** A bar where somebody looks; else a line every ten seconds. */
function progress(more: number): void {
  tried += more;
  const { isTTY } = process.stderr;
  if (performance.now() - said < (isTTY ? 200 : 10_000) && tried < count) return;
  said = performance.now();
  if (!isTTY) {
    process.stderr.write(`${tried} of ${count} mutants\n`);
    return;
  }
  const full = Math.round((tried / count) * 30);
  process.stderr.write(
    `\r[${"#".repeat(full)}${"-".repeat(30 - full)}] ${tried}/${count}${tried === count ? "\n" : ""}`,
  );
}

/** Prints how many mutants of a file were killed, and those that were not. */
function tell(file: string, { killed, late, survived }: Score): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const byTime = late > 0 ? `, ${late} of them by time` : "";
  say(`${file}: ${killed} of ${killed + survived.length} killed${byTime}`);
  for (const { line, within, from, to } of survived)
    say(`  ${file}:${line} in ${within}: ${short(from)}  =>  ${short(to)}`);
}

/** Prints the scores; tells whether all is well. */
function report(): boolean {
  for (const { file, from, to } of stale)
    say(`${file} has no mutant "${from}" => "${to}" any more: take it out of test/mutate/equivalents.ts`);
  for (const test of failing) say(`${test} fails without a mutant: mend it, and look again`);
  const rates = areas.map(({ name, files }) => {
    const of = files.flatMap((file) => scores.get(file) ?? []);
    const killed = of.reduce((sum, score) => sum + score.killed, 0);
    const total = of.reduce((sum, score) => sum + score.killed + score.survived.length, 0);
    const rate = total === 0 ? 1 : killed / total;
    say(
      `${name}: ${Math.floor(rate * 100)} % of ${total} mutants killed (${new Date().toISOString().slice(0, 10)})`,
    );
    return rate;
  });
  say(`${count} mutants in ${Math.round((performance.now() - began) / 1000)} s`);
  return stale.length === 0 && failing.length === 0 && rates.every((rate) => rate >= enough);
}
