// The two GitHubs that the scenarios run on: ours, and `emulate` where it is installed (outside of this repository: set
// GROUNDCREW_EMULATE to a folder in which `npm install emulate@0.12.2` was run, or install it in node_modules/.emulate).
import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { githubFarEnd } from "../../local/github/far-end.ts";
import { type FarEnd, serveFarEnd } from "../../local/wire/far-end.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { stoppedClock } from "../../local/wire/movable-clock.ts";
import { openState, type State } from "../../local/wire/state.ts";
import { freePort } from "../local/free-port.ts";

const version = "0.12.2";
const appId = 4711;
export const hookSecret = "sample-secret";
const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

/** An App's JWT, by its own key or by a stranger's. */
export function jwt(key: string = keys.privateKey): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(Date.now() / 1000);
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: appId, iat: seconds - 30, exp: seconds + 500 })}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

/** The token of the account that owns the fork. */
export const crew = "ghp_ofcrew0000000000000000000000000000000";

export type Side = { url: string; close: () => Promise<void> };

export async function ourGithub(): Promise<Side & { fetch: FarEnd["fetch"]; state: State }> {
  const state = openState(":memory:");
  const farEnd = githubFarEnd({
    state,
    faults: faultStore(),
    clock: stoppedClock(new Date("2031-03-03T10:00:00Z")),
    random: () => 0.5,
    app: { id: appId, publicKeyPem: keys.publicKey },
    machine: { login: "crew", token: crew },
  });
  farEnd.seed({
    organisation: "sample-hub",
    ageDays: 400,
    owners: ["olga-owner"],
    teams: [{ slug: "members", name: "Members", members: ["ada-a"] }],
    users: [{ login: "olga-owner" }, { login: "ada-a" }],
  });
  farEnd.upstream.account("crew");
  farEnd.upstream.publish("operator/infrastructure", new Map([["a", Buffer.from("a\n")]]), "first");
  const served = await serveFarEnd(farEnd);
  return {
    url: served.url,
    fetch: farEnd.fetch,
    state,
    async close() {
      await served.close();
      state.close();
    },
  };
}

const Emulate = z.object({
  createEmulator: z.custom<(options: object) => Promise<unknown>>((value) => typeof value === "function"),
});
const Running = z.object({
  url: z.string(),
  close: z.custom<() => Promise<void>>((value) => typeof value === "function"),
});

/** `hook` gets its webhooks. */
export async function emulatedGithub(hook: string): Promise<Side | { missing: string }> {
  const folder =
    process.env["GROUNDCREW_EMULATE"] ?? join(import.meta.dirname, "../../node_modules/.emulate");
  const home = join(folder, "node_modules/emulate");
  if (!existsSync(home))
    return { missing: `emulate ${version} is not installed; see test/conformance/github-harness.ts` };
  const found = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(home, "package.json"), "utf8"))).version;
  if (found !== version)
    return { missing: `emulate is ${found}, and the scenarios were made for ${version}` };
  const { createEmulator } = Emulate.parse(await import(pathToFileURL(join(home, "dist/api.js")).href));
  const port = await freePort();
  const running = Running.parse(
    await createEmulator({ service: "github", port, baseUrl: `http://127.0.0.1:${port}`, seed: seed(hook) }),
  );
  return { url: `http://127.0.0.1:${port}`, close: () => running.close() };
}

const seed = (hook: string) => ({
  tokens: { [crew]: { login: "crew", scopes: ["repo", "workflow"] } },
  github: {
    users: [{ login: "olga-owner" }, { login: "ada-a" }, { login: "crew" }, { login: "operator" }],
    orgs: [
      {
        login: "sample-hub",
        name: "Sample hub",
        members: [
          { login: "olga-owner", role: "admin" },
          { login: "ada-a", role: "member" },
        ],
      },
    ],
    repos: [{ owner: "operator", name: "infrastructure", auto_init: true }],
    apps: [
      {
        app_id: appId,
        slug: "groundcrew",
        name: "Groundcrew",
        private_key: keys.privateKey,
        permissions: { members: "write", contents: "write", pull_requests: "write" },
        events: ["push", "pull_request"],
        webhook_url: hook,
        webhook_secret: hookSecret,
        installations: [
          { installation_id: 9, account: "sample-hub" },
          { installation_id: 10, account: "crew", repository_selection: "all" },
        ],
      },
    ],
  },
});
