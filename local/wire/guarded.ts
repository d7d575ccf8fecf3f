// What stands before every listener of the sample hub: no request from a page of another site, none from another user of the
// machine. What binds to loopback is reached by both.
import type { RequestListener, ServerResponse } from "node:http";
import { turnedAway } from "./own-host.ts";
import { isOurs } from "./peer.ts";

export type Guard = {
  allowHosts?: readonly string[];
  /** Set for the console alone: it has pages, and its token says who may, wherever the connection comes from. */
  forPeople?: true;
};

/** Wraps a server's listener. A refusal is one sentence of text, and the connection ends with it. */
export function guarded(
  listener: RequestListener,
  { allowHosts = [], forPeople }: Guard = {},
): RequestListener {
  return (request, response) => {
    const { method = "", url = "", headers, headersDistinct, socket } = request;
    const turned = turnedAway(
      { method, target: url, hosts: headersDistinct["host"] ?? [], headers },
      { port: socket.localPort ?? 0, allowHosts, hasPages: forPeople === true },
    );
    if (turned !== undefined) refuse(response, turned.status, turned.why);
    else if (forPeople === true) listener(request, response);
    else
      isOurs(socket).then(
        (ours) => (ours ? listener(request, response) : refuse(response, 403, otherUser)),
        () => socket.destroy(),
      );
  };
}

const otherUser = "it answers the user who started it, and no other user of this machine";

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`Refused: ${why}.\n`);
}
