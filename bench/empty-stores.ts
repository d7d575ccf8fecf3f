// Stores for measurements of rclone: they have bytes of no content, and take them as slowly as is wanted.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { RcloneFlags } from "../shared/transfers/records.ts";
import { bytesOf } from "./figures.ts";

const MiB = 1024 * 1024;

/** Tells whether this machine has an rclone. */
export const hasRclone = (): boolean => spawnSync("rclone", ["version"]).error === undefined;

/** Runs rclone as machines do, for the names in a file, and gives the most memory that it has held. */
export async function copied(url: string, list: string, flags: RcloneFlags): Promise<number> {
  const of = (end: string) =>
    Object.entries({
      TYPE: "s3",
      PROVIDER: "Other",
      ENDPOINT: url,
      ACCESS_KEY_ID: "k",
      SECRET_ACCESS_KEY: "s",
    }).map(([word, value]) => [`RCLONE_CONFIG_${end}_${word}`, value] as const);
  const rclone = spawn(
    "rclone",
    [
      ...["copy", "--files-from-raw", list, "--checksum", "--immutable", "--no-traverse", "--retries", "1"],
      ...["--s3-no-check-bucket", "--transfers", `${flags.transfers}`, "--checkers", `${flags.checkers}`],
      ...["--buffer-size", `${flags.bufferMiB}M`, "--s3-upload-concurrency", `${flags.uploadConcurrency}`],
      ...["--s3-chunk-size", `${flags.chunkMiB}M`, "source:from/set", "target:to/set"],
    ],
    {
      env: { HOME: "/nonexistent", ...Object.fromEntries([...of("SOURCE"), ...of("TARGET")]) },
      stdio: "ignore",
    },
  );
  let most = 0;
  const looking = setInterval(() => {
    most = Math.max(most, bytesOf(rclone.pid ?? 0, "VmHWM") || 0);
  }, 20);
  const [code] = await once(rclone, "exit");
  clearInterval(looking);
  if (code !== 0) throw new Error(`rclone ended with ${code}`);
  return most;
}

/** Two buckets on loopback: one has objects of given sizes, and one takes whatever comes, so many bytes in a second, of all or of each connection. */
export async function emptyStores(pace: { ofAll: number } | { ofEach: number }) {
  let sizes = new Float64Array();
  const there = new Map<string, number>();
  const zeros = Buffer.alloc(MiB);
  const all = { freeAt: 0 };
  const bytesPerSecond = "ofAll" in pace ? pace.ofAll : pace.ofEach;

  async function taken(request: IncomingMessage): Promise<number> {
    const line = "ofAll" in pace ? all : { freeAt: 0 };
    let count = 0;
    for await (const piece of request as AsyncIterable<Buffer>) {
      count += piece.length;
      const now = performance.now();
      line.freeAt = Math.max(now, line.freeAt) + (1000 * piece.length) / bytesPerSecond;
      if (line.freeAt - now > 5) await wait(line.freeAt - now);
    }
    return count;
  }

  async function given(answer: ServerResponse, length: number): Promise<void> {
    for (let left = length; left > 0 && !answer.destroyed; left -= zeros.length)
      if (!answer.write(left < zeros.length ? zeros.subarray(0, left) : zeros)) await once(answer, "drain");
    answer.end();
  }

  async function answered(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://store");
    const size = pathname.startsWith("/from/set/") ? sizes[Number(pathname.slice(10))] : there.get(pathname);
    const headers = {
      etag: '"00000000000000000000000000000000-2"',
      "last-modified": new Date(0).toUTCString(),
    };
    const words = (text: string) => answer.writeHead(200, headers).end(text);
    switch (request.method) {
      case "HEAD":
        if (size === undefined) answer.writeHead(404).end();
        else answer.writeHead(200, { ...headers, "content-length": size }).end();
        return;
      case "GET": {
        const [, from = "0", to = `${(size ?? 0) - 1}`] =
          /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
        const length = Number(to) - Number(from) + 1;
        answer.writeHead(request.headers.range === undefined ? 200 : 206, {
          ...headers,
          "content-length": length,
        });
        return given(answer, length);
      }
      case "PUT": {
        const count = await taken(request);
        there.set(pathname, (query.has("partNumber") ? (there.get(pathname) ?? 0) : 0) + count);
        words("");
        return;
      }
      default:
        await taken(request);
        words(
          query.has("uploads")
            ? "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
            : '<CompleteMultipartUploadResult><ETag>"0-2"</ETag></CompleteMultipartUploadResult>',
        );
    }
  }

  const server = createServer(
    (request, answer) => void answered(request, answer).catch(() => answer.destroy()),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fill(now: Float64Array): void {
      sizes = now.map(Math.floor);
      there.clear();
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
    },
  };
}
