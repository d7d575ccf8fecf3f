// Vendors' published descriptions, whole, against the far ends: of each operation that is served every parameter is served or refused with
// 501 and a note, and so is every operation that is not, some of them drawn by chance here, all of them in the *.long.ts beside this.
import { describe, expect, test } from "@jest/globals";
import { published, refusedWords, unservedOf } from "./published.ts";

/** By hand: words of the query that are served of each operation; all else that its description has is refused. */
const served: Record<string, readonly string[]> = {
  "storage.buckets.get": ["projection", "fields", "alt", "prettyPrint", "quotaUser"],
  "storage.buckets.getStorageLayout": ["prefix", "fields", "alt", "prettyPrint", "quotaUser"],
  "storage.objects.list": [
    ...[
      "prefix",
      "delimiter",
      "startOffset",
      "endOffset",
      "maxResults",
      "pageToken",
      "includeFoldersAsPrefixes",
    ],
    ...["projection", "fields", "alt", "prettyPrint", "quotaUser"],
  ],
  "storage.objects.get": [
    ...[
      "generation",
      "ifGenerationMatch",
      "ifGenerationNotMatch",
      "ifMetagenerationMatch",
      "ifMetagenerationNotMatch",
    ],
    ...["projection", "fields", "alt", "prettyPrint", "quotaUser"],
  ],
  "storage.objects.delete": [
    ...[
      "generation",
      "ifGenerationMatch",
      "ifGenerationNotMatch",
      "ifMetagenerationMatch",
      "ifMetagenerationNotMatch",
    ],
    ...["fields", "alt", "prettyPrint", "quotaUser"],
  ],
  "compute.instances.aggregatedList": ["filter", "maxResults", "pageToken", "alt", "prettyPrint"],
  "compute.disks.aggregatedList": ["filter", "maxResults", "pageToken", "alt", "prettyPrint"],
  "compute.regions.get": ["alt", "prettyPrint"],
  "compute.subnetworks.get": ["alt", "prettyPrint"],
  "compute.instances.insert": ["requestId", "alt", "prettyPrint"],
  "compute.instances.delete": ["requestId", "alt", "prettyPrint"],
  "compute.instances.get": ["alt", "prettyPrint"],
  "compute.zoneOperations.wait": ["alt", "prettyPrint"],
  "secretmanager.projects.secrets.versions.access": ["alt", "prettyPrint"],
  "sheets.spreadsheets.batchUpdate": ["alt", "prettyPrint", "quotaUser", "fields"],
  "sheets.spreadsheets.get": ["ranges", "alt", "prettyPrint", "quotaUser", "fields"],
  "drive.files.get": ["supportsAllDrives", "alt", "prettyPrint", "quotaUser", "fields"],
  "drive.files.watch": ["supportsAllDrives", "alt", "prettyPrint", "quotaUser", "fields"],
  "drive.channels.stop": ["alt", "prettyPrint", "quotaUser", "fields"],
  "gmail.users.messages.send": ["alt", "prettyPrint", "quotaUser", "fields"],
  "GET /orgs/{org}/members": ["role", "per_page", "page"],
  "GET /orgs/{org}/teams": ["per_page", "page"],
  "GET /orgs/{org}/teams/{team_slug}/members": ["role", "per_page", "page"],
  "GET /orgs/{org}/teams/{team_slug}/invitations": ["per_page", "page"],
  "GET /orgs/{org}/invitations": ["role", "per_page", "page"],
  "GET /orgs/{org}/failed_invitations": ["per_page", "page"],
  "GET /repos/{owner}/{repo}/tags": ["per_page", "page"],
  "GET /repos/{owner}/{repo}/releases": ["per_page", "page"],
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": ["recursive"],
  "GET /repos/{owner}/{repo}/pulls": ["state", "head", "base", "per_page", "page"],
};

describe.each(await published("test/conformance/unserved.test.ts"))("$name", (vendor) => {
  test("of what is served, every parameter is served or refused", async () => {
    for (const operation of vendor.served) {
      const { all, refused } = await refusedWords(vendor, operation);
      const kept = all.filter((word) => !refused.includes(word));
      expect([operation.id, kept.toSorted()]).toEqual([
        operation.id,
        (served[operation.id] ?? []).toSorted(),
      ]);
    }
  });

  test("of what is not, two hundred operations drawn by seed are refused with 501 and a note each", async () => {
    expect(await unservedOf(vendor, 200)).toEqual([]);
  });
});
