// Answers that Cloud Storage has been seen to give.
import { type Entry, reads } from "./entry.ts";
import { apiary, errorPage } from "./google-bodies.ts";

export type StorageCall = "create" | "read" | "list" | "remote";
export const storage = reads("storage");

export const deploys = /the project's owner deploys again, which grants/;
const bucketOwner = /the bucket's owner grants the function's service account Storage Object Viewer/;
export const billing = (of: typeof storage) =>
  of(
    "settling",
    "billing-off",
    "billing is switched off for the project",
    /the project's owner links a billing account that is open/,
  );
const lacks = (permission: string) =>
  storage(
    "settling",
    "permission",
    `the function's service account lacks the permission ${permission}`,
    deploys,
  );
export const perimeter = (of: typeof storage) =>
  of(
    "lasting",
    "perimeter",
    "a perimeter of VPC Service Controls keeps the function out",
    /administrator lets the function's service account into the perimeter/,
  );
const key = storage(
  "settling",
  "encryption-key",
  "the key that the bucket is encrypted with cannot be used",
  /the bucket's owner lets Cloud Storage's service agent use the key/,
);
const retention = storage(
  "lasting",
  "retention",
  "a retention policy or a hold keeps an object from being replaced or deleted",
  /the bucket's owner takes the policy or the hold away/,
);
const codes = "https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes";

export const storageEntries: Entry<StorageCall>[] = [
  {
    call: "create",
    source: "https://github.com/ThouCheese/cloud-storage-rs/issues/102",
    ...apiary(
      403,
      "forbidden",
      "a-function@example-hub-ops.iam.gserviceaccount.com does not have storage.objects.delete access to the Google Cloud Storage object.",
    ),
    reads: lacks("storage.objects.delete"),
  },
  {
    call: "read",
    source: "https://github.com/Superbalist/laravel-google-cloud-storage/issues/14",
    ...apiary(
      403,
      "forbidden",
      "Caller does not have storage.objects.get access to object a-bucket/test.txt.",
    ),
    reads: lacks("storage.objects.get"),
  },
  {
    call: "list",
    source: "https://github.com/data-integrations/google-cloud/pull/1503",
    ...apiary(
      403,
      "forbidden",
      "a-function@example-hub-ops.iam.gserviceaccount.com does not have storage.buckets.create access to the Google Cloud project. Permission 'storage.buckets.create' denied on resource (or it may not exist).",
    ),
    reads: lacks("storage.buckets.create"),
  },
  {
    call: "remote",
    source: "https://github.com/Superbalist/laravel-google-cloud-storage/issues/14",
    ...apiary(
      403,
      "forbidden",
      "Caller does not have storage.objects.get access to object a-bucket/test.txt.",
    ),
    reads: storage(
      "settling",
      "permission",
      "the function's service account lacks the permission storage.objects.get on the remote's bucket",
      bucketOwner,
    ),
  },
  {
    call: "remote",
    source: codes,
    ...apiary(403, "forbidden", "Forbidden"),
    reads: storage(
      "settling",
      "forbidden",
      "the function's service account lacks rights on the remote's bucket",
      bucketOwner,
    ),
  },
  {
    call: "create",
    source: "https://github.com/googleapis/python-storage/issues/1456",
    ...apiary(
      403,
      "accountDisabled",
      "The billing account for the owning project is disabled in state absent",
    ),
    reads: billing(storage),
  },
  {
    call: "create",
    source: "https://github.com/hashicorp/terraform-provider-google/issues/5209",
    ...apiary(
      403,
      "accountDisabled",
      "The project to be billed is associated with an absent billing account.",
    ),
    reads: billing(storage),
  },
  {
    call: "read",
    source: "https://github.com/forseti-security/forseti-security/issues/1465",
    ...apiary(403, "accountDisabled", "The project to be billed has not configured billing."),
    reads: billing(storage),
  },
  {
    call: "create",
    source: "https://github.com/grafana/mimir/pull/12086",
    ...apiary(
      429,
      "rateLimitExceeded",
      "The object a-bucket/head/a.json exceeded the rate limit for object mutation operations (create, update, and delete). Please reduce your request rate. See https://cloud.google.com/storage/docs/gcs429.",
      { domain: "usageLimits" },
    ),
    reads: storage(
      "transient",
      "one-object",
      "one object was written more often than once a second",
      /^nothing: it is tried again by itself$/,
    ),
  },
  {
    call: "list",
    source: codes,
    ...apiary(401, "required", "Login Required"),
    reads: storage(
      "settling",
      "identity",
      "the token of the function's service account was not accepted",
      /the service account is there and enabled/,
    ),
  },
  {
    call: "remote",
    source: "https://github.com/hail-is/hail/pull/11964",
    ...apiary(400, "required", "Bucket is a requester pays bucket but no user project provided."),
    reads: storage(
      "lasting",
      "requester-pays",
      "whoever reads the bucket is to pay for it, which Groundcrew does not do",
      /the bucket's owner switches Requester Pays off/,
    ),
  },
  {
    call: "create",
    source: "https://github.com/treeverse/lakeFS/issues/1339",
    ...apiary(
      403,
      "forbidden",
      "Object 'a-bucket/head/a.json' is subject to bucket's retention policy and cannot be deleted, overwritten or archived until 2021-02-05T11:36:47.70576-08:00",
    ),
    reads: retention,
  },
  {
    call: "create",
    source: "https://github.com/GoogleCloudPlatform/gsutil/issues/1175",
    ...apiary(
      403,
      "forbidden",
      "Object 'a-bucket/head/a.json' is under active Event-Based hold and cannot be deleted, overwritten or archived until hold is removed.",
    ),
    reads: retention,
  },
  {
    call: "create",
    source: "https://github.com/terraform-google-modules/terraform-google-event-function/pull/41",
    ...apiary(
      412,
      "conditionNotMet",
      "Request violates constraint 'constraints/storage.uniformBucketLevelAccess'",
    ),
    reads: storage(
      "lasting",
      "organisation-policy",
      "the organisation's policy storage.uniformBucketLevelAccess forbids it",
      /the organisation's administrator allows it to the project/,
    ),
  },
  {
    call: "create",
    source: "https://github.com/googleapis/google-cloud-java/issues/3594",
    ...apiary(
      403,
      "forbidden",
      "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account  has been authorized to use this key.",
    ),
    reads: key,
  },
  {
    call: "create",
    source: codes,
    ...apiary(
      400,
      "cloudKmsDisabledKey",
      "Cloud KMS key is disabled, destroyed, or scheduled to be destroyed.",
    ),
    reads: key,
  },
  {
    call: "create",
    source: codes,
    ...apiary(412, "orgPolicyConstraintFailed", "Request violates an OrgPolicy constraint."),
    reads: storage(
      "lasting",
      "organisation-policy",
      "a policy of the organisation forbids it",
      /the organisation's administrator allows it to the project/,
    ),
  },
  {
    call: "read",
    source: codes,
    ...apiary(500, "backendError", "We encountered an internal error."),
    reads: storage(
      "transient",
      "500-backenderror",
      "Cloud Storage answered 500 (backendError)",
      /^nothing: .* see https:\/\/status\.cloud\.google\.com$/,
    ),
  },
  {
    call: "list",
    source: "https://github.com/GoogleCloudPlatform/terraform-google-cloud-functions/issues/109",
    ...apiary(
      403,
      "vpcServiceControls",
      "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: VQQnKfXtZ16NHnOmdJAy0E92tVT",
    ),
    reads: perimeter(storage),
  },
  {
    call: "read",
    source: "https://github.com/bkauf/anthos-terraform/issues/6",
    ...errorPage(404, "Not Found"),
    reads: storage("lasting", "404", "Cloud Storage answered 404", /look this answer of Cloud Storage up/),
  },
];
