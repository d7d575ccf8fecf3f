// Takes each request's body before the framework does, which would unpack it, hold up to a gigabyte of it and parse it by its
// content type before any code of ours runs, and has no switch for that. Here a body is bounded before it is held: in bytes, in
// time, and with all others of this process. It reaches a door in `rawBody`, as it was sent.
import { subscribe } from "node:diagnostics_channel";
import { type IncomingMessage, Server, type ServerResponse, STATUS_CODES } from "node:http";
import * as z from "zod";
import { bodyBytesOf, type FunctionName, rowOf } from "../functions.ts";

const MiB = 1024 * 1024;

/** Bytes of bodies that one process holds at once: an eighth of an instance's memory. */
const bytesAtOnce = 64 * MiB;
/** Real milliseconds in which a body has to be there, whole, or that was refused, to be dropped. GitHub gives a call 10 s, answer included. */
const bodyMs = 30_000;

export type BodyLimits = { bytes: number; bytesAtOnce: number; milliseconds: number };

/** The limits of a function. */
export const bodyLimitsOf = (name: FunctionName): BodyLimits => ({
  bytes: bodyBytesOf(rowOf(name)),
  bytesAtOnce,
  milliseconds: bodyMs,
});

/** https://nodejs.org/api/diagnostics_channel.html#event-httpserverrequeststart: told before the server's own listeners. */
const channel = "http.server.request.start";
const Started = z.object({ server: z.instanceof(Server) });

/** From now on every server of this process, which has one function, takes bodies within these limits, and tells of others. */
export function takeBodiesRaw(limits: BodyLimits, refused: (status: number) => void): void {
  const taken = new WeakSet<Server>();
  const take = taking(limits, refused);
  subscribe(channel, (message) => {
    const { server } = Started.parse(message);
    if (taken.has(server)) return;
    taken.add(server);
    // The framework's own listener is the server's only way in; this one stands before it from the first request on.
    const listeners = server.listeners("request");
    server.removeAllListeners("request");
    server.on("request", (request, response) =>
      take(request, response, () => {
        for (const listener of listeners) listener.call(server, request, response);
      }),
    );
  });
}

const leastRoom = 4096;

/**
 * A buffer for that many bytes that begins as this one does, and is at most twice as large. Pieces are copied, not kept: one of
 * a single byte costs hundreds, and whoever sends chooses how many there are.
 */
function roomFor(size: number, body: Buffer, mostBytes: number): Buffer {
  if (size <= body.length) return body;
  const larger = Buffer.allocUnsafe(Math.min(mostBytes, Math.max(leastRoom, 2 * body.length, size)));
  body.copy(larger);
  return larger;
}

function taking(limits: BodyLimits, refused: (status: number) => void) {
  let held = 0;

  function turnAway(response: ServerResponse, status: number): void {
    refused(status);
    refuse(response, status, limits.milliseconds);
  }

  /** Gives the status for a body of which nothing is read; undefined for every other. */
  function refusedUnread({ headers }: IncomingMessage): number | undefined {
    // Nobody who calls us packs a body.
    if (headers["content-encoding"] !== undefined) return 415;
    const declared = Number(headers["content-length"] ?? 0);
    if (declared > limits.bytes) return 413;
    return held + declared > limits.bytesAtOnce ? 503 : undefined;
  }

  function read(request: IncomingMessage, response: ServerResponse, goOn: () => void): void {
    let body: Buffer = Buffer.alloc(0);
    let size = 0;
    const stop = (status: number): void => {
      clearTimeout(timer);
      request.off("data", more).off("end", end);
      body = Buffer.alloc(0);
      turnAway(response, status);
    };
    const more = (chunk: Buffer): void => {
      size += chunk.length;
      held += chunk.length;
      if (size > limits.bytes) stop(413);
      else if (held > limits.bytesAtOnce) stop(503);
      else {
        body = roomFor(size, body, limits.bytes);
        chunk.copy(body, size - chunk.length);
      }
    };
    const end = (): void => {
      clearTimeout(timer);
      Object.assign(request, { rawBody: body.subarray(0, size) });
      goOn();
    };
    const timer = setTimeout(() => stop(408), limits.milliseconds);
    request.on("data", more).once("end", end);
    // Callers who hang up half-way are waited for no longer; what was answered is held no longer.
    request.on("error", () => undefined);
    response.once("close", () => {
      clearTimeout(timer);
      held -= size;
    });
  }

  return (request: IncomingMessage, response: ServerResponse, goOn: () => void): void => {
    const { headers } = request;
    const hasBody = headers["transfer-encoding"] !== undefined || headers["content-length"] !== undefined;
    const status = hasBody ? refusedUnread(request) : undefined;
    if (status !== undefined) turnAway(response, status);
    else if (hasBody) read(request, response, goOn);
    else goOn();
  };
}

/**
 * Answers at once, in the status's own words. What is still on its way is dropped, unheld, for as long as a body may take: whoever is
 * hung up on while sending never reads the answer.
 */
function refuse(response: ServerResponse, status: number, milliseconds: number): void {
  const text = STATUS_CODES[status] ?? "";
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": text.length,
    connection: "close",
  });
  response.write(text);
  const hangUp = setTimeout(() => response.end(), milliseconds);
  response.req.once("end", () => response.end()).resume();
  response.once("close", () => clearTimeout(hangUp));
}
