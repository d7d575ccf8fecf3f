// What Cloud Storage and Secret Manager have been seen to answer.
import type { Entry } from "./entry.ts";
import { apiary, errorPage, esf, html } from "./google-bodies.ts";

export type StorageCall = "create" | "read" | "list" | "remote";
type Reads = Entry<StorageCall>["reads"];

const reads =
  (service: Reads["service"]) =>
  (lasts: Reads["lasts"], cause: string, why: string, next: RegExp, waitSeconds?: number): Reads => ({
    service,
    lasts,
    cause,
    why,
    next,
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
  });
const storage = reads("storage");
const secret = reads("secret-manager");

const deploys = /the project's owner deploys again, which grants/;
const bucketOwner = /the bucket's owner grants the function's service account Storage Object Viewer/;
const billing = (of: typeof storage) =>
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
const perimeter = (of: typeof storage) =>
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
      "passing",
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
    source: "https://docs.cloud.google.com/storage/docs/bucket-lock",
    ...apiary(
      403,
      "retentionPolicyNotMet",
      "Object 'a-bucket/head/a.json' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until 2026-12-28T08:00:00-08:00",
    ),
    reads: storage(
      "lasting",
      "retention",
      "a retention policy or a hold keeps an object from being replaced or deleted",
      /the bucket's owner takes the policy or the hold away/,
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
      "passing",
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
    source: "https://github.com/hashicorp/terraform-provider-google/issues/24627",
    ...errorPage(404, "Not Found"),
    reads: storage("lasting", "404", "Cloud Storage answered 404", /look this answer of Cloud Storage up/),
  },
];

const add = /gcloud secrets versions add gmail-oauth --project example-hub-ops|save its value as the file/;
const noVersion = secret("lasting", "no-version", "its newest version is disabled or destroyed", add);

export const secretEntries: Entry<"secret">[] = [
  {
    call: "secret",
    source: "https://github.com/googleapis/python-secret-manager/issues/389",
    ...esf(
      403,
      "PERMISSION_DENIED",
      "Permission 'secretmanager.versions.access' denied for resource 'projects/project-b/secrets/gmail-oauth/versions/1' (or it may not exist).",
    ),
    reads: secret(
      "settling",
      "permission",
      "the function's service account lacks the permission secretmanager.versions.access on it",
      deploys,
    ),
  },
  {
    call: "secret",
    source: "https://github.com/airbytehq/airbyte/issues/36442",
    ...esf(404, "NOT_FOUND", "Secret [projects/123456789/secrets/gmail-oauth] not found or has no versions."),
    reads: secret(
      "lasting",
      "no-secret",
      "it is missing: Secret Manager has no such secret, or no version of it",
      add,
    ),
  },
  {
    call: "secret",
    source: "https://github.com/google-github-actions/get-secretmanager-secrets/issues/268",
    ...esf(
      400,
      "FAILED_PRECONDITION",
      "Secret Version [projects/p/secrets/s/versions/4] is in DESTROYED state.",
    ),
    reads: noVersion,
  },
  {
    call: "secret",
    source: "https://github.com/external-secrets/external-secrets/issues/4042",
    ...esf(
      400,
      "FAILED_PRECONDITION",
      "Secret Version [projects/p/secrets/s/versions/3] is in DISABLED state.",
    ),
    reads: noVersion,
  },
  {
    call: "secret",
    source: "https://github.com/cloudquery/cloudquery/issues/1062",
    ...esf(
      403,
      "PERMISSION_DENIED",
      "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: eYhDkfYCu-dOCjuj8X4Am9",
      { reason: "SECURITY_POLICY_VIOLATED" },
    ),
    reads: perimeter(secret),
  },
  {
    call: "secret",
    source: "https://github.com/google-gemini/gemini-cli/issues/1808",
    ...esf(403, "PERMISSION_DENIED", "Permission denied on resource project example_hub.", {
      errors: [{ reason: "forbidden" }],
      reason: "CONSUMER_INVALID",
    }),
    reads: secret(
      "lasting",
      "project-gone",
      "the project is deleted, suspended, or none that the function may use",
      /the project's owner restores it/,
    ),
  },
  {
    call: "secret",
    source: "https://github.com/GoogleCloudPlatform/java-docs-samples/issues/276",
    ...esf(
      403,
      "PERMISSION_DENIED",
      "Project example-hub (#123456789) has billing disabled. Please enable it.",
      { errors: [{ reason: "forbidden" }] },
    ),
    reads: billing(secret),
  },
  {
    call: "secret",
    source: "https://github.com/hashicorp/terraform-provider-google/issues/24627",
    ...html(404, "<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n"),
    reads: secret("lasting", "404", "Secret Manager answered 404", /look this answer of Secret Manager up/),
  },
];
