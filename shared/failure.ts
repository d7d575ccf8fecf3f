// Failures of the services that we call, in one shape for all of them: which service, what of it, who can mend it and how, and
// whether time does. An adapter reads the vendor's words here and nowhere else; they never go further, for they carry names.
import * as z from "zod";
import { Explanation, Permanent } from "./errors.ts";

/** Every service that we call: its name for people, and where it tells of its own troubles. */
export const services = {
  github: { name: "GitHub", status: "https://www.githubstatus.com" },
  sheets: { name: "Google Sheets", status: "https://www.google.com/appsstatus/dashboard" },
  drive: { name: "Google Drive", status: "https://www.google.com/appsstatus/dashboard" },
  gmail: { name: "Gmail", status: "https://www.google.com/appsstatus/dashboard" },
  "google-sign-in": { name: "Google's sign-in", status: "https://status.cloud.google.com" },
  metadata: { name: "the metadata server", status: "https://status.cloud.google.com" },
  storage: { name: "Cloud Storage", status: "https://status.cloud.google.com" },
  "secret-manager": { name: "Secret Manager", status: "https://status.cloud.google.com" },
  pubsub: { name: "Pub/Sub", status: "https://status.cloud.google.com" },
  compute: { name: "Compute Engine", status: "https://status.cloud.google.com" },
  slack: { name: "Slack", status: "https://slack-status.com" },
  "docker.io": { name: "Docker Hub", status: "https://www.dockerstatus.com" },
  "quay.io": { name: "quay.io", status: "https://status.quay.io" },
  prometheus: { name: "Prometheus", status: undefined },
  grafana: { name: "Grafana", status: undefined },
  s3: { name: "the S3 store", status: undefined },
} as const satisfies Record<string, { name: string; status: string | undefined }>;
export type Service = keyof typeof services;
export const serviceNames = Object.keys(services) as [Service, ...Service[]];

/**
 * `lasting`: only a person helps. `transient`: time helps. `settling`: rights that were just granted and things that were just
 * made show after a while, so time may help for `settlingMinutes`; then it is lasting.
 */
const Lasts = z.enum(["lasting", "settling", "transient"]);
export type Lasts = z.infer<typeof Lasts>;

/** "Up to 7 minutes" for rights, longer for groups (https://cloud.google.com/iam/docs/access-change-propagation). */
export const settlingMinutes = 15;

/** Longer than any limit that we know: GitHub's is an hour, Gmail's and Sheets' end with a day. A longer wait is kept as this. */
export const maximumWaitSeconds = 24 * 3600;

export const Failure = z.strictObject({
  service: z.enum(serviceNames),
  /** Names the cause for good: the same trouble has the same cause, whatever was being done. */
  cause: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  lasts: Lasts,
  explanation: Explanation,
  /** For how long the service asks to be left alone. */
  waitSeconds: z.number().int().min(1).optional(),
});
export type Failure = z.infer<typeof Failure>;

/** The error to throw for a failure: a `Permanent` where only a person helps, else one that is tried again. */
export function failed(failure: Failure, options?: ErrorOptions): Error {
  const { explanation, lasts } = failure;
  if (lasts === "lasting") return Object.assign(new Permanent(explanation, options), { failure });
  const error = new Error(`${explanation.what}: ${explanation.why}`, options);
  return Object.assign(error, { name: "Transient", explanation, failure });
}

const Carrying = z.object({ failure: Failure });

/** The failure that an error carries, of any realm; undefined for every other error. */
export const failureIn = (error: unknown): Failure | undefined => Carrying.safeParse(error).data?.failure;

/** Answer of a vendor, as its adapter has read it. */
export type Answer = {
  status: number;
  /** The vendor's own word for it: "RATE_LIMITED", "channel_not_found". */
  code?: string | undefined;
  /** All of its words, for patterns alone. */
  text: string;
  waitSeconds?: number | undefined;
  /** The vendor says no in its own words, whatever the status: Slack does with 200. */
  refusal?: true;
  /** A page for people, of a vendor that answers programs otherwise: whoever stands between has answered. Only its words say something. */
  isPage?: boolean;
};

/** Meaning of a refusal, however it is said. */
export type Meaning = {
  cause: string;
  lasts: Lasts;
  why: string;
  next: string;
  /** For how long it is to be left alone where the answer names no time: a quota a minute, a day's limit. */
  waitSeconds?: number;
};

/** A refusal that we know by what it says. What is left out matches anything. */
export type Pattern = Meaning & { status?: number | readonly number[]; code?: RegExp; text?: RegExp };

/** The error to throw for an answer, for none ("no-answer"), or for one that was broken off ("unreadable"). */
export function refused(
  at: { service: Service; what: string },
  answer: Answer | "no-answer" | "unreadable",
  patterns: readonly Pattern[],
  options?: ErrorOptions,
): Error {
  const { service, what } = at;
  if (typeof answer === "string") return failed(silent(at, answer), options);
  const isPage = answer.isPage === true && isRefusal(answer.status);
  const known = patterns.find(
    (pattern) => matches(pattern, answer) && !(isPage && pattern.text === undefined),
  );
  if (known === undefined && isPage) return failed(silent(at, "unreadable"), options);
  const asked = answer.waitSeconds ?? known?.waitSeconds;
  const wait =
    asked === undefined ? {} : { waitSeconds: Math.min(Math.max(1, Math.ceil(asked)), maximumWaitSeconds) };
  const { cause, lasts, why, next } = known ?? unknown(service, answer);
  return failed({ service, cause, lasts, explanation: { what, why, next }, ...wait }, options);
}

function matches({ status, code, text }: Pattern, answer: Answer): boolean {
  const statuses = status === undefined ? [answer.status] : [status].flat();
  return (
    statuses.includes(answer.status) &&
    (code === undefined || code.test(answer.code ?? "")) &&
    (text === undefined || text.test(answer.text))
  );
}

/** Gives the failure of a call that nobody answered. */
function silent(
  { service, what }: { service: Service; what: string },
  how: "no-answer" | "unreadable",
): Failure {
  const { name } = services[service];
  const why = how === "no-answer" ? `${name} did not answer` : `${name}'s answer was broken off, or is none`;
  return { service, cause: how, lasts: "transient", explanation: { what, why, next: again(service) } };
}

/** HTTP's own words for "not now": https://www.rfc-editor.org/rfc/rfc9110#section-15.5 and RFC 8470, RFC 6585. */
const notNow: readonly number[] = [408, 409, 412, 425, 429];

/** Says whether a status is a no, and not a "not now". */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && !notNow.includes(status);

function unknown(service: Service, { status, code, refusal }: Answer): Meaning {
  const { name } = services[service];
  const told = code !== undefined && /^[A-Za-z0-9_.:-]{1,60}$/.test(code) ? code : undefined;
  const inWords = refusal === true && status < 400;
  const how = inWords ? "refused it" : `answered ${status}`;
  const why = `${name} ${how}${told === undefined ? "" : ` (${told})`}`;
  const cause = slug(inWords ? (told ?? "refused") : `${status} ${told ?? ""}`);
  if (!inWords && !isRefusal(status)) return { cause, lasts: "transient", why, next: again(service) };
  return {
    cause,
    lasts: "lasting",
    why,
    next: `look this answer of ${name} up in its documentation, mend what it names, and replay the event under Undelivered`,
  };
}

/** Says what people can do about what time mends. */
export function again(service: Service): string {
  const { name, status } = services[service];
  const look = status === undefined ? `ask whoever looks after ${name}` : `see ${status}`;
  return `nothing: it is tried again by itself; when it goes on, ${look}`;
}

/** Lower-case letters, digits and single dashes; at most 60. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);

/**
 * Seconds that a `Retry-After` asks for, as a number or as a date; undefined where there is none.
 * @param date The answer's own `Date`: the vendor's clock and ours may differ (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).
 */
export function retryAfterSeconds(
  retryAfter: string | null | undefined,
  date: string | null | undefined,
): number | undefined {
  if (retryAfter === null || retryAfter === undefined) return undefined;
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.parse(date ?? "")) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}
