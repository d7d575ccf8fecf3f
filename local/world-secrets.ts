// The secrets of a sample hub: random, made once, kept in a folder that git ignores, served by the Secret Manager far end.
import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { SecretName } from "../shared/functions.ts";

export type WorldSecrets = {
  appPublicKey: string;
  oauth: { clientId: string; clientSecret: string; refreshToken: string };
  consoleToken: string;
  metricsToken: string;
  /** The account of the fork. */
  machine: { login: string; token: string };
  webhookSecret: string;
};

/** The account that the sample hub's fork belongs to. */
const machineLogin = "sample-ground-crew";

const Oauth = z.object({ client_id: z.string(), client_secret: z.string(), refresh_token: z.string() });

/** Makes what is missing and gives what the far ends must know. */
export function worldSecrets(folder: string): WorldSecrets {
  const token = (): string => randomBytes(24).toString("base64url");
  const kept = (name: SecretName | "console-token", make: () => string): string => {
    const file = join(folder, name, "1");
    if (!existsSync(file)) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(file, make(), { mode: 0o600 });
    }
    return readFileSync(file, "utf8");
  };

  const appKey = kept("github-app-key", () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString(),
  );
  const oauth = Oauth.parse(
    JSON.parse(
      kept("gmail-oauth", () =>
        JSON.stringify({ client_id: "sample-hub", client_secret: token(), refresh_token: token() }),
      ),
    ),
  );
  kept("sheet-webhook-secret", token);
  return {
    appPublicKey: createPublicKey(appKey).export({ type: "spki", format: "pem" }).toString(),
    oauth: {
      clientId: oauth.client_id,
      clientSecret: oauth.client_secret,
      refreshToken: oauth.refresh_token,
    },
    consoleToken: kept("console-token", token),
    metricsToken: kept("metrics-token", token),
    machine: {
      login: machineLogin,
      token: kept("github-fork-token", () => `ghp_${randomBytes(18).toString("hex")}`),
    },
    webhookSecret: firstLine(kept("github-webhook-secret", token)),
  };
}

/** The newest of a secret that is being changed. */
const firstLine = (secret: string): string => secret.split("\n", 1)[0]?.trim() ?? "";
