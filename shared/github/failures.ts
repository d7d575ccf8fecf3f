// What GitHub's refusals mean to people and to the next attempt. Their texts may quote what was sent, so nothing of them
// goes into an error of ours but the status and GitHub's own number for the request.
import { z } from "zod";
import { isPermanent, Permanent } from "../errors.ts";

/** A refusal of GitHub's, or a call that got no answer (then `headers` is empty and `body` undefined). */
export type Refusal = { status: number; answered: boolean; headers: Record<string, string>; text: string };

/** What was being done; `write` tells that the change may have happened though no answer came. */
export type Doing = { needs: "read" | "write"; write: boolean };

const HttpError = z.looseObject({
  name: z.literal("HttpError"),
  status: z.number(),
  response: z.looseObject({ headers: z.record(z.string(), z.coerce.string()), data: z.unknown() }).optional(),
});
const Body = z.looseObject({
  message: z.string().catch(""),
  errors: z
    .array(
      z.union([z.string(), z.looseObject({ message: z.string().optional(), code: z.string().optional() })]),
    )
    .catch([]),
});

/** Reads an error of Octokit's; undefined for any other. */
export function refusalIn(error: unknown): Refusal | undefined {
  const read = HttpError.safeParse(error);
  if (!read.success) return undefined;
  const { status, response } = read.data;
  const body = Body.safeParse(response?.data);
  const words = body.success
    ? [
        body.data.message,
        ...body.data.errors.map((each) =>
          typeof each === "string" ? each : (each.message ?? each.code ?? ""),
        ),
      ]
    : [];
  return {
    status,
    answered: response !== undefined,
    headers: response?.headers ?? {},
    text: words.join(" / "),
  };
}

/** An error that says when another attempt makes sense. */
export type WaitError = Error & { retryAfterSeconds: number };

/** A plain error, to be tried again, that knows when. */
export function waitError(headers: Record<string, string>): WaitError {
  const after = Number(headers["retry-after"]);
  // GitHub's own clock, not ours: the two may differ, and on the sample hub it can be moved.
  const reset = Number(headers["x-ratelimit-reset"]) - Date.parse(headers["date"] ?? "") / 1000;
  // Without any hint, "wait at least one minute" (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
  const seconds = [after, reset].find((each) => Number.isFinite(each) && each > 0) ?? 60;
  const error = new Error("GitHub's limit of requests is reached");
  return Object.assign(error, { retryAfterSeconds: Math.ceil(seconds) });
}

const Wait = z.object({ retryAfterSeconds: z.number() });

/** For how long GitHub asks to be left alone; undefined for any other error. */
export const secondsToWait = (error: unknown): number | undefined =>
  Wait.safeParse(error).data?.retryAfterSeconds;

/** Whether a refusal is one of GitHub's limits, which it tells with 403 or 429 alike. */
export function isLimit({ status, headers, text }: Refusal): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return "retry-after" in headers || headers["x-ratelimit-remaining"] === "0" || /rate limit/i.test(text);
}

/** Whether GitHub refuses because the App was not given the permission. */
export const lacksPermission = ({ status, text }: Refusal): boolean =>
  status === 403 && /not accessible by integration/i.test(text);

const where =
  "Open the organisation's settings, then GitHub Apps, then Configure beside the App; where the permission is not offered there, add it in the App's own settings first";

/** The App may not do this: which permission it lacks and where that is granted. */
export function missingPermission(needs: Doing["needs"]): Permanent {
  const level = needs === "write" ? "Read and write" : "Read-only";
  return new Permanent({
    what: "GitHub did not let the App in",
    why: `the App lacks the organisation permission Members: ${level}`,
    next: `${where}, grant Members: ${level}, and accept the change as an owner. Then run the flow again.`,
  });
}

/** What to throw for a failure: a `Permanent` where only people can help, else a plain error for another attempt. */
export function failureOf(error: unknown, { needs, write }: Doing): unknown {
  if (isPermanent(error)) return error;
  const refusal = refusalIn(error);
  if (refusal === undefined) return error;
  if (isLimit(refusal)) return waitError(refusal.headers);
  if (lacksPermission(refusal)) return missingPermission(needs);
  const { status, answered } = refusal;
  if (!answered || status >= 500) {
    const what = answered ? `GitHub answered ${status}` : "GitHub did not answer";
    const outcome = write ? "; whether the change was made is unknown, so the next attempt looks first" : "";
    return new Error(`${what}${outcome}${requestIn(refusal)}`);
  }
  if (status === 401) return badKey();
  return new Permanent({
    what: "GitHub refused a request",
    why: `it answered ${status}${requestIn(refusal)}`,
    next: "Check that the organisation and its teams still have the names of the settings, and that the App is installed there.",
  });
}

/** What to throw when the App cannot get a token for the organisation. */
export function signInFailure(error: unknown, needs: Doing["needs"]): unknown {
  const refusal = refusalIn(error);
  if (refusal?.status === 404) {
    return new Permanent({
      what: "GitHub does not know the App in this organisation",
      why: "the App is not installed there, or the organisation has another name now",
      next: "Install the App in the organisation as an owner, or correct the organisation in the settings.",
    });
  }
  if (refusal?.status === 422) return missingPermission(needs);
  if (refusal?.status === 403 && /suspended/i.test(refusal.text)) {
    return new Permanent({
      what: "GitHub did not let the App in",
      why: "its installation is suspended",
      next: "Unsuspend the App in the organisation's settings, under GitHub Apps.",
    });
  }
  return failureOf(error, { needs, write: false });
}

function badKey(): Permanent {
  return new Permanent({
    what: "GitHub did not accept the App's key",
    why: "the private key was revoked, or belongs to another App than the settings name",
    next: "Make a new private key in the App's settings, store it as the secret github-app-key, and check the App's number.",
  });
}

const requestIn = ({ headers }: Refusal): string => {
  const request = headers["x-github-request-id"];
  return request === undefined ? "" : ` (GitHub's request ${request})`;
};
