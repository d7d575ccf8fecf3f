// Patterns that all of Google's APIs share, and what they mean to whoever reads them. Names of permissions and constraints are
// Google's own words and may be said; everything else of a message stays here.
import { again, type Meaning, type Pattern, type Service } from "./failure.ts";
import { type Said, secondsToMidnightPacific } from "./google-failure.ts";

/** Names that `gcloud services enable` has for each API. */
const apis: Partial<Record<Service, string>> = {
  sheets: "sheets.googleapis.com",
  drive: "drive.googleapis.com",
  gmail: "gmail.googleapis.com",
  storage: "storage.googleapis.com",
  "secret-manager": "secretmanager.googleapis.com",
  pubsub: "pubsub.googleapis.com",
  compute: "compute.googleapis.com",
};

/** A quota a minute is whole again after one (https://docs.cloud.google.com/docs/quotas/overview). */
const minute = 60;

const verbs =
  "(?:get|list|create|delete|update|use|useReadOnly|useExternalIp|access|actAs|publish|attach|consume|set[A-Z][A-Za-z]{1,30})";
const permission = new RegExp(
  `(?<![A-Za-z0-9@._-])((?:storage|pubsub|secretmanager|compute|iam|resourcemanager|serviceusage|cloudkms)\\.[a-z][A-Za-z]{1,30}\\.${verbs})(?![A-Za-z0-9@_-])`,
);
const constraint = /\bconstraints\/([a-z]{2,30}\.[A-Za-z]{2,60})(?![A-Za-z0-9@_-])/;

/** The permission that a message names: "storage.objects.create". */
export const permissionIn = (text: string): string | undefined => permission.exec(text)?.[1];

/** Gives the patterns that hold whatever was asked: these come before a service's own patterns. */
export function certain(service: Service, { text, date }: Said): Pattern[] {
  const api = apis[service] ?? "the API";
  const policy = constraint.exec(text)?.[1];
  return [
    {
      status: [403, 400],
      code: /^(SERVICE_DISABLED|accessNotConfigured)$/,
      cause: "api-off",
      lasts: "settling",
      why: `the project has ${api} switched off`,
      next: `the project's owner switches it on (gcloud services enable ${api}); it shows within a few minutes, and is then tried again by itself`,
    },
    {
      status: [403, 400, 429],
      code: /^(BILLING_DISABLED|accountDisabled|billingNotEnabled)$/,
      ...billing,
    },
    {
      status: [403, 400],
      text: /billing (to be enabled|disabled|account .{0,40}(disabled|closed|absent))/i,
      ...billing,
    },
    {
      status: [403, 400, 404],
      code: /^(CONSUMER_INVALID|CONSUMER_SUSPENDED|USER_PROJECT_DENIED|projectSuspended)$/,
      ...gone,
    },
    {
      status: [403, 400, 404],
      text: /^project [^ ]{1,80} (has been deleted|is not found and cannot be used)|has been suspended/i,
      ...gone,
    },
    {
      status: 403,
      code: /^(SECURITY_POLICY_VIOLATED|vpcServiceControls)$/,
      ...perimeter,
    },
    { status: 403, text: /prohibited by organization's policy|VPC Service Controls/i, ...perimeter },
    { status: [400, 403, 412], text: constraint, ...forbidden(policy) },
    { status: 412, code: /^orgPolicyConstraintFailed$/, ...forbidden(policy) },
    {
      status: [403, 429],
      code: /^(dailyLimitExceeded|dailyLimitExceededUnreg)$/,
      cause: "daily-limit",
      lasts: "transient",
      why: "the project has used up its requests for today",
      next: "nothing: the count begins anew at midnight, Pacific time; the project's owner can ask for a higher quota",
      waitSeconds: secondsToMidnightPacific(date),
    },
    {
      status: [403, 429],
      code: /^(rateLimitExceeded|userRateLimitExceeded|RATE_LIMIT_EXCEEDED|concurrentLimitExceeded|servingLimitExceeded|sharingRateLimitExceeded)$/,
      ...tooMany,
    },
    { status: 429, ...tooMany },
    { status: 499, ...brokenOff(service) },
  ];
}

/** "Typically by the caller" (https://grpc.io/docs/guides/status-codes/), or by what stands between: Google's own publisher asks anew. */
const brokenOff = (service: Service): Pattern => ({
  cause: "cancelled",
  lasts: "transient",
  why: "the call was broken off before it was answered",
  next: again(service),
});

const forbidden = (policy: string | undefined): Meaning => ({
  cause: "organisation-policy",
  lasts: "lasting",
  why:
    policy === undefined
      ? "a policy of the organisation forbids it"
      : `the organisation's policy ${policy} forbids it`,
  next: "the organisation's administrator allows it to the project (Organization policies in the Cloud console), or the settings are changed so that it is not needed",
});

const billing: Meaning = {
  cause: "billing-off",
  lasts: "settling",
  why: "billing is switched off for the project",
  next: "the project's owner links a billing account that is open (Billing in the Cloud console); it shows within a few minutes",
};
const gone: Meaning = {
  cause: "project-gone",
  lasts: "lasting",
  why: "the project is deleted, suspended, or none that the function may use",
  next: "the project's owner restores it (Manage resources in the Cloud console), or answers Google's mail on why it was suspended",
};
const perimeter: Meaning = {
  cause: "perimeter",
  lasts: "lasting",
  why: "a perimeter of VPC Service Controls keeps the function out",
  next: "the organisation's administrator lets the function's service account into the perimeter by an ingress rule",
};
const tooMany: Meaning = {
  cause: "rate-limit",
  lasts: "transient",
  why: "the requests of this minute are used up",
  next: "nothing: it is tried again by itself; when it goes on, the project's owner asks for a higher quota (Quotas in the Cloud console)",
  waitSeconds: minute,
};

/** Gives the patterns for what a service's own have not known: the function's identity and its rights. */
export function general({ text }: Said): Pattern[] {
  const lacking = permissionIn(text);
  return [
    {
      status: 403,
      code: /^(ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficientPermissions)$/,
      cause: "scope",
      lasts: "lasting",
      why: "the function's token does not cover this",
      next: "whoever deploys: let the function run on Cloud Run with its own service account, whose metadata server gives the scopes that are asked for",
    },
    {
      status: 403,
      cause: lacking === undefined ? "forbidden" : "permission",
      lasts: "settling",
      why:
        lacking === undefined
          ? "the function's service account may not do this"
          : `the function's service account lacks the permission ${lacking}`,
      next: "the project's owner deploys again, which grants what the function's row in shared/functions.ts names; rights that were just granted show within minutes, and it is tried again by itself",
    },
    {
      status: 401,
      cause: "identity",
      lasts: "settling",
      why: "the token of the function's service account was not accepted",
      next: "it is tried again with a new token; when it goes on, the project's owner looks whether the service account is there and enabled (Service accounts in the Cloud console)",
    },
  ];
}
