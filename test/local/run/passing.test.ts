// A request on its way through the front end, with a stand-in for the instance that keeps what reaches it: what it gets of the
// headers, how much of a body, and what the caller is told when it does not answer.
import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { maximumBodyBytes, passing } from "../../../local/run/passing.ts";
import type { RunningService } from "../../../local/run/service.ts";
import { socketFolder } from "../../../local/run/socket-folder.ts";
import { listen } from "../../../local/wire/listen.ts";
import { headOf, say } from "../../security/house.ts";

type Reached = { rawHeaders: string[]; bytes: number; cut: boolean };

const sockets = socketFolder();
const socket = sockets.socketOf("instance");
const agent = new Agent({ keepAlive: true });
const reached: Reached[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
/** Requests that the pool was asked to take: each is begun, or ended, by the test. */
let asked: Parameters<RunningService["ask"]>[0][] = [];
let over = 0;
let atOnce = true;
/** Answers before it reads. */
let unread = false;

const instance = createServer((request, response) => {
  const one: Reached = { rawHeaders: request.rawHeaders, bytes: 0, cut: false };
  reached.push(one);
  if (unread) {
    answer(request, response);
    return;
  }
  request.on("data", (chunk: Buffer) => {
    one.bytes += chunk.length;
  });
  request.once("error", () => {
    one.cut = true;
  });
  request.once("end", () => answer(request, response));
});
const door = createServer((request, response) =>
  passing(
    { request, response },
    {
      path: "/there",
      rawHeaders: request.rawHeaders,
      agent,
      ask(asking) {
        asked.push(asking);
        if (atOnce) asking.begin(socket);
        return () => {
          over += 1;
        };
      },
    },
  ),
);
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => instance.listen(socket, resolve));
  port = await listen(door);
});
afterEach(() => {
  reached.length = 0;
  asked = [];
  over = 0;
  atOnce = true;
  unread = false;
});
afterAll(() => {
  for (const server of [door, instance]) {
    server.close();
    server.closeAllConnections();
  }
  agent.destroy();
  sockets.remove();
});

const ok = (_request: IncomingMessage, response: ServerResponse): void =>
  void response.writeHead(200, { "content-length": 4, "set-cookie": ["a=1", "b=2"] }).end("done");

test("headers come through as they were sent, twice where they came twice, but for those of the connection", async () => {
  answer = ok;
  const said = await say(
    port,
    headOf("POST /x", { "content-length": "2", "x-twice": ["1", "2"], te: "x" }),
    "ab",
  );
  expect([said.status, said.body]).toEqual([200, "done"]);
  expect(said.headers).toMatch(/set-cookie: a=1\r\nset-cookie: b=2/);
  const [{ rawHeaders, bytes } = { rawHeaders: [], bytes: 0 }] = reached;
  expect([bytes, over]).toEqual([2, 1]);
  expect(rawHeaders.slice(0, 8)).toEqual([
    "host",
    "127.0.0.1",
    "content-length",
    "2",
    "x-twice",
    "1",
    "x-twice",
    "2",
  ]);
  expect(rawHeaders).not.toContain("te");
});

test("a body of 32 MiB comes through", async () => {
  answer = ok;
  const head = headOf("POST /x", { "content-length": `${maximumBodyBytes}` });
  expect((await say(port, head, Buffer.alloc(maximumBodyBytes))).status).toBe(200);
  expect(reached[0]?.bytes).toBe(maximumBodyBytes);
});

test("a larger one is refused by what it says of itself: no instance is asked for", async () => {
  const said = await say(port, headOf("POST /x", { "content-length": `${maximumBodyBytes + 1}` }), "a");
  expect([said.status, said.body]).toEqual([
    413,
    expect.stringContaining("issued a request that was too large"),
  ]);
  expect([asked.length, reached.length]).toEqual([0, 0]);
});

test("one that does not say is refused when it is too large, and never ends for the code", async () => {
  answer = ok;
  const size = 8 * 1024 * 1024;
  const piece = Buffer.concat([
    Buffer.from(`${size.toString(16)}\r\n`),
    Buffer.alloc(size),
    Buffer.from("\r\n"),
  ]);
  const body = Buffer.concat([piece, piece, piece, piece, piece, Buffer.from("0\r\n\r\n")]);
  const said = await say(port, headOf("POST /x", { "transfer-encoding": "chunked" }), body);
  expect(said.status).toBe(413);
  expect(over).toBe(1);
});

test("one that is answered before it has come ends the connection, on which the next request would wait behind it", async () => {
  unread = true;
  answer = (_request, response) => void response.writeHead(413, { connection: "close" }).end("no");
  const size = 5_000_000;
  const head = headOf("POST /x", { connection: "keep-alive", "content-length": `${size}` });
  const said = await say(port, head, Buffer.alloc(size));
  expect([said.status, said.headers]).toEqual([413, expect.stringMatching(/connection: close/i)]);
});

test("what waits in the queue is not read, and is served when its turn comes", async () => {
  answer = ok;
  atOnce = false;
  const saying = say(port, headOf("POST /x", { "content-length": "2" }), "ab");
  await until(() => asked.length === 1);
  expect(reached).toEqual([]);
  asked[0]?.begin(socket);
  expect((await saying).status).toBe(200);
});

test.each([
  [429, "Rate exceeded."],
  [503, "Service Unavailable"],
] as const)("nobody is free: %d, and nothing reaches the code", async (status, body) => {
  atOnce = false;
  const saying = say(port, headOf("POST /x", { "content-length": "2" }), "ab");
  await until(() => asked.length === 1);
  asked[0]?.end(status);
  const said = await saying;
  expect([said.status, said.body, reached.length]).toEqual([status, body, 0]);
});

test("at the time limit: 504, and the connection to the code is cut", async () => {
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  answer = (_request, response) => void response.once("close", resolve);
  const saying = say(port, headOf("POST /x", { "content-length": "2" }), "ab");
  await until(() => reached[0]?.bytes === 2);
  asked[0]?.end(504);
  expect([(await saying).status, (await saying).body]).toEqual([504, "upstream request timeout"]);
  await cut;
});

test("an instance that dies amid a request: 503", async () => {
  answer = (request) => void request.socket.destroy();
  const said = await say(port, headOf("POST /x", { "content-length": "2" }), "ab");
  expect([said.status, said.body, over]).toEqual([503, "Service Unavailable", 1]);
});

/** Resolves when the event loop has brought it about. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
