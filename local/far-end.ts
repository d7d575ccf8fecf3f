// The skin that every HTTP far end wears: counting, faults, and being served on a loopback port. A far end itself is a
// fetch-shaped Hono app over a pure core, so a test may also call it in process.
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { FarEndName, Faults } from "./faults.ts";

/** A fetch-shaped server in process. */
export type FarEnd = { fetch: (request: Request) => Response | Promise<Response> };

/** Counts each call and makes the asked-for ones go wrong. Install it before any route. */
export function failing(farEnd: FarEndName, faults: Faults): MiddlewareHandler {
  return async (c, next) => {
    const failure = faults.strike(farEnd, `${c.req.method} ${c.req.path}`);
    if (failure === undefined) return next();
    switch (failure.kind) {
      case "status":
        return new Response(failure.body ?? "", { status: failure.status, headers: failure.headers ?? {} });
      case "delay":
        await new Promise((resolve) => setTimeout(resolve, failure.milliseconds));
        return next();
      case "lost-answer":
        await next();
        return hangUp(c);
      case "truncated":
        await next();
        c.res = cutInHalf(c.res);
        return;
      default:
        failure satisfies never;
    }
  };
}

/** Ends the connection without an answer; in process, as fetch does when that happens. */
function hangUp(c: Context): Response {
  const socket = c.env?.incoming?.socket;
  if (socket === undefined) throw new TypeError("fetch failed");
  socket.destroy();
  return new Response(null, { status: 500 });
}

function cutInHalf(whole: Response): Response {
  const body = new ReadableStream({
    async start(controller) {
      const bytes = new Uint8Array(await whole.arrayBuffer());
      controller.enqueue(bytes.subarray(0, Math.floor(bytes.length / 2)));
      controller.error(new Error("truncated on purpose"));
    },
  });
  const headers = new Headers(whole.headers);
  headers.delete("content-length");
  return new Response(body, { status: whole.status, headers });
}

export type Served = { url: string; port: number; close: () => Promise<void> };

/** Serves on 127.0.0.1; port 0 takes a free one. */
export function serveFarEnd(app: Pick<Hono, "fetch">, port = 0): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address: AddressInfo) =>
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        port: address.port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", reject);
  });
}
