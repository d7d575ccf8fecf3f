// GitHub as an App's installation: a token for one organisation, narrowed to what the flow needs. Nothing is retried here
// but a token that GitHub no longer takes, for such a request has changed nothing.
import type { Octokit } from "@octokit/core";
import { z } from "zod";
import type { Endpoints } from "../endpoints.ts";
import { refusalIn, signInFailure } from "./failures.ts";
import { plainOctokit } from "./octokit.ts";

/** Gives the client; the first call loads it, the first request signs in. */
export type Github = () => Promise<Octokit>;

/** Signs in as the App where it is installed. Keep what it gives: a token serves for an hour. */
export function githubClient(options: {
  endpoints: Endpoints;
  appId: number;
  organisation: string;
  /** The App's key, PEM. */
  privateKey: () => Promise<string>;
  permissions: { members: "read" | "write" };
  fetch?: typeof fetch;
}): Github {
  let client: Promise<Octokit> | undefined;
  return () => {
    client ??= connect(options).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
}

async function connect(options: Parameters<typeof githubClient>[0]): Promise<Octokit> {
  const { appId, organisation, privateKey, permissions } = options;
  const [unsigned, octokit, { createAppAuth }, key] = await Promise.all([
    plainOctokit(options),
    plainOctokit(options),
    import("@octokit/auth-app"),
    privateKey(),
  ]);
  const authenticate = createAppAuth({ appId, privateKey: key, request: unsigned.request });

  let installation: Promise<number> | undefined;
  const findInstallation = async (): Promise<number> => {
    const { token } = await authenticate({ type: "app" });
    const { data } = await unsigned.request("GET /orgs/{org}/installation", {
      org: organisation,
      headers: { authorization: `bearer ${token}` },
    });
    return z.object({ id: z.number() }).parse(data).id;
  };
  const signIn = async (refresh: boolean): Promise<string> => {
    try {
      installation ??= findInstallation();
      const installationId = await installation;
      const { token } = await authenticate({ type: "installation", installationId, permissions, refresh });
      return token;
    } catch (error) {
      installation = undefined;
      throw signInFailure(error, permissions.members);
    }
  };

  octokit.hook.wrap("request", async (request, given) => {
    const signed = (token: string) => ({
      ...given,
      headers: { ...given.headers, authorization: `token ${token}` },
    });
    try {
      return await request(signed(await signIn(false)));
    } catch (error) {
      if (refusalIn(error)?.status !== 401) throw error;
      return request(signed(await signIn(true)));
    }
  });
  return octokit;
}
