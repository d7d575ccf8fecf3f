// A sample hub on a disk of its own that fills up in the middle of the work: it says so and goes on running, and once there is room it
// does all that it had to do, each thing once. Filling a disk takes one that may be mounted.
import { type ChildProcess, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { child, ended, groundcrew, root } from "../../cli/spawned.ts";
import { until } from "../../patience.ts";
import { saySkipped } from "../../skipped.ts";

const disk = mkdtempSync(join(tmpdir(), "disk-full-"));
const isMounted =
  process.platform === "linux" &&
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=60m", "tmpfs", disk]).status === 0;
const world = join(disk, "world");
const filler = join(disk, "filler");
let hub: ChildProcess | undefined;
afterAll(async () => {
  hub?.kill("SIGKILL");
  if (isMounted) spawnSync("umount", ["--lazy", disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Takes all room that there is, to the last byte. */
function fill(): void {
  for (const bytes of [1_000_000, 10_000, 100])
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // As much as fits is written.
    }
}

const mails = (): string[] =>
  readdirSync(join(world, "mailbox")).map((name) => name.replace(/^\d+T\d+Z-/, ""));

test("said at once, survived, and made up for", async () => {
  if (!isMounted) return saySkipped("a full disk", "nothing may be mounted here (on Linux, root may)");
  let output = "";
  hub = child([
    process.execPath,
    join(root, "bin", "groundcrew.cjs"),
    "start",
    "--world",
    world,
    "--port",
    "0",
  ]);
  const end = ended(hub);
  for (const stream of [hub.stdout, hub.stderr])
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  await until(() => output.includes("sync-members: 14 invited"));
  fill();
  await until(() => output.includes("the disk is full"));
  expect(hub.exitCode).toBeNull();
  rmSync(filler);
  await until(() => output.includes("everything goes on"));
  await until(() => output.includes("transfer first-copy done"));
  // Fourteen people have got an invitation and four a team. Of a mail that was claimed, and could not be noted as not sent, nobody
  // knows whether it went out: it is under Undelivered, for a person to say.
  const told = () => mails().filter((name) => name.includes("your-access")).length;
  const unknown = () => output.match(/send-notice: it is not known whether a mail/g)?.length ?? 0;
  await until(() => told() + unknown() === 18);
  expect(new Set(mails()).size).toBe(mails().length);
  hub.kill("SIGINT");
  expect((await end).code).toBe(0);
  expect(readFileSync(join(world, "slack.log"), "utf8").match(/Transfer first-copy is done/g)).toHaveLength(
    1,
  );
});

test("a start on it is refused in words, and goes on with everything once there is room", async () => {
  if (!isMounted) return;
  fill();
  const refused = await groundcrew(["start", "--once", "--world", world]);
  expect(refused.stderr).toContain(`✗ the sample hub in ${world} cannot go on\n  why:  the disk is full`);
  rmSync(filler);
  const again = await groundcrew(["start", "--once", "--world", world]);
  expect(again.stderr).not.toContain("✗");
  expect(again.stdout).toMatch(/sync-members +✓ done/);
});
