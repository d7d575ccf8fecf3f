// The secrets of a sample hub: random, made once, kept in a folder that git ignores, served by the Secret Manager far end.
import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { SecretName } from "../../shared/functions.ts";
import { jsonOf } from "../../shared/json.ts";
import { readPersonText } from "./person-file.ts";
import { instanceError } from "./world.ts";

export type WorldSecrets = {
  appPublicKey: string;
  oauth: { clientId: string; clientSecret: string; refreshToken: string };
  consoleToken: string;
  /** The account of the fork. */
  machine: { login: string; token: string };
  webhookSecret: string;
  /** Of each S3-shaped store, by remote. */
  s3Keys: Record<string, { keyId: string; secret: string }>;
};

/** The account that the sample hub's fork belongs to. */
const machineLogin = "sample-ground-crew";

const Oauth = z.object({ client_id: z.string(), client_secret: z.string(), refresh_token: z.string() });

/** Makes what is missing and gives what the far ends must know; throws, by its name, where one is none that can be used. */
export function worldSecrets(folder: string, remotes: readonly string[] = []): WorldSecrets {
  const token = (): string => randomBytes(24).toString("base64url");
  const kept = (name: SecretName, make: () => string): string => {
    const file = fileOf(folder, name);
    const read = readPersonText(file);
    if ("missing" in read) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(file, make(), { mode: 0o600 });
    }
    return secretIn(folder, name);
  };

  const appKey = kept("github-app-key", () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString(),
  );
  const oauth = oauthIn(
    kept("gmail-oauth", () =>
      JSON.stringify({ client_id: "sample-hub", client_secret: token(), refresh_token: token() }),
    ),
  );
  kept("sheet-webhook-secret", token);
  kept("metrics-token", token);
  kept("slack-bot-token", () => `xoxb-${token()}`);
  const known = linesOf(kept("transfer-keys", () => ""));
  const missing = remotes.filter((remote) => known[remote] === undefined);
  if (missing.length > 0) {
    // A line a remote: its name, the key's id, the key.
    const lines = missing.map((remote) => `${remote} ${randomBytes(10).toString("hex")} ${token()}\n`);
    appendFileSync(fileOf(folder, "transfer-keys"), lines.join(""));
  }
  return {
    appPublicKey: publicKeyOf(appKey),
    oauth: {
      clientId: oauth.client_id,
      clientSecret: oauth.client_secret,
      refreshToken: oauth.refresh_token,
    },
    consoleToken: kept("console-token", token),
    machine: {
      login: machineLogin,
      token: kept("github-fork-token", () => `ghp_${randomBytes(18).toString("hex")}`),
    },
    webhookSecret: firstLine(kept("github-webhook-secret", token)),
    s3Keys: linesOf(secretIn(folder, "transfer-keys")),
  };
}

const fileOf = (folder: string, name: SecretName): string => join(folder, name, "1");

/** A secret's text, which a person may have saved; throws, by its name, where its file is none. */
export function secretIn(folder: string, name: SecretName): string {
  const read = readPersonText(fileOf(folder, name));
  if ("problem" in read) throw unusable(name, read.problem);
  // A hub of no S3 stores has keys for none.
  if (read.text.trim() === "" && name !== "transfer-keys") throw unusable(name, "is empty");
  return read.text;
}

/** Without a cause: it could quote the secret. */
const unusable = (name: SecretName, problem: string): Error =>
  instanceError({
    what: `the sample hub's secret ${name} cannot be used`,
    why: `its .groundcrew/secrets/${name}/1 ${problem}`,
    next: "save it as it was, or delete it, so that a new one is made, and start again",
  });

function oauthIn(text: string): z.infer<typeof Oauth> {
  const { data } = Oauth.safeParse(jsonOf(text));
  if (data !== undefined) return data;
  throw unusable("gmail-oauth", "is not JSON with client_id, client_secret and refresh_token");
}

function publicKeyOf(appKey: string): string {
  try {
    return createPublicKey(appKey).export({ type: "spki", format: "pem" }).toString();
  } catch {
    throw unusable("github-app-key", "is not a private key in PEM");
  }
}

/** The newest of a secret that is being changed. */
const firstLine = (secret: string): string => secret.split("\n", 1)[0]?.trim() ?? "";

function linesOf(text: string): WorldSecrets["s3Keys"] {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(
    lines.flatMap(([remote = "", keyId, secret]) =>
      keyId === undefined || secret === undefined ? [] : [[remote, { keyId, secret }]],
    ),
  );
}
