// Deadlines that foreign clients give their calls. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import * as z from "zod";

const unitMs: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
/** Milliseconds that a timer of Node's holds. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestMs = 2 ** 31 - 1;
const header = "grpc-timeout";

/** Cuts a deadline to what a timer holds. Anything that is no deadline stays as it is, to be refused. */
export function withinTimer(deadline: string): string {
  const [, digits = "", unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(deadline) ?? [];
  return Number(digits) * (unitMs[unit] ?? 0) > longestMs ? `${Math.floor(longestMs / 1000)}S` : deadline;
}

/** https://nodejs.org/api/diagnostics_channel.html#event-http2serverstreamcreated: told before the server reads a header. */
const created = "http2.server.stream.created";
const Created = z.object({ headers: z.custom<Record<string, unknown>>() });

/**
 * Reads deadlines of weeks as such, until the function that it gives is called: grpc-js cuts their milliseconds to 32 bits, and would
 * end a call of 2^32 seconds at once, after its work was done.
 */
export function readLongDeadlines(): () => void {
  const read = (message: unknown): void => {
    const { headers } = Created.parse(message);
    const given = headers[header];
    if (typeof given === "string") headers[header] = withinTimer(given);
  };
  subscribe(created, read);
  return () => unsubscribe(created, read);
}
