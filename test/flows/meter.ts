// A meter at far ends of this process: bytes that came in over their wire, and requests that Google would charge for. It reads what Node
// tells of its own servers, and so counts what machines send, whatever they or we say of it.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export type Meter = ReturnType<typeof openMeter>;

/** Begins to count, for every server of this process. */
export function openMeter() {
  const sockets: { port: number; socket: Socket }[] = [];
  const answered: { port: number; call: string }[] = [];
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    sockets.push({ port: socket.localPort ?? 0, socket });
  };
  const onAnswer = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const port = request.socket.localPort ?? 0;
    // Nothing that is refused is charged for (https://cloud.google.com/storage/pricing#operations-notes).
    if (response.statusCode < 300) answered.push({ port, call: `${request.method} ${request.url}` });
  };
  subscribe("net.server.socket", onSocket);
  subscribe("http.server.response.finish", onAnswer);
  const portOf = (url = ""): number => Number(new URL(url).port);
  return {
    /** Bytes that came in at an address, with the heads of requests. */
    bytesTo: (url: string | undefined): number =>
      sockets.reduce((sum, { port, socket }) => sum + (port === portOf(url) ? socket.bytesRead : 0), 0),
    /** Requests that were answered well at an address. */
    callsTo: (url: string | undefined, call: RegExp): number =>
      answered.filter((one) => one.port === portOf(url) && call.test(one.call)).length,
    close(): void {
      unsubscribe("net.server.socket", onSocket);
      unsubscribe("http.server.response.finish", onAnswer);
    },
  };
}
