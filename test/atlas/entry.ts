// An atlas of failures: answers of vendors as the public has recorded them, each with its source, and what people are to read
// when it comes. Each is sent through the adapter that runs in production; names in the bodies are invented.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { explain } from "../../shared/delivery/explain.ts";
import { failureIn, type Lasts, type Service } from "../../shared/failure.ts";

export type Recorded = { status: number; headers?: Record<string, string>; body: string };

export type Entry<Call extends string> = Recorded & {
  /** Place where it was recorded: a public issue, a vendor's page, a package's tests. */
  source: string;
  /** Call of ours that meets it. */
  call: Call;
  reads: Reads;
};

/** The failure that is to come of it: its words, and what its next step says. */
export type Reads = {
  service: Service;
  lasts: Lasts;
  cause: string;
  why: string;
  next: RegExp;
  waitSeconds?: number;
};

/** Writes what people are to read of one service. */
export const reads =
  (service: Service) =>
  (lasts: Lasts, cause: string, why: string, next: RegExp, waitSeconds?: number): Reads => ({
    service,
    lasts,
    cause,
    why,
    next,
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
  });

/** Words that no person may ever read of a service's failure. */
const empty = /in the program|Error \(|a service|undefined|\[object/;

/** A vendor that answers everything with one recorded answer. `first` may answer what comes before the call that fails. */
export async function vendor(first: (path: string) => Recorded | undefined = () => undefined) {
  let recorded: Recorded = { status: 500, body: "" };
  const server = createServer((request, response) => {
    request.resume();
    const { status, headers = {}, body } = first(request.url ?? "/") ?? recorded;
    response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answers(next: Recorded): void {
      recorded = next;
    },
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Tests that every entry says what is written beside it, by the production adapter that `send` calls and whose error it gives. */
export function atlas<Call extends string>(
  entries: readonly Entry<Call>[],
  send: (entry: Entry<Call>) => Promise<unknown>,
): void {
  test.each(entries.map((entry) => ({ entry, name: `${entry.call}: ${entry.status} ${entry.reads.cause}` })))(
    "$name",
    async ({ entry }) => {
      const { reads } = entry;
      const error = await send(entry);
      const failure = failureIn(error);
      const { service, lasts, cause, waitSeconds } = failure ?? {};
      const said = explain(error, "a-function");
      expect({ service, lasts, cause, waitSeconds, why: said.why }).toEqual({
        service: reads.service,
        lasts: reads.lasts,
        cause: reads.cause,
        waitSeconds: reads.waitSeconds,
        why: reads.why,
      });
      expect(said.next).toMatch(reads.next);
      expect(`${said.what} ${said.why} ${said.next}`).not.toMatch(empty);
      expect(entry.source).toMatch(/^https:\/\//);
    },
  );
}

/** Tests that an entry cut at any byte still has one of the outcomes, names the service, and crashes nothing. */
export function cutAnywhere<Call extends string>(
  entries: readonly Entry<Call>[],
  send: (entry: Entry<Call>) => Promise<unknown>,
  numRuns = 50,
): void {
  test("cut at any byte, an answer still has one of the named outcomes", async () => {
    const cuts = fc.record({
      entry: fc.constantFrom(...entries),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ entry, at }) => {
        const bytes = Buffer.from(entry.body);
        const body = bytes.subarray(0, Math.floor(at * bytes.length)).toString("latin1");
        const error = await send({ ...entry, body });
        const said = explain(error, "a-function");
        expect(failureIn(error)?.service).toBeDefined();
        expect(`${said.what} ${said.why} ${said.next}`).not.toMatch(empty);
      }),
      { numRuns },
    );
  });
}
