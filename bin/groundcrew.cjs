#!/usr/bin/env node
"use strict";
// The `groundcrew` command: goes to the pinned Node, hands over arguments, signals and the exit code. It begins on whatever Node the
// machine has, and says there what has to be said before a process begins: how much memory it may take and not give back.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { join } = require("node:path");
const { ready } = require("./ready.cjs");

const node = ready();
const main = join(__dirname, "..", "cli", "main.ts");
// Each function is a thread: of V8's usual 48 MB for what is new in each, most is empty and stays.
const args = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", main].concat(
  process.argv.slice(2),
);
const env = Object.assign(
  {
    // glibc gives each thread a heap of its own, and keeps what an ended one has left there: half of what an instance at rest holds.
    MALLOC_ARENA_MAX: "2",
    // Before the first file of types: Node's compiler of types is not even loaded then.
    NODE_COMPILE_CACHE: join(__dirname, "..", "node_modules", ".cache", "groundcrew"),
  },
  process.env,
);

if (process.execve && process.platform !== "win32") process.execve(node, [node].concat(args), env);
const child = spawn(node, args, { stdio: "inherit", shell: false, env });
// A terminal sends Ctrl-C to both: the child takes two within a moment for one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`groundcrew: could not start ${main}: ${error.message}\n`);
  process.exit(1);
});
// As shells report it: 128 and the signal's number.
child.on("exit", (code, signal) =>
  process.exit(code === null ? 128 + (constants.signals[signal] || 1) : code),
);
