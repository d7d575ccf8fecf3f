// The instance is killed with SIGKILL while machines copy, three times: each time no process of a machine is left within
// seconds, and in the end every byte is there and nobody was told twice.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect } from "@jest/globals";
import { startInstance } from "../../local/instance/instance.ts";
import { until } from "../patience.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";
import { tellings } from "./transfer-hub.ts";
import { contents, fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer-kill.long.ts");
const kills = 3;
const root = join(import.meta.dirname, "..", "..");
const hub = sample({ only: "run-transfer" });
afterAll(() => rmSync(dirname(hub.folder), { recursive: true, force: true }));
const bucket = (path: string) => join(hub.folder, "buckets", path);

/** Processes of this hub's machines: their command or their arguments name its folder. */
const processes = (): string[] =>
  execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(join(hub.folder, ".groundcrew", "machines")));

withRclone(`${kills} kills while machines copy: no process is left, and every byte arrives`, async () => {
  await (await hub.start()).close();
  fill(bucket("persistent/many"), 400);
  mkdirSync(join(hub.folder, "requests"), { recursive: true });
  rmSync(join(hub.folder, "requests", "first-copy.yaml"), { force: true });
  const request = { from: "persistent:many", to: "pod-inbox:many" };
  writeFileSync(join(hub.folder, "requests", "many.yaml"), JSON.stringify(request));
  for (let round = 0; round < kills; round += 1) {
    const child = spawn(
      process.execPath,
      ["--no-warnings", "cli/main.ts", "start", "--once", "--world", hub.folder],
      { cwd: root, stdio: "ignore" },
    );
    const gone = once(child, "exit");
    await until(() => processes().some((line) => line.includes("startup-script")));
    await pause(300 + 400 * round);
    child.kill("SIGKILL");
    await gone;
    const killed = performance.now();
    await until(() => processes().length === 0);
    console.info(`no process left after ${Math.round(performance.now() - killed)} ms`);
    if (
      existsSync(bucket("pod-inbox/many")) &&
      Object.keys(contents(bucket("pod-inbox/many"))).length === 400
    )
      break;
  }
  const last = await startInstance({ world: hub.folder, console: false, log: () => undefined });
  await last.runOnce();
  const machines = last.farEnds.compute.machines();
  await last.close();
  expect(contents(bucket("pod-inbox/many"))).toEqual(contents(bucket("persistent/many")));
  expect(machines).toEqual([]);
  expect(tellings(hub.posts())).toEqual(["Transfer many has begun", "Transfer many is done"]);
});
