// Functions as they run: each in its thread, from its own index.ts, under the framework, with its own environment and
// identity; and the far ends around them, which count every call. Requests go over a bare socket, byte by byte.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { farEnds } from "../../local/instance/far-ends.ts";
import { audienceOf } from "../../local/instance/provision.ts";
import { type FrontEnd, type FrontEndOptions, frontEnd } from "../../local/run/front-end.ts";
import { socketFolder } from "../../local/run/socket-folder.ts";
import { startThread, type Thread } from "../../local/run/threads.ts";
import { makeWorld, readSettings } from "../../local/sample/world.ts";
import type { OwnCallers } from "../../local/wire/callers.ts";
import { movableClock } from "../../local/wire/movable-clock.ts";
import { oidcIssuer } from "../../local/wire/oidc.ts";
import { openState } from "../../local/wire/state.ts";
import { deadLetterTopic, eventNames } from "../../shared/events.ts";
import type { FunctionName } from "../../shared/functions.ts";

export const origin = "http://127.0.0.1:4747";
export type Said = { status: number; headers: string; body: string };
export type House = Awaited<ReturnType<typeof house>>;

/** A sample hub's far ends, and doors on demand. Nothing is delivered: what is published stays where it can be counted. */
export async function house(own?: OwnCallers) {
  const folder = mkdtempSync(join(tmpdir(), "doors-"));
  const world = makeWorld(join(folder, "hub"), 20);
  const settings = readSettings(world);
  const state = openState(world.state);
  const far = await farEnds({
    world,
    settings,
    state,
    clock: movableClock(world.clock),
    random: () => 0,
    ...(own === undefined ? {} : { own }),
    onRecord: () => undefined,
  });
  for (const topic of [...eventNames, deadLetterTopic]) await far.pubsub.createTopic(topic);
  const threads: Thread[] = [];
  const fronts: FrontEnd[] = [];
  const sockets = socketFolder();
  const logged: string[] = [];
  const { consoleToken: token } = far.secrets;

  const environmentOf = (name: FunctionName, more: Record<string, string>): Record<string, string> => ({
    GOOGLE_CLOUD_PROJECT: settings.project,
    GCE_METADATA_HOST: far.metadataHostOf(name),
    METADATA_SERVER_DETECTION: "assume-present",
    GROUNDCREW_SETTINGS: JSON.stringify(settings),
    GROUNDCREW_ENDPOINTS: JSON.stringify(far.endpoints),
    GROUNDCREW_AUDIENCE: audienceOf(name),
    GROUNDCREW_CLOCK_FILE: world.clock,
    ...(name === "console" ? { GROUNDCREW_CONSOLE_TOKEN: token, GROUNDCREW_CONSOLE_ORIGIN: origin } : {}),
    ...more,
  });

  /** Starts a function and gives its own socket, past the front end that stands before it elsewhere. */
  async function open(name: FunctionName, more: Record<string, string> = {}): Promise<string> {
    const thread = startThread(name, (line) => void logged.push(line));
    threads.push(thread);
    const socket = sockets.socketOf(`${name}-${threads.length}`);
    thread.tell({ env: environmentOf(name, more), socket });
    await thread.listening;
    return socket;
  }

  /** The front end, with every function behind it, as on the sample hub. */
  async function behind(clock?: FrontEndOptions["clock"]): Promise<FrontEnd & { folder: string }> {
    const own = socketFolder();
    const opened = await frontEnd({
      project: settings.project,
      env: (name) => environmentOf(name, { K_SERVICE: name }),
      write: (line) => void logged.push(line),
      certificates: far.certificates,
      sockets: own,
      ...(clock === undefined ? {} : { clock }),
    });
    fronts.push(opened);
    return { ...opened, folder: own.folder };
  }

  return {
    settings,
    far,
    token,
    logged,
    open,
    behind,
    issuer: oidcIssuer(state),
    secretOf: (name: string): string => readFileSync(join(world.secrets, name, "1"), "utf8"),
    /** Every call that changes something: a message published, an object written, anything done elsewhere. */
    effects: (): string[] =>
      [...far.faults.calls()]
        .filter(([call]) => !/^(?:metadata|secrets) |^storage GET|^pubsub .*(?:Get|List)/.test(call))
        .map(([call, times]) => `${call} x${times}`),
    async close(): Promise<void> {
      await Promise.all(fronts.map((front) => front.close()));
      await Promise.all(threads.map((thread) => thread.end()));
      sockets.remove();
      await far.close();
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends bytes as they are, to a port or a socket, and gives what comes back until the other side hangs up. */
export function say(to: number | string, head: string[], body: Buffer | string = ""): Promise<Said> {
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  const socket = typeof to === "number" ? connect(to, "127.0.0.1") : connect(to);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.once("error", (error) => (chunks.length > 0 ? socket.destroy() : reject(error)));
  socket.once("close", () => {
    const text = Buffer.concat(chunks).toString();
    const cut = text.indexOf("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
    resolve({ status, headers: text.slice(0, cut), body: text.slice(cut + 4) });
  });
  socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]));
  return promise;
}

/** By name; one that is undefined is not sent, one of a list is sent twice. */
export type Headers = Record<string, string | string[] | undefined>;

/** A body in one chunk. */
export const chunked = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]);

/** The head of a request with a body of this length; a header that is undefined is left out, one of a list comes twice. */
export function headOf(start: string, headers: Headers): string[] {
  const lines = Object.entries({ host: "127.0.0.1", connection: "close", ...headers }).flatMap(
    ([name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((one) =>
        one === undefined ? [] : [`${name}: ${one}`],
      ),
  );
  return [`${start} HTTP/1.1`, ...lines];
}

/** A door's answer to a stranger: this status, nothing of what is inside, and nothing has come of it. */
export async function expectRefused(
  on: House,
  secret: string,
  send: () => Promise<Said>,
  status: number,
): Promise<void> {
  const before = on.effects();
  const answer = await send();
  expect([answer.status, answer.body.slice(0, 300)]).toEqual([status, expect.any(String)]);
  expect(answer.body).not.toMatch(insides);
  expect(answer.body).not.toContain(secret);
  expect(on.effects()).toEqual(before);
}

/** Signs of insides that no answer to a stranger may have: a stack, a path of this machine, a secret. */
export const insides = /\n\s+at |node_modules|\.ts:\d|file:\/\/|\/work\/|\/home\/|Error:|-----BEGIN/;
