// Meaning of an S3 store's error codes for us, whoever runs it: AWS, Ceph, MinIO, R2, Wasabi. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
// https://github.com/minio/minio/blob/master/cmd/api-errors.go,
// https://github.com/ceph/ceph/blob/main/src/rgw/rgw_common.cc
import { again, type Pattern } from "../failure.ts";

/** End of what people are to do about a request that was refused, and waits under Undelivered. */
export const thenReplay = "; then replay the event under Undelivered";
const place = `compare the remote's endpoint, region and bucket under transfers.remotes in the settings with the store's own${thenReplay}`;
const keys = `whoever holds the store's keys writes them anew into the remote's line of the secret transfer-keys${thenReplay}`;

type Told = Pick<Pattern, "why" | "next">;
const lasting = (code: RegExp, cause: string, told: Told): Pattern => ({
  code,
  cause,
  lasts: "lasting",
  ...told,
});
const transient = (code: RegExp, cause: string, why: string): Pattern => ({
  code,
  cause,
  lasts: "transient",
  why,
  next: again("s3"),
});

const slower = "the S3 store asks for fewer requests at once";
const outOfService = "the S3 store is out of service for now";
const unknownKeys: Told = { why: "the S3 store does not know the remote's access key", next: keys };
const elsewhere: Told = { why: "the S3 store says that the bucket is at another endpoint", next: place };

/** The first that fits speaks. */
export const s3Refusals: readonly Pattern[] = [
  transient(
    /^(SlowDown\w*|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded)$/,
    "slow-down",
    slower,
  ),
  { status: 429, cause: "slow-down", lasts: "transient", why: slower, next: again("s3") },
  transient(
    /^(InternalError|ServiceUnavailable|TemporarilyUnavailable|XMinioServerNotInitialized|RequestTimeout)$/,
    "out-of-service",
    outOfService,
  ),
  {
    code: /^(RequestTimeTooSkewed|RequestExpired)$/,
    cause: "clocks-differ",
    lasts: "transient",
    why: "the S3 store's clock and ours are more than 15 minutes apart",
    next: "whoever runs the store sets its clock right; it is tried again by itself",
  },
  {
    // Rights and keys that are new show after a while: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html.
    code: /^AccessDenied$/,
    cause: "access-denied",
    lasts: "settling",
    why: "the remote's keys may not do this in its bucket",
    next: `whoever holds the store's keys lets them list the bucket, and read or write in it${thenReplay}`,
  },
  lasting(/^InvalidAccessKeyId$/, "key-unknown", unknownKeys),
  // Cloudflare R2's words for the same.
  { ...lasting(/^InvalidArgument$/, "key-unknown", unknownKeys), text: /access key has length/i },
  { ...lasting(/^Unauthorized$/, "key-unknown", unknownKeys), status: 401 },
  lasting(/^SignatureDoesNotMatch$/, "secret-wrong", {
    why: "the remote's secret key does not belong to its access key",
    next: keys,
  }),
  lasting(/^(ExpiredToken|InvalidToken|TokenRefreshRequired)$/, "keys-expired", {
    why: "the remote's keys were lent for a time that is over",
    next: `whoever holds the store's keys writes lasting ones into the remote's line of the secret transfer-keys${thenReplay}`,
  }),
  lasting(/^(AllAccessDisabled|AccountProblem|NotSignedUp|UserSuspended)$/, "account-closed", {
    why: "the S3 store has closed the account that the bucket belongs to",
    next: `whoever pays for the bucket asks the store's operator${thenReplay}`,
  }),
  lasting(/^(PermanentRedirect|TemporaryRedirect|Redirect)$/, "another-endpoint", elsewhere),
  { ...lasting(/^/, "another-endpoint", elsewhere), status: [301, 302, 307, 308] },
  {
    ...lasting(/^AuthorizationHeaderMalformed$/, "another-region", {
      why: "the S3 store signs for another region than the settings name",
      next: place,
    }),
    text: /region/i,
  },
  lasting(/^AuthorizationHeaderMalformed$/, "key-unknown", unknownKeys),
  lasting(/^(NoSuchBucket|InvalidBucketName)$/, "no-such-bucket", {
    why: "the S3 store has no bucket of that name",
    next: place,
  }),
  lasting(/^(QuotaExceeded|XMinioStorageFull|XMinioAdminBucketQuotaExceeded)$/, "store-full", {
    why: "the S3 store is full, or the bucket's quota is used up",
    next: `whoever runs the store makes room${thenReplay}`,
  }),
  lasting(/^(MethodNotAllowed|NotImplemented)$/, "not-offered", {
    why: "the S3 store does not offer what Groundcrew asks of it",
    next: `ask whoever runs the store, and look whether the remote's endpoint is that of its S3 interface${thenReplay}`,
  }),
  {
    status: 404,
    code: /^$/,
    cause: "no-store-there",
    lasts: "lasting",
    why: "what answers at the remote's endpoint is no S3 store, or knows no such bucket",
    next: place,
  },
];
