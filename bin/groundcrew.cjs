#!/usr/bin/env node
"use strict";
// The `groundcrew` command: goes to the pinned Node, hands over arguments, signals and the exit code.
const { spawn } = require("node:child_process");
const { join } = require("node:path");
const { ready } = require("./ready.cjs");

const main = join(__dirname, "..", "cli", "main.ts");
const child = spawn(ready(), ["--disable-warning=ExperimentalWarning", main].concat(process.argv.slice(2)), {
  stdio: "inherit",
  shell: false,
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`groundcrew: could not start ${main}: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code === null ? (signal === "SIGINT" ? 130 : 1) : code));
