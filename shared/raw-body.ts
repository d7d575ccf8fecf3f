// Keeps the framework's hands off a body until a door of ours has checked who sent it. The framework would unpack it, up to a
// gigabyte, and parse it by its content type, before any code of ours runs, and has no switch for that; so each request
// is told to be plain bytes before the framework looks at it. What was really sent is kept aside.
import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";
import { z } from "zod";

/** https://nodejs.org/api/diagnostics_channel.html#event-httpserverrequeststart: told before the server's own listeners. */
const channel = "http.server.request.start";
const Started = z.object({ request: z.instanceof(IncomingMessage) });

const sentTypes = new WeakMap<IncomingMessage, string>();

/** From now on every body in this process arrives in `rawBody` as it was sent; packed ones are answered 415, unread. */
export function takeBodiesRaw(): void {
  subscribe(channel, onRequest);
}

/** The content type that came with a request; empty where none did. */
export const contentTypeOf = (request: IncomingMessage): string => sentTypes.get(request) ?? "";

function onRequest(message: unknown): void {
  const { request } = Started.parse(message);
  const { headers } = request;
  sentTypes.set(request, headers["content-type"] ?? "");
  headers["content-type"] = "application/octet-stream";
  // Nobody who calls us packs a body; the framework refuses what it has never heard of before it reads on.
  if (headers["content-encoding"] !== undefined) headers["content-encoding"] = "none-is-taken";
}
