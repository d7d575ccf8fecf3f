// What stands before every listener of the sample hub: no request from a page of another site, and none from another user of
// the machine where tokens come from. What binds to loopback is reached by both.
import type { RequestListener, ServerResponse } from "node:http";
import { isOwnCaller, type OwnCallers } from "./callers.ts";
import { turnedAway } from "./own-host.ts";

export type Guard = {
  allowHosts?: readonly string[];
  /** Whether there are pages here that a link may open. */
  hasPages?: true;
  /** For what hands out power, or has much of it: only the instance's own processes get in. */
  own?: OwnCallers;
};

/** Wraps a server's listener. A refusal is one sentence of text, and the connection ends with it. */
export function guarded(listener: RequestListener, guard: Guard = {}): RequestListener {
  const { allowHosts = [], hasPages = false, own } = guard;
  return (request, response) => {
    const { method = "", url = "", headers, headersDistinct, socket } = request;
    const turned = turnedAway(
      { method, target: url, hosts: headersDistinct["host"] ?? [], headers },
      { port: socket.localPort ?? 0, allowHosts, hasPages },
    );
    if (turned !== undefined) refuse(response, turned.status, turned.why);
    else if (own === undefined) listener(request, response);
    else
      isOwnCaller(request, own).then(
        (isOwn) => (isOwn ? listener(request, response) : refuse(response, 403, otherUser)),
        () => socket.destroy(),
      );
  };
}

const otherUser = "it answers the user who started it, and no other user of this machine";

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`Refused: ${why}.\n`);
}
