// Lines that libraries print themselves, made harmless. Express prints the body that it could not parse, and vendors' errors
// quote names and addresses. Of all that, only the kind of error and where it came from gets into the log.
import * as z from "zod";
import type { Log } from "../log.ts";

const Thrown = z.object({
  name: z.string().regex(/^\w{1,40}$/),
  message: z.string().default(""),
  stack: z.string().default(""),
  status: z.number().int().optional(),
});

/** Number of a stack's frames that are kept: they hold names of functions and files, the message stands before them. */
const frames = 4;

/** From now on console.error and its like write one line of ours, without what was said. */
export function tameConsole(
  log: Log,
  console: Pick<Console, "error" | "warn" | "info" | "log" | "debug">,
): void {
  const speak =
    (severity: "INFO" | "WARNING" | "ERROR") =>
    (...said: unknown[]) => {
      const thrown = said.map((one) => Thrown.safeParse(one).data).find((one) => one !== undefined);
      if (thrown === undefined) return log(severity, "a library printed a text");
      const refused = thrown.status !== undefined && thrown.status < 500;
      log(refused ? "INFO" : severity, "a library printed an error", {
        kind: thrown.name,
        status: thrown.status,
        at: framesOf(thrown),
      });
    };
  console.error = speak("ERROR");
  console.warn = speak("WARNING");
  console.info = console.log = console.debug = speak("INFO");
}

/** The message goes first: it may have lines that look like frames. */
const framesOf = ({ stack, message }: z.infer<typeof Thrown>): string =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split("\n")
    .flatMap((line) => /^ {4}at (.+)$/.exec(line)?.[1] ?? [])
    .slice(0, frames)
    .join(" < ");
