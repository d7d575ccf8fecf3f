// Words that this far end serves of GitHub's REST API: of the query, of headers, and of a body. GitHub takes more: those are refused,
// and never passed over.
import { type Shape, unserved, unservedField, unservedWithin, type Vocabulary } from "../wire/vocabulary.ts";
import type { Operation } from "./contract.ts";

type Served = Vocabulary & { body?: Shape };

const page = ["per_page", "page"];
/** Media types change the answer's form; one that is not GitHub's own JSON is not written here. */
const everywhere: Vocabulary = {
  headers: ["if-none-match", "cache-control", "x-github-api-version=2022-11-28", "baggage", "tracestate"],
};

/** Zone of the dates that an operation makes (https://docs.github.com/rest/using-the-rest-api/timezones-and-the-rest-api). */
const zone: Vocabulary = { headers: ["time-zone"] };
/** Operation that makes some. */
const dated: Operation = "POST /repos/{owner}/{repo}/git/commits";

/** Fields that are served with all that is in them. */
const wholes = (...names: readonly string[]): Shape =>
  Object.fromEntries(names.map((name) => [name, "whole"] as const));
const person = wholes("name", "email", "date");

const vocabulary: Partial<Record<Operation, Served>> = {
  "POST /app/installations/{installation_id}/access_tokens": { body: wholes("permissions") },
  "GET /orgs/{org}/members": { query: ["role", ...page] },
  "GET /orgs/{org}/teams": { query: page },
  "GET /orgs/{org}/teams/{team_slug}/members": { query: ["role", ...page] },
  "GET /orgs/{org}/teams/{team_slug}/invitations": { query: page },
  "PUT /orgs/{org}/teams/{team_slug}/memberships/{username}": { body: wholes("role") },
  "GET /orgs/{org}/invitations": { query: ["role", ...page] },
  "POST /orgs/{org}/invitations": { body: wholes("invitee_id", "email", "role", "team_ids") },
  "GET /orgs/{org}/failed_invitations": { query: page },
  "GET /repos/{owner}/{repo}/tags": { query: page },
  "GET /repos/{owner}/{repo}/releases": { query: page },
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": { query: ["recursive"] },
  "POST /repos/{owner}/{repo}/git/trees": {
    body: { base_tree: "whole", tree: wholes("path", "mode", "type", "sha", "content") },
  },
  "POST /repos/{owner}/{repo}/git/commits": {
    body: { ...wholes("message", "tree", "parents"), author: person, committer: person },
  },
  "POST /repos/{owner}/{repo}/git/refs": { body: wholes("ref", "sha") },
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}": { body: wholes("sha", "force") },
  "POST /repos/{owner}/{repo}/forks": { body: wholes("default_branch_only") },
  "POST /repos/{owner}/{repo}/merge-upstream": { body: wholes("branch") },
  "GET /repos/{owner}/{repo}/pulls": { query: ["state", "head", "base", ...page] },
  "POST /repos/{owner}/{repo}/pulls": {
    body: wholes("title", "body", "head", "base", "maintainer_can_modify"),
  },
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": { body: wholes("title", "body", "state") },
};

/** Previews have been the plain answers since they ended (https://github.blog/changelog/2021-10-14-rest-api-preview-promotions/). */
const json =
  /^(?:\*\/\*|application\/(?:\*|json|vnd\.github(?:\.v3|\.[a-z-]+-preview)?(?:\+json)?))\s*(?:;|$)/;

/** Names what is asked of an operation and not served. */
export function notServed(
  operation: Operation,
  asked: { query: Record<string, string>; headers: Headers; body: unknown },
): string[] {
  const { body = {}, ...words } = vocabulary[operation] ?? {};
  const field = unservedField(asked.body, Object.keys(body)) ?? unservedWithin(asked.body, body);
  return [
    ...unserved(
      { query: Object.entries(asked.query), headers: asked.headers.entries() },
      ...[words, everywhere, ...(operation === dated ? [] : [zone])],
    ),
    ...(field === undefined ? [] : [`the field ${field}`]),
    ...unservedForm(asked.headers),
  ];
}

/** Names a form of the answer that is not written here: one of GitHub's own, or nothing but others. */
function unservedForm(headers: Headers): string[] {
  const types = (headers.get("accept") || "*/*").split(",").map((each) => each.trim());
  const isForeign = types.some((type) => /^application\/vnd\.github/.test(type) && !json.test(type));
  return !isForeign && types.some((type) => json.test(type)) ? [] : [`the media type ${types.join(", ")}`];
}

/** The same of a question in GraphQL, whose words are all in its body. */
export const notServedOfGraphql = (asked: {
  query: Iterable<[string, string]>;
  headers: Headers;
}): string[] => [
  ...unserved({ query: asked.query, headers: asked.headers.entries() }, everywhere, zone),
  ...unservedForm(asked.headers),
];
