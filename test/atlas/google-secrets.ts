// Answers that Secret Manager has been seen to give.
import { type Entry, reads } from "./entry.ts";
import { errorPage, esf } from "./google-bodies.ts";
import { billing, deploys, perimeter } from "./google-storage.ts";

const secret = reads("secret-manager");
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
    source: "https://github.com/bkauf/anthos-terraform/issues/6",
    ...errorPage(404, "Not Found"),
    reads: secret("lasting", "404", "Secret Manager answered 404", /look this answer of Secret Manager up/),
  },
];
