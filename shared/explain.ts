// What a thrown error says to a person: what happened, why, what to do next. Vendors' messages can carry names and
// addresses, so only what is known to be harmless is let through.
import { z } from "zod";
import { Explanation } from "./errors.ts";

const Explained = z.object({ explanation: Explanation });
const Named = z.object({ name: z.string(), message: z.string() });
/** Vendors' numbers and the system's words (ECONNRESET); a longer text in that place is none. */
const Coded = z.object({ code: z.union([z.number(), z.string().regex(/^[A-Z0-9_]{1,40}$/)]) });

/** Vendors name the lacking permission in their message: Storage, Secret Manager, Pub/Sub and Compute alike. */
const permission = /\b((?:storage|pubsub|secretmanager|compute)\.[a-z]+\.[a-zA-Z]+)\b/;

export function explain(error: unknown, functionName: string): Explanation {
  const own = Explained.safeParse(error);
  if (own.success) return own.data.explanation;
  const message = error instanceof Error ? error.message : "";
  const { success, data } = Coded.safeParse(error);
  const code = success ? String(data.code) : "";
  const lacking = permission.exec(message)?.[1];
  if (lacking !== undefined && (code === "403" || code === "7"))
    return {
      what: `${functionName} was refused`,
      why: `its identity lacks the permission ${lacking}`,
      next: `grant it in the row of ${functionName} in shared/functions.ts and deploy; the event is tried again by itself`,
    };
  if (code === "401" || code === "16")
    return {
      what: `${functionName} was not recognised`,
      why: "its token was missing, wrong or too old",
      next: "it is tried again by itself; when it goes on, look at the function's identity",
    };
  return {
    what: `${functionName} failed`,
    why: whyOf(error, code),
    next: "it is tried again by itself; when it goes on, open the run and read its steps",
  };
}

function whyOf(error: unknown, code: string): string {
  const { name, message } = Named.safeParse(error).data ?? {};
  if (name === "Passing" && message !== undefined) return message;
  if (name === "TimeoutError") return "a service did not answer in time";
  return /^\d+$/.test(code) ? `a service answered ${code}` : plain(error);
}

/** The system's and fetch's words for a connection that did not come about or broke. */
const unreachable = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|EPIPE|UND_ERR_)/;

/** The kind of error, without its message, which may quote what people typed. */
function plain(error: unknown): string {
  if (!(error instanceof Error)) return "something that is no error was thrown";
  const name = /^\w{1,40}$/.test(error.name) ? error.name : "Error";
  const coded = [error, error.cause].map((one) => Coded.safeParse(one).data?.code).find(Boolean);
  if (coded === undefined) return `${name} in the program`;
  return unreachable.test(String(coded)) ? `a service could not be reached (${coded})` : `${name} (${coded})`;
}
