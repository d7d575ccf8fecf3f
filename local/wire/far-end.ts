// The skin that every HTTP far end wears: counting, faults, and being served on a loopback port. A far end itself is a
// fetch-shaped Hono app over a pure core, so a test may also call it in process.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { noteCall, offer } from "./called-routes.ts";
import { diskTrouble, troubleWords } from "./disk.ts";
import type { FarEndName, Faults } from "./faults.ts";
import { type Guard, guarded } from "./guarded.ts";
import { listen } from "./listen.ts";

/** A fetch-shaped server in process. */
export type FarEnd = { fetch: (request: Request) => Response | Promise<Response> };

/** Counts each call and makes the asked-for ones go wrong. Install it before any route. */
export function failing(farEnd: FarEndName, faults: Faults): MiddlewareHandler {
  return async (c, next) => {
    const route = routeOf(c);
    if (route !== undefined) noteCall(farEnd, route);
    const failure = faults.strike(farEnd, `${c.req.method} ${c.req.path}`);
    if (failure === undefined) return next();
    switch (failure.kind) {
      case "status":
        return new Response(failure.body ?? "", { status: failure.status, headers: failure.headers ?? {} });
      case "delay":
        await faults.late(failure.milliseconds);
        return next();
      case "lost-answer":
        await next();
        return hangUp(c);
      case "truncated":
        await next();
        await cutInHalf(c);
        return;
      default:
        failure satisfies never;
    }
  };
}

/** Tells the record of each route that the far end has. Call it when all are there, and before an own `onError`. */
export function offerRoutes(farEnd: string, app: Hono): void {
  offer(farEnd, app.routes.filter(isRoute).map(nameOf));
  app.onError(thrown);
}

/**
 * Answers 503 where the disk takes nothing: it says that nothing was done, so that a mail may be sent once more. Any other 5xx may mean that
 * it was, and only its answer lost.
 */
function thrown(error: Error): Response {
  const trouble = diskTrouble(error);
  if (trouble !== undefined) return new Response(`${troubleWords[trouble].is}\n`, { status: 503 });
  process.emitWarning(error.stack ?? error.message);
  return new Response("Internal Server Error", { status: 500 });
}

/** Names the route that a call is for; undefined where there is none. */
export function routeOf(c: Context): string | undefined {
  const route = matchedRoutes(c).find(isRoute);
  return route && nameOf(route);
}

type Route = { method: string; path: string };
/** Tells whether it is a route. Handlers for all methods stand before the routes; those for all paths have their own names. */
const isRoute = ({ method, path }: Route): boolean => method !== "ALL" && path !== "*" && path !== "/*";
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** Ends the connection without an answer; in process, as fetch does when that happens. */
function hangUp(c: Context): Response {
  const socket = c.env?.incoming?.socket;
  // Not an Error, which Hono would turn into an answer of 500; this gets through to whoever called fetch.
  if (socket === undefined) throw { name: "TypeError", message: "fetch failed" };
  socket.destroy();
  return new Response(null, { status: 500 });
}

/** Announces the whole body, sends half of it, and hangs up. */
async function cutInHalf(c: Context): Promise<void> {
  const { status, headers } = c.res;
  const bytes = new Uint8Array(await c.res.arrayBuffer());
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const outgoing = c.env?.outgoing;
  // Hono merges a second answer into the first one, unless the first is taken away.
  c.res = undefined;
  if (outgoing === undefined) {
    c.res = new Response(brokenAfter(half), { status, headers });
    return;
  }
  // A body that fails in its first pieces never gets out of the server's buffer: it would answer 500 instead.
  outgoing.writeHead(status, { ...Object.fromEntries(headers), "content-length": bytes.length });
  outgoing.write(half, () => outgoing.destroy());
  c.res = RESPONSE_ALREADY_SENT;
}

function brokenAfter(bytes: Uint8Array): ReadableStream {
  return new ReadableStream({
    pull(controller) {
      if (bytes.length === 0) return controller.error(new Error("truncated on purpose"));
      controller.enqueue(bytes);
      bytes = new Uint8Array();
    },
  });
}

export type Served = { url: string; port: number; close: () => Promise<void> };

/** Serves on 127.0.0.1; port 0 takes a free one. */
export async function serveFarEnd(app: Pick<Hono, "fetch">, port = 0, guard: Guard = {}): Promise<Served> {
  const server = createServer(guarded(getRequestListener(app.fetch), guard));
  const bound = await listen(server, port);
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
