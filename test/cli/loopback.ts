// A console for tests: answers what it is told to, each answer held against the control API's own schema first, and keeps
// what it was asked.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type * as z from "zod";

export type Asked = { call: string; body: unknown; authorization: string | undefined };
export type Answer = { status?: number; body: unknown };
export type Loopback = {
  origin: string;
  token: string;
  asked: Asked[];
  close: () => Promise<void>;
};

/** An answer as the real console gives it: what its schema refuses cannot be served by mistake. */
export function answer<T>(schema: z.ZodType<T>, body: T): Answer {
  return { body: schema.parse(body) };
}

export const refusal = (status: number, what: string, why: string, next: string): Answer => ({
  status,
  body: { error: { what, why, next } },
});

/** Routes by "METHOD /path?query"; each has its answers in turn, and goes on with the last one. */
export async function loopback(routes: Record<string, Answer | Answer[]>): Promise<Loopback> {
  const asked: Asked[] = [];
  const turns = new Map<string, number>();
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const call = `${request.method} ${request.url}`;
      asked.push({
        call,
        body: text === "" ? undefined : JSON.parse(text),
        authorization: request.headers.authorization,
      });
      const turn = turns.get(call) ?? 0;
      turns.set(call, turn + 1);
      const all = [routes[call] ?? refusal(404, "no such route in this test", call, "add it")].flat();
      const { status = 200, body } = all[Math.min(turn, all.length - 1)] ?? { body: undefined };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    token: "the-token",
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
