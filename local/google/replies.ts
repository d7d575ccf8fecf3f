// Answers of Google's APIs: every request and every answer is held against the discovery documents. Refusals come in the vendor's
// own shape (https://cloud.google.com/apis/design/errors#http_mapping).
import type { Context } from "hono";
import { type Api, discovery } from "../discovery/validate.ts";
import type { Caller, Identities } from "../wire/identity.ts";
import { notedFor } from "../wire/vocabulary.ts";

type Status = 400 | 401 | 403 | 404 | 429 | 500 | 501;

/** `reason` is what the older APIs (Drive, Gmail) call it; `status` the newer ones' word. */
export type Refusal = { code: Status; message: string; status: string; reason: string; details?: object[] };

export function refuse(c: Context, { code, message, status, reason, details }: Refusal): Response {
  const errors = [{ message, domain: "global", reason }];
  return c.json(
    { error: { code, message, status, errors, ...(details === undefined ? {} : { details }) } },
    code,
  );
}

export const invalid = (message: string, reason = "invalidArgument"): Refusal => ({
  code: 400,
  message,
  status: "INVALID_ARGUMENT",
  reason,
});

export const notFound = (message: string): Refusal => ({
  code: 404,
  message,
  status: "NOT_FOUND",
  reason: "notFound",
});

/** Notes what is not served here, and gives its refusal. */
export function notServed(what: string, violations: string[]): Refusal {
  return {
    code: 501,
    message: notedFor("Google", violations)(what),
    status: "UNIMPLEMENTED",
    reason: "notImplemented",
  };
}

/** Nothing that can be read may be taken for an empty sheet, so a file in trouble is trouble of the vendor's: ask again. */
export const internal = (message: string): Refusal => ({
  code: 500,
  message: `Internal error encountered. (${message})`,
  status: "INTERNAL",
  reason: "internalError",
});

/** Gives the caller if one of the scopes is in the token; else the refusal. */
export function callerWith(c: Context, identities: Identities, scopes: readonly string[]): Caller | Refusal {
  const caller = identities.callerOf(c.req.header("authorization"));
  if (caller === undefined)
    return {
      code: 401,
      message:
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
      status: "UNAUTHENTICATED",
      reason: "authError",
    };
  if (scopes.some((scope) => caller.scopes.includes(`https://www.googleapis.com/auth/${scope}`)))
    return caller;
  return {
    code: 403,
    message: "Request had insufficient authentication scopes.",
    status: "PERMISSION_DENIED",
    reason: "insufficientPermissions",
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        domain: "googleapis.com",
      },
    ],
  };
}

export type Contract = {
  /** Refuses, as the vendor would, what is wrong with the request by the vendor's document. */
  refusal: (request: { params?: Record<string, string>; c: Context; body?: unknown }) => Refusal | undefined;
  /** Answers, after checking what is answered; `fields` of the query picks from it. */
  answer: (c: Context, body: Record<string, unknown>, fields?: string) => Response;
};

/** One method of an API and what its document says of it. What is wrong is added to `violations`. */
export function contract(api: Api, methodId: string, violations: string[]): Contract {
  const document = discovery(api);
  return {
    refusal({ params = {}, c, body }) {
      const found = document.checkRequest(methodId, { params, query: c.req.queries(), body });
      violations.push(...found);
      return found.length === 0 ? undefined : invalid(found.join("; "));
    },
    answer(c, whole, fields = c.req.query("fields")) {
      violations.push(...document.checkAnswer(methodId, whole));
      const cut = document.pick(methodId, whole, fields);
      if ("foreign" in cut)
        return refuse(c, invalid(`Invalid field selection ${cut.foreign}`, "invalidParameter"));
      return Response.json(cut.body);
    },
  };
}
