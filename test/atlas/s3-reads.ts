// Words that people read of an S3 store's refusals, and the form in which the stores write them.
import type { Entry, Recorded } from "./entry.ts";

/** Listing what lies there, listing open uploads, ending one of them. */
export type S3Call = "list" | "uploads" | "end";
export type S3Entry = Entry<S3Call>;
type Reads = Omit<S3Entry["reads"], "service">;

const xml = { "content-type": "application/xml" };
export const head = '<?xml version="1.0" encoding="UTF-8"?>';
export const aws = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
export const minio = "https://github.com/minio/minio/blob/master/cmd/api-errors.go";

/** As AWS, and those that follow it, write a refusal. */
export const body = (code: string, message: string, more = ""): string =>
  `${head}\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
export const ids =
  "<RequestId>7BMJM8PWV1J1FNEH</RequestId><HostId>TW2qeJptLnLL7+0pKGRgdR+t5T/GKN362KnA1JuYa83s+Y0YsVEeIxGoiUK+pCQIRwhNsDNC1ws=</HostId>";

export const entry = (call: S3Call, source: string, recorded: Recorded, reads: Reads): S3Entry => ({
  source,
  call,
  ...recorded,
  headers: { ...xml, ...recorded.headers },
  reads: { service: "s3", ...reads },
});
export const listed = (source: string, status: number, text: string, reads: Reads): S3Entry =>
  entry("list", source, { status, body: text }, reads);

export const replay = /replay the event under Undelivered$/;
const never = /^nothing: it is tried again by itself; when it goes on, ask whoever looks after the S3 store$/;
export const says = (lasts: Reads["lasts"], cause: string, why: string, next: RegExp): Reads => ({
  lasts,
  cause,
  why,
  next,
});
export const denied = says(
  "settling",
  "access-denied",
  "the remote's keys may not do this in its bucket",
  /^whoever holds the store's keys lets them list/,
);
export const keyUnknown = says(
  "lasting",
  "key-unknown",
  "the S3 store does not know the remote's access key",
  /^whoever holds the store's keys writes them anew.*transfer-keys/,
);
export const secretWrong = says(
  "lasting",
  "secret-wrong",
  "the remote's secret key does not belong to its access key",
  /transfer-keys/,
);
export const noBucket = says(
  "lasting",
  "no-such-bucket",
  "the S3 store has no bucket of that name",
  /^compare the remote's endpoint, region and bucket/,
);
export const elsewhere = says(
  "lasting",
  "another-endpoint",
  "the S3 store says that the bucket is at another endpoint",
  /^compare the remote's endpoint/,
);
export const region = says(
  "lasting",
  "another-region",
  "the S3 store signs for another region than the settings name",
  /^compare the remote's endpoint, region/,
);
export const slower = says("transient", "slow-down", "the S3 store asks for fewer requests at once", never);
export const outOfService = says(
  "transient",
  "out-of-service",
  "the S3 store is out of service for now",
  never,
);
export const clocks = says(
  "transient",
  "clocks-differ",
  "the S3 store's clock and ours are more than 15 minutes apart",
  /^whoever runs the store sets its clock right/,
);
export const closed = says(
  "lasting",
  "account-closed",
  "the S3 store has closed the account that the bucket belongs to",
  /^whoever pays for the bucket/,
);
const expired = says(
  "lasting",
  "keys-expired",
  "the remote's keys were lent for a time that is over",
  /lasting ones into the remote's line/,
);
export const notOffered = says(
  "lasting",
  "not-offered",
  "the S3 store does not offer what Groundcrew asks of it",
  /^ask whoever runs the store/,
);
export const answered = (status: number): Reads =>
  says("transient", `${status}`, `the S3 store answered ${status}`, never);

export const keyMessage = "The AWS Access Key Id you provided does not exist in our records.";
export const tooSkewed = "The difference between the request time and the current time is too large.";
export const redirect =
  "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
export const internal = "We encountered an internal error. Please try again.";

/** From AWS's own list of errors. */
export const documented = (status: number, code: string, message: string, reads: Reads): S3Entry =>
  listed(aws, status, body(code, message, ids), reads);

/** AWS's page has other words than AWS sends. */
export const signedWrong = listed(
  "https://github.com/pokeb/asi-http-request/issues/121",
  403,
  body(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    ids,
  ),
  secretWrong,
);

export const lent = (): S3Entry[] => [
  listed(
    "https://github.com/craftcms/aws-s3/issues/182",
    400,
    body("ExpiredToken", "The provided token has expired.", `<Token-0>XXX</Token-0>${ids}`),
    expired,
  ),
  listed(
    "https://github.com/s3tools/s3cmd/issues/297",
    400,
    body("InvalidToken", "The provided token is malformed or otherwise invalid.", ids),
    expired,
  ),
];
