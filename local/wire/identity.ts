// Identity of a caller, and its rights: access tokens of the sample hub's identities, and the permissions that
// shared/functions.ts grants each. A far end asks here and answers 403 in the vendor's words.
import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type FunctionName,
  functionNames,
  identityOf,
  machineIdentity,
  type Row,
  rowOf,
} from "../../shared/functions.ts";
import { type Grant, grantsOf, machineGrants } from "../../shared/grants.ts";
import type { State } from "./state.ts";

export type Caller = { email: string; scopes: string[] };

export type Identities = {
  /** An OAuth access token as Google's, for an hour of the real clock. */
  mint: (email: string, scopes: string[]) => { token: string; expiresInSeconds: number };
  /** Gives the caller that an `Authorization` header speaks for; undefined when it is missing, forged or too old. */
  callerOf: (authorization: string | null | undefined) => Caller | undefined;
  /** Tells whether the caller's grants hold this permission on this resource. */
  may: (email: string, permission: string, resource: string) => boolean;
};

/** The operator's own identity on the sample hub: it may do everything, and only the instance itself holds it. */
export const operatorIdentity = (project: string): string => `operator@${project}.iam.gserviceaccount.com`;

const lifeSeconds = 3600;
const prefix = "ya29.sample.";

export function identities(options: {
  state: State;
  project: string;
  rows?: Record<string, Row>;
  /** Buckets that transfers go between. */
  remoteBuckets?: readonly string[];
  /** Those of them in which machines may replace and delete objects. */
  replaceableBuckets?: readonly string[];
}): Identities {
  const { state, project } = options;
  const key = secretKey(state);
  const rows: Record<string, Row> =
    options.rows ?? Object.fromEntries(functionNames.map((name) => [name, rowOf(name)]));
  const buckets = options.remoteBuckets ?? [];
  const grants = new Map([
    ...Object.entries(rows).map(([name, row]): [string, Grant[]] => [
      identityOf(name as FunctionName, project),
      grantsOf(row, project, buckets),
    ]),
    [machineIdentity(project), machineGrants(project, buckets, options.replaceableBuckets)],
  ]);
  const sign = (body: string): string => createHmac("sha256", key).update(body).digest("base64url");

  return {
    mint(email, scopes) {
      const expires = Math.floor(Date.now() / 1000) + lifeSeconds;
      const body = Buffer.from(JSON.stringify([email, expires, scopes])).toString("base64url");
      return { token: `${prefix}${body}.${sign(body)}`, expiresInSeconds: lifeSeconds };
    },
    callerOf(authorization) {
      const [, token] = /^Bearer ya29\.sample\.([\w-]+\.[\w-]+)$/.exec(authorization ?? "") ?? [];
      const [body, signature] = token?.split(".") ?? [];
      if (body === undefined || signature === undefined) return undefined;
      const expected = Buffer.from(sign(body));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
      const [email, expires, scopes] = JSON.parse(Buffer.from(body, "base64url").toString());
      return expires * 1000 > Date.now() ? { email, scopes } : undefined;
    },
    may(email, permission, resource) {
      if (email === operatorIdentity(project)) return true;
      return (grants.get(email) ?? []).some(
        (grant) =>
          grant.permission === permission &&
          (grant.on === resource ||
            (grant.on.includes("/objects/") && resource.startsWith(grant.on)) ||
            (grant.on.endsWith("*") && resource.startsWith(grant.on.slice(0, -1)))),
      );
    },
  };
}

/** The key survives a restart, so tokens that clients have cached go on working. */
function secretKey(state: State): KeyObject {
  state.exec(
    "CREATE TABLE IF NOT EXISTS identity_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL)",
  );
  state.prepare("INSERT OR IGNORE INTO identity_key VALUES (1, ?)").run(randomBytes(32));
  const row = state.prepare("SELECT key FROM identity_key").get() as { key: Uint8Array };
  return createSecretKey(row.key);
}
