#!/usr/bin/env node
"use strict";
// The `groundcrew` command: goes to the pinned Node, hands over arguments, signals and the exit code.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { join } = require("node:path");
const { ready } = require("./ready.cjs");

const main = join(__dirname, "..", "cli", "main.ts");
const child = spawn(ready(), ["--disable-warning=ExperimentalWarning", main].concat(process.argv.slice(2)), {
  stdio: "inherit",
  shell: false,
});
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
