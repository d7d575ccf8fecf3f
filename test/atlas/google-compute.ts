// Answers that Compute Engine has been seen to give at once.
import { type Entry, reads } from "./entry.ts";
import { apiary, errorPage } from "./google-bodies.ts";

export type ComputeCall = "make" | "list" | "remove";

export const compute = reads("compute");

export const noImage = compute(
  "lasting",
  "no-image",
  "the image of the transfer machines is not there",
  /correct transfers\.machine\.image in the settings/,
);
const noSubnetwork = compute(
  "lasting",
  "no-subnetwork",
  "the subnetwork of the transfer machines is not there",
  /correct transfers\.machine\.subnetwork in the settings/,
);
export const policy = (name: string) =>
  compute(
    "lasting",
    "organisation-policy",
    `the organisation's policy ${name} forbids it`,
    /the organisation's administrator allows it to the project/,
  );
const lacks = (permission: string) =>
  compute(
    "settling",
    "permission",
    `the function's service account lacks the permission ${permission}`,
    /the project's owner deploys again, which grants/,
  );
export const actAs = compute(
  "settling",
  "act-as",
  "the function's service account may not give machines theirs (iam.serviceAccounts.actAs)",
  /the project's owner deploys again/,
);

export const computeEntries: Entry<ComputeCall>[] = [
  {
    call: "make",
    source: "https://github.com/docker-archive/infrakit.gcp/issues/1",
    ...apiary(
      400,
      "invalid",
      "Invalid value for field 'resource.disks[0].initializeParams.sourceImage': 'https://www.googleapis.com/compute/v1/projects/sample/global/images/docker'. The referenced image resource cannot be found.",
    ),
    reads: noImage,
  },
  {
    call: "make",
    source: "https://github.com/GoogleCloudPlatform/cloud-foundation-toolkit/issues/95",
    ...apiary(
      400,
      "invalid",
      "Invalid value for field 'resource.disks[0].initializeParams.sourceImage': 'family/debian-9'. The URL is malformed.",
    ),
    reads: noImage,
  },
  {
    call: "make",
    source: "https://github.com/kelseyhightower/kubernetes-the-hard-way/issues/653",
    ...apiary(
      404,
      "notFound",
      "The resource 'projects/example-hub/regions/us-central1/subnetworks/transfers' was not found",
    ),
    reads: noSubnetwork,
  },
  {
    call: "make",
    source: "https://github.com/hashicorp/terraform-provider-google/issues/2140",
    ...apiary(
      400,
      "invalid",
      "Invalid value for field 'resource.networkInterfaces[0].subnetwork': 'projects/example-hub/regions/us-central1/subnetworks/transfers'. The referenced subnetwork resource cannot be found.",
    ),
    reads: noSubnetwork,
  },
  {
    call: "make",
    source: "https://github.com/cloudyr/googleComputeEngineR/issues/110",
    ...apiary(
      400,
      "invalid",
      "Invalid value for field 'resource.networkInterfaces[0]': ''. Subnetwork should be specified for custom subnetmode network",
    ),
    reads: noSubnetwork,
  },
  {
    call: "make",
    source: "https://github.com/cloudyr/googleComputeEngineR/issues/154",
    ...apiary(404, "notFound", "The resource 'projects/example-hub/global/networks/default' was not found"),
    reads: noSubnetwork,
  },
  {
    call: "make",
    source: "https://github.com/gardener/gardener-extension-provider-gcp/issues/415",
    ...apiary(
      412,
      "conditionNotMet",
      "Constraint constraints/compute.vmExternalIpAccess violated for project 123456789. Add instance projects/example-hub/zones/us-central1-a/instances/transfer-sample-t1-0 to the constraint to use external IP with it.",
    ),
    reads: policy("compute.vmExternalIpAccess"),
  },
  {
    call: "make",
    source: "https://github.com/fortinet/fortigate-terraform-deploy/issues/34",
    ...apiary(
      412,
      "conditionNotMet",
      "Constraint constraints/compute.requireShieldedVm violated for project projects/example-hub. The boot disk's 'initialize_params.source_image' field specifies a non-Shielded image: projects/sample/global/images/transfers. See https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints for more information.",
    ),
    reads: policy("compute.requireShieldedVm"),
  },
  {
    call: "make",
    source: "https://github.com/GoogleCloudPlatform/java-docs-samples/pull/6552",
    ...apiary(
      403,
      "forbidden",
      "Required 'compute.instanceTemplates.create' permission for 'projects/example-hub/global/instanceTemplates/template-1'",
    ),
    reads: lacks("compute.instanceTemplates.create"),
  },
  {
    call: "make",
    source: "https://github.com/alexandarp/terraform-gke/issues/2",
    ...apiary(
      403,
      "forbidden",
      "Required 'compute.networks.get' permission for 'projects/example-hub/global/networks/default'",
    ),
    reads: lacks("compute.networks.get"),
  },
  {
    call: "make",
    source: "https://github.com/mitchellh/vagrant-google/issues/163",
    ...apiary(
      403,
      "forbidden",
      "Required 'compute.diskTypes.get' permission for 'projects/example-hub/zones/us-central1-f/diskTypes/pd-standard'",
    ),
    reads: lacks("compute.diskTypes.get"),
  },
  {
    call: "list",
    source: "https://github.com/hashicorp/packer-plugin-googlecompute/issues/137",
    ...apiary(
      403,
      "forbidden",
      "Required 'compute.zones.get' permission for 'projects/example-hub/zones/us-central1-a'",
    ),
    reads: lacks("compute.zones.get"),
  },
  {
    call: "make",
    source: "https://github.com/ansible/ansible-modules-core/issues/2595",
    ...apiary(
      400,
      "invalid",
      "The user does not have access to service account 'machines@example-hub.iam.gserviceaccount.com'.",
    ),
    reads: actAs,
  },
  {
    call: "list",
    source: "https://github.com/vmware-archive/terraforming-gcp/pull/91",
    ...apiary(
      403,
      "accessNotConfigured",
      "Access Not Configured. Compute Engine API has not been used in project 123456789 before or it is disabled.",
      { domain: "usageLimits" },
    ),
    reads: compute(
      "settling",
      "api-off",
      "the project has compute.googleapis.com switched off",
      /gcloud services enable compute\.googleapis\.com/,
    ),
  },
  {
    call: "list",
    source: "https://developers.google.com/workspace/drive/api/guides/handle-errors",
    ...apiary(403, "rateLimitExceeded", "Rate Limit Exceeded", { domain: "usageLimits" }),
    reads: compute(
      "transient",
      "rate-limit",
      "the requests of this minute are used up",
      /^nothing: it is tried again by itself/,
      60,
    ),
  },
  {
    call: "remove",
    source: "https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes",
    ...apiary(401, "authError", "Invalid Credentials"),
    reads: compute(
      "settling",
      "identity",
      "the token of the function's service account was not accepted",
      /the service account is there and enabled/,
    ),
  },
  {
    call: "remove",
    source: "https://github.com/bkauf/anthos-terraform/issues/6",
    ...errorPage(404, "Not Found"),
    reads: compute("lasting", "404", "Compute Engine answered 404", /look this answer of Compute Engine up/),
  },
];
