// Answers of Compute Engine when a machine is not made, listed or deleted: those to be expected, and those that a person must mend.
import { type Pattern, refused } from "../failure.ts";
import { answerOf, googleFailure, type Said } from "../google-failure.ts";
import { certain, general } from "../google-patterns.ts";

/** A machine that was not made, as was to be expected. */
export type Expected = "already-there" | "no-capacity" | "quota";

/** One of an operation's errors: it says what came of a request that was taken. */
export type OperationError = { code?: string | null | undefined; message?: string | null | undefined };
/** `status` is the operation's httpErrorStatusCode; some records of operations have none. */
type EndedIn = OperationError & { status?: number | null | undefined };

/** The error to throw for what the compute client threw. */
export const computeFailure = (what: string, error: unknown): Error =>
  googleFailure({ service: "compute", what }, error, patterns);

/** The error to throw for an operation that ended in errors. */
export function operationFailure(what: string, { code, message, status }: EndedIn): Error {
  const word = code ?? undefined;
  const told = (status ?? 0) >= 400 ? status : undefined;
  const said = { status: statuses[word ?? ""] ?? told ?? 500, code: word, text: message ?? "" };
  return refused({ service: "compute", what }, said, patterns(said));
}

/** HTTP's numbers for operations' words (https://docs.cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation). */
const statuses: Record<string, number> = {
  PERMISSIONS_ERROR: 403,
  SERVICE_ACCOUNT_ACCESS_DENIED: 403,
  RESOURCE_NOT_FOUND: 404,
  CONDITION_NOT_MET: 412,
  INVALID_FIELD_VALUE: 400,
  INVALID_USAGE: 400,
};

/** Finds the outcome that was to be expected, of which no error should be made; undefined for everything else. */
export function expectedOf(error: unknown): Expected | undefined {
  const answer = answerOf(error);
  if (typeof answer === "string") return undefined;
  const { status, code, text } = answer;
  if (status === 409 && (code !== "ABORTED" || /already exists/i.test(text))) return "already-there";
  if (/ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources/.test(`${code} ${text}`))
    return "no-capacity";
  return isQuota(code, text) ? "quota" : undefined;
}

/** The same of an operation's errors. A full zone shows here (https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-resource-availability). */
export function expectedOfOperation(errors: readonly OperationError[]): Expected | undefined {
  return errors
    .map(({ code, message }): Expected | undefined => {
      const word = code ?? "";
      if (/^(ZONE_RESOURCE_POOL_EXHAUSTED(_WITH_DETAILS)?|STOCKOUT|UNSUPPORTED_OPERATION)$/.test(word))
        return "no-capacity";
      if (isQuota(word, message ?? "")) return "quota";
      return word === "RESOURCE_ALREADY_EXISTS" ? "already-there" : undefined;
    })
    .find((one) => one !== undefined);
}

/** Of machines, that is: a quota of requests is gone in a minute. */
const isQuota = (code: string | undefined, text: string): boolean =>
  /^(quotaExceeded|QUOTA_EXCEEDED|QUOTAS?_\w+)$/.test(code ?? "") ||
  /quota '?[A-Z0-9_]+'? exceeded/i.test(text);

/** Tells whether it was said that the machine is not there: a page of somebody else's with 404 is no such word. */
export function isGone(error: unknown): boolean {
  const answer = answerOf(error);
  return typeof answer !== "string" && answer.status === 404 && answer.code !== undefined;
}

const missing = /not found|cannot be found|does not exist|invalid value for field|malformed/i;
const about = (words: string): RegExp => new RegExp(`(?=.*(?:${missing.source}))(?=.*(?:${words}))`, "is");

/** https://docs.cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation */
const patterns = (answer: Said): Pattern[] => [
  ...certain("compute", answer),
  {
    status: [400, 403, 404],
    text: about("sourceImage|/images/|image resource"),
    cause: "no-image",
    lasts: "lasting",
    why: "the image of the transfer machines is not there",
    next: "correct transfers.machine.image in the settings, or make the image as the deployment page says, and ask for the transfer with a new id",
  },
  {
    status: [400, 404],
    text: about("subnetwork|networkInterfaces|/networks/"),
    cause: "no-subnetwork",
    lasts: "lasting",
    why: "the subnetwork of the transfer machines is not there",
    next: "correct transfers.machine.subnetwork in the settings, or let the project's owner make it, and ask for the transfer with a new id",
  },
  {
    status: [400, 404],
    text: about("machineType"),
    cause: "no-machine-type",
    lasts: "lasting",
    why: "a zone does not have the type of the transfer machines",
    next: "correct transfers.machine.type or transfers.machine.zones in the settings, and ask for the transfer with a new id",
  },
  {
    status: [400, 404],
    text: about("field 'zone'|zones/[a-z0-9-]+'|unknown zone"),
    cause: "no-zone",
    lasts: "lasting",
    why: "one of the zones of the transfer machines is none",
    next: "correct transfers.machine.zones in the settings, and ask for the transfer with a new id",
  },
  {
    status: [400, 403],
    text: /access to service account|serviceAccounts\.actAs/i,
    cause: "act-as",
    lasts: "settling",
    why: "the function's service account may not give machines theirs (iam.serviceAccounts.actAs)",
    next: "the project's owner deploys again, which grants it; it is tried again by itself meanwhile",
  },
  {
    status: [400, 404],
    text: about("service ?account"),
    cause: "no-machine-identity",
    lasts: "settling",
    why: "the service account of the transfer machines is not there",
    next: "the project's owner deploys again, which makes it; it is tried again by itself meanwhile",
  },
  {
    status: 403,
    text: /compute\.images\./,
    cause: "image-permission",
    lasts: "settling",
    why: "the function's service account may not use the image of the transfer machines (compute.images.useReadOnly)",
    next: "the owner of the image's project grants it Compute Image User; it is tried again by itself meanwhile",
  },
  {
    // https://github.com/Privatehive/gcp-hosted-github-runner/pull/7
    code: /^IP_SPACE_EXHAUSTED/,
    cause: "no-address",
    lasts: "transient",
    why: "the subnetwork of the transfer machines has no free address",
    next: "nothing at first: addresses come free when other machines end; when it goes on, the project's owner widens the subnetwork of transfers.machine.subnetwork",
  },
  {
    code: /^(RESOURCE_NOT_READY|RESOURCE_OPERATION_RATE_EXCEEDED|RESOURCE_IN_USE_BY_ANOTHER_RESOURCE|INTERNAL_ERROR|resourceNotReady)$/,
    cause: "busy",
    lasts: "transient",
    why: "Compute Engine is busy with what was asked for, or failed inside",
    next: "nothing: it is tried again by itself; when it goes on, see https://status.cloud.google.com",
  },
  {
    status: 404,
    code: /^(notFound|NOT_FOUND|RESOURCE_NOT_FOUND)$/,
    cause: "not-found",
    lasts: "settling",
    why: "something that the machines need is not there, or not yet",
    next: "it is tried again by itself; when it goes on, the project's owner looks into Compute Engine's own log of the request (Logs Explorer in the Cloud console)",
  },
  ...general(answer),
];
