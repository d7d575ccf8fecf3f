// GitHub's far end called without any client of GitHub's: tokens that a test signs or spoils itself.
import { generateKeyPairSync, sign } from "node:crypto";
import * as z from "zod";
import { githubFarEnd } from "../../../local/github/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { appId, organisation, smallOrganisation } from "./harness.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const jwt = (claims: object, options: { alg?: string; key?: typeof privateKey } = {}): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: options.alg ?? "RS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), options.key ?? privateKey).toString("base64url")}`;
};
export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** Seeded with the small world. */
export function bare(options: Partial<Parameters<typeof githubFarEnd>[0]> = {}) {
  const clock = stoppedClock(new Date("2031-03-03T10:00:00Z"));
  const farEnd = githubFarEnd({
    state: openState(":memory:"),
    faults: faultStore(),
    clock,
    random: () => 0.5,
    app: { id: appId, publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString() },
    ...options,
  });
  farEnd.seed(smallOrganisation);
  const ask = (
    method: string,
    path: string,
    token: string,
    more: { body?: unknown; etag?: string; headers?: Record<string, string> } = {},
  ) =>
    Promise.resolve(
      farEnd.fetch(
        new Request(`http://github.test${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            "user-agent": "test",
            ...more.headers,
            ...(more.etag === undefined ? {} : { "if-none-match": more.etag }),
          },
          ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
        }),
      ),
    );
  const appToken = () => jwt({ iss: appId, iat: nowSeconds() - 30, exp: nowSeconds() + 500 });
  const installationToken = async (permissions?: object): Promise<string> => {
    const { id } = Numbered.parse(
      await (await ask("GET", `/orgs/${organisation}/installation`, appToken())).json(),
    );
    const body = permissions === undefined ? {} : { permissions };
    const answer = await ask("POST", `/app/installations/${id}/access_tokens`, appToken(), { body });
    return z.object({ token: z.string() }).parse(await answer.json()).token;
  };
  return { farEnd, clock, ask, appToken, installationToken };
}

export const Numbered = z.object({ id: z.number() });
