// The two starters in bin/, in a clone of their own with a small npm of the test's: what a newcomer's first command does.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { child, type Ended, ended, root } from "./spawned.ts";

let clone = "";
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "groundcrew-bin-"));
  cpSync(join(root, "bin"), join(clone, "bin"), { recursive: true });
  writeFileSync(join(clone, "package-lock.json"), "{}");
  mkdirSync(join(clone, "cli"));
  writeFileSync(join(clone, "cli", "main.ts"), main);
  writeFileSync(join(clone, "npm-cli.js"), npm);
});
afterEach(() => rmSync(clone, { recursive: true }));

/** Stands for npm: notes how it was called, is noisy on stdout, and installs the pinned Node. */
const npm = `
const fs = require("node:fs");
fs.appendFileSync("calls.txt", process.argv.slice(2).join(" ") + "\\n");
console.log("added 1 package");
if (process.env.BROKEN) process.exit(7);
fs.mkdirSync("node_modules/.bin", { recursive: true });
fs.rmSync("node_modules/.bin/node", { force: true });
fs.symlinkSync(process.execPath, "node_modules/.bin/node");
`;
const main = `
const args: string[] = process.argv.slice(2);
if (args[0] === "wait") {
  const kept = setInterval(() => {}, 1000);
  process.on("SIGTERM", () => { clearInterval(kept); process.exit(4); });
} else if (args[0] === "die") process.kill(process.pid, "SIGKILL");
console.log(JSON.stringify(args));
if (args[0] !== "wait") process.exitCode = Number(args[0]);
`;

const groundcrew = (args: string[], env: Record<string, string> = {}, cwd = clone) =>
  child([process.execPath, join(clone, "bin", "groundcrew.cjs"), ...args], {
    cwd,
    env: { npm_execpath: join(clone, "npm-cli.js"), ...env },
  });
const ran = (args: string[], env?: Record<string, string>, cwd?: string): Promise<Ended> =>
  ended(groundcrew(args, env, cwd));
const installs = (): string[] =>
  existsSync(join(clone, "calls.txt"))
    ? readFileSync(join(clone, "calls.txt"), "utf8").trim().split("\n")
    : [];

describe("the first command on a clone", () => {
  test("installs once, keeps stdout clean, hands on arguments and exit code", async () => {
    const first = await ran(["3", "a b", "--json"]);
    expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 3, stdout: '["3","a b","--json"]\n' });
    expect(first.stderr).toContain("added 1 package");
    const second = await ran(["4"]);
    expect(second).toMatchObject({ code: 4, stdout: '["4"]\n', stderr: "" });
    expect(installs()).toEqual(["ci --ignore-scripts --include=optional --include=dev --loglevel=error"]);
  });

  test("works from any folder below", async () => {
    mkdirSync(join(clone, "docs", "deep"), { recursive: true });
    expect((await ran(["0"], {}, join(clone, "docs", "deep"))).code).toBe(0);
    expect(existsSync(join(clone, "node_modules", ".groundcrew-lock"))).toBe(true);
  });

  test("installs again when the lock file has changed", async () => {
    await ran(["0"]);
    writeFileSync(join(clone, "package-lock.json"), '{"changed":true}');
    await ran(["0"]);
    expect(installs()).toHaveLength(2);
  });

  test("that cannot install says so, runs nothing, and tries again next time", async () => {
    const broken = await ran(["0"], { BROKEN: "1" });
    expect({ code: broken.code, stdout: broken.stdout }).toEqual({ code: 1, stdout: "" });
    expect(broken.stderr).toContain("the install failed");
    expect((await ran(["0"])).code).toBe(0);
    expect(installs()).toHaveLength(2);
  });

  test("asks npm though another manager runs the script: only npm reads the lock file", async () => {
    writeFileSync(join(clone, "yarn.js"), "process.exit(9)");
    writeFileSync(
      join(clone, "npm"),
      `#!/bin/sh\nexec "${process.execPath}" "${join(clone, "npm-cli.js")}" "$@"\n`,
    );
    chmodSync(join(clone, "npm"), 0o755);
    const env = { npm_execpath: join(clone, "yarn.js"), PATH: `${clone}:${process.env["PATH"]}` };
    expect((await ran(["0"], env)).code).toBe(0);
  });
});

describe("the starter", () => {
  test("hands on SIGTERM and waits for the command's own end", async () => {
    const running = groundcrew(["wait"]);
    const end = ended(running);
    await new Promise<void>((resolve) => running.stdout?.once("data", () => resolve()));
    running.kill("SIGTERM");
    expect(await end).toMatchObject({ code: 4, signal: null });
  });

  test("reports a killed command as shells do", async () => {
    const { code, signal } = await ran(["die"]);
    // A starter that has become the command leaves the signal itself for the shell to see.
    const asShells = [
      { code: 137, signal: null },
      { code: null, signal: "SIGKILL" },
    ];
    expect(asShells).toContainEqual({ code, signal });
  });
});
