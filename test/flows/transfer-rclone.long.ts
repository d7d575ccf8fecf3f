// `groundcrew start --once` on machines without rclone: with npm the old one is fetched and does the work; where that fails
// too, transfers are blocked and everything else runs.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { readLines } from "../../local/slack/log.ts";
import { saySkipped } from "../skipped.ts";
import { contents } from "./transfer-tree.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "rclone-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH with every program of this one but those named. */
function pathWithout(name: string, ...left: string[]): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const from of (process.env["PATH"] ?? "").split(delimiter))
    for (const program of existsSync(from) ? readdirSync(from) : [])
      if (!left.includes(program) && !existsSync(join(bin, program)))
        try {
          symlinkSync(join(from, program), join(bin, program));
        } catch {
          // A link to nothing is there already.
        }
  return bin;
}

const Answer = z.object({
  runs: z.array(
    z.object({
      flow: z.string(),
      outcome: z.string(),
      effects: z.array(z.looseObject({ do: z.string() })),
    }),
  ),
});

async function startOnce(world: string, env: Record<string, string>) {
  const child = spawn(
    process.execPath,
    ["--no-warnings", "cli/main.ts", "start", "--once", "--json", "--world", world],
    { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] },
  );
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, "close");
  const { runs } = Answer.parse(JSON.parse(Buffer.concat(chunks).toString()));
  const effects = (flow: string) => runs.filter((run) => run.flow === flow).flatMap((run) => run.effects);
  const told = readLines(join(world, "slack.log"), 1000)
    .posts.map(({ text }) => text)
    .filter((text) => text.includes("Transfer first-copy") && !text.includes("has begun"));
  const outcomes = runs.filter(({ flow }) => flow === "run-transfer").map(({ outcome }) => outcome);
  return { code, effects, told, outcomes };
}

const installLine = "curl https://rclone.org/install.sh | sudo bash";
const hasNpm = spawnSync("npm", ["ping", "--fetch-retries=0"], { timeout: 20_000 }).status === 0;
if (!hasNpm) saySkipped("test/flows/transfer-rclone.long.ts", "npm or its registry is not there");

(hasNpm ? test : test.skip)(
  "without rclone the old one is fetched, and every byte arrives over S3 at both ends",
  async () => {
    const world = join(folder, "old");
    const first = await startOnce(world, { PATH: pathWithout("with-npm", "rclone") });
    expect(first.code).toBe(0);
    const bucket = (path: string) => join(world, "buckets", path);
    expect(Object.keys(contents(bucket("persistent/sea-surface")))).toHaveLength(169);
    expect(contents(bucket("pod-inbox/sea-surface"))).toEqual(contents(bucket("persistent/sea-surface")));
    expect(first.outcomes).not.toContain("blocked");
    expect(first.told).toHaveLength(1);
    expect(first.told[0]).toContain("Transfer first-copy is done");
    expect(first.told[0]).toContain(`Both ends were spoken to as S3`);
    expect(first.told[0]).toContain(installLine);
  },
);

test.each<[string, () => Record<string, string>]>([
  ["no npm", () => ({ PATH: pathWithout("without-npm", "rclone", "npm") })],
  [
    "a registry that refuses",
    () => ({ PATH: pathWithout("refused", "rclone"), npm_config_registry: "http://127.0.0.1:1" }),
  ],
])("without rclone and with %s transfers are blocked, and everything else runs", async (name, env) => {
  const { code, effects, told, outcomes } = await startOnce(join(folder, name.replaceAll(" ", "-")), env());
  expect(code).toBe(0);
  expect(outcomes).toContain("blocked");
  const made = effects("run-transfer").filter((effect) => effect.do === "make-machine");
  expect(made).toHaveLength(3);
  for (const flow of ["sync-members", "scan-quotas", "bump-image"])
    expect(effects(flow).length).toBeGreaterThan(0);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("Transfer first-copy failed");
  expect(told[0]).toContain("because its machines found no rclone");
  expect(told[0]).toContain(installLine);
});
