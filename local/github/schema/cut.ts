// Cuts GitHub's published descriptions down to what Groundcrew uses. Run by hand when an operation is added:
//   node local/github/schema/cut.ts <folder with openapi.json and schema.graphql>
// The answers' and requests' schemas stay GitHub's own, word for word; only what nothing refers to is left out.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, stdout } from "node:process";
import { pathToFileURL } from "node:url";
import { type DocumentNode, Kind, parse, print, type TypeNode, visit } from "graphql";
import * as z from "zod";

/** Every REST operation that the far end answers, by GitHub's own path. */
export const restOperations = [
  "GET /app",
  "POST /app/installations/{installation_id}/access_tokens",
  "GET /orgs/{org}/installation",
  "GET /users/{username}",
  "GET /orgs/{org}/members",
  "GET /orgs/{org}/teams",
  "GET /orgs/{org}/teams/{team_slug}",
  "GET /orgs/{org}/teams/{team_slug}/members",
  "GET /orgs/{org}/teams/{team_slug}/invitations",
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username}",
  "PUT /orgs/{org}/teams/{team_slug}/memberships/{username}",
  "DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}",
  "GET /orgs/{org}/invitations",
  "POST /orgs/{org}/invitations",
  "DELETE /orgs/{org}/invitations/{invitation_id}",
  "GET /orgs/{org}/failed_invitations",
  "GET /user",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/tags",
  "GET /repos/{owner}/{repo}/releases",
  "GET /repos/{owner}/{repo}/git/ref/{ref}",
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
  "GET /repos/{owner}/{repo}/git/blobs/{file_sha}",
  "POST /repos/{owner}/{repo}/git/trees",
  "POST /repos/{owner}/{repo}/git/commits",
  "POST /repos/{owner}/{repo}/git/refs",
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
  "POST /repos/{owner}/{repo}/forks",
  "POST /repos/{owner}/{repo}/merge-upstream",
  "GET /repos/{owner}/{repo}/pulls",
  "POST /repos/{owner}/{repo}/pulls",
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
] as const;

/** The GraphQL fields that are kept, type by type. */
const graphqlFields: Record<string, readonly string[]> = {
  Query: ["id", "node", "nodes", "organization", "rateLimit", "user"],
  Node: ["id"],
  Organization: ["id", "databaseId", "login", "membersWithRole", "pendingMembers", "team"],
  OrganizationMemberConnection: ["edges", "nodes", "pageInfo", "totalCount"],
  OrganizationMemberEdge: ["cursor", "node", "role"],
  OrganizationInvitation: ["id", "createdAt", "email", "invitationType", "invitee", "role"],
  OrganizationInvitationConnection: ["edges", "nodes", "pageInfo", "totalCount"],
  OrganizationInvitationEdge: ["cursor", "node"],
  PageInfo: ["endCursor", "hasNextPage", "hasPreviousPage", "startCursor"],
  RateLimit: ["cost", "limit", "nodeCount", "remaining", "resetAt", "used"],
  Team: ["id", "databaseId", "invitations", "members", "name", "slug"],
  TeamMemberConnection: ["edges", "nodes", "pageInfo", "totalCount"],
  TeamMemberEdge: ["cursor", "node", "role"],
  User: ["id", "databaseId", "login", "name", "organization"],
  UserConnection: ["edges", "nodes", "pageInfo", "totalCount"],
  UserEdge: ["cursor", "node"],
};

const Json = z.json();
type Json = z.infer<typeof Json>;
const OpenApi = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Json)),
});

const origin = {
  "openapi.json": "@octokit/openapi 23.0.2, without descriptions; MIT, Copyright (c) GitHub and contributors",
  "schema.graphql":
    "@octokit/graphql-schema 15.26.1, without descriptions; MIT, Copyright (c) GitHub and contributors",
};

/** Only these operations, with every component that they refer to; examples and GitHub's own extensions left out. */
export function cutOpenApi(text: string): string {
  const whole = OpenApi.parse(JSON.parse(text));
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of restOperations) {
    const [method = "", path = ""] = operation.split(" ");
    const found = whole.paths[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`GitHub's description has no ${operation}`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: withoutExamples(found) };
  }
  const components: Record<string, Record<string, Json>> = {};
  const waiting = referencesIn(paths);
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    const [, , kind = "", name = ""] = reference.split("/");
    if (components[kind]?.[name] !== undefined) continue;
    const found = withoutExamples(lookUp(whole, reference));
    components[kind] = { ...components[kind], [name]: found };
    waiting.push(...referencesIn(found));
  }
  const { version } = whole.info;
  const cut = {
    openapi: whole.openapi,
    info: { title: "The part of GitHub's REST API that Groundcrew uses", version },
    "x-origin": origin["openapi.json"],
    paths,
    components: sorted(components),
  };
  return `${JSON.stringify(cut, null, 1)}\n`;
}

function lookUp(whole: z.infer<typeof OpenApi>, reference: string): Json {
  let found: unknown = whole;
  for (const part of reference.slice(2).split("/")) found = z.looseObject({}).parse(found)[part];
  return Json.parse(found);
}

function withoutExamples(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    // A property may itself be called `example`; then its value is a schema and not a sample. So with `description`.
    ([key, inner]) =>
      !(["example", "examples"].includes(key) || key.startsWith("x-")) &&
      !(key === "description" && typeof inner === "string"),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutExamples(inner)]));
}

function referencesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"(#\/[^"]+)"/g)].map(([, reference = ""]) => reference);
}

function sorted(components: Record<string, Record<string, Json>>): Record<string, Record<string, Json>> {
  const byKey = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return byKey(Object.fromEntries(Object.entries(components).map(([kind, named]) => [kind, byKey(named)])));
}

/** Only the fields above, and the enums, scalars and inputs that they refer to. */
export function cutGraphql(text: string): string {
  const kept = visit(parse(text, { noLocation: true }), {
    ObjectTypeDefinition: {
      enter: (node) => (graphqlFields[node.name.value] === undefined ? null : undefined),
    },
    InterfaceTypeDefinition: {
      enter: (node) => (graphqlFields[node.name.value] === undefined ? null : undefined),
    },
    NamedType: (node, key) =>
      // `implements`: a list of named types, unlike the one type of a field.
      typeof key === "number" && graphqlFields[node.name.value] === undefined ? null : undefined,
    FieldDefinition: (node, _key, _parent, _path, ancestors) => {
      const owner = ancestors.findLast((ancestor) => "kind" in ancestor && "name" in ancestor);
      const name = owner !== undefined && "name" in owner ? owner.name?.value : undefined;
      return name !== undefined && !graphqlFields[name]?.includes(node.name.value) ? null : undefined;
    },
    StringValue: (_node, key) => (key === "description" ? null : undefined),
    UnionTypeDefinition: () => null,
    DirectiveDefinition: () => null,
    Directive: (node) => (node.name.value === "deprecated" ? undefined : null),
  });
  const used = new Set<string>(["ID"]);
  for (let before = -1; before !== used.size; ) {
    before = used.size;
    for (const name of namesIn(kept, used)) used.add(name);
  }
  const definitions = kept.definitions.filter(
    (node) =>
      !("name" in node) ||
      node.name === undefined ||
      used.has(node.name.value) ||
      node.name.value === "Query",
  );
  return `# ${origin["schema.graphql"]}\n# Cut to what Groundcrew uses by cut.ts.\n\n${print({ kind: Kind.DOCUMENT, definitions })}\n`;
}

/** The types that the kept objects, and what is already in use, refer to. */
function namesIn(document: DocumentNode, used: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  const note = (type: TypeNode): void => {
    if (type.kind === Kind.NAMED_TYPE) names.add(type.name.value);
    else note(type.type);
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      names.add(node.name.value);
      for (const field of node.fields ?? []) {
        note(field.type);
        for (const argument of field.arguments ?? []) note(argument.type);
      }
    } else if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && used.has(node.name.value)) {
      for (const field of node.fields ?? []) note(field.type);
    }
  }
  return names;
}

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) {
  const source = argv[2];
  if (source === undefined) throw new Error("name the folder with openapi.json and schema.graphql");
  for (const [file, cut] of [
    ["openapi.json", cutOpenApi],
    ["schema.graphql", cutGraphql],
  ] as const) {
    const text = cut(readFileSync(join(source, file), "utf8"));
    writeFileSync(join(import.meta.dirname, file), text);
    stdout.write(`${file}: ${text.length} characters\n`);
  }
}
