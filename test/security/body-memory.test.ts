// Bodies of strangers, before anybody has looked at a signature: as many at once as an instance of a door takes, each as
// large as the platform lets through. What is held of them stays under a bound, and the door answers afterwards.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { createInterface, type Interface } from "node:readline";
import { afterEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as z from "zod";
import { sampleSettings } from "../local/sample/sample-settings.ts";

const MiB = 1024 * 1024;
/** Requests that infra lets one instance of a door take at once (infra/functions.ts). */
const atOnce = 40;
/** The most that a door may grow by, of the 512 MiB that an instance has. */
const mostGrowth = 200 * MiB;

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

async function door(given: string) {
  child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", `${import.meta.dirname}/body-door.ts`, given],
    {
      env: {
        PATH: process.env["PATH"],
        GOOGLE_CLOUD_PROJECT: "sample-hub",
        GROUNDCREW_SETTINGS: JSON.stringify(sampleSettings()),
        GROUNDCREW_ENDPOINTS: "{}",
      },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("the door has no streams");
  const lines: Interface = createInterface({ input: stdout });
  /** The next line that says this; the door's log is between them. */
  const said = (key: string): Promise<number> =>
    new Promise((resolve) => {
      const listener = (line: string): void => {
        const found = z.object({ [key]: z.number() }).safeParse(JSON.parse(line)).data?.[key];
        if (found === undefined) return;
        lines.off("line", listener);
        resolve(found);
      };
      lines.on("line", listener);
    });
  const port = await said("port");
  return {
    port,
    peakBytes(): Promise<number> {
      const peak = said("peakBytes");
      stdin.write("\n");
      return peak;
    },
  };
}

type Sent = {
  port: number;
  body: Buffer;
  chunkBytes?: number;
  declared?: boolean;
  headers?: Record<string, string>;
};
/** Status 0 stands for a sender that was hung up on before it read an answer. */
type Answered = { status: number; text: string };
const hungUpOn = 0;

/** Posts a body, declared or in chunks; what the other side does not want to read is not an error. */
function post({
  port,
  body,
  chunkBytes = 64 * 1024,
  declared = false,
  headers = {},
}: Sent): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const length = declared ? { "content-length": String(body.length) } : { "transfer-encoding": "chunked" };
  const call = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    headers: { ...length, ...headers },
    agent: false,
  });
  call.on("response", async (response) => {
    const text = Buffer.concat(await Array.fromAsync(response).catch(() => [])).toString();
    resolve({ status: response.statusCode ?? 0, text });
    call.destroy();
  });
  call.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "ECONNRESET")
      resolve({ status: hungUpOn, text: error.code });
    else reject(error);
  });
  const send = (from: number): void => {
    if (call.destroyed) return;
    if (from >= body.length) call.end();
    else call.write(body.subarray(from, from + chunkBytes), () => send(from + chunkBytes));
  };
  send(0);
  return promise;
}

/** Sends no more of a body than it takes to be refused, and reads the answer's beginning. */
async function answerToFirst(port: number, body: Buffer, declared: boolean): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const head = declared ? `content-length: ${body.length}` : "transfer-encoding: chunked";
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n`);
  const part = body.subarray(0, 3 * MiB);
  if (!declared) socket.write(Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part]));
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

test.each([
  ["declared", true],
  ["in chunks", false],
])(`${atOnce} bodies of 30 MB at once, %s: refused, and hardly held`, async (_, declared) => {
  const { port, peakBytes } = await door("github-webhook");
  expect((await post({ port, body: Buffer.from("{}"), declared })).status).toBe(401);
  const before = await peakBytes();
  const body = Buffer.alloc(30_000_000, "x");
  const answers = await Promise.all(Array.from({ length: atOnce }, () => post({ port, body, declared })));
  // A sender that is slower than the door's patience with it is hung up on.
  const taken = answers.filter(({ status }) => ![413, 503, hungUpOn].includes(status));
  expect(taken).toEqual([]);
  expect(await answerToFirst(port, body, declared)).toMatch(/^HTTP\/1\.1 413 /);
  expect((await peakBytes()) - before).toBeLessThan(mostGrowth);
  expect((await post({ port, body: Buffer.from("{}"), declared })).status).toBe(401);
});

test(`${atOnce} of the largest bodies that are read, and their senders hang up half-way`, async () => {
  const { port, peakBytes } = await door("github-webhook");
  expect((await post({ port, body: Buffer.from("{}") })).status).toBe(401);
  const before = await peakBytes();
  for (let round = 0; round < 3; round += 1) {
    const sockets = Array.from({ length: atOnce }, () => connect(port, "127.0.0.1"));
    await Promise.all(
      sockets.map((socket) => {
        socket.on("error", () => undefined);
        socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${2 * MiB}\r\n\r\n`);
        return new Promise((resolve) => socket.write(Buffer.alloc(MiB), resolve));
      }),
    );
    for (const socket of sockets) socket.destroy();
  }
  expect((await peakBytes()) - before).toBeLessThan(mostGrowth);
  // Memory that was held is let go: bodies are read again.
  const body = Buffer.alloc(MiB, "x");
  const answers = await Promise.all(Array.from({ length: atOnce }, () => post({ port, body })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
});

test("two bodies that come in pieces of one byte each: held as bytes, and not as pieces", async () => {
  const { port, peakBytes } = await door("github-webhook");
  expect((await post({ port, body: Buffer.from("{}") })).status).toBe(401);
  const before = await peakBytes();
  const pieces = Buffer.from("1\r\nx\r\n".repeat(MiB / 2));
  const answers = await Promise.all(
    Array.from({ length: 2 }, async () => {
      const socket = connect(port, "127.0.0.1");
      socket.write("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n");
      socket.end(Buffer.concat([pieces, Buffer.from("0\r\n\r\n")]));
      return Buffer.concat(await Array.fromAsync(socket)).toString();
    }),
  );
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(Array(2).fill("HTTP/1.1 401"));
  expect((await peakBytes()) - before).toBeLessThan(mostGrowth);
});

test("a body reaches the function as it was sent, however it comes, up to the limit and not a byte beyond", async () => {
  const bytes = 1000;
  const { port } = await door(JSON.stringify({ bytes, bytesAtOnce: MiB, milliseconds: 60_000 }));
  const types = fc.constantFrom(
    "application/json",
    "text/plain; charset=none",
    "application/x-www-form-urlencoded",
    "",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: bytes + 50 }),
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      types,
      async (given, chunkBytes, declared, type) => {
        const body = Buffer.from(given);
        const headers: Record<string, string> = type === "" ? {} : { "content-type": type };
        const { status, text } = await post({ port, body, chunkBytes, declared, headers });
        expect(status).toBe(body.length > bytes ? 413 : 200);
        if (status !== 200) return;
        const sha256 = createHash("sha256").update(body).digest("hex");
        expect(JSON.parse(text)).toEqual({ bytes: body.length, sha256, type });
      },
    ),
    { numRuns: 60 },
  );
});

test("a body that never ends is given up, and does not wait for the next one", async () => {
  const { port } = await door(JSON.stringify({ bytes: 1000, bytesAtOnce: MiB, milliseconds: 100 }));
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf");
  await once(socket, "close");
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 408 /);
});

test("a packed body is not unpacked", async () => {
  const { port } = await door(JSON.stringify({ bytes: 1000, bytesAtOnce: MiB, milliseconds: 60_000 }));
  const headers = { "content-encoding": "gzip" };
  expect(await post({ port, body: Buffer.from("x"), headers })).toEqual({
    status: 415,
    text: "Unsupported Media Type",
  });
});
