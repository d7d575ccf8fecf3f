// Guard before every listener of the sample hub: it passes no request from a page of another site. Where tokens come from, it
// passes none from another user of the machine either. Both reach what binds to loopback.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { isOwnCaller, type OwnCallers } from "./callers.ts";
import { turnedAway } from "./own-host.ts";
import { isStrangers } from "./peer.ts";

export type Guard = {
  allowHosts?: readonly string[];
  /** Presence of pages here that a link may open. */
  hasPages?: true;
  /** For what hands out power, or has much of it: only the instance's own processes get in. */
  own?: OwnCallers;
  /**
   * Presence of browsers' sessions here. Browsers send a port's cookies to every port of the same host, whoever listens there. So
   * another user's cookies are nobody's (https://www.rfc-editor.org/rfc/rfc6265#section-8.5).
   */
  hasSessions?: true;
};

/** Wraps a server's listener. A refusal is one sentence of text, and the connection ends with it. */
export function guarded(listener: RequestListener, guard: Guard = {}): RequestListener {
  const { allowHosts = [], hasPages = false, own, hasSessions = false } = guard;
  return (request, response) => {
    const { method = "", url = "", headers, headersDistinct, socket } = request;
    const turned = turnedAway(
      { method, target: url, hosts: headersDistinct["host"] ?? [], headers },
      { port: socket.localPort ?? 0, allowHosts, hasPages },
    );
    if (turned !== undefined) refuse(response, turned.status, turned.why);
    else if (own === undefined && hasSessions && headers.cookie !== undefined)
      isStrangers(socket).then(
        (isStolen) => listener(isStolen ? withoutCookies(request) : request, response),
        () => socket.destroy(),
      );
    else if (own === undefined) listener(request, response);
    else
      isOwnCaller(request, own).then(
        (isOwn) => (isOwn ? listener(request, response) : refuse(response, 403, otherUser)),
        () => socket.destroy(),
      );
  };
}

function withoutCookies(request: IncomingMessage): IncomingMessage {
  delete request.headers.cookie;
  request.rawHeaders = request.rawHeaders.filter(
    (_, at, all) => all[at - (at % 2)]?.toLowerCase() !== "cookie",
  );
  return request;
}

const otherUser = "it answers the user who started it, and no other user of this machine";

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`Refused: ${why}.\n`);
}
