// Proof of who calls: the App's own JWT, and the installation tokens that it mints, an hour long by the real clock.
import { createPublicKey, randomBytes, verify } from "node:crypto";
import * as z from "zod";
import {
  type Answer,
  created,
  longAgo,
  notAccessible,
  notFound,
  ok,
  refusal,
  simpleUser,
} from "./answers.ts";
import { scopesAskedFor } from "./scopes.ts";
import { type Account, Account as AccountShape, type Store } from "./state.ts";

export type Permissions = Record<string, string>;
export type App = { id: number; publicKeyPem: string; installationPermissions?: Permissions };

/** The App itself, or one installation of it with what its token may do. */
export type Caller =
  | { kind: "app" }
  | { kind: "installation"; org: number; permissions: Permissions }
  /** A person, or an account that a machine uses, with a classic token of its own. */
  | { kind: "user"; account: Account; scopes: readonly string[] }
  /** A person with a token for the organisation: a fine-grained one says no scopes. */
  | { kind: "person"; account: Account; org: number; permissions: Permissions; scopes?: readonly string[] };

/** The account whose fork pull requests come from, and its token: an App cannot open one where it is not installed. */
export type MachineUser = { login: string; token: string; scopes?: readonly string[] };

/** Somebody's own token for an organisation of theirs: fine-grained by its permissions there, classic by its scopes. */
export type PersonToken = {
  login: string;
  token: string;
  organisation: string;
  permissions: Permissions;
  scopes?: readonly string[];
};

const tokenLifeMs = 3_600_000;
/** GitHub refuses a JWT that lives longer (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app). */
const longestJwtSeconds = 600;
/** Clocks differ a little. */
const toleranceSeconds = 60;
const ranks = ["none", "read", "write", "admin"];

const Claims = z.object({ iss: z.union([z.number(), z.string()]), iat: z.int(), exp: z.int() });

/** Tells whether the permission held covers the one needed: write includes read. */
export const covers = (held: string | undefined, needed: string): boolean =>
  ranks.indexOf(held ?? "none") >= ranks.indexOf(needed);

const badCredentials = refusal(401, "Bad credentials");

/** Reads an Authorization header; a refusal says what is wrong, as GitHub does. */
export function callerOf(
  store: Store,
  app: App,
  header: string | undefined,
  {
    machine,
    persons = [],
  }: { machine?: MachineUser | undefined; persons?: readonly PersonToken[] | undefined } = {},
): Caller | Answer {
  if (header === undefined) return refusal(401, "Requires authentication");
  const token = tokenIn(header);
  const person = persons.find((one) => one.token === token);
  if (person !== undefined || token.startsWith("github_pat_")) return personOf(store, person);
  if (token.startsWith("ghs_")) {
    const row = store.one(
      z.object({ org: z.number(), permissions: z.string() }),
      "SELECT org, permissions FROM github_token WHERE token = ? AND expires > ?",
      token,
      Date.now(),
    );
    if (row === undefined) return badCredentials;
    const permissions = z.record(z.string(), z.string()).parse(JSON.parse(row.permissions));
    return { kind: "installation", org: row.org, permissions };
  }
  if (token.startsWith("ghp_")) {
    const account = token === machine?.token ? store.accountBy.login(machine.login) : undefined;
    if (account === undefined) return badCredentials;
    return { kind: "user", account, scopes: machine?.scopes ?? scopesAskedFor };
  }
  return jwtProblem(app, token) ?? { kind: "app" };
}

function personOf(store: Store, person: PersonToken | undefined): Caller | Answer {
  const account = person && store.accountBy.login(person.login);
  const org = person && store.organisationBy.login(person.organisation);
  if (person === undefined || account === undefined || org === undefined) return badCredentials;
  const { permissions, scopes } = person;
  return { kind: "person", account, org: org.id, permissions, ...(scopes === undefined ? {} : { scopes }) };
}

/** Basic authentication has the token in the password's place. https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#using-basic-authentication */
function tokenIn(header: string): string {
  const [, scheme = "", rest = ""] = /^(bearer|token|basic) (\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== "basic") return rest;
  return Buffer.from(rest, "base64")
    .toString()
    .replace(/^[^:]*:/, "");
}

function jwtProblem(app: App, token: string): Answer | undefined {
  const undecodable = refusal(401, "A JSON web token could not be decoded");
  const [header = "", payload = "", signature = "", ...more] = token.split(".");
  if (signature === "" || more.length > 0) return undecodable;
  let claims: z.infer<typeof Claims>;
  try {
    const { alg } = z.object({ alg: z.string() }).parse(JSON.parse(decoded(header)));
    const signed = Buffer.from(`${header}.${payload}`);
    const key = createPublicKey(app.publicKeyPem);
    if (alg !== "RS256" || !verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) {
      return undecodable;
    }
    claims = Claims.parse(JSON.parse(decoded(payload)));
  } catch {
    return undecodable;
  }
  const nowSeconds = Date.now() / 1000;
  if (String(claims.iss) !== String(app.id)) return refusal(401, "Integration not found");
  if (claims.exp <= nowSeconds) {
    return refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time",
    );
  }
  if (
    claims.exp > nowSeconds + longestJwtSeconds + toleranceSeconds ||
    claims.exp - claims.iat > longestJwtSeconds
  ) {
    return refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (claims.iat > nowSeconds + toleranceSeconds) {
    return refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return undefined;
}

const decoded = (part: string): string => Buffer.from(part, "base64url").toString();

const firstInstallation = 40_000_000;
export const installationOf = (org: number): number => firstInstallation + org;

export const grantedTo = (app: App): Permissions =>
  app.installationPermissions ?? { members: "write", metadata: "read" };

/** The App's own account, which appears as the inviter. */
export const appBot = (app: App): Account => ({
  id: app.id,
  login: "groundcrew[bot]",
  type: "Bot",
  suspended: 0,
});

/** Mints a token with what was asked for, or with all that was granted. */
export function mintToken(store: Store, app: App, installation: number, body: unknown): Answer {
  const org = store.one(
    z.object({ id: z.number() }),
    "SELECT id FROM github_organisation WHERE id = ?",
    installation - firstInstallation,
  );
  if (org === undefined) return notFound;
  const granted = grantedTo(app);
  const asked = z
    .object({ permissions: z.record(z.string(), z.string()).optional() })
    .parse(body ?? {}).permissions;
  if (Object.entries(asked ?? {}).some(([name, level]) => !covers(granted[name], level))) {
    return refusal(422, "The permissions requested are not granted to this installation.");
  }
  const permissions = { ...(asked ?? granted), metadata: "read" };
  const token = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  const expires = Date.now() + tokenLifeMs;
  store.run("DELETE FROM github_token WHERE expires < ?", Date.now());
  store.run(
    "INSERT INTO github_token VALUES (?, ?, ?, ?)",
    token,
    org.id,
    JSON.stringify(permissions),
    expires,
  );
  return created({
    token,
    expires_at: new Date(expires).toISOString(),
    permissions,
    repository_selection: "all",
  });
}

/** GET /app. */
export function describeApp(store: Store, app: App, api: string): Answer {
  const owner = store.one(
    AccountShape,
    "SELECT a.id, a.login, a.type, a.suspended FROM github_organisation o JOIN github_account a ON a.id = o.id LIMIT 1",
  );
  return ok({
    id: app.id,
    slug: "groundcrew",
    node_id: "",
    name: "Groundcrew",
    description: null,
    owner: simpleUser(owner ?? appBot(app), api),
    external_url: "https://github.com/apps/groundcrew",
    html_url: "https://github.com/apps/groundcrew",
    created_at: longAgo,
    updated_at: longAgo,
    permissions: grantedTo(app),
    events: [],
  });
}

/** GET /orgs/{org}/installation. */
export function describeInstallation(app: App, organisation: Account, api: string): Answer {
  const id = installationOf(organisation.id);
  return ok({
    id,
    account: simpleUser(organisation, api),
    repository_selection: "all",
    access_tokens_url: `${api}/app/installations/${id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `https://github.com/organizations/${organisation.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: "groundcrew",
    target_id: organisation.id,
    target_type: "Organization",
    permissions: grantedTo(app),
    events: [],
    created_at: longAgo,
    updated_at: longAgo,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  });
}

/** Proof that an operation needs from its caller: the App's own JWT, or an installation's token with a permission. */
export type Need = "app" | "anything" | "user" | "members: read" | "members: write";

/** Refuses a caller who lacks what an operation needs; undefined where they may. `login` is the organisation's. */
export function mayNot(
  store: Store,
  caller: Caller,
  need: Need,
  login: string | undefined,
): Answer | undefined {
  if (need === "app")
    return caller.kind === "app" ? undefined : refusal(401, "A JSON web token could not be decoded");
  if (caller.kind === "app") return refusal(403, "Resource not accessible by integration");
  if (need === "anything") return undefined;
  if (need === "user")
    return caller.kind === "user" ? undefined : refusal(403, "Resource not accessible by integration");
  // The account has a token for public repositories, and no say in the organisation.
  if (caller.kind === "user") return notFound;
  const level = need === "members: read" ? "read" : "write";
  if (login !== undefined) {
    const found = store.organisationBy.login(login);
    if (found === undefined) return notFound;
    if (found.id !== caller.org) return notAccessible(`members=${level}`);
  }
  if (covers(caller.permissions["members"], level)) return undefined;
  return caller.kind === "person"
    ? refusal(403, "Resource not accessible by personal access token")
    : notAccessible(`members=${level}`);
}
