// Ends of Compute Engine's operations, as they have been seen after it took the call; and those to be expected.
import type { Expected, OperationError } from "../../shared/compute/refusals.ts";
import type { Entry, Recorded } from "./entry.ts";
import { apiary, json } from "./google-bodies.ts";
import { actAs, type ComputeCall, compute, noImage, policy } from "./google-compute.ts";

/** An operation that has ended in an error: it comes with 200, and says which status the refusal has. */
const operation = (error: OperationError, http: { status?: number; words?: string } = {}): Recorded =>
  json(200, {
    kind: "compute#operation",
    name: "operation-1719427342006-61bcf2b6a0c3c",
    operationType: "insert",
    status: "DONE",
    progress: 100,
    error: { errors: [error] },
    ...(http.status === undefined
      ? {}
      : { httpErrorStatusCode: http.status, httpErrorMessage: http.words ?? "BAD REQUEST" }),
  });

const busy = compute(
  "transient",
  "busy",
  "Compute Engine is busy with what was asked for, or failed inside",
  /^nothing: it is tried again by itself/,
);
const noAddress = compute(
  "transient",
  "no-address",
  "the subnetwork of the transfer machines has no free address",
  /other machines end.*widens the subnetwork/,
);
const guide = "https://docs.cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation";

export const operationEntries: Entry<ComputeCall>[] = [
  {
    call: "make",
    source: "https://github.com/googleapis/python-compute/issues/279",
    ...operation({
      code: "RESOURCE_OPERATION_RATE_EXCEEDED",
      message: "Too frequent operations from the source resource.",
    }),
    reads: busy,
  },
  {
    call: "make",
    source: "https://github.com/ansible/ansible-modules-core/issues/2595",
    ...operation({
      code: "SERVICE_ACCOUNT_ACCESS_DENIED",
      message:
        "The user does not have access to service account 'machines@example-hub.iam.gserviceaccount.com'.  User: 'ada@example.org'.  Ask a project owner to grant you the iam.serviceAccountUser role on the service account",
    }),
    reads: actAs,
  },
  {
    call: "make",
    source: guide,
    ...operation({
      code: "RESOURCE_NOT_FOUND",
      message: "The resource 'projects/example-hub/global/images/transfers' was not found",
    }),
    reads: noImage,
  },
  {
    call: "make",
    source: "https://github.com/fortinet/fortigate-terraform-deploy/issues/34",
    ...operation({
      code: "CONDITION_NOT_MET",
      message:
        "Constraint constraints/compute.vmExternalIpAccess violated for project 123456789. Add instance projects/example-hub/zones/us-central1-a/instances/transfer-sample-t1-0 to the constraint to use external IP with it.",
    }),
    reads: policy("compute.vmExternalIpAccess"),
  },
  {
    call: "make",
    source: "https://github.com/Privatehive/gcp-hosted-github-runner/pull/7",
    ...operation(
      {
        code: "IP_SPACE_EXHAUSTED_WITH_DETAILS",
        message:
          "IP space of 'projects/example-hub/regions/us-central1/subnetworks/transfers' is exhausted. Insufficient free IP addresses in the IP range '192.0.2.0/24'. Consider expanding the current IP range or selecting an alternative IP range.",
      },
      { status: 400 },
    ),
    reads: noAddress,
  },
  {
    call: "make",
    source: "https://github.com/hashicorp/terraform-cdk/issues/1964",
    ...operation({
      code: "IP_SPACE_EXHAUSTED",
      message: "IP space of 'projects/example-hub/regions/europe-west1/subnetworks/transfers' is exhausted.",
    }),
    reads: noAddress,
  },
  {
    call: "make",
    source: "https://github.com/GoogleCloudPlatform/terraform-google-nat-gateway/issues/86",
    ...operation(
      {
        code: "EXTERNAL_RESOURCE_NOT_FOUND",
        message:
          "The resource 'One of [machines@example-hub.iam.gserviceaccount.com]' of type 'serviceAccount' was not found.",
      },
      { status: 404, words: "NOT FOUND" },
    ),
    reads: compute(
      "settling",
      "no-machine-identity",
      "the service account of the transfer machines is not there",
      /the project's owner deploys again/,
    ),
  },
];

/** A code of an operation's that no table knows: its status says whether time helps. */
export const unknownOperation = (status: number): Recorded =>
  operation({ code: "NEVER_SEEN", message: "Ask ada@example.org." }, { status });

/** Ends that are to be expected of Compute Engine, and are no failure. */
export const expectedEntries: (Recorded & { source: string; is: Expected })[] = [
  {
    source: "https://github.com/CCExtractor/sample-platform/issues/901",
    ...operation({
      code: "ZONE_RESOURCE_POOL_EXHAUSTED",
      message:
        "The zone 'projects/example-hub/zones/us-central1-a' does not have enough resources available to fulfill the request.  Try a different zone, or try again later.",
    }),
    is: "no-capacity",
  },
  {
    source: "https://github.com/kubernetes/k8s.io/issues/9834",
    ...operation({
      code: "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS",
      message:
        "The zone 'projects/example-hub/zones/us-central1-b' does not have enough resources available to fulfill the request.  '(resource type:compute)'.",
    }),
    is: "no-capacity",
  },
  {
    source: "https://github.com/scylladb/scylla-cluster-tests/issues/12477",
    ...operation({
      code: "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS",
      message:
        "The zone 'projects/example-hub/zones/us-east1-c' does not have enough resources available to fulfill the request.  '(resource type:compute)'.",
    }),
    is: "no-capacity",
  },
  {
    source: "https://github.com/kubernetes/kubernetes/pull/87003",
    ...operation({
      code: "QUOTA_EXCEEDED",
      message: "Quota 'CPUS' exceeded.  Limit: 24.0 in region europe-west6.",
    }),
    is: "quota",
  },
  {
    source: "https://github.com/GoogleCloudPlatform/ai-on-gke/issues/849",
    ...operation({
      code: "QUOTA_EXCEEDED",
      message: "Quota 'CPUS_ALL_REGIONS' exceeded.  Limit: 12.0 globally.",
    }),
    is: "quota",
  },
  {
    source: "https://github.com/kelseyhightower/kubernetes-the-hard-way/issues/47",
    ...apiary(403, "quotaExceeded", "Quota 'IN_USE_ADDRESSES' exceeded. Limit: 4.0 in region us-central1.", {
      domain: "usageLimits",
    }),
    is: "quota",
  },
];
