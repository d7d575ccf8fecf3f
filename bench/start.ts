// Measures how soon a function answers: from the start of its process to its first answer, and to the end of its first work, each
// against a bare function (the same framework and "hello"). Rounds are interleaved, figures are medians; read the ratios.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zip } from "../infra/bundles/zip.ts";
import { startInstance } from "../local/instance/instance.ts";
import { type FunctionName, functionNames } from "../shared/functions.ts";
import { type Effect, firstEffects } from "../test/infra/bundles/first-effect.ts";
import { environments, unpackAll } from "../test/infra/bundles/harness.ts";
import { answerOf, start, unpack } from "../test/infra/bundles/platform.ts";
import { bytesOf, median } from "./figures.ts";

export type StartCost = {
  name: FunctionName | "bare";
  bytes: number;
  /** Medians. */
  firstAnswerMs: number;
  firstEffectMs: number;
  /** Of the processor, until the first answer: holds on a busy machine too. NaN where the system does not tell. */
  processorMs: number;
  residentBytes: number;
};

/** First work needs seconds; a few rounds of it are enough. */
const effectRounds = 5;

/** Starts each function and the bare one so many times in turn, on a small sample hub that is at rest. */
export async function benchStart(
  options: { rounds?: number; names?: readonly FunctionName[] } = {},
): Promise<StartCost[]> {
  const { rounds = 11, names = functionNames } = options;
  const folder = mkdtempSync(join(tmpdir(), "bench-start-"));
  const instance = await startInstance({
    world: join(folder, "hub"),
    people: 8,
    console: false,
    log: () => undefined,
  });
  try {
    await instance.runOnce();
    await unpackAll(folder, names);
    unpackBare(join(folder, "bare"));
    const envOf = environments(instance);
    const effectOf = firstEffects(instance, "handed on");
    const all = ["bare", ...names] as const;
    const taken = new Map(all.map((name) => [name, [] as Once[]]));
    for (let round = 0; round < rounds; round += 1)
      for (const name of all) {
        const effect = name === "bare" || round >= effectRounds ? undefined : effectOf(name);
        const env = name === "bare" ? {} : envOf(name);
        taken.get(name)?.push(await startOnce(join(folder, name), name, { env, effect }));
      }
    return all.map((name) => ({
      name,
      bytes: sizeOf(join(folder, name)),
      ...medians(taken.get(name) ?? []),
    }));
  } finally {
    await instance.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Once = { answerMs: number; processorMs: number; residentBytes: number; effectMs?: number };

async function startOnce(
  folder: string,
  name: string,
  { env, effect }: { env: Record<string, string>; effect: Effect | undefined },
): Promise<Once> {
  const begun = performance.now();
  const running = await start(folder, name, env);
  try {
    await answerOf(running.url, { method: "POST" });
    const answerMs = performance.now() - begun;
    const processorMs = processorOf(running.pid);
    const residentBytes = bytesOf(running.pid, "VmRSS");
    if (effect === undefined) return { answerMs, processorMs, residentBytes };
    const between = performance.now();
    const status = await answerOf(running.url, effect.call);
    if (status !== effect.accepted)
      throw new Error(`${name} answered ${status} to its first work: ${running.output()}`);
    return { answerMs, processorMs, residentBytes, effectMs: answerMs + performance.now() - between };
  } finally {
    await running.stop();
  }
}

/** Of a bundle's files; the bare function has one only. */
const sizeOf = (folder: string): number =>
  ["index.js", "later.js"].reduce(
    (sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

function unpackBare(folder: string): void {
  const bare = `const { http } = require("@google-cloud/functions-framework");
http("bare", (_request, response) => response.send("hello"));
`;
  mkdirSync(folder);
  const manifest = JSON.stringify({ main: "index.js", type: "commonjs" });
  unpack(zip({ "index.js": Buffer.from(bare), "package.json": Buffer.from(manifest) }), folder);
}

/** Time that all threads of a process have run, where the system tells; it counts in hundredths of a second. */
function processorOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

const medians = (all: readonly Once[]) => ({
  firstAnswerMs: median(all.map(({ answerMs }) => answerMs)),
  firstEffectMs: median(all.map(({ effectMs }) => effectMs).filter((one) => one !== undefined)),
  processorMs: median(all.map(({ processorMs }) => processorMs)),
  residentBytes: median(all.map(({ residentBytes }) => residentBytes)),
});

/** One line a function; ratios are to the bare one's first answer and memory. */
export function startTable(costs: readonly StartCost[]): string {
  const bare = costs.find(({ name }) => name === "bare");
  const ratio = (value: number, to: number | undefined) => (value / (to ?? Number.NaN)).toFixed(2);
  const lines = costs.map((cost) => {
    const work = Number.isNaN(cost.firstEffectMs) ? "" : ratio(cost.firstEffectMs, bare?.firstAnswerMs);
    const cells = [
      cost.name.padEnd(14),
      `${Math.round(cost.bytes / 1000)} kB`,
      `${Math.round(cost.firstAnswerMs)} ms`,
      ratio(cost.firstAnswerMs, bare?.firstAnswerMs),
      ratio(cost.processorMs, bare?.processorMs),
      work,
      `${Math.round(cost.residentBytes / 2 ** 20)} MB`,
      ratio(cost.residentBytes, bare?.residentBytes),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const worst = Math.max(...costs.map(({ firstAnswerMs }) => firstAnswerMs / (bare?.firstAnswerMs ?? 1)));
  return [
    "start of a function, from nothing to its first answer and to the end of its first work",
    "| function | bundle | first answer | to bare | its processor time, to bare | first work, to bare | idle memory | to bare |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
    `the slowest takes ${worst.toFixed(2)} times a bare function's time to its first answer (goal 2)`,
  ].join("\n");
}

if (import.meta.main) {
  const [rounds, ...names] = process.argv.slice(2);
  const isAsked = (name: FunctionName) => names.length === 0 || names.includes(name);
  const costs = await benchStart({
    ...(rounds === undefined ? {} : { rounds: Number(rounds) }),
    names: functionNames.filter(isAsked),
  });
  console.log(startTable(costs));
}
