// GitHub as an App's installation: a token for one organisation, narrowed to what the flow needs. Nothing is retried here
// but a token that GitHub no longer takes, for such a request has changed nothing.
import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { failed, failureIn } from "../failure.ts";
import { type Doing, failureOf, refusalIn, unreadable } from "./failures.ts";
import { type Connection, plainOctokit } from "./octokit.ts";
import { notInstalled } from "./refusals-app.ts";

/** Gives the client; the first call loads it, the first request signs in. */
export type Github = () => Promise<Octokit>;

/** Signs in as the App where it is installed. Keep what it gives: a token serves for an hour. */
export function githubClient(
  options: Connection & {
    appId: number;
    organisation: string;
    /** The App's key, PEM. */
    privateKey: () => Promise<string>;
    permissions: { members: "read" | "write" };
  },
): Github {
  let client: Promise<Octokit> | undefined;
  return () => {
    client ??= connect(options).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
}

const signingIn: Doing = { what: "GitHub did not let the App in", as: "app", otherwise: notInstalled };

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
    const { token } = await authenticate({ type: "app" }).catch(() => {
      throw noKey();
    });
    const { data } = await unsigned.request("GET /orgs/{org}/installation", {
      org: organisation,
      headers: { authorization: `bearer ${token}` },
    });
    const read = z.object({ id: z.number() }).safeParse(data);
    if (!read.success) throw unreadable(signingIn);
    return read.data.id;
  };
  /** The library keeps what it was answered, be it a token or none: then it is to ask again. */
  let stale = false;
  const signIn = async (again: boolean): Promise<string> => {
    try {
      installation ??= findInstallation();
      const installationId = await installation;
      const refresh = again || stale;
      const answer = await authenticate({ type: "installation", installationId, permissions, refresh });
      const read = z.object({ token: z.string().min(1) }).safeParse(answer);
      stale = !read.success;
      if (!read.success) throw unreadable(signingIn);
      return read.data.token;
    } catch (error) {
      installation = undefined;
      throw signInFailure(error);
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

/** Gives the failure of signing in: what the library stumbles over is an answer that it did not expect. */
function signInFailure(error: unknown): unknown {
  const said = failureOf(error, signingIn);
  return failureIn(said) === undefined ? unreadable(signingIn) : said;
}

/** Signing asks nobody: it fails by its key alone. */
const noKey = (): Error =>
  failed({
    service: "github",
    cause: "app-key-unreadable",
    lasts: "lasting",
    explanation: {
      what: signingIn.what,
      why: "the secret github-app-key holds no private key",
      next: "store the whole file that GitHub gave for the App, from BEGIN to END, as the secret github-app-key",
    },
  });
