// The one table of who calls which route of a far end. A route that is not here, or whose caller is not seen to call it, has
// no reason to be: take it away, or write down a caller who is.

/** A client that calls our far end in a file of its own in this folder: no run of the flows is sure to see each of its calls. */
const clients = {
  "the start-up script": "startup.test.ts",
  "Pub/Sub's scenarios": "pubsub.test.ts",
  "GitHub's scenarios": "github.test.ts",
  "Prometheus's questions": "prometheus.test.ts",
  peribolos: "../foreign/peribolos.long.ts",
  "gcloud compute": "compute.long.ts",
  "gcloud storage": "storage.long.ts",
  "rclone on Cloud Storage": "storage.long.ts",
  "rclone on S3": "s3.long.ts",
} as const;
export type Client = keyof typeof clients;

export type Caller =
  /** Seen when the four flows run once on the sample hub (test/flows/four.long.ts). */
  | "flows"
  /** Production, at times that one run does not see: the file, and the words in it that call. */
  | { file: string; words: string }
  | Client;

const logins = (words: string): Caller => ({ file: "shared/github/logins.ts", words });
const writes = (words: string): Caller => ({ file: "shared/github/team-writes.ts", words });
const lists = (words: string): Caller => ({ file: "shared/github/lists.ts", words });
const ground = (words: string): Caller => ({ file: "shared/compute/ground.ts", words });
const fork = (words: string): Caller => ({ file: "shared/github/fork.ts", words });

export const callers: Record<string, Caller> = {
  "certificates GET /certs": {
    file: "shared/delivery/push-token.ts",
    words: "oauth2FederatedSignonPemCertsUrl",
  },

  "compute DELETE /compute/v1/projects/:project/zones/:zone/instances/:instance": "flows",
  "compute GET /compute/v1/projects/:project/aggregated/disks": ground("disks.aggregatedListAsync("),
  "compute GET /compute/v1/projects/:project/aggregated/instances": "flows",
  "compute GET /compute/v1/projects/:project/regions/:region": ground("regions.get("),
  "compute GET /compute/v1/projects/:project/regions/:region/subnetworks/:subnetwork":
    ground("subnetworks.get("),
  "compute GET /compute/v1/projects/:project/zones/:zone/instances/:instance": "gcloud compute",
  "compute POST /compute/v1/projects/:project/zones/:zone/instances": "flows",
  "compute POST /compute/v1/projects/:project/zones/:zone/operations/:operation/wait": "flows",

  "github DELETE /orgs/:org/invitations/:invitation_id": writes(
    '"DELETE /orgs/{org}/invitations/{invitation_id}"',
  ),
  "github DELETE /orgs/:org/teams/:team_slug/memberships/:username": writes(
    '"DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}"',
  ),
  "github GET /app": "GitHub's scenarios",
  "github GET /orgs/:org/failed_invitations": "flows",
  "github GET /orgs/:org/installation": "flows",
  "github GET /orgs/:org/invitations": lists('"GET /orgs/{org}/invitations"'),
  "github GET /orgs/:org/members": "peribolos",
  "github GET /orgs/:org/teams": "peribolos",
  "github GET /orgs/:org/teams/:team_slug": "GitHub's scenarios",
  "github GET /orgs/:org/teams/:team_slug/invitations": lists(
    '"GET /orgs/{org}/teams/{team_slug}/invitations"',
  ),
  "github GET /orgs/:org/teams/:team_slug/members": "GitHub's scenarios",
  "github GET /orgs/:org/teams/:team_slug/memberships/:username": "GitHub's scenarios",
  "github GET /repos/:owner/:repo": "flows",
  "github GET /repos/:owner/:repo/git/blobs/:file_sha": "flows",
  "github GET /repos/:owner/:repo/git/commits/:commit_sha": "flows",
  "github GET /repos/:owner/:repo/git/ref/:ref{.+}": "flows",
  "github GET /repos/:owner/:repo/git/trees/:tree_sha": "flows",
  "github GET /repos/:owner/:repo/pulls": "flows",
  "github GET /repos/:owner/:repo/releases": "flows",
  "github GET /repos/:owner/:repo/tags": "flows",
  "github GET /user": "flows",
  "github GET /users/:username": logins('"GET /users/{username}"'),
  "github PATCH /repos/:owner/:repo/git/refs/:ref{.+}": fork('"PATCH /repos/{owner}/{repo}/git/refs/{ref}"'),
  "github PATCH /repos/:owner/:repo/pulls/:pull_number": fork(
    '"PATCH /repos/{owner}/{repo}/pulls/{pull_number}"',
  ),
  "github POST /app/installations/:installation_id/access_tokens": "flows",
  "github POST /graphql": "flows",
  "github POST /orgs/:org/invitations": "flows",
  "github POST /repos/:owner/:repo/forks": "flows",
  "github POST /repos/:owner/:repo/git/commits": "flows",
  "github POST /repos/:owner/:repo/git/refs": "flows",
  "github POST /repos/:owner/:repo/git/trees": "flows",
  "github POST /repos/:owner/:repo/merge-upstream": fork('"POST /repos/{owner}/{repo}/merge-upstream"'),
  "github POST /repos/:owner/:repo/pulls": "flows",
  "github PUT /orgs/:org/teams/:team_slug/memberships/:username": writes(
    '"PUT /orgs/{org}/teams/{team_slug}/memberships/{username}"',
  ),

  "google GET /v4/spreadsheets/:id": "flows",
  "google GET /drive/v3/files/:id": { file: "shared/sheets/drive.ts", words: 'fields: "trashed"' },
  "google POST /drive/v3/channels/stop": { file: "shared/sheets/drive.ts", words: "drive.channels.stop(" },
  "google POST /drive/v3/files/:id/watch": { file: "shared/sheets/drive.ts", words: ".watch(" },
  "google POST /gmail/v1/users/:user/messages/send": "flows",
  "google POST /token": "flows",
  "google POST /v4/spreadsheets/:call{[^/:]+:batchUpdate}": {
    file: "shared/sheets/write.ts",
    words: ".batchUpdate(",
  },

  "metadata /instance/attributes/*": "the start-up script",
  "metadata /instance/name": "the start-up script",
  "metadata /instance/preempted": "the start-up script",
  "metadata /instance/service-accounts/default/token": "flows",
  "metadata /instance/zone": "the start-up script",
  "metadata /project/project-id": "flows",

  "prometheus POST /api/datasources/proxy/uid/:uid/api/v1/query": "flows",
  "prometheus POST /api/datasources/proxy/uid/:uid/api/v1/query_range": "flows",
  "prometheus POST /api/v1/query": "Prometheus's questions",
  "prometheus POST /api/v1/query_range": "Prometheus's questions",

  "pubsub Acknowledge": "Pub/Sub's scenarios",
  "pubsub CreateSubscription": "Pub/Sub's scenarios",
  "pubsub CreateTopic": "Pub/Sub's scenarios",
  "pubsub DeleteSubscription": "Pub/Sub's scenarios",
  "pubsub DeleteTopic": "Pub/Sub's scenarios",
  "pubsub GetSubscription": "Pub/Sub's scenarios",
  "pubsub GetTopic": "Pub/Sub's scenarios",
  "pubsub ListSubscriptions": "Pub/Sub's scenarios",
  "pubsub ListTopicSubscriptions": "Pub/Sub's scenarios",
  "pubsub ListTopics": "Pub/Sub's scenarios",
  "pubsub ModifyAckDeadline": "Pub/Sub's scenarios",
  "pubsub ModifyPushConfig": "Pub/Sub's scenarios",
  "pubsub Publish": "flows",
  "pubsub Pull": "Pub/Sub's scenarios",
  "pubsub Seek": "Pub/Sub's scenarios",
  "pubsub StreamingPull": "Pub/Sub's scenarios",
  "pubsub UpdateSubscription": "Pub/Sub's scenarios",

  "registry GET /:registry{docker\\.io|quay\\.io}/token": "flows",
  "registry GET /:registry{docker\\.io|quay\\.io}/v2/:rest{.*}": "flows",

  "s3 AbortMultipartUpload": "rclone on S3",
  "s3 CompleteMultipartUpload": "rclone on S3",
  "s3 CreateMultipartUpload": "rclone on S3",
  "s3 DeleteObject": "rclone on S3",
  "s3 GetObject": "rclone on S3",
  "s3 HeadObject": "flows",
  "s3 ListMultipartUploads": "rclone on S3",
  "s3 ListObjects": "rclone on S3",
  "s3 ListObjectsV2": "flows",
  "s3 PutObject": "flows",
  "s3 UploadPart": "rclone on S3",

  "secrets GET /v1/projects/:project/secrets/:secret/versions/:access{[^/:]+:access}": "flows",

  "slack POST /api/chat.postMessage": { file: "shared/slack/chat.ts", words: "chat.postMessage" },

  "storage DELETE /storage/v1/b/:bucket/o/:object": "rclone on Cloud Storage",
  "storage GET /download/storage/v1/b/:bucket/o/:object": "flows",
  "storage GET /storage/v1/b/:bucket": "gcloud storage",
  "storage GET /storage/v1/b/:bucket/o": "flows",
  "storage GET /storage/v1/b/:bucket/o/:object": "flows",
  "storage GET /storage/v1/b/:bucket/storageLayout": "flows",
  "storage POST /resumable/upload/storage/v1/b/:bucket/o": "gcloud storage",
  "storage POST /upload/storage/v1/b/:bucket/o": "flows",
  "storage PUT /upload/storage/v1/b/:bucket/o": "gcloud storage",
};

/** The routes that the table gives to one caller. */
export const routesCalledBy = (caller: Client | "flows"): string[] =>
  Object.entries(callers)
    .filter(([, who]) => who === caller)
    .map(([route]) => route);
