// One request on its way through: it waits for an instance, goes on to its socket piece by piece, and its answer comes back;
// or it is turned away, with the platform's own page.
import {
  type Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { type Page, rateExceeded, timedOut, tooLarge, unavailable } from "./pages.ts";
import type { RunningService } from "./service.ts";

export type Passing = { request: IncomingMessage; response: ServerResponse };

/** https://cloud.google.com/run/quotas#cloud_run_limits: of a request by HTTP/1. */
export const maximumBodyBytes = 32 * 1024 * 1024;

const pages = { 429: rateExceeded, 503: unavailable, 504: timedOut };

/** Answers by itself; what is still coming is not read, so the connection ends with the answer. */
export function turnAway({ request, response }: Passing, page: Page): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const ends = request.complete ? {} : { connection: "close" };
  const length = Buffer.byteLength(page.body);
  response.writeHead(page.status, { ...page.headers, "content-length": length, ...ends }).end(page.body);
  request.resume();
}

/** Takes a checked request to an instance, with these headers. */
export function passing(
  { request, response }: Passing,
  to: { path: string; rawHeaders: readonly string[]; agent: Agent; ask: RunningService["ask"] },
): void {
  if (Number(request.headers["content-length"] ?? 0) > maximumBodyBytes) {
    turnAway({ request, response }, tooLarge());
    return;
  }
  let hangUp = (): void => undefined;
  const refuse = (page: Page): void => {
    hangUp();
    turnAway({ request, response }, page);
  };
  const over = to.ask({
    begin(socketPath) {
      const { method } = request;
      const headers = onwardHeaders(to.rawHeaders);
      const onwards = httpRequest(
        { agent: to.agent, socketPath, path: to.path, method, headers },
        (answer) => {
          // Answered before all had come: what is still on its way would stand before the caller's next request.
          const ends = request.complete ? [] : ["connection", "close"];
          response.writeHead(answer.statusCode ?? 502, [...answerHeaders(answer.rawHeaders), ...ends]);
          answer.pipe(response);
          answer.once("error", () => response.destroy());
        },
      );
      hangUp = () => {
        onwards.removeAllListeners("error").on("error", () => undefined);
        onwards.destroy();
      };
      onwards.once("error", () => refuse(unavailable()));
      sendBody(request, onwards, () => refuse(tooLarge()));
    },
    end: (status) => refuse(pages[status]()),
  });
  response.once("close", () => {
    over();
    if (!response.writableFinished) hangUp();
  });
}

/**
 * Sends a body on piece by piece, the last one together with the end: whoever has answered already may have hung up once all
 * was there, and even an empty write would then fail and lose the answer.
 */
function sendBody(request: IncomingMessage, onwards: ClientRequest, refuse: () => void): void {
  let bytes = 0;
  let last: Buffer | undefined;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) {
      request.off("data", take);
      refuse();
      return;
    }
    if (onwards.destroyed) return;
    if (last !== undefined && !onwards.write(last)) {
      request.pause();
      onwards.once("drain", () => request.resume());
    }
    last = chunk;
  };
  request.on("data", take);
  request.once("end", () => onwards.end(last));
  // Nobody takes the rest: it is read and dropped.
  onwards.once("close", () => request.resume());
}

/** Of one connection, and of no other (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
]);

const without = (rawHeaders: readonly string[], left: (name: string) => boolean): string[] =>
  rawHeaders.filter((_, at) => !left(rawHeaders[at - (at % 2)]?.toLowerCase() ?? ""));

const onwardHeaders = (rawHeaders: readonly string[]): string[] =>
  without(rawHeaders, (name) => hopByHop.has(name));

/** Leaves out transfer-encoding as well: each connection cuts the body into pieces in its own way. */
const answerHeaders = (rawHeaders: readonly string[]): string[] =>
  without(rawHeaders, (name) => hopByHop.has(name) || name === "transfer-encoding");
