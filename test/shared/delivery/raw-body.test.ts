// A sender of a refused body, who may be slow: hung up on while sending, nobody reads the answer.
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, jest, test } from "@jest/globals";
import { listen } from "../../../local/wire/listen.ts";
import { takeBodiesRaw } from "../../../shared/delivery/raw-body.ts";

const server = createServer();
afterEach(() => {
  jest.useRealTimers();
  server.close();
  server.closeAllConnections();
});

test("who is refused may go on sending for the time that a body has, and no longer", async () => {
  const limits = { bytes: 10, bytesAtOnce: 100, milliseconds: 30_000 };
  takeBodiesRaw(limits, () => undefined);
  let answered: ServerResponse | undefined;
  subscribe("http.server.request.start", (message) => {
    answered = (message as { response: ServerResponse }).response;
  });
  const port = await listen(server);
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance"] });
  const socket = connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nhalf");
  const [head] = await once(socket, "data");
  expect(String(head)).toMatch(/^HTTP\/1\.1 413 /);
  jest.advanceTimersByTime(limits.milliseconds - 1);
  expect(answered?.writableEnded).toBe(false);
  jest.advanceTimersByTime(1);
  expect(answered?.writableEnded).toBe(true);
  await once(socket, "close");
});
