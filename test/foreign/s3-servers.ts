// S3 stores that others wrote, as test/foreign/install.sh installs them: each is started on loopback with buckets and a folder of its own,
// and ends with its test, however that ends.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { ownChild } from "../children.ts";
import { freePort } from "../local/free-port.ts";
import { until } from "../patience.ts";
import { foreign } from "./harness.ts";

/** Keys of the one account that s3rver has; the others take them too. */
export const keys = { keyId: "S3RVER", secret: "S3RVER" };

const region = "us-east-1";

type Place = { program: string; folder: string; port: number; other: number };
type Kind = {
  /** Path in the folder of what is installed. */
  program: string;
  command: (place: Place) => string[];
};

/** Command of each, in a folder of its own that is empty. */
const kinds = {
  radosgw: {
    program: "ceph/usr/bin/radosgw",
    command: ({ program, folder, port, other }) => [
      join(import.meta.dirname, "radosgw.sh"),
      program.replace("/usr/bin/radosgw", ""),
      ...[folder, `${other}`, `${port}`, keys.keyId, keys.secret],
    ],
  },
  s3rver: {
    program: "node_modules/.bin/s3rver",
    // Its tokens of further pages are made by a cipher that OpenSSL calls legacy.
    command: ({ program, folder, port }) => [
      ...[process.execPath, "--openssl-legacy-provider", "--no-warnings", program],
      ...[
        "--directory",
        folder,
        "--address",
        "127.0.0.1",
        "--port",
        `${port}`,
        "--silent",
        "--no-vhost-buckets",
      ],
    ],
  },
  "rclone serve s3": {
    program: "bin/rclone",
    command: ({ program, folder, port }) => [
      ...[program, "serve", "s3", "--auth-key", `${keys.keyId},${keys.secret}`],
      ...["--addr", `127.0.0.1:${port}`, folder],
    ],
  },
  moto: {
    program: "venv/bin/moto_server",
    command: ({ program, port }) => [program, "-H", "127.0.0.1", "-p", `${port}`],
  },
} as const satisfies Record<string, Kind>;
export type S3ServerName = keyof typeof kinds;

/** Address of an object: every sign that is not surely plain is written by its bytes. */
export const addressOf = (url: string, bucket: string, key: string): string =>
  `${url}/${bucket}/${[...Buffer.from(key)].map(plainOrNot).join("")}`;

const plainOrNot = (byte: number): string => {
  const sign = String.fromCharCode(byte);
  return /[A-Za-z0-9/._~-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
};

/** Nobody writes into the pipe; it ends when our process does or lets go of it, and then the whole group does. */
const whileHosted = `(read -r _ <&3; kill -KILL 0) & exec 3<&-; exec "$@"`;

/** Buckets to make; those that are locked may hold what nobody is to delete. */
type Buckets = { buckets: readonly string[]; locked?: readonly string[] };

export type S3Server = Awaited<ReturnType<typeof startS3Server>>;

/** Gives what starts a server, or says aloud that the tests of this file are skipped. */
export function s3Server(name: S3ServerName, file: string): ((of: Buckets) => Promise<S3Server>) | undefined {
  const program = foreign(kinds[name].program, `${file}, ${name}`);
  return program === undefined ? undefined : (of) => startS3Server(name, program, of);
}

async function startS3Server(name: S3ServerName, program: string, { buckets, locked = [] }: Buckets) {
  const own = mkdtempSync(join(tmpdir(), "foreign-s3-"));
  const folder = join(own, "data");
  mkdirSync(folder);
  const port = await freePort();
  const command = kinds[name].command({ program, folder, port, other: await freePort() });
  const log = openSync(join(own, "log"), "a");
  const child = ownChild(
    spawn("bash", ["-c", whileHosted, "bash", ...command], {
      cwd: own,
      env: { PATH: process.env["PATH"], HOME: own },
      stdio: ["ignore", log, log, "pipe"],
      detached: true,
    }),
  );
  closeSync(log);
  child.stdio[3]?.on("error", () => undefined);
  const ended = once(child, "exit");
  async function close(): Promise<void> {
    child.stdio[3]?.destroy();
    if (child.exitCode === null && child.signalCode === null) await ended;
    rmSync(own, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  const url = `http://127.0.0.1:${port}`;
  const client = new AwsClient({
    ...{ accessKeyId: keys.keyId, secretAccessKey: keys.secret },
    ...{ service: "s3", region, retries: 3 },
  });
  await until(() => {
    if (child.exitCode !== null)
      throw new Error(`${name} has ended: ${readFileSync(join(own, "log"), "utf8").slice(-2000)}`);
    return fetch(url).then(
      (answer) => answer.body?.cancel().then(() => true) ?? true,
      () => false,
    );
  });
  for (const bucket of buckets) {
    const headers: Record<string, string> = locked.includes(bucket)
      ? { "x-amz-bucket-object-lock-enabled": "true" }
      : {};
    const made = await client.fetch(`${url}/${bucket}`, { method: "PUT", headers });
    if (!made.ok) throw new Error(`${name} made no bucket: ${made.status} ${await made.text()}`);
  }
  return { url, client, close };
}
