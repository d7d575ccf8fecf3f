// Stand-in for the platform: unpacks an archive into an empty folder with the framework as its only dependency, and starts
// `functions-framework --target=<name>` in a process of its own, with only its own environment.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { ownChild } from "../../children.ts";

const project = join(import.meta.dirname, "../../..");
const framework = "node_modules/@google-cloud/functions-framework";

export type Started = {
  pid: number;
  /** Address where it listens: of a port, or a socket's path. */
  url: string;
  /** Gives what it wrote so far. */
  output: () => string;
  stop: () => Promise<void>;
  ended: Promise<unknown>;
};

/** Unpacks a zip that is stored, not compressed. */
export function unpack(archive: Uint8Array, folder: string): void {
  const bytes = Buffer.from(archive);
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const size = bytes.readUInt32LE(at + 18);
    const name = at + 30;
    const content = name + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const file = join(folder, bytes.toString("utf8", name, name + bytes.readUInt16LE(at + 26)));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes.subarray(content, content + size));
    at = content + size;
  }
  mkdirSync(join(folder, dirname(framework)), { recursive: true });
  symlinkSync(join(project, framework), join(folder, framework));
}

/** Starts what was unpacked into a folder; resolves as soon as it listens. */
export async function start(
  folder: string,
  target: string,
  env: Record<string, string>,
  options: { socket?: string; write?: (text: string) => void } = {},
): Promise<Started> {
  const loopback = join(import.meta.dirname, "loopback.cjs");
  const main = join(folder, framework, "build/src/main.js");
  const { socket, write } = options;
  const port = socket === undefined ? [] : [`--port=${socket}`];
  const args = ["--require", loopback, main, `--target=${target}`, ...port];
  const child = ownChild(
    spawn(process.execPath, args, {
      cwd: folder,
      env: { NODE_ENV: "production", ...env },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    }),
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      write?.(text);
    });
  const ended = once(child, "exit");
  const told = await Promise.race([toldBy(child), ended.then(() => undefined)]);
  if (told === undefined) throw new Error(`${target} did not start: ${output}`);
  return {
    pid: child.pid ?? 0,
    url: told.startsWith("/") ? told : `http://127.0.0.1:${told}/`,
    output: () => output,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
  };
}

async function toldBy(child: ChildProcess): Promise<string> {
  const [, , , pipe] = child.stdio;
  const [chunk] = await once(pipe as Readable, "data");
  return String(chunk).trim();
}

export type Call = {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: Buffer;
};

/** One request to a function, and the status of its answer once that has come in whole. */
export async function answerOf(base: string, { method = "GET", path = "", headers = {}, body }: Call) {
  const asked = request(`${base}${path}`, { method, headers });
  asked.end(body);
  const [answer]: IncomingMessage[] = await once(asked, "response");
  if (answer === undefined) throw new Error("no answer");
  answer.resume();
  await once(answer, "end");
  return answer.statusCode ?? 0;
}
