// Bad weather by name, the only list: what a vendor's service does wrong for a while, as it does in the world outside. Answers are
// those of test/atlas, where each has its source.
import { keysOf } from "../../shared/closed.ts";
import type { Failure, FarEndName } from "./faults.ts";
import type { Rate } from "./rate.ts";

type Refusal = Extract<Failure, { kind: "status" }>;

/** Harm that it does to the service; times are milliseconds on the movable clock. */
type Effect =
  | { kind: "refuses"; calls?: RegExp; answer: (now: number, until: number) => Refusal }
  /** Reads are served as of so long ago. Never those of Cloud Storage, which is consistent. */
  | { kind: "lags"; behindMs: number }
  /** Each object takes so many writes. */
  | { kind: "writes"; rate: Rate }
  /** Every zone lacks room. */
  | { kind: "no-room"; code: string }
  /** Messages come twice, late, and out of order. */
  | { kind: "unruly" };

export type Weather = { farEnd: FarEndName; minutes: number; word: string; effect: Effect };

const refuses = (answer: (now: number, until: number) => Refusal, calls?: RegExp): Effect => ({
  kind: "refuses",
  answer,
  ...(calls === undefined ? {} : { calls }),
});
const lags: Effect = { kind: "lags", behindMs: 2000 };

const json = (status: number, body: object, headers: Record<string, string> = {}): Refusal => ({
  kind: "status",
  status,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json; charset=UTF-8", ...headers },
});
const google = (code: number, reason: string, message: string, headers: Record<string, string> = {}) =>
  json(code, { error: { code, message, errors: [{ message, domain: "global", reason }] } }, headers);
const page = (text: string) => (): Refusal => ({
  kind: "status",
  status: 503,
  body: `<html><body>${text}</body></html>`,
  headers: { "content-type": "text/html" },
});
const retryAfter = (now: number, until: number) => ({
  "retry-after": String(Math.ceil((until - now) / 1000)),
});

const unicorn = page("<h1>Unicorn!</h1>");
const unavailable = page("<h1>503 Service Unavailable</h1>\nNo server is available to handle this request.");
const googleDown = () => google(503, "backendError", "The service is currently unavailable.");
const sheet = /^GET \/v4\/spreadsheets/;
const gmail = /\/gmail\//;

export const spells = {
  "github-down": {
    farEnd: "github",
    minutes: 40,
    word: "GitHub answers 503 to everything",
    effect: refuses(unicorn),
  },
  "github-limit": {
    farEnd: "github",
    minutes: 40,
    word: "GitHub's requests of this hour are used up",
    effect: refuses((now, until) =>
      json(
        403,
        { message: "API rate limit exceeded for installation ID 4711." },
        {
          date: new Date(now).toUTCString(),
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": String(Math.ceil(until / 1000)),
        },
      ),
    ),
  },
  "github-lag": { farEnd: "github", minutes: 60, word: "GitHub's reads lag behind its writes", effect: lags },
  "sheet-down": {
    farEnd: "google",
    minutes: 40,
    word: "Google Sheets answers 503",
    effect: refuses(googleDown, sheet),
  },
  "sheet-limit": {
    farEnd: "google",
    minutes: 10,
    word: "Google Sheets asks for fewer requests",
    effect: refuses(
      (now, until) => google(429, "RATE_LIMIT_EXCEEDED", "Quota exceeded.", retryAfter(now, until)),
      sheet,
    ),
  },
  "sheet-lag": {
    farEnd: "google",
    minutes: 60,
    word: "the sheet is read as it was before the last edits",
    effect: lags,
  },
  "gmail-down": {
    farEnd: "google",
    minutes: 40,
    word: "Gmail answers 503",
    effect: refuses(googleDown, gmail),
  },
  "gmail-limit": {
    farEnd: "google",
    minutes: 1440,
    word: "Gmail's daily limit of mails is reached",
    effect: refuses(
      (now, until) =>
        google(
          429,
          "rateLimitExceeded",
          `User-rate limit exceeded.  Retry after ${new Date(until).toISOString()}`,
          {
            date: new Date(now).toUTCString(),
          },
        ),
      gmail,
    ),
  },
  "slack-down": { farEnd: "slack", minutes: 40, word: "Slack answers 503", effect: refuses(unavailable) },
  "slack-limit": {
    farEnd: "slack",
    minutes: 10,
    word: "Slack asks for fewer messages",
    effect: refuses((now, until) => json(429, { ok: false, error: "ratelimited" }, retryAfter(now, until))),
  },
  "prometheus-down": {
    farEnd: "prometheus",
    minutes: 40,
    word: "Prometheus answers 503",
    effect: refuses(unavailable),
  },
  "registry-down": {
    farEnd: "registry",
    minutes: 40,
    word: "the registry answers 503",
    effect: refuses(unavailable),
  },
  "registry-limit": {
    farEnd: "registry",
    minutes: 360,
    word: "the registry's limit of pulls is reached",
    effect: refuses((now, until) =>
      json(429, { errors: [{ code: "TOOMANYREQUESTS" }] }, retryAfter(now, until)),
    ),
  },
  "registry-lag": {
    farEnd: "registry",
    minutes: 60,
    word: "the registry shows tags as they were",
    effect: lags,
  },
  "compute-down": {
    farEnd: "compute",
    minutes: 40,
    word: "Compute Engine answers 500",
    effect: refuses(() => google(500, "backendError", "We encountered an internal error.")),
  },
  "compute-lag": {
    farEnd: "compute",
    minutes: 60,
    word: "machines are listed as they were",
    effect: lags,
  },
  "no-spot": {
    farEnd: "compute",
    minutes: 90,
    word: "no zone has room for another Spot machine",
    effect: { kind: "no-room", code: "ZONE_RESOURCE_POOL_EXHAUSTED" },
  },
  "storage-down": {
    farEnd: "storage",
    minutes: 40,
    word: "Cloud Storage answers 503",
    effect: refuses(googleDown),
  },
  // As always at Google, and as bad weather here: the client's own waits make a run two to three times as long.
  // https://cloud.google.com/storage/quotas#objects
  "storage-writes": {
    farEnd: "storage",
    minutes: 60,
    word: "Cloud Storage takes one write a second of each object",
    effect: { kind: "writes", rate: { most: 1, everyMs: 1000 } },
  },
  "s3-down": {
    farEnd: "s3",
    minutes: 40,
    word: "the S3 storage outside answers 503",
    effect: refuses(unavailable),
  },
  "secrets-down": {
    farEnd: "secrets",
    minutes: 40,
    word: "Secret Manager answers 503",
    effect: refuses(googleDown),
  },
  "pubsub-down": {
    farEnd: "pubsub",
    minutes: 10,
    word: "Pub/Sub takes no messages",
    effect: refuses(() => ({ kind: "status", status: 503 }), /^Publish$/),
  },
  "pubsub-unruly": {
    farEnd: "pubsub",
    minutes: 60,
    word: "Pub/Sub delivers twice, late, and out of order",
    effect: { kind: "unruly" },
  },
} as const satisfies Record<string, Weather>;
export type SpellName = keyof typeof spells;

/** Spells in which reads lag: a person may say by how much. */
export const lagNames = keysOf(spells).filter((name) => spells[name].effect.kind === "lags");
