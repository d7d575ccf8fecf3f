// Errors that Cloud Storage's client threw, named.
import { type Meaning, type Pattern, refused } from "./failure.ts";
import { answerOf, googleFailure, type Said } from "./google-failure.ts";
import { certain, general, permissionIn } from "./google-patterns.ts";

/** Question to a bucket: the project's own, or one that the settings name as a remote. */
export type Asked = { what: string; whose: "ledger" | "remote" };

/** The error to throw for what the storage client threw. */
export const storageFailure = (asked: Asked, error: unknown): Error =>
  googleFailure({ service: "storage", what: asked.what }, error, (answer) => patterns(asked, answer));

/** https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes */
function patterns({ whose }: Asked, answer: Said): Pattern[] {
  const lacking = permissionIn(answer.text);
  return [
    {
      status: 404,
      text: /bucket does not exist/i,
      cause: "no-bucket",
      lasts: "settling",
      why: "the bucket is not there",
      next:
        whose === "ledger"
          ? "the project's owner deploys again, which makes it; records that were in it are in no other place"
          : "correct the bucket's name under transfers.remotes in the settings, or have its owner make it",
    },
    {
      status: [400, 403],
      code: /^(required|userProjectMissing|userProjectAccessDenied)$/i,
      text: /requester pays|user project/i,
      cause: "requester-pays",
      lasts: "lasting",
      why: "whoever reads the bucket is to pay for it, which Groundcrew does not do",
      next: "the bucket's owner switches Requester Pays off, or the data is copied to another bucket first",
    },
    { status: [400, 403], text: /Cloud KMS|cryptoKeys?\b/i, ...key },
    { status: 400, code: /^cloudKms/, ...key },
    { status: 403, code: /^(retentionPolicyNotMet|objectUnderActiveHold)$/, ...retention },
    // Its reason is often "forbidden" alone: https://github.com/treeverse/lakeFS/issues/1339
    { status: 403, text: /retention policy or|'s retention policy|under active .{1,20} hold/i, ...retention },
    {
      status: 429,
      text: /object mutation operations/i,
      cause: "one-object",
      lasts: "transient",
      why: "one object was written more often than once a second",
      next: "nothing: it is tried again by itself",
    },
    ...certain("storage", answer),
    ...(whose === "remote" ? remote(lacking) : []),
    ...general(answer),
  ];
}

const key: Meaning = {
  cause: "encryption-key",
  lasts: "settling",
  why: "the key that the bucket is encrypted with cannot be used",
  next: "the bucket's owner lets Cloud Storage's service agent use the key (Key Management in the Cloud console), or enables the key again",
};

const retention: Pattern = {
  cause: "retention",
  lasts: "lasting",
  why: "a retention policy or a hold keeps an object from being replaced or deleted",
  next: "the bucket's owner takes the policy or the hold away: Groundcrew replaces what it keeps",
};

const remote = (lacking: string | undefined): Pattern[] => [
  {
    status: 403,
    cause: lacking === undefined ? "forbidden" : "permission",
    lasts: "settling",
    why: `the function's service account lacks ${lacking === undefined ? "rights" : `the permission ${lacking}`} on the remote's bucket`,
    next: "the bucket's owner grants the function's service account Storage Object Viewer on it, and Storage Object User where it is copied to",
  },
];

/** Tells whether it was said that the object is not there: a page of somebody else's with 404 is no such word. */
export function isMissing(error: unknown): boolean {
  const answer = answerOf(error);
  return (
    typeof answer !== "string" &&
    answer.status === 404 &&
    !/bucket does not exist/i.test(answer.text) &&
    (answer.code === "notFound" || /no such object/i.test(answer.text))
  );
}

/**
 * Tells whether a precondition was not met: somebody was quicker. A policy of the organisation answers 412 with the same reason,
 * conditionNotMet, and names its constraint: https://github.com/terraform-google-modules/terraform-google-event-function/pull/41
 */
export function isOvertaken(error: unknown): boolean {
  const answer = answerOf(error);
  return (
    typeof answer !== "string" &&
    answer.status === 412 &&
    answer.code !== "orgPolicyConstraintFailed" &&
    !/\bconstraints\//.test(answer.text)
  );
}

/** The error to throw for an answer that is none. */
export const unreadable = ({ what }: Asked): Error => refused({ service: "storage", what }, "unreadable", []);
