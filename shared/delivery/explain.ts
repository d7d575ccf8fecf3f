// Explanation of a thrown error to a person: what happened, why, what to do next. A service's doing is a `Failure`, which the
// adapter that saw it has put in words. An error that carries none is Groundcrew's own fault: it is told without its message,
// which may quote what people typed.
import * as z from "zod";
import { Explanation } from "../errors.ts";

const Explained = z.object({ explanation: Explanation });
const Transient = z.object({ name: z.literal("Transient"), message: z.string() });
/** A DOMException, which is no Error of every realm. */
const TimedOut = z.object({ name: z.literal("TimeoutError") });
/** The system's words (ECONNRESET); a longer text in that place is none, and a number is a vendor's. */
const Coded = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/) });

export function explain(error: unknown, functionName: string): Explanation {
  const own = Explained.safeParse(error);
  if (own.success) return own.data.explanation;
  const what = `${functionName} failed`;
  const again = "it is tried again by itself; when it goes on, open the run and read its steps";
  const transient = Transient.safeParse(error).data?.message ?? ofConnections(error);
  if (transient !== undefined) return { what, why: transient, next: again };
  return { what, why: ofTheProgram(error), next: `${again}, and report it to those who write Groundcrew` };
}

/** The system's and fetch's words for a connection that did not come about or broke. */
const unreachable = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|EPIPE|UND_ERR_)/;

/** Gives words for what no adapter has caught: a connection within the house. */
function ofConnections(error: unknown): string | undefined {
  if (TimedOut.safeParse(error).success) return "an answer did not come in time";
  const code = error instanceof Error ? codeOf(error) : undefined;
  return code !== undefined && unreachable.test(code)
    ? `a connection broke or was not made (${code})`
    : undefined;
}

/** The system's word for an error, or for what caused it. */
const codeOf = (error: Error): string | undefined =>
  [error, error.cause].map((one) => Coded.safeParse(one).data?.code).find((code) => code !== undefined);

/** The kind of error. */
function ofTheProgram(error: unknown): string {
  if (!(error instanceof Error)) return "something that is no error was thrown in the program";
  const name = /^\w{1,40}$/.test(error.name) ? error.name : "Error";
  const code = codeOf(error);
  return `${name} in the program${code === undefined ? "" : ` (${code})`}`;
}
